"""What a policy says: frozen, typed, spelling normalised, each part with its pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeAlias

from iamlint.fast_dataclass import dataclass
from iamlint.policy.grammar import (
    Effect,
    Kind,
    Operator,
    OperatorFamily,
    PrincipalType,
    Quantifier,
    Version,
)
from iamlint.policy.memory import Remembering
from iamlint.policy.pattern import pattern_of
from iamlint.text.source import Partial, Unknown

if TYPE_CHECKING:
    from iamlint.policy.at import At
    from iamlint.policy.problem import Problem

Text: TypeAlias = str | Partial | Unknown
"""A string of a policy, as far as it is known."""


class _Spelled:
    """What rules ask of a value; the pattern of one with unknown parts is made when asked for."""

    __slots__ = ("known", "pattern", "text")

    value: Text
    known: str | None
    """The value when all of it is known."""
    pattern: str
    """The value with a variable for each unknown part, the same for the same value."""
    text: str
    """The value as the file writes it, unknown parts included."""

    def __post_init__(self) -> None:
        value = self.value
        if isinstance(value, str):
            self.text = self.known = self.pattern = value
        else:
            self.text = value.text if isinstance(value, Unknown) else str(value)
            self.known = None

    def shown_as(self, text: str) -> Self:
        """Return this, with a text of a file that means it."""
        self.text = text
        return self

    def __getattr__(self, name: str) -> str:
        if name != "pattern":
            raise AttributeError(name)
        self.pattern = pattern_of(self.value)
        return self.pattern


@dataclass(frozen=True, slots=True)
class Entry(_Spelled):
    """One string of an element or a condition; booleans and numbers count as their JSON text."""

    value: Text
    at: At


@dataclass(frozen=True, slots=True)
class Element(Remembering):
    """`Action`, `NotAction`, `Resource` or `NotResource`; `scalar` when written as one string."""

    name: str
    entries: tuple[Entry, ...]
    at: At
    scalar: bool = False

    @property
    def known(self) -> bool:
        return all(entry.known is not None for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Principal:
    """One principal of a statement; a bare `*` is `AWS: *`."""

    type: PrincipalType
    entry: Entry

    @property
    def at(self) -> At:
        return self.entry.at

    @property
    def text(self) -> str:
        return self.entry.text

    @property
    def is_everyone(self) -> bool:
        return self.type is PrincipalType.AWS and self.entry.known == "*"


@dataclass(frozen=True, slots=True)
class Principals:
    """`Principal` or `NotPrincipal`; `bare` when it was written as the string `*`."""

    name: str
    entries: tuple[Principal, ...]
    at: At
    bare: bool = False

    def of(self, type_: PrincipalType) -> tuple[Principal, ...]:
        return tuple(p for p in self.entries if p.type is type_)


@dataclass(frozen=True, slots=True)
class Condition:
    """One key under one operator. Conditions are ANDed, the values of one are ORed.

    `operator` is None when AWS knows no such operator; `operator_text` is what was written.
    """

    operator: Operator | None
    operator_text: str
    quantifier: Quantifier
    if_exists: bool
    key: str
    values: tuple[Entry, ...]
    at: At
    values_at: At
    operator_at: At

    @property
    def name(self) -> str:
        """The key in lower case: AWS compares keys without regard to case."""
        return self.key.lower()

    @property
    def family(self) -> OperatorFamily | None:
        return self.operator.family if self.operator else None

    @property
    def negated(self) -> bool:
        return self.operator is not None and self.operator.negated

    @property
    def needs_key(self) -> bool:
        """Whether a request without the key fails the condition.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
        """
        if self.operator is None or self.if_exists or self.quantifier is Quantifier.ALL:
            return False
        if self.operator.family is OperatorFamily.NULL:
            return {entry.text.lower() for entry in self.values} == {"false"}
        return self.quantifier is Quantifier.ANY or not self.operator.negated


@dataclass(frozen=True, slots=True)
class Statement(Remembering):
    """One statement. `effect` is None when it is missing, wrong or unknown.

    `opaque` names the elements that have an unknown part. It `has_more_conditions`
    when there may be other conditions than `conditions`, and `is_open` when it may not be there.
    """

    index: int
    at: At
    sid: Entry | None = None
    effect: Effect | None = None
    principal: Principals | None = None
    not_principal: Principals | None = None
    action: Element | None = None
    not_action: Element | None = None
    resource: Element | None = None
    not_resource: Element | None = None
    conditions: tuple[Condition, ...] = ()
    opaque: frozenset[str] = frozenset()
    has_more_conditions: bool = False
    is_open: bool = False

    @property
    def allows(self) -> bool:
        return self.effect is Effect.ALLOW

    @property
    def denies(self) -> bool:
        return self.effect is Effect.DENY

    @property
    def action_element(self) -> Element | None:
        """`Action` or `NotAction`, whichever is there."""
        return self.action or self.not_action

    @property
    def resource_element(self) -> Element | None:
        """`Resource` or `NotResource`, whichever is there."""
        return self.resource or self.not_resource

    @property
    def actions(self) -> tuple[Entry, ...]:
        return self.action.entries if self.action else ()

    @property
    def resources(self) -> tuple[Entry, ...]:
        return self.resource.entries if self.resource else ()

    @property
    def principals(self) -> tuple[Principal, ...]:
        return self.principal.entries if self.principal else ()


@dataclass(frozen=True, slots=True)
class Policy(Remembering):
    """A whole document. `version` is None when it is missing, wrong or unknown."""

    kind: Kind
    statements: tuple[Statement, ...]
    version: Version | None = None
    has_version: bool = False
    problems: tuple[Problem, ...] = ()
    opaque: frozenset[str] = frozenset()

    @property
    def knows_variables(self) -> bool:
        """Whether `${…}` is a variable in it.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
        """
        return self.version is Version.V2012
