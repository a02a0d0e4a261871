"""Root modules with the defaults of their variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass
from iamlint.load.defaults import may_decide
from iamlint.load.terraform.language.module import Module
from iamlint.load.terraform.language.work import Uses, Work

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.load.document import Document
    from iamlint.load.terraform.aws.found import BlockPlace, FoundPolicy


@dataclass(frozen=True, slots=True)
class Again:
    """A root module whose variables have their defaults; no default changes `settled` blocks."""

    root: Module
    settled: AbstractSet[BlockPlace]


def with_defaults(
    root: Module,
    said: Sequence[tuple[FoundPolicy, Document | None]],
    open_: AbstractSet[BlockPlace],
) -> Again | None:
    """Return a root module whose variables have their defaults, if its policies depend on them.

    `said` are the policies without defaults; those in `open_` blocks are not complete.
    """
    inputs = root.inputs
    if inputs is None or not inputs.defaults:
        return None
    known = {default.input for default in inputs.defaults.values()}
    decided = {
        found.block
        for found, document in said
        if document is not None and may_decide(known, document, (found.reading,))
    }
    if not decided:
        return None
    work = Work(
        root.work.provider,
        root.work.group,
        dict(root.work.folders),
        Uses(root.work.uses.are_noted),
    )
    work.enter(root.folder)
    settled = {found.block for found, _ in said} - decided - open_
    return Again(Module(root.folder, work, inputs=inputs.with_defaults()), settled)
