"""Places in the units of the client: code points, or the units of UTF-8 or UTF-16.

https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#position
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lsprotocol import types

from iamlint.fast_dataclass import dataclass

if TYPE_CHECKING:
    from iamlint.rule.finding import Range
    from iamlint.text.span import Lines, Position

_WIDTHS: Final = {
    types.PositionEncodingKind.Utf8: ("utf-8", 1),
    types.PositionEncodingKind.Utf16: ("utf-16-le", 2),
}


@dataclass(frozen=True, slots=True)
class ClientUnits:
    """Turns places of a text into those of a client, and back."""

    encoding: types.PositionEncodingKind

    def range(self, range_: Range, lines: Lines) -> types.Range:
        return types.Range(self.position(range_.start, lines), self.position(range_.end, lines))

    def position(self, at: Position, lines: Lines) -> types.Position:
        before = lines.text(at.line)[: at.column - 1]
        return types.Position(at.line - 1, self._width(before))

    def offset(self, at: types.Position, lines: Lines) -> int:
        """Return the offset of a place of the client; past the end of a line it is its end."""
        line = lines.text(at.line + 1)
        if self.encoding not in _WIDTHS:
            column = min(at.character, len(line))
        else:
            name, width = _WIDTHS[self.encoding]
            units = line.encode(name, "surrogatepass")[: at.character * width]
            column = len(units.decode(name, "ignore"))
        if at.line >= len(lines):
            return len(lines.whole)
        return lines.start(at.line + 1).offset + column

    def _width(self, text: str) -> int:
        if self.encoding not in _WIDTHS or text.isascii():
            return len(text)
        name, width = _WIDTHS[self.encoding]
        return len(text.encode(name, "surrogatepass")) // width
