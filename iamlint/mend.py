"""How a rule would fix what it found: changes of nodes, and what they do to who has access."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from iamlint.records import dataclass

if TYPE_CHECKING:
    from iamlint.policy.at import At


class Claim(StrEnum):
    """Why a fix is safe, or that it is not.

    INVARIANT: of a policy that AWS takes, a fix with the claim `SAME` changes no decision, and one
    with the claim `REFUSED` is only offered for what makes AWS refuse the policy.
    """

    SAME = "AWS decides every request as before"
    REFUSED = "AWS refuses the policy as it is, so it gives no access that could change"
    CHANGED = "some requests get another decision"

    @property
    def is_safe(self) -> bool:
        return self is not Claim.CHANGED


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
class Mend:
    """What to change, and what that does. `relies_on` are strings that are looked at for it.

    Nothing is offered unless all of them are written in the file as they are read, for then no
    variable of a template can turn them into others.
    """

    claim: Claim
    description: str
    changes: tuple[Change, ...]
    relies_on: tuple[At, ...] = ()
