"""What a comparison cannot decide, each with the reason and the names of what would decide it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.account.origin import Origin, inputs_of, unknown_in
from iamlint.evaluator.deciding import Deciding
from iamlint.evaluator.request import CallerKind
from iamlint.fast_dataclass import dataclass, field
from iamlint.reason.answer import Open
from iamlint.reason.formula import UnknownFact
from iamlint.text.source import Partial, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.catalog import Catalog
    from iamlint.evaluator.statement import CompiledStatement
    from iamlint.reason.encode import Fact
    from iamlint.reason.search import FoundRequests, Search

_SHOWN: Final = 3
_REASONS: Final = 2


@dataclass(slots=True)
class _About:
    """The statements that an open question is about, and the actions."""

    because: dict[Deciding, None] = field(default_factory=dict)
    actions: dict[str, None] = field(default_factory=dict)


class OpenQuestions:
    """The open questions about gains, or losses, each once."""

    def __init__(self, catalog: Catalog, *, of_gains: bool) -> None:
        self.catalog = catalog
        self.of_gains = of_gains
        self._found: dict[tuple[str, tuple[str, ...]], _About] = {}
        self._met: dict[frozenset[UnknownFact], _About] = {}

    @property
    def found(self) -> list[Open]:
        return [
            Open(f"{reason}{self._for(about.actions)}", names, tuple(about.because), self.of_gains)
            for (reason, names), about in self._found.items()
        ]

    def _for(self, actions: Iterable[str]) -> str:
        """Return the actions that a question is about: ", for `s3:GetObject`"."""
        every = [(name, self.catalog.action(name)) for name in actions]
        texts = [name if known is None else known.full_name for name, known in every]
        left = len(texts) - _SHOWN
        more = f" and {left} more action{'s' if left > 1 else ''}" if left > 0 else ""
        return f", for {', '.join(f'`{one}`' for one in texts[:_SHOWN])}{more}" if texts else ""

    def _add(
        self,
        reason: str,
        names: Iterable[str],
        because: Iterable[CompiledStatement],
        actions: Iterable[str],
    ) -> _About:
        about = self._found.setdefault((reason, tuple(dict.fromkeys(names))), _About())
        about.because.update(dict.fromkeys(map(_deciding, because)))
        about.actions.update(dict.fromkeys(actions))
        return about

    def add(self, found: FoundRequests) -> None:
        """Add requests about which facts that are not known decide."""
        unknown = frozenset(one for one in found.box if isinstance(one, UnknownFact))
        if (known := self._met.get(unknown)) is not None:
            known.actions.update(dict.fromkeys(found.actions))
            return
        facts = [found.encoder.about[one] for one in found.box if one in unknown]
        names = sorted({name for fact in facts for name in _names(fact)})
        reasons = sorted(set(map(_reason, facts)))
        more = " and more" if len(reasons) > _REASONS else ""
        reason = " and ".join(reasons[:_REASONS]) + more
        because = [fact.statement for fact in facts]
        self._met[unknown] = self._add(reason, names, because, found.actions)

    def add_unlisted(self, found: FoundRequests) -> None:
        """Add requests that AWS's lists do not name, and that may still be sent."""
        request = found.spot.request
        if request.caller.kind is CallerKind.FEDERATED_USER:
            reason = f"`{request.caller.arn}` may ask, with the permissions of its user"
        else:
            reason = f"AWS may take `{request.resource.text}`, although it does not list it"
        self._add(reason, (), found.changed, found.actions)

    def add_unshown(self, found: FoundRequests) -> None:
        """Add requests that the evaluator does not confirm."""
        self._add("no request could be built that shows it", (), found.changed, found.actions)

    def add_too_many(self, search: Search) -> None:
        """Add actions whose policies have too many parts."""
        reason = f"it takes more than {search.budget.limit} steps (`--budget`)"
        self._add(reason, (), search.changed, search.actions)


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
    found = [*unknown_in(statement.label, statement.source.index)] or [*_placeholders(statement)]
    return list(dict.fromkeys(part.text for part in found))


def _placeholders(statement: CompiledStatement) -> Iterator[Unknown]:
    """Yield the parts that another tool fills in, which the file writes as text."""
    source = statement.source
    named = source.principal or source.not_principal
    entries = [*source.actions, *(one.entry for one in (named.entries if named else ()))]
    entries += source.resource_element.entries if source.resource_element else ()
    entries += (entry for condition in source.conditions for entry in condition.values)
    for entry in entries:
        value = entry.value
        for part in value.parts if isinstance(value, Partial) else (value,):
            if isinstance(part, Unknown):
                yield part


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
    "gateway": "may be the policy of a gateway",
    "effect": "may be an Allow or a Deny",
    "void": "is a condition with an operator that AWS does not have",
}
