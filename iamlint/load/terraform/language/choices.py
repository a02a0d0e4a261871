"""The results of unknown conditions: each result once, and the same condition always alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from iamlint.fast_dataclass import dataclass, field
from iamlint.load.file_value import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from iamlint.load.link import SourceCondition

T = TypeVar("T")

MAX_CHOICES: Final = 4
"""Conditions with both results in one policy; with more, some are decided one by one."""

MAX_ALONE: Final = 32
"""Conditions over variables that are decided one by one."""

MAX_OTHERS: Final = 4
"""Other conditions that are decided one by one: few findings can depend on them."""

Answers: TypeAlias = "Mapping[SourceCondition, bool | None]"
"""Conditions in the order in which they were asked, with results; None is left unknown."""

Forced: TypeAlias = "Mapping[SourceCondition, bool]"
"""The results of given conditions."""

Ways: TypeAlias = "tuple[bool | SourceCondition | None, ...]"
"""The results that forced conditions allow: forced ones; false, since one is true; both."""


class _Unasked:
    """The answer of a condition that has not been asked for."""


_UNASKED: Final = _Unasked()


@dataclass(eq=False)
class Choices:
    """One reading: a condition has its `forced` result, or is true, or is left unknown.

    At most `limit` more conditions are decided, besides those that are false because another one is
    true. `values` are those that are known in this reading, each with the conditions asked for it.
    """

    forced: Mapping[SourceCondition, bool] = field(default_factory=dict)
    limit: int = MAX_CHOICES
    answers: dict[SourceCondition, bool | None] = field(default_factory=dict)
    values: dict[object, tuple[object, Answers]] = field(default_factory=dict)
    _open: list[dict[SourceCondition, bool | None]] = field(default_factory=list)

    def decide(self, condition: SourceCondition) -> bool | None:
        """Return the result of a condition in this reading; None if it is left unknown."""
        holds = self.answers.get(condition, _UNASKED)
        if isinstance(holds, _Unasked):
            holds = self.answers[condition] = self._answer(condition)
        if self._open:
            self._open[-1][condition] = holds
        return holds

    def begin(self) -> None:
        """Begin a value."""
        self._open.append({})

    def end(self) -> Answers:
        """End a value, and return the conditions that were asked for it."""
        asked = self._open.pop()
        self.ask_again(asked)
        return asked

    def ask_again(self, asked: Answers) -> None:
        """Ask again for the conditions of a value that is known in this reading."""
        if self._open:
            self._open[-1].update(asked)

    def _answer(self, condition: SourceCondition) -> bool | None:
        holds = self.forced.get(condition)
        if holds is not None:
            return holds
        if condition.subject is not None and any(map(condition.excludes, self._held())):
            return False
        if self.limit <= 0:
            return None
        self.limit -= 1
        return True

    def _held(self) -> Iterator[SourceCondition]:
        for decided in (self.forced, self.answers):
            yield from (condition for condition, holds in decided.items() if holds)

    @property
    def reading(self) -> Reading:
        decided = self.decided.items()
        given = [c if c.holds is holds else c.opposite for c, holds in decided]
        return Reading(frozenset(given))

    @property
    def decided(self) -> Mapping[SourceCondition, bool]:
        return {c: holds for c, holds in self.answers.items() if holds is not None}


def explore(
    work_out: Callable[[Choices], T], forced: Mapping[SourceCondition, bool] | None = None
) -> list[list[tuple[Choices, T]]]:
    """Return the results of `work_out` in each consistent reading of its conditions.

    It is one group of readings; or, with too many conditions, a group of two for each of some. In
    these groups, the conditions have the results that are necessary for a result; one more reading
    shows that they are necessary.
    """
    base = dict(forced or {})
    group = list(_readings(work_out, base))
    answers = [choices.answers for choices, _ in group]
    if not any(None in of_one.values() for of_one in answers):
        return [group]
    conditions = [
        c for c in dict.fromkeys(c for of_one in answers for c in of_one) if c not in base
    ]
    there = [set(choices.decided.items()) for choices, made in group if made]
    needed = dict(set.intersection(*there) - base.items()) if there else {}

    def alone(changed: Mapping[SourceCondition, bool]) -> tuple[Choices, T]:
        choices = Choices({**base, **needed, **changed}, limit=0)
        return choices, work_out(choices)

    without = [alone({c: not holds for c, holds in needed.items()})] if needed else []
    return [
        [alone({condition: True}), alone({condition: False}), *without]
        for condition in (
            *[c for c in conditions if c.inputs][:MAX_ALONE],
            *[c for c in conditions if not c.inputs][:MAX_OTHERS],
        )
    ]


def ways_of(conditions: Iterable[SourceCondition], forced: Mapping[SourceCondition, bool]) -> Ways:
    """Return all results of conditions that follow from the forced ones."""
    held = [one for one, holds in forced.items() if holds and one.subject is not None]
    return tuple(
        forced[condition] if condition in forced else next(filter(condition.excludes, held), None)
        for condition in conditions
    )


def _readings(
    work_out: Callable[[Choices], T], base: Mapping[SourceCondition, bool]
) -> Iterator[tuple[Choices, T]]:
    path: list[tuple[SourceCondition, bool]] = []
    while True:
        choices = Choices({**base, **dict(path)}, MAX_CHOICES - len(path))
        yield choices, work_out(choices)
        path = [
            (condition, holds)
            for condition, holds in choices.answers.items()
            if condition not in base
            and holds is not None
            and (holds or condition in choices.forced)
        ]
        while path and not path[-1][1]:
            path.pop()
        if not path:
            return
        path[-1] = path[-1][0], False


def common(readings: list[Reading], every: list[Reading]) -> frozenset[SourceCondition]:
    """Return the conditions shared by some readings; none if they are all readings."""
    if len(readings) == len(every):
        return frozenset()
    given = [reading.given for reading in readings]
    return given[0].intersection(*given[1:])
