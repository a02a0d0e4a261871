"""Hover, completion and hints, in the form of the protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lsprotocol import types

from iamlint.catalog import Catalog
from iamlint.rule.finding import Range
from iamlint.rules import BUILTIN
from iamlint.server.complete import OfferSort, complete
from iamlint.server.hints import hints
from iamlint.server.hover import hover

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.rule import Rule
    from iamlint.server.checked import CheckedText
    from iamlint.server.complete import Offer
    from iamlint.server.positions import ClientUnits
    from iamlint.server.texts import OpenText
    from iamlint.text.half_written.node import Word

TRIGGERS: Final = (":", '"', "'", "[", "{", " ")
_MOST: Final = 400
_ICONS: Final = {
    OfferSort.ELEMENT: types.CompletionItemKind.Property,
    OfferSort.SERVICE: types.CompletionItemKind.Module,
    OfferSort.ACTION: types.CompletionItemKind.Method,
    OfferSort.KEY: types.CompletionItemKind.Field,
    OfferSort.VALUE: types.CompletionItemKind.Value,
    OfferSort.RULE: types.CompletionItemKind.EnumMember,
}


class TextWords:
    """Answers about the words of one text, with the data of its last check if there was one."""

    def __init__(
        self,
        text: OpenText,
        units: ClientUnits,
        checked: CheckedText | None,
        *,
        has_snippets: bool,
    ) -> None:
        self._text, self._units, self._has_snippets = text, units, has_snippets
        self._catalog: Catalog = checked.plugged.catalog if checked else Catalog.open()
        every = checked.plugged.rules if checked else BUILTIN
        self._rules: Mapping[str, Rule] = {rule.name: rule for rule in every}

    def hover(self, at: types.Position) -> types.Hover | None:
        text, offset = self._text, self._units.offset(at, self._text.lines)
        found = hover(text.whole, text.place, offset, self._catalog, self._rules)
        if found is None:
            return None
        about, word = found
        content = types.MarkupContent(types.MarkupKind.Markdown, about)
        return types.Hover(content, self._range(word))

    def completion(self, at: types.Position) -> types.CompletionList:
        text, offset = self._text, self._units.offset(at, self._text.lines)
        word, offers = complete(text.whole, text.place, offset, self._catalog, self._rules)
        range_ = self._range(word)
        items = [self._item(one, number, range_) for number, one in enumerate(offers[:_MOST])]
        return types.CompletionList(is_incomplete=len(offers) > _MOST, items=items)

    def hints(self, range_: types.Range) -> list[types.InlayHint]:
        text = self._text
        start, end = (self._units.offset(one, text.lines) for one in (range_.start, range_.end))
        return [
            types.InlayHint(self._position(offset), about, padding_left=True)
            for offset, about in hints(text.whole, text.place, start, end, self._catalog)
        ]

    def _item(self, one: Offer, number: int, range_: types.Range) -> types.CompletionItem:
        form = types.InsertTextFormat
        is_snippet = one.is_snippet and self._has_snippets
        return types.CompletionItem(
            label=one.label,
            kind=_ICONS[one.sort],
            detail=one.detail or None,
            sort_text=f"{number:04}",
            filter_text=one.label,
            insert_text_format=form.Snippet if is_snippet else form.PlainText,
            text_edit=types.TextEdit(range_, one.written(with_parts=is_snippet)),
        )

    def _position(self, offset: int) -> types.Position:
        lines = self._text.lines
        return self._units.position(lines.position(offset), lines)

    def _range(self, word: Word) -> types.Range:
        lines = self._text.lines
        return self._units.range(Range(lines.position(word.start), lines.position(word.end)), lines)
