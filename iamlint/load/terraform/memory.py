"""What is worked out once in each reading of the conditions that it depends on."""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

from iamlint.load.terraform.node import Turn
from iamlint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.load.terraform.choices import Answers, Choices
    from iamlint.load.terraform.node import Node
    from iamlint.load.terraform.work import Work

T = TypeVar("T")


@dataclass(eq=False)
class Memory(Generic[T]):
    """Values by name, and by how the conditions go that each depends on.

    What leads back to itself is `circular`.
    """

    work: Work
    circular: T
    _found: dict[object, list[tuple[Answers, T]]] = field(default_factory=dict)
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
        known = self._found.setdefault(name, [])
        for answers, value in known:
            if self.work.spend(1) and choices.repeats(answers):
                return value
        start = len(choices.asked)
        self.work.uses.begin()
        value = work_out()
        self.work.uses.end((self, name))
        known.append((choices.since(start), value))
        return value


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
