"""What files leave to AWS and the configuration knows: the account and the partition.

A file below `accounts/ID/` is about that account, others about the home account.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from iamlint.account.folders import account_of_path
from iamlint.text.source import Partial, Pseudo, Tagged, Unknown, nodes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.account.declared import Declared
    from iamlint.load import Loaded
    from iamlint.load.document import Attachment, Document, Held, Holder
    from iamlint.text.source import Source, Value

    Known = Mapping[Pseudo, str]

# What the loaders write into ARNs for the partition and the account.
_WRITTEN: Final = {
    "${AWS::Partition}": Pseudo.PARTITION,
    "${partition}": Pseudo.PARTITION,
    "${AWS::AccountId}": Pseudo.ACCOUNT,
    "${account}": Pseudo.ACCOUNT,
}


def settled(loaded: Loaded, declared: Declared) -> Loaded:
    """Fill in what is known of the account that each file is about."""
    filling = _Filling(declared)
    return replace(
        loaded,
        documents=tuple(map(filling.document, loaded.documents)),
        holders=tuple(_holder(h, filling.known(h.path)) for h in loaded.holders),
        not_analysed=tuple(
            replace(item, attachment=_attachment(item.attachment, filling.known(item.path)))
            for item in loaded.not_analysed
        ),
    )


class _Filling:
    """Fills in one file after another; what its policies share is looked at once.

    INVARIANT: the sources are kept by who asks, so that each has an id of its own.
    """

    def __init__(self, declared: Declared) -> None:
        self.declared = declared
        self._known: dict[str, Known] = {}
        self._sources: dict[int, Source] = {}

    def known(self, path: str) -> Known:
        if path not in self._known:
            self._known[path] = _known(path, self.declared)
        return self._known[path]

    def document(self, document: Document) -> Document:
        known = self.known(document.path)
        attachment = document.attachment
        filled = _attachment(attachment, known)
        source = self._source(document.source, known)
        if source is document.source and filled == attachment:
            return document
        return replace(document, source=source, attachment=filled)

    def _source(self, source: Source, known: Known) -> Source:
        found = self._sources.get(id(source))
        if found is None:
            found = source
            if source.readable and _is_open(source.value):
                found = copy.copy(source)
                found.value = _value(source.value, known)
            self._sources[id(source)] = found
        return found


def _known(path: str, declared: Declared) -> Known:
    account = account_of_path(declared.below(path)) or declared.account
    found = {Pseudo.PARTITION: declared.partition, Pseudo.ACCOUNT: account}
    return {means: value for means, value in found.items() if value is not None}


def _attachment(about: Attachment, known: Known) -> Attachment:
    return replace(about, arn=_text(about.arn, known), policy_arn=_text(about.policy_arn, known))


def _holder(holder: Holder, known: Known) -> Holder:
    return replace(
        holder,
        arn=_text(holder.arn, known),
        managed=tuple(_held(held, known) for held in holder.managed),
        boundary=_held(holder.boundary, known) if holder.boundary else None,
    )


def _held(held: Held, known: Known) -> Held:
    return replace(held, ref=_filled(held.ref, known))


def _text(text: str | None, known: Known) -> str | None:
    return None if text is None else _filled(text, known)


def _filled(text: str, known: Known) -> str:
    for written, means in _WRITTEN.items():
        if means in known:
            text = text.replace(written, known[means])
    return text


def _is_open(value: Value) -> bool:
    return any(isinstance(node, Unknown | Partial) for node in nodes(value))


def _value(value: Value, known: Known) -> Value:
    if isinstance(value, dict):
        return {name: _value(child, known) for name, child in value.items()}
    if isinstance(value, list):
        return [_value(child, known) for child in value]
    if isinstance(value, Tagged):
        return replace(value, value=_value(value.value, known))
    if isinstance(value, Unknown):
        return known.get(value.means, value) if value.means else value
    return _joined(value, known) if isinstance(value, Partial) else value


def _joined(value: Partial, known: Known) -> str | Partial:
    parts: list[str | Unknown] = []
    for part in value.parts:
        means = part.means if isinstance(part, Unknown) else None
        new = known.get(means, part) if means else part
        last = parts[-1] if parts else None
        if isinstance(new, str) and isinstance(last, str):
            parts[-1] = last + new
        else:
            parts.append(new)
    only = parts[0] if len(parts) == 1 else None
    return only if isinstance(only, str) else Partial(tuple(parts))
