"""What a comparison of policies answers: proved, refuted by a request, or unknown and why."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from iamlint.fast_dataclass import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.evaluator.deciding import Deciding
    from iamlint.load.document import NotAnalysed

WitnessPrincipal: TypeAlias = "str | Mapping[str, object]"


class Relation(StrEnum):
    """How what new policies allow relates to what old ones allow."""

    EQUIVALENT = "equivalent"
    WIDER = "wider"
    NARROWER = "narrower"
    INCOMPARABLE = "incomparable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Witness:
    """A request that shows a difference, in the form in which `iamlint simulate` takes it."""

    principal: WitnessPrincipal
    action: str
    resource: str
    resource_account: str | None = None
    context: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    unlisted: tuple[str, ...] = ()
    """Keys of the context that the catalog does not list for the action."""
    given: Mapping[str, str] = field(default_factory=dict)
    """Values that it assumes of what files leave open, by names; others have such a request too."""


class KeyState(StrEnum):
    """Whether a request carries a key, whatever its value."""

    ABSENT = "absent"
    PRESENT = "present"


@dataclass(frozen=True, slots=True)
class ValueTest:
    """What the value of a key must fulfil, or not if it `is_exception`.

    `operator` is as policies write it: `ForAnyValue:StringLikeIfExists`.
    """

    operator: str
    values: tuple[str, ...]
    is_exception: bool = False

    def __str__(self) -> str:
        text = f"{self.operator} {', '.join(self.values)}"
        return f"unless {text}" if self.is_exception else text


KeyTest: TypeAlias = "KeyState | ValueTest"


@dataclass(frozen=True, slots=True)
class Difference:
    """Requests that one side allows and the other one does not, with one of them as a witness.

    `actions` and `resources` are names or patterns, `besides` the patterns of resources that do not
    belong to it. `principals` is None where the policies do not name any. `condition` has the tests
    of keys that a request must all pass. If it `is_part`, more than it describes may be concerned.
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    witness: Witness
    because: tuple[Deciding, ...]
    principals: tuple[str, ...] | None = None
    condition: Mapping[str, tuple[KeyTest, ...]] = field(default_factory=dict)
    besides: tuple[str, ...] = ()
    is_part: bool = False

    @property
    def absent(self) -> tuple[str, ...]:
        """The keys that a request must not carry."""
        return tuple(key for key, tests in self.condition.items() if KeyState.ABSENT in tests)

    @property
    def condition_texts(self) -> dict[str, str]:
        """The tests of each key as JSON has them: `unless StringLike a, b and present`."""
        return {key: " and ".join(map(str, tests)) for key, tests in self.condition.items()}


@dataclass(frozen=True, slots=True)
class Open:
    """What could not be decided: whether something is gained, or lost if it is not `of_gains`.

    `names` are the values that would decide it, such as `var.partner`, as far as they have names.
    """

    reason: str
    names: tuple[str, ...] = ()
    because: tuple[Deciding, ...] = ()
    of_gains: bool = True


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison of policies: `gained` is allowed by new ones only, `lost` by old ones only.

    That nothing is gained, or lost, is proved unless something is `open`, for any resource that
    AWS may take. Beside what is shown there is nothing on the resources that AWS lists.
    """

    gained: tuple[Difference, ...] = ()
    lost: tuple[Difference, ...] = ()
    open: tuple[Open, ...] = ()

    @property
    def relation(self) -> Relation:
        is_gain_open = any(one.of_gains for one in self.open)
        is_loss_open = any(not one.of_gains for one in self.open)
        match bool(self.gained), bool(self.lost):
            case True, True:
                return Relation.INCOMPARABLE
            case True, False:
                return Relation.UNKNOWN if is_loss_open else Relation.WIDER
            case False, True:
                return Relation.UNKNOWN if is_gain_open else Relation.NARROWER
        return Relation.UNKNOWN if self.open else Relation.EQUIVALENT

    @property
    def is_gain_open(self) -> bool:
        """Whether it is unknown if anything, or anything more, is gained."""
        return any(one.of_gains for one in self.open)


class UnitStatus(StrEnum):
    """What became of a principal, a resource or a policy between two revisions."""

    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class UnitChange:
    """A principal, resource or policy whose text changed, with its meaning.

    `subject` is what questions call it: `role/deployer`, `bucket artifacts`; None for bare policies
    without a name. `kind` is the kind of its policies. `path` is its file in the new revision, or
    in the old one if it is gone. `text` says in a few words what changed in the text.
    """

    subject: str | None
    kind: str
    status: UnitStatus
    comparison: Comparison
    account: str | None = None
    address: str | None = None
    path: str | None = None
    line: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Diff:
    """What changes between two revisions; `unchanged` counts the units with the same text.

    The names of `old` and `new` are for display: `main`, `working tree`. A side that has no policy
    at all is not `found`.
    """

    old: str
    new: str
    changes: tuple[UnitChange, ...] = ()
    unchanged: int = 0
    not_analysed: tuple[NotAnalysed, ...] = ()
    has_policies: bool = True

    @property
    def relation(self) -> Relation:
        """The relation of all units together."""
        return Comparison(
            tuple(one for c in self.changes for one in c.comparison.gained),
            tuple(one for c in self.changes for one in c.comparison.lost),
            tuple(one for c in self.changes for one in c.comparison.open),
        ).relation
