"""The step budget and the shared facts of modules that are evaluated together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass, field
from iamlint.load.document import NotAnalysed
from iamlint.load.terraform.language.decode import decode

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from iamlint.load.link import Held, Name, Ref
    from iamlint.load.terraform.language.decode import Decoded
    from iamlint.load.terraform.language.folder import Folder
    from iamlint.load.terraform.language.node import Given, Location, Node, String, Text
    from iamlint.load.terraform.language.provider import Provider
    from iamlint.text.hcl.tree import Block
    from iamlint.text.span import Pointer

STEPS: Final = 400_000
"""Steps of a root module and all that it calls, besides those for their text."""

STEPS_OF_A_GROUP: Final = 2_000_000
"""Steps of all root modules that call the same modules; repositories take a million at most."""

STEPS_OF_FILES: Final = 600_000
"""The most steps that files which functions read add for the readings of their conditions."""

CHARACTERS_A_STEP: Final = 2
"""Ordinary text takes a step for ten characters, in each reading of its conditions."""

_STEPS_A_CALL: Final = 1000  # at most: of a call in the root module, with all its instances
_STEPS_A_CHARACTER: Final = 2  # of such a call
COST_OF_A_POLICY: Final = 200  # of a called module, in each root module
_COST_OF_A_MODULE: Final = 100
_COST_OF_A_CALL: Final = 20  # in a module, for each instance of that module
_CHARACTERS_A_STEP: Final = 8  # of a called module
_STEPS_AN_INSTANCE: Final = 100  # the number of instances is limited by the steps
_STEPS_A_CHARACTER_READ: Final = 4  # to fill in a file, parse it and write it out
_STEPS_OF_READINGS: Final = 28  # of such a character, for 16 readings


@dataclass(eq=False)
class GroupSteps:
    """What the root modules of a group have in common: steps, besides those for its text."""

    left: int

    @classmethod
    def of(cls, characters: int) -> GroupSteps:
        return cls(STEPS_OF_A_GROUP + characters)


def spender() -> Callable[[int], bool]:
    """Return a function that spends the steps of one value that is evaluated alone."""
    left = STEPS

    def spend(count: int) -> bool:
        nonlocal left
        left -= count
        return left >= 0

    return spend


@dataclass(eq=False)
class Uses:
    """The files that values are evaluated from, noted during evaluation.

    Nothing is noted if the user named all files: then no value depends on other files.
    """

    are_noted: bool = False
    _open: list[set[str]] = field(default_factory=list)
    _known: dict[object, AbstractSet[str]] = field(default_factory=dict)

    def note(self, path: str) -> None:
        """Note a file for all values that are being evaluated."""
        if self._open:
            self._open[-1].add(path)

    def begin(self) -> AbstractSet[str]:
        """Begin a value, and return its files, a set that grows during evaluation."""
        if not self.are_noted:
            return frozenset()
        self._open.append(set())
        return self._open[-1]

    def end(self, what: object = None) -> None:
        """End a value; from now on, `add` can note its files."""
        if self.are_noted:
            self._known[what] = self._known.get(what, frozenset()) | self._open.pop()

    def add(self, what: object) -> None:
        """Note the files of a value that was evaluated before."""
        if self._open:
            self._open[-1] |= self._known.get(what, frozenset())


@dataclass(frozen=True, slots=True)
class Targeted:
    """An attachment of a policy of an organization: the policy's id, the target, and the place."""

    path: str
    pointer: Pointer
    policy: Ref
    target: Held


@dataclass(frozen=True, slots=True)
class Assignment:
    """An account in which a permission set is assigned, with the conditions."""

    account: Name
    given: Given


@dataclass(eq=False)
class Work:
    """The step budget and the shared facts of a module and all that it calls.

    `provider` knows the types of resources, `group` has the steps of all root modules together.
    `folders` are those of the repository by place, None if a folder is not a module; `merged`
    holds documents included in others, `present` the conditions of users, groups and roles,
    `looked_up` the paths that data sources look up, `described` the policies of an organization
    and `assigned` their attachments, `sets` the names of permission sets and `assignments`
    their accounts, `uses` the files of values, `stopped` the place of the first expression that
    was not evaluated, `joined` the blocks whose instances are evaluated as one, `strings` the
    texts of files.
    """

    provider: Provider
    group: GroupSteps
    folders: dict[str, Folder | None] = field(default_factory=dict)
    uses: Uses = field(default_factory=Uses)
    left: int = field(default_factory=lambda: STEPS)
    total: int = field(default_factory=lambda: STEPS)
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
    strings: dict[Text, String] = field(default_factory=dict)
    _of_files: int = STEPS_OF_FILES
    _made: dict[object, int] = field(default_factory=dict)
    _distinguished: int = 0

    def meet(self, what: object, steps: int) -> None:
        """Raise the budget for more text, once for each text."""
        if what not in self.met:
            self.met.add(what)
            self.left += steps
            self.total += steps

    def meet_file(self, text: Text) -> None:
        """Add the steps of a file that a function reads; a large one has none for all readings."""
        if text not in self.met:
            length = len(text.source.text)
            readings = min(_STEPS_OF_READINGS * length, self._of_files)
            self._of_files -= readings
            self.meet(text, _STEPS_A_CHARACTER_READ * length + readings)

    def spend(self, count: int, at: Location | None = None) -> bool:
        """Return whether so many more steps are left; refused steps cost nothing."""
        if count > self.left:
            self.is_spent, self.stopped = True, self.stopped or at
            return False
        if not self.share(count, at):
            return False
        self.left -= count
        return True

    def share(self, count: int, at: Location | None) -> bool:
        """Return whether the group has so many more steps left, which it spends."""
        if count > self.group.left:
            self.is_spent, self.stopped = True, self.stopped or at
            return False
        self.group.left -= count
        return True

    def distinguishes(self, what: object, instances: int, path: str, block: Block) -> bool:
        """Return whether the instances of a block are evaluated one by one.

        `what` identifies the block in its module. The instances of all readings are counted.
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
        """Return the value of the JSON or YAML in a string, read once."""
        if (string, as_yaml) not in self.decoded:
            within = self.spend(string.length)
            found = decode(string, as_yaml=as_yaml) if within else None
            self.decoded[string, as_yaml] = found
        return self.decoded[string, as_yaml]

    def enter(self, folder: Folder, block: Block | None = None, *, by_root: bool = False) -> bool:
        """Return whether a module may be evaluated, once more for a block that calls it.

        A call in the root module raises the budget. Half of all steps are kept for the policies.
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
