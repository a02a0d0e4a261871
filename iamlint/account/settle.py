"""What files leave to AWS and the configuration knows: the account and the partition.

A file below `accounts/ID/` is about that account, others about the home account.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from iamlint.account.folders import account_of_path
from iamlint.load.terraform.filenames import ENDS
from iamlint.text.source import Partial, Tagged, Unknown, nodes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.account.declared import Declared
    from iamlint.load import Loaded
    from iamlint.load.document import Attachment, Document, Holder
    from iamlint.text.source import Source, Value

# What the loaders write for the partition and the account.
_OF_CLOUDFORMATION: Final = ("${AWS::Partition}", "${AWS::AccountId}")
_OF_TERRAFORM: Final = ("${partition}", "${account}")


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
        self._known: dict[str, Mapping[str, str]] = {}
        self._sources: dict[int, Source] = {}

    def known(self, path: str) -> Mapping[str, str]:
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

    def _source(self, source: Source, known: Mapping[str, str]) -> Source:
        found = self._sources.get(id(source))
        if found is None:
            found = source
            if source.readable and _is_open(source.value):
                found = copy.copy(source)
                found.value = _value(source.value, known)
            self._sources[id(source)] = found
        return found


def _known(path: str, declared: Declared) -> Mapping[str, str]:
    account = account_of_path(declared.below(path)) or declared.account
    of_terraform = path.lower().endswith(ENDS)
    names = _OF_TERRAFORM if of_terraform else _OF_CLOUDFORMATION
    return {
        name: value
        for name, value in zip(names, (declared.partition, account), strict=True)
        if value is not None
    }


def _attachment(about: Attachment, known: Mapping[str, str]) -> Attachment:
    return replace(about, arn=_text(about.arn, known), policy_arn=_text(about.policy_arn, known))


def _holder(holder: Holder, known: Mapping[str, str]) -> Holder:
    return replace(
        holder,
        arn=_text(holder.arn, known),
        managed=tuple(_filled(arn, known) for arn in holder.managed),
        boundary=_text(holder.boundary, known),
    )


def _text(text: str | None, known: Mapping[str, str]) -> str | None:
    return None if text is None else _filled(text, known)


def _filled(text: str, known: Mapping[str, str]) -> str:
    for placeholder, value in known.items():
        text = text.replace(placeholder, value)
    return text


def _is_open(value: Value) -> bool:
    return any(isinstance(node, Unknown | Partial) for node in nodes(value))


def _value(value: Value, known: Mapping[str, str]) -> Value:
    if isinstance(value, dict):
        return {name: _value(child, known) for name, child in value.items()}
    if isinstance(value, list):
        return [_value(child, known) for child in value]
    if isinstance(value, Tagged):
        return replace(value, value=_value(value.value, known))
    if isinstance(value, Unknown):
        return known.get(value.text, value)
    return _joined(value, known) if isinstance(value, Partial) else value


def _joined(value: Partial, known: Mapping[str, str]) -> str | Partial:
    parts: list[str | Unknown] = []
    for part in value.parts:
        new = known.get(part.text, part) if isinstance(part, Unknown) else part
        last = parts[-1] if parts else None
        if isinstance(new, str) and isinstance(last, str):
            parts[-1] = last + new
        else:
            parts.append(new)
    only = parts[0] if len(parts) == 1 else None
    return only if isinstance(only, str) else Partial(tuple(parts))
