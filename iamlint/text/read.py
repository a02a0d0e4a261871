"""Bytes or characters in, a source out: decodes, and chooses the dialect."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from iamlint.text.json import read_json
from iamlint.text.source import NO_VALUE, Dialect, Source, SyntaxFault, SyntaxFlaw
from iamlint.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_BYTES = 128_000_000
"""Larger files are answered with `LIMIT`."""

MAX_YAML = 16_000_000
"""Characters of YAML that are read; it takes a hundred times as long as JSON."""

_DIALECTS = {
    ".json": Dialect.JSON,
    ".jsonc": Dialect.RELAXED_JSON,
    ".json5": Dialect.JSON5,
    ".yaml": Dialect.YAML,
    ".yml": Dialect.YAML,
    ".template": Dialect.YAML,
}
_RATHER_YAML = {*NO_VALUE, SyntaxFault.JSON5_SYNTAX, SyntaxFault.CONTROL_CHARACTER}
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def read_bytes(data: bytes, *, dialect: Dialect | None = None, name: str = "") -> Source:
    """Return the source of a file's content; `name` is its name, for the extension.

    Never raises for what `data` holds: the reason is a flaw of `NO_VALUE`.
    """
    if len(data) > MAX_BYTES:
        return _refused("", f"larger than {MAX_BYTES:,} bytes", 0, SyntaxFault.LIMIT)
    encoding = _UTF16.get(data[:2], "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        readable = data[: error.start].decode(encoding).removeprefix("\ufeff")
        text = readable + data[error.start :].decode(encoding, "replace")
        return _refused(text, f"not {encoding.upper()}", len(readable), SyntaxFault.NOT_TEXT)
    return read_text(text, dialect, name=name)


def decoded(data: bytes) -> str:
    """Return the text of a file as a source has it."""
    return data.decode(_UTF16.get(data[:2], "utf-8"), "replace").removeprefix("\ufeff")


def read_text(text: str, dialect: Dialect | None = None, *, name: str = "") -> Source:
    """Return a text read as `dialect`, or as the extension of `name` or its start suggests."""
    if (nul := text.find("\0")) >= 0:
        return _refused(text, "contains a NUL character: not a text", nul, SyntaxFault.NOT_TEXT)
    if text.startswith("\ufeff"):
        source = read_text(text[1:], dialect, name=name)
        mark = SyntaxFlaw(
            SyntaxFault.BYTE_ORDER_MARK, "byte order mark before the text", Span(0, 0)
        )
        source.flaws = (mark, *source.flaws)
        return source
    if not (start := text.lstrip()[:2]):
        return _refused(text, "empty", 0, SyntaxFault.UNREADABLE)
    return _reader(start, dialect or _by_extension(name))(text)


def _by_extension(name: str) -> Dialect | None:
    dot = name.rfind(".")
    return _DIALECTS.get(name[dot:].lower()) if dot >= 0 else None


def _reader(start: str, dialect: Dialect | None) -> Callable[[str], Source]:
    """Return the reader of a dialect, else of the first characters of the text."""
    looks_like_json = start[0] in "{[" and start not in ("{{", "{%")
    if dialect is Dialect.YAML:
        return _read_json_or_yaml if looks_like_json else _read_yaml
    if dialect is None and start in ("//", "/*"):
        dialect = Dialect.RELAXED_JSON
    if dialect is None and start[0] not in "{[":
        return _read_yaml
    return lambda text: read_json(text, dialect or Dialect.JSON)


def _read_json_or_yaml(text: str) -> Source:
    """Return a text of a YAML file that begins like JSON; the error, if any, is that of JSON.

    What JSON5 and YAML both accept they may read differently, such as a string over two lines;
    in a YAML file it is YAML.
    """
    source = read_json(text)
    if {flaw.fault for flaw in source.flaws} & _RATHER_YAML:
        yaml = _read_yaml(text)
        return yaml if yaml.readable else source
    return read_json(text, Dialect.RELAXED_JSON) if source.flaws else source


def _read_yaml(text: str) -> Source:
    if len(text) > MAX_YAML:
        return _refused(
            text, f"more than {MAX_YAML:,} characters of yaml", 0, SyntaxFault.LIMIT, Dialect.YAML
        )
    from iamlint.text.yaml import read_yaml  # noqa: PLC0415 - slow to import, and JSON needs none

    return read_yaml(text)


def _refused(
    text: str, message: str, offset: int, fault: SyntaxFault, dialect: Dialect = Dialect.JSON
) -> Source:
    end = min(offset + 1, len(text))
    return Source.unreadable(text, dialect, message, Span(offset, end), fault)
