"""An action that a principal may use, and how surely."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass

if TYPE_CHECKING:
    from iamlint.evaluator.deciding import Deciding
    from iamlint.graph.answer import NeededKey, StepLevel


@dataclass(frozen=True, slots=True)
class Decided:
    """One action that is allowed, at some level; `because` are the statements that allow it.

    `unknown` names what would decide an action that may be denied, and `why` says what is not
    known. `tagging` is how the principal gives itself the tags that it needs and has not.
    """

    level: StepLevel
    because: tuple[Deciding, ...] = ()
    conditions: tuple[NeededKey, ...] = ()
    unknown: tuple[str, ...] = ()
    why: str | None = None
    assumptions: tuple[str, ...] = ()
    tagging: tuple[OwnTag, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnTag:
    """How a principal sets a tag of its own; `action` is empty where its session has it."""

    action: str = ""
    decided: Decided | None = None
