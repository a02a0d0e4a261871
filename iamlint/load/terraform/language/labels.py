"""The number of labels of each type of block; Terraform refuses a block with another number.

https://developer.hashicorp.com/terraform/language/syntax/configuration#blocks
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import replace
from iamlint.text.hcl.parse import Broken
from iamlint.text.source import SyntaxFault, SyntaxFlaw

if TYPE_CHECKING:
    from iamlint.text.hcl.parse import Hcl
    from iamlint.text.hcl.tree import Block

LABELS: Final = {
    **dict.fromkeys(("resource", "data"), 2),
    **dict.fromkeys(("module", "variable", "output", "provider"), 1),
}
"""By the types of blocks; those of other types may have any number."""


def check_labels(hcl: Hcl) -> Hcl:
    """Return a file in which a block with too few or too many labels counts as broken."""
    wrong = [block for block in hcl.blocks if _is_wrong(block)]
    if not wrong:
        return hcl
    kept = tuple(block for block in hcl.blocks if not _is_wrong(block))
    return replace(hcl, blocks=kept, broken=(*hcl.broken, *map(_refused, wrong)))


def _is_wrong(block: Block) -> bool:
    return LABELS.get(block.type, len(block.labels)) != len(block.labels)


def _refused(block: Block) -> Broken:
    needed = "a type and a name" if LABELS[block.type] > 1 else "a name"
    message = f"`{block.type}` needs {needed}, and nothing else, before its brace"
    return Broken(
        (block.type, *block.labels), SyntaxFlaw(SyntaxFault.UNREADABLE, message, block.key)
    )
