"""What is worked out once in each reading of the conditions that it depends on."""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from iamlint.load.terraform.node import Turn
from iamlint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.load.link import Condition
    from iamlint.load.terraform.choices import Answers, Choices
    from iamlint.load.terraform.node import Node
    from iamlint.load.terraform.work import Work

T = TypeVar("T")


@dataclass(eq=False, slots=True)
class _Known(Generic[T]):
    """A value once it is `made`; or what is asked first for it, and what is known by the answer."""

    made: bool = False
    value: T | None = None
    asks: Condition | None = None
    by_answer: dict[bool | None, _Known[T]] = field(default_factory=dict)


@dataclass(eq=False)
class Memory(Generic[T]):
    """Values by name, and by how the conditions go that each depends on.

    What leads back to itself is `circular`.
    """

    work: Work
    circular: T
    _found: dict[object, _Known[T]] = field(default_factory=dict)
    _pending: set[object] = field(default_factory=set)

    def get(self, name: object, choices: Choices, work_out: Callable[[], T]) -> T:
        """Return a value, and note the files that it comes from."""
        if name in self._pending:
            return self.circular
        self._pending.add(name)
        found = self._known(name, choices, work_out)
        self._pending.discard(name)
        self.work.uses.add((self, name))
        return found

    def _known(self, name: object, choices: Choices, work_out: Callable[[], T]) -> T:
        known = self._found.setdefault(name, _Known())
        start = len(choices.asked)
        while known.asks is not None and self.work.spend(1):
            known = known.by_answer.setdefault(choices.decide(known.asks), _Known())
        if known.made:
            return cast("T", known.value)
        self.work.uses.begin()
        value = work_out()
        self.work.uses.end((self, name))
        _put(self._found[name], choices.since(start), value)
        return value


def _put(known: _Known[T], answers: Answers, value: T) -> None:
    """Keep a value by the answers that it depends on: each says what is asked next."""
    for condition, holds in answers:
        if known.made or known.asks not in (None, condition):
            return  # it was cut short when it was worked out before
        known.asks = condition
        known = known.by_answer.setdefault(holds, _Known())
    if known.asks is None and not known.made:
        known.made, known.value = True, value


@dataclass(eq=False)
class Memories:
    """The values of a module, and the instances of its blocks."""

    work: Work

    @cached_property
    def values(self) -> Memory[Node | None]:
        return Memory(self.work, None)

    @cached_property
    def turns(self) -> Memory[list[Turn]]:
        return Memory(self.work, [Turn()])
