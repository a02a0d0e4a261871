"""The parts of a module that are not analysed, because they exceed a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.document import NotAnalysed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from iamlint.load.terraform.language.folder import ModuleFile
    from iamlint.load.terraform.language.module import Module
    from iamlint.load.terraform.language.node import Text

_SPENT: Final = "its expressions give too many values: not all of them are evaluated"


def limits(
    root: Module, parts: Mapping[Text, ModuleFile], asked: AbstractSet[str]
) -> Iterator[NotAnalysed]:
    """Yield the limits that a root module and those it calls exceed, with their places.

    If the first expression that was not evaluated is not known, the place is a file that was asked
    for.
    """
    yield from (joined for joined in root.work.joined if joined.path in asked)
    if not root.work.is_spent:
        return
    at = root.work.stopped
    part = parts.get(at.text) if at else None
    if at and part and part.path in asked:
        yield NotAnalysed(part.path, part.pointer(at.span), _SPENT)
    else:
        own = {part.path for part in root.folder.parts} & asked
        yield NotAnalysed(min(own or asked), (), _SPENT)
