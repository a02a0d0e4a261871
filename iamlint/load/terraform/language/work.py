"""What modules that are evaluated together may cost, and what they have in common."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.load.document import NotAnalysed
from iamlint.load.terraform.language.decode import decode

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from iamlint.load.link import Held, Name, Ref
    from iamlint.load.terraform.language.decode import Decoded
    from iamlint.load.terraform.language.folder import Folder
    from iamlint.load.terraform.language.node import Given, Location, Node, String
    from iamlint.load.terraform.language.provider import Provider
    from iamlint.text.hcl.tree import Block
    from iamlint.text.span import Pointer

STEPS: Final = 400_000
"""Of a root module and all that it calls, besides those that their text brings."""

CHARACTERS_A_STEP: Final = 2
"""Ordinary text takes a step in ten characters, in each reading of its conditions."""

_STEPS_A_CALL: Final = 1000  # at most: that the root module writes, however often it is made
_STEPS_A_CHARACTER: Final = 2  # of such a call
_COST_OF_A_MODULE: Final = 100
_COST_OF_A_CALL: Final = 20  # that a module makes, each time that it is made itself
_CHARACTERS_A_STEP: Final = 8  # of a module that is called
_STEPS_AN_INSTANCE: Final = 100  # so many instances are made as all steps allow


def spender() -> Callable[[int], bool]:
    """Return what spends the steps of one value that is evaluated by itself."""
    left = STEPS

    def spend(count: int) -> bool:
        nonlocal left
        left -= count
        return left >= 0

    return spend


@dataclass(eq=False)
class Uses:
    """Which files values come from, noted while the values are evaluated.

    Nothing is noted if all files are named: then nothing depends on files that are not.
    """

    are_noted: bool = False
    _open: list[set[str]] = field(default_factory=list)
    _known: dict[object, AbstractSet[str]] = field(default_factory=dict)

    def note(self, path: str) -> None:
        """Note a file for all that is being evaluated."""
        if self._open:
            self._open[-1].add(path)

    def begin(self) -> AbstractSet[str]:
        """Begin a value, and return its files, which come while it is evaluated."""
        if not self.are_noted:
            return frozenset()
        self._open.append(set())
        return self._open[-1]

    def end(self, what: object = None) -> None:
        """End a value, whose files `add` can name from now on."""
        if self.are_noted:
            self._known[what] = self._known.get(what, frozenset()) | self._open.pop()

    def add(self, what: object) -> None:
        """Note the files of a value that is evaluated already."""
        if self._open:
            self._open[-1] |= self._known.get(what, frozenset())


@dataclass(frozen=True, slots=True)
class Targeted:
    """A policy of an organization by its id, what it is attached to, and where a file says so."""

    path: str
    pointer: Pointer
    policy: Ref
    target: Held


@dataclass(frozen=True, slots=True)
class Assignment:
    """An account that a permission set is assigned in, and on what that depends."""

    account: Name
    given: Given


@dataclass(eq=False)
class Work:
    """What a module and all that it calls may cost, and what they have in common.

    `provider` knows the types of resources. `folders` are those of the repository by place,
    None where there is no module; `merged` holds the documents that others took in, `present`
    on what conditions users and their like are made, `looked_up` the paths that data sources
    find, `described` the policies of an organization and `assigned` what is attached in it,
    `sets` the names of permission sets and `assignments` where those are assigned, `uses` which
    files values come from, `stopped` where the first expression is that was not evaluated,
    `joined` the blocks whose instances are one.
    """

    provider: Provider
    folders: dict[str, Folder | None] = field(default_factory=dict)
    uses: Uses = field(default_factory=Uses)
    left: int = STEPS
    total: int = STEPS
    is_spent: bool = False
    merged: set[Node] = field(default_factory=set)
    decoded: dict[tuple[Node, bool], Decoded | None] = field(default_factory=dict)
    met: set[object] = field(default_factory=set)
    present: dict[tuple[str, str | None, str], Given] = field(default_factory=dict)
    looked_up: set[str] = field(default_factory=set)
    described: set[str | None] = field(default_factory=set)
    assigned: list[Targeted] = field(default_factory=list)
    sets: dict[str, Name] = field(default_factory=dict)
    assignments: dict[str, list[Assignment]] = field(default_factory=dict)
    stopped: Location | None = None
    joined: dict[NotAnalysed, None] = field(default_factory=dict)
    _made: dict[object, int] = field(default_factory=dict)
    _distinguished: int = 0

    def meet(self, what: object, steps: int) -> None:
        """Let more text take more steps to evaluate, once for each."""
        if what not in self.met:
            self.met.add(what)
            self.left += steps
            self.total += steps

    def spend(self, count: int, at: Location | None = None) -> bool:
        """Return whether so many more steps may be taken; what is refused costs nothing."""
        if count > self.left:
            self.is_spent, self.stopped = True, self.stopped or at
            return False
        self.left -= count
        return True

    def distinguishes(self, what: object, instances: int, path: str, block: Block) -> bool:
        """Return whether instances of a block are looked at one by one.

        `what` tells the blocks of several modules apart. Those of all readings are counted.
        """
        most = self.total // _STEPS_AN_INSTANCE
        known = self._made.get(what, 1)
        more = max(instances - known, 0)
        if self._distinguished + more > most:
            reason = f"more than {most:,} instances in all: these {instances:,} count as one"
            self.joined[NotAnalysed(path, (block.type, *block.labels), reason)] = None
            return False
        self._made[what] = known + more
        self._distinguished += more
        return True

    def read(self, string: String, *, as_yaml: bool = False) -> Decoded | None:
        """Read the JSON or YAML in a string once."""
        if (string, as_yaml) not in self.decoded:
            within = self.spend(string.length)
            found = decode(string, as_yaml=as_yaml) if within else None
            self.decoded[string, as_yaml] = found
        return self.decoded[string, as_yaml]

    def enter(self, folder: Folder, block: Block | None = None, *, by_root: bool = False) -> bool:
        """Return whether a module may be evaluated, once more by a block that calls it.

        A call of the root module brings steps. Half of all steps are kept for what the modules say.
        """
        self.meet(folder.place, folder.size // CHARACTERS_A_STEP)
        if block is None:
            return True
        if by_root:
            length = block.span.end - block.span.start
            self.meet(block, min(_STEPS_A_CALL, _STEPS_A_CHARACTER * length))
        cost = _COST_OF_A_MODULE + folder.size // _CHARACTERS_A_STEP
        cost += _COST_OF_A_CALL * len(folder.calls)
        self.is_spent |= self.left - cost < self.total // 2
        return not self.is_spent and self.spend(cost)
