"""The words AWS uses to describe its services: actions, resource types, condition keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Generic, TypeVar, overload

from iamlint.fast_dataclass import dataclass, field

_Fact = TypeVar("_Fact")
_Raw = TypeVar("_Raw")
_Other = TypeVar("_Other")


class AccessLevel(StrEnum):
    """What kind of access an action gives, as AWS classifies it."""

    LIST = "List"
    READ = "Read"
    WRITE = "Write"
    TAGGING = "Tagging"
    PERMISSIONS = "Permissions management"


class KeyType(StrEnum):
    """The type of a condition key's values."""

    STRING = "String"
    NUMERIC = "Numeric"
    DATE = "Date"
    BOOL = "Bool"
    BINARY = "Binary"
    IP = "IPAddress"
    ARN = "ARN"


@dataclass(frozen=True, slots=True)
class ConditionKey:
    """A key a `Condition` may name; `${…}` in the name means a part the policy chooses."""

    name: str
    type: KeyType
    multivalued: bool


@dataclass(frozen=True, slots=True)
class ResourceUse:
    """A resource type as one action uses it."""

    name: str
    required: bool
    condition_keys: tuple[str, ...] = ()
    dependent_actions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """One action of a service; key and action names are spelled as AWS spells them.

    With `types_known` false the source does not name the resource types: `resource_types` has all
    of the service. `retired` is the day when the source did not have the action any more.
    """

    service: str
    name: str
    access_level: AccessLevel
    resource_types: tuple[ResourceUse, ...] = ()
    condition_keys: tuple[str, ...] = ()
    dependent_actions: tuple[str, ...] = ()
    types_known: bool = True
    retired: str | None = None
    full_name: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "full_name", f"{self.service}:{self.name}")

    @property
    def wildcard_only(self) -> bool:
        """Whether the action takes no resource, so that only `*` grants it."""
        return not self.resource_types


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A kind of resource; `arns` are templates such as `arn:${Partition}:s3:::${BucketName}`."""

    service: str
    name: str
    arns: tuple[str, ...]
    condition_keys: tuple[str, ...] = ()

    @property
    def arn_services(self) -> frozenset[str]:
        """The service fields of its ARNs, mostly but not always its own service."""
        return frozenset(arn.split(":")[2].lower() for arn in self.arns if arn.count(":") > 1)


@dataclass(frozen=True, slots=True)
class Service:
    """A service and what it publishes; the mappings are keyed by name in lower case.

    `operations` are those of its API for which the source has no action yet, `retired` the actions,
    in lower case, that it did not have any more.
    """

    prefix: str
    name: str
    actions: Mapping[str, Action]
    resource_types: Mapping[str, ResourceType]
    condition_keys: Mapping[str, ConditionKey]
    operations: tuple[str, ...] = ()
    retired: frozenset[str] = frozenset()


class Lazy(Mapping[str, _Fact], Generic[_Fact, _Raw]):
    """A mapping by lower-case name whose values are made when first asked for.

    It takes what it makes them of out of `raw`.
    """

    __slots__ = ("_made", "_make", "_raw", "_spelled")

    def __init__(self, raw: dict[str, _Raw], make: Callable[[str, _Raw], _Fact]) -> None:
        self._raw = raw
        self._make = make
        self._made: dict[str, _Fact] = {}
        self._spelled = {name.lower(): name for name in raw}

    def __getitem__(self, name: str) -> _Fact:
        made = self.get(name)
        if made is None:
            raise KeyError(name)
        return made

    @overload
    def get(self, name: str, default: None = None, /) -> _Fact | None: ...
    @overload
    def get(self, name: str, default: _Fact | _Other, /) -> _Fact | _Other: ...
    def get(self, name: str, default: _Other | None = None, /) -> _Fact | _Other | None:
        made = self._made.get(name)
        if made is None:
            spelled = self._spelled.get(name)
            if spelled is None:
                return default
            raw = self._raw.get(spelled)
            if raw is None:  # another thread has just made it
                return self._made[name]
            made = self._made[name] = self._make(spelled, raw)
            self._raw.pop(spelled, None)  # INVARIANT: only after it is among those made
        return made

    def __contains__(self, name: object) -> bool:
        return name in self._spelled

    def __iter__(self) -> Iterator[str]:
        return iter(self._spelled)

    def __len__(self) -> int:
        return len(self._spelled)
