"""Calls of a module by its examples and tests: their values are not facts about the module."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from iamlint.load.file_value import ShownBy

if TYPE_CHECKING:
    from iamlint.load.terraform.language.module import Module
    from iamlint.load.terraform.language.node import Text

# https://developer.hashicorp.com/terraform/language/modules/develop/structure
_SHOW_ONLY: Final = frozenset({"example", "examples", "test", "tests", "wrappers"})


def shows(caller: str, called: str) -> bool:
    """Return whether a folder calls another one only as an example or a test of it."""
    above, below = PurePath(called).parts, PurePath(caller).parts
    same = next(
        (n for n, pair in enumerate(zip(above, below, strict=False)) if len({*pair}) > 1), None
    )
    own = below[len(above) if same is None else same :]
    return bool(_SHOW_ONLY & {part.lower() for part in own})


def shown_by(root: Module, text: Text, address: str | None) -> ShownBy | None:
    """Return the call of an example or a test that gives a policy its values; None if none does."""
    caller = root.folder.first
    if root.folder.has(text) or not shows(_folder(caller), _folder(text.path)):
        return None
    words = (address or "").split(".")
    label = words[1].partition("[")[0] if words[0] == "module" and words[1:] else ""
    found = root.folder.find("module", label) if label else None
    return ShownBy(found[0].path, f"module.{label}") if found else ShownBy(caller)


def _folder(path: str) -> str:
    return str(PurePath(path).parent)
