"""Values that are evaluated once in each reading of the conditions that they depend on."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, cast

from iamlint.fast_dataclass import dataclass, field
from iamlint.load.terraform.language.choices import ways_of
from iamlint.load.terraform.language.node import Turn

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.load.link import SourceCondition
    from iamlint.load.terraform.language.choices import Answers, Choices, Forced, Ways
    from iamlint.load.terraform.language.work import Work

T = TypeVar("T")


@dataclass(eq=False, slots=True)
class _Known:
    """A value once it is `made`; or its first condition, and what is known after each result."""

    made: bool = False
    value: object = None
    asks: SourceCondition | None = None
    by_answer: dict[bool | None, _Known] = field(default_factory=dict)

    def after(self, holds: bool | None, /) -> _Known:  # noqa: FBT001 - an answer
        """Return the state after a result of the condition."""
        known = self.by_answer.get(holds)
        if known is None:
            known = self.by_answer[holds] = _Known()
        return known


@dataclass(eq=False)
class Memory:
    """Values by name, and by the results of the conditions that each depends on.

    A value that refers to itself is `circular`, if that is given.
    """

    work: Work
    circular: Callable[[], object] | None = None
    _found: dict[object, _Known] = field(default_factory=dict)
    _pending: set[object] = field(default_factory=set)

    def get(self, name: object, choices: Choices, work_out: Callable[[], T]) -> T:
        """Return a value, and note the files that it is evaluated from."""
        if name in self._pending:
            return cast("T", self.circular()) if self.circular else work_out()
        key = self, name
        found = choices.values.get(key)
        if found is None:
            self._pending.add(name)
            found = choices.values[key] = self._known(name, choices, work_out)
            self._pending.discard(name)
        else:
            choices.ask_again(found[1])
        self.work.uses.add(key)
        return cast("T", found[0])

    def _known(
        self, name: object, choices: Choices, work_out: Callable[[], T]
    ) -> tuple[T, Answers]:
        choices.begin()
        known = self._found.setdefault(name, _Known())
        while known.asks is not None and self.work.spend(1):
            known = known.after(choices.decide(known.asks))
        if known.made:
            return cast("T", known.value), choices.end()
        self.work.uses.begin()
        value = work_out()
        self.work.uses.end((self, name))
        asked = choices.end()
        _put(self._found[name], asked, value)
        return value, asked


def _put(known: _Known, answers: Answers, value: object) -> None:
    """Keep a value by the answers that it depends on: each decides the next condition."""
    for condition, holds in answers.items():
        if known.made or known.asks not in (None, condition):
            return  # it was cut short when it was evaluated before
        known.asks = condition
        known = known.after(holds)
    if known.asks is None and not known.made:
        known.made, known.value = True, value


@dataclass(eq=False)
class Explored:
    """The results of all readings, by name and the forced conditions that they depend on."""

    work: Work
    _found: dict[object, dict[tuple[SourceCondition, ...], dict[Ways, object]]] = field(
        default_factory=dict
    )

    def get(
        self,
        name: object,
        forced: Forced,
        work_out: Callable[[set[SourceCondition]], T],
    ) -> T:
        """Return the result of all readings, and note the files that it is evaluated from.

        `work_out` adds every condition that any reading asks for.
        """
        found = self._found.setdefault(name, {})
        for conditions, by_ways in found.items():
            if (ways := ways_of(conditions, forced)) in by_ways:
                self.work.uses.add((self, name))
                return cast("T", by_ways[ways])
        self.work.uses.begin()
        asked: set[SourceCondition] = set()
        value = work_out(asked)
        self.work.uses.end((self, name))
        self.work.uses.add((self, name))
        conditions = tuple(sorted(asked))
        found.setdefault(conditions, {})[ways_of(conditions, forced)] = value
        return value


@dataclass(eq=False)
class Memories:
    """The values of a module, the instances of its blocks, and the results of all readings."""

    work: Work

    @cached_property
    def parts(self) -> Memory:
        """The values of blocks in one of their turns."""
        return Memory(self.work)

    @cached_property
    def explored(self) -> Explored:
        return Explored(self.work)

    @cached_property
    def values(self) -> Memory:
        return Memory(self.work, lambda: None)

    @cached_property
    def turns(self) -> Memory:
        return Memory(self.work, lambda: [Turn()])


class Keeps:
    """The values that a module keeps after evaluation."""

    work: Work

    @cached_property
    def memories(self) -> Memories:
        return Memories(self.work)

    def kept(self, name: object, choices: Choices, work_out: Callable[[], T], /) -> T:
        """Return a value of a block, evaluated once for all equal readings."""
        return self.memories.parts.get(name, choices, work_out)

    def explored(
        self, name: object, forced: Forced, work_out: Callable[[set[SourceCondition]], T], /
    ) -> T:
        """Return the result of all readings, evaluated once for equal forced conditions."""
        return self.memories.explored.get(name, forced, work_out)
