"""The statements that decide a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass

if TYPE_CHECKING:
    from iamlint.evaluator.statement import Match
    from iamlint.policy.grammar import Effect, Kind


@dataclass(frozen=True, slots=True)
class Deciding:
    """A statement that decides. `index` is its policy's place among those of the kind.

    `label` is what `compile_policy` was given.
    """

    kind: Kind
    index: int
    statement: int
    sid: str | None
    effect: Effect | None
    label: object = None


def deciding(match: Match) -> Deciding:
    source = match.statement.source
    sid = source.sid.text if source.sid else None
    kind, label = match.statement.kind, match.statement.label
    return Deciding(kind, match.index, source.index, sid, source.effect, label)
