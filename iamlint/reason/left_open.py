"""What a comparison cannot decide, each with the reason and the names of what would decide it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.account.origin import Origin, inputs_of, unknown_in
from iamlint.evaluator.deciding import Deciding
from iamlint.reason.answer import Open
from iamlint.reason.formula import UnknownFact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.evaluator.statement import CompiledStatement
    from iamlint.reason.encode import Fact
    from iamlint.reason.search import FoundRequests, Search

_SHOWN: Final = 3


class OpenQuestions:
    """The open questions about gains, or losses, each once."""

    def __init__(self, *, of_gains: bool) -> None:
        self.of_gains = of_gains
        self._found: dict[tuple[str, tuple[str, ...]], dict[Deciding, None]] = {}

    @property
    def found(self) -> list[Open]:
        return [
            Open(reason, names, tuple(because), self.of_gains)
            for (reason, names), because in self._found.items()
        ]

    def _add(self, reason: str, names: Iterable[str], because: Iterable[CompiledStatement]) -> None:
        known = self._found.setdefault((reason, tuple(dict.fromkeys(names))), {})
        known.update(dict.fromkeys(map(_deciding, because)))

    def add(self, found: FoundRequests) -> None:
        """Add requests about which facts that are not known decide."""
        facts = [found.encoder.about[one] for one in found.box if isinstance(one, UnknownFact)]
        names = [name for fact in facts for name in _names(fact)]
        reason = " and ".join(dict.fromkeys(map(_reason, facts)))
        self._add(reason, names, [fact.statement for fact in facts])

    def add_unshown(self, found: FoundRequests) -> None:
        """Add requests that the evaluator does not confirm."""
        named = ", ".join(f"`{action}`" for action in found.actions[:_SHOWN])
        self._add(f"no request about {named} could be built that shows it", (), found.changed)

    def add_too_many(self, search: Search) -> None:
        """Add actions whose policies have too many parts."""
        named = ", ".join(f"`{action}`" for action in search.actions[:_SHOWN])
        more = ", …" if len(search.actions) > _SHOWN else ""
        reason = f"{named}{more}: it takes more than {search.budget.limit} steps (`--budget`)"
        self._add(reason, (), search.changed)


def _deciding(statement: CompiledStatement) -> Deciding:
    source = statement.source
    sid = source.sid.text if source.sid else None
    return Deciding(statement.kind, 0, source.index, sid, source.effect, statement.label)


def _names(fact: Fact) -> Iterator[str]:
    """Yield what would decide a fact: variables of templates, parameters, or policy variables."""
    statement = fact.statement
    inputs = [one.name for one in inputs_of(statement.label, statement.source.index)]
    yield from inputs
    if not inputs:
        yield from (f"${{{key}}}" for key in fact.keys)
    if not inputs and not fact.keys:
        yield from _texts(statement)


def _texts(statement: CompiledStatement) -> list[str]:
    found = [part.text for part in unknown_in(statement.label, statement.source.index)]
    return list(dict.fromkeys(found))


def _reason(fact: Fact) -> str:
    statement = fact.statement
    label = statement.label
    if isinstance(label, Origin) and label.unread is not None:
        return f"{label.unread.place} could not be read: {label.unread.reason}"
    if isinstance(label, Origin) and label.why is not None:
        return label.why.text
    texts = _texts(statement) or list(_names(fact))
    shown = ", ".join(f"`{text}`" for text in texts[:_SHOWN]) or f"`{label}`"
    return f"{shown} {_MAY.get(fact.what, 'may decide')}"


_MAY: Final = {
    "principal": "may name the caller",
    "action": "may name the action",
    "resource": "may name the resource",
    "value": "may be the value that a condition asks for",
    "condition": "may be the value that a condition asks for",
    "conditions": "may limit the statement",
    "effect": "may be an Allow or a Deny",
    "void": "is a condition with an operator that AWS does not have",
}
