"""Whether two files say the same of one thing, as a module and its plan or state do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.link import may_be
from iamlint.text.source import Partial, Unknown, nodes

if TYPE_CHECKING:
    from iamlint.load.document import Document
    from iamlint.text.source import Value


def may_be_same(left: Document, right: Document) -> bool:
    """Return whether files of one scope may say the same: a module, and its plan or state."""
    if left.path == right.path or left.attachment.scope != right.attachment.scope:
        return False
    return not (left.when or right.when) and _may_be(left.value, right.value)


def _may_be(left: Value, right: Value) -> bool:
    """Return whether two values may be equal, as far as they are known."""
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return True
    if isinstance(left, str | Partial) and isinstance(right, str | Partial):
        return may_be(left, right)
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_may_be(v, right[k]) for k, v in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_may_be, left, right))
    return left == right


def open_one(*documents: Document) -> Document:
    """Return the first of documents that leaves something open, else the first of all."""
    return next(filter(_is_open, documents), documents[0])


def _is_open(document: Document) -> bool:
    return any(isinstance(node, Unknown | Partial) for node in nodes(document.value))
