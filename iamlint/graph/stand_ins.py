"""Texts in place of values that files leave open, so that equal references are equal texts.

A role is the one that a file refers to, whatever `var.env` in its name is. With a text of its own
in place of each unknown value, references meet by the usual comparison of texts. A text occurs
nowhere else, so it equals no name and fits no pattern that is written out; `asking` therefore asks
about the files as they are too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.late_pattern import late_pattern
from iamlint.load.link import Binding, parts_of
from iamlint.policy.grammar import Kind
from iamlint.policy.pattern import pattern_of
from iamlint.text.source import Partial, Unknown, nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.load import Loaded
    from iamlint.load.link import Name
    from iamlint.text.source import Value

ACCOUNT: Final = "999999999990"
"""The account of files that do not name theirs."""

ELSEWHERE: Final = "999999999991"
"""The account of principals that are not known at all."""

_OPEN, _CLOSE = "\ue010", "\ue011"
_TEXT: Final = late_pattern(f"{_OPEN}([0-9]+){_CLOSE}", re.ASCII)
_OUTSIDER: Final = f"arn:aws:iam::{ELSEWHERE}:role/"


@dataclass(frozen=True, slots=True)
class StandIns:
    """The unknown values that have a text, in the order of their numbers."""

    values: tuple[Unknown, ...] = ()
    bindings: tuple[Binding, ...] = ()

    def shown(self, text: str) -> str:
        """Return a text for people, with what the files write in place of the texts from here."""
        if _OPEN not in text:
            return text
        found = _TEXT.sub(lambda match: self.values[int(match[1])].text, text)
        return found.replace(_OUTSIDER, "")

    def in_files(self, text: str) -> str:
        """Return an ARN with the unknown parts that it has in the files."""
        if _OPEN not in text:
            return text
        return _TEXT.sub(lambda match: pattern_of(self.values[int(match[1])]), text)

    def as_glob(self, text: str) -> str:
        """Return a pattern of all that a text may be."""
        return _TEXT.sub("*", text) if _OPEN in text else text

    def names(self, text: str) -> tuple[str, ...]:
        """Return the unknown values in a text, as files write them."""
        return tuple(self.values[int(match[1])].text for match in _TEXT.finditer(text))


def is_outsider(arn: str) -> bool:
    """Return whether a principal is the text of one that is not known at all."""
    return arn.startswith(_OUTSIDER)


def stand_ins(loaded: Loaded) -> StandIns:
    """Return texts for the unknown values that names, links and policies of files share."""
    parts: dict[str, Unknown] = {}
    principals: dict[str, Unknown] = {}
    for name in _names(loaded):
        parts.update(_by_identity(parts_of(name)))
    for document in loaded.documents:
        if document.source.is_known or not document.source.readable:
            continue
        for node in nodes(document.value):
            if isinstance(node, Partial):
                parts.update(_by_identity(node.parts))
        if document.kind is Kind.TRUST:
            principals.update(_by_identity(_principals(document.value)))
    known = {**principals, **parts}
    texts = [f"{_OPEN}{number}{_CLOSE}" for number in range(len(known))]
    bindings = (
        Binding("", identity, text if identity in parts else f"{_OUTSIDER}{text}")
        for text, identity in zip(texts, known, strict=True)
    )
    return StandIns(tuple(known.values()), tuple(bindings))


def _by_identity(parts: Iterable[object]) -> Iterator[tuple[str, Unknown]]:
    """Yield the values that have no name of their own; accounts and regions have."""
    for part in parts:
        if isinstance(part, Unknown) and part.identity is not None and part.means is None:
            yield part.identity, part


def _names(loaded: Loaded) -> Iterator[Name]:
    for node in loaded.nodes:
        yield node.ref.name
    for link in loaded.links:
        yield from (link.holder.name, link.target.name)
    for document in loaded.documents:
        about = document.attachment
        yield from (name for name in (about.arn, about.policy_arn) if name is not None)
        yield from (held.ref.name for held in (*about.holders, *about.targets))


def _principals(value: Value) -> Iterator[Value]:
    """Yield the principals of a trust policy that are AWS's, as they are written."""
    for node in nodes(value):
        named = node.get("Principal") if isinstance(node, dict) else None
        found = named.get("AWS") if isinstance(named, dict) else None
        yield from found if isinstance(found, list) else () if found is None else (found,)
