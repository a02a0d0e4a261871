"""How a rule would fix what it found: changes of nodes, and what they do to who has access."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from iamlint.fast_dataclass import dataclass

if TYPE_CHECKING:
    from iamlint.policy.at import At


class Applicability(StrEnum):
    """Why a fix is safe, or that it is not.

    INVARIANT: of a policy that AWS takes, a fix that is `EQUIVALENT` changes no decision, and one
    that is `REJECTED` is only offered for what makes AWS refuse the policy.
    """

    EQUIVALENT = "AWS decides every request as before"
    REJECTED = "AWS refuses the policy as it is, so it gives no access that could change"
    CHANGES_ACCESS = "some requests get another decision"

    @property
    def is_safe(self) -> bool:
        return self is not Applicability.CHANGES_ACCESS


@dataclass(frozen=True, slots=True)
class Reword:
    """Write `text` in place of a string, of characters `part` of it, or of the name of a member."""

    at: At
    text: str
    part: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Remove:
    """Take away entries of one list, or members of one object, but not all of them."""

    nodes: tuple[At, ...]


@dataclass(frozen=True, slots=True)
class Insert:
    """Write a member with a string before the first one of the object at `at`."""

    at: At
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Strictly:
    """Write as plain JSON what is at a place of the text."""

    at: At


Change: TypeAlias = Reword | Remove | Insert | Strictly


@dataclass(frozen=True, slots=True)
class Fix:
    """What to change, and what that does. `relies_on` are strings that are looked at for it.

    Nothing is offered unless all of them are written in the file as they are read, for then no
    variable of a template can turn them into others.
    """

    applicability: Applicability
    description: str
    changes: tuple[Change, ...]
    relies_on: tuple[At, ...] = ()
