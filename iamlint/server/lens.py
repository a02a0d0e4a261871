"""A line above each policy: who holds it, and how much it allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.catalog.model import AccessLevel
from iamlint.linter.lint_options import load_options
from iamlint.load import load
from iamlint.policy.at import At
from iamlint.policy.grammar import Kind
from iamlint.rule.finding import Family

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.catalog import Catalog
    from iamlint.catalog.model import Action
    from iamlint.load.document import Document
    from iamlint.server.checked import CheckedText

_READS: Final = (AccessLevel.LIST, AccessLevel.READ)
_GRANTS: Final = (Kind.IDENTITY, Kind.RESOURCE, Kind.SESSION)


def lenses(checked: CheckedText) -> Iterator[tuple[int, str]]:
    """Yield the offset of each policy that is written in the file, and the line above it."""
    request, path = checked.request, checked.question.path
    config = request.scopes.base(path)
    loaded = load((path,), load_options(request, config, checked.plugged, request.scopes))
    found: dict[int, str] = {}
    for document in loaded.documents:
        if document.path == path and document.source.readable:
            start = document.span(At(())).start
            found.setdefault(start, " · ".join(_parts(document, checked)))
    yield from ((start, text) for start, text in sorted(found.items()) if text)


def _parts(document: Document, checked: CheckedText) -> Iterator[str]:
    if document.attachment.names:
        yield f"held by {', '.join(document.attachment.names)}"
    if document.kind in _GRANTS and (amount := _amount(document, checked.plugged.catalog)):
        escalates = any(
            f.family is Family.ESCALATION and f.policy.pointer == document.pointer
            for f in checked.findings
        )
        yield amount + (", can escalate" if escalates else "")


def _amount(document: Document, catalog: Catalog) -> str:
    """Return how many actions the Allow statements name; nothing if some are not known."""
    named: set[Action] = set()
    for statement in document.statements:
        if not statement.allows:
            continue
        texts = [entry.value for entry in statement.actions]
        if not texts or "Action" in statement.opaque:
            return ""
        for text in texts:
            named.update(catalog.expand(str(text)))
    writes = sum(action.access_level not in _READS for action in named)
    plural = "" if len(named) == 1 else "s"
    return f"{len(named):,} action{plural}, {writes:,} write" if named else ""
