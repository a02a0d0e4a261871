"""Root modules with the defaults of their variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.defaults import may_decide
from iamlint.load.terraform.language.module import Module
from iamlint.load.terraform.language.work import Uses, Work

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iamlint.load.document import Document, Reading


def with_defaults(root: Module, said: Iterable[tuple[Document, Reading]]) -> Module | None:
    """Return a root module whose variables have their defaults, if its policies depend on them.

    `said` are the policies without defaults, each with its reading.
    """
    inputs = root.inputs
    if inputs is None or not inputs.defaults:
        return None
    known = {default.input for default in inputs.defaults.values()}
    if not any(may_decide(known, document, (reading,)) for document, reading in said):
        return None
    work = Work(
        root.work.provider,
        root.work.group,
        dict(root.work.folders),
        Uses(root.work.uses.are_noted),
    )
    work.enter(root.folder)
    return Module(root.folder, work, inputs=inputs.with_defaults())
