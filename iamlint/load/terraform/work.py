"""What a module and all that it calls may cost, and what they have in common."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Final

from iamlint.records import dataclass

if TYPE_CHECKING:
    from iamlint.load.terraform.decode import Decoded
    from iamlint.load.terraform.folder import Folder
    from iamlint.load.terraform.node import Given, Node
    from iamlint.text.hcl_tree import Block

_STEPS: Final = 200_000
STEPS_A_CHARACTER: Final = 2
_STEPS_A_CALL: Final = 1000  # for each that is written, however often it is made
_COST_OF_A_MODULE: Final = 100
_CHARACTERS_A_STEP: Final = 8  # of a module that is called


@dataclass(eq=False)
class Work:
    """What a module and all that it calls may cost, and what they have in common.

    `folders` are those of the repository by place, None where there is no module; `merged` holds
    the documents that others took in, `present` on what conditions users and their like are made,
    `targets` what the policies of an organization are attached to.
    """

    folders: dict[str, Folder | None] = field(default_factory=dict)
    left: int = _STEPS
    total: int = _STEPS
    is_spent: bool = False
    merged: set[Node] = field(default_factory=set)
    decoded: dict[tuple[Node, bool], Decoded | None] = field(default_factory=dict)
    met: set[object] = field(default_factory=set)
    present: dict[str, Given] = field(default_factory=dict)
    targets: dict[str, dict[str, None]] = field(default_factory=dict)

    def meet(self, what: object, steps: int) -> None:
        """Let more text take more steps to work out, once for each."""
        if what not in self.met:
            self.met.add(what)
            self.left += steps
            self.total += steps

    def spend(self, count: int) -> bool:
        """Tell whether so many more steps may be taken; what is refused costs nothing."""
        if count > self.left:
            self.is_spent = True
            return False
        self.left -= count
        return True

    def enter(self, folder: Folder, block: Block | None = None) -> bool:
        """Tell whether a module may be worked out, once more by a block that calls it.

        Half of all steps are kept for what the modules say.
        """
        self.meet(folder.place, STEPS_A_CHARACTER * folder.size)
        if block is None:
            return True
        self.meet(block, _STEPS_A_CALL)
        cost = _COST_OF_A_MODULE + folder.size // _CHARACTERS_A_STEP
        self.is_spent |= self.left - cost < self.total // 2
        return not self.is_spent and self.spend(cost)
