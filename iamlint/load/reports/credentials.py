"""The users of a credential report, whose columns are found by name, in any order.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
"""

from __future__ import annotations

import re
from base64 import b64decode
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.load.document import NotAnalysed
from iamlint.load.file_value import Subject, SubjectKind
from iamlint.load.reports.times import newest
from iamlint.text.span import Span
from iamlint.text.table import read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from iamlint.text.source import Source
    from iamlint.text.span import Pointer
    from iamlint.text.table import Table

COLUMNS: Final = frozenset({"user", "arn", "password_enabled", "mfa_active", "access_key_1_active"})
"""The columns by which a report is recognised."""

_DATES: Final = ("_time", "_last_used", "_last_changed", "_last_rotated", "_last_used_date")
_HEADER: Final = 8_000
"""Characters that have all of a header, also in base64."""

_ENCODED: Final = re.compile(r"([A-Za-z0-9+/\s]*+)(=*+\s*+)")


@dataclass(frozen=True, slots=True)
class InBase64:
    """The text in a string of base64, and the stretch of the string that encodes a part of it.

    `kept` are the places in the string of what is not white space, if it has some. It `is_cut` if
    not all of the string is base64.
    """

    text: str
    kept: Sequence[int] | None
    is_cut: bool
    bytes_before: Callable[[int], int]

    def stretch(self, span: Span) -> tuple[int, int]:
        """Return the places of the first and the last character that encode a part of the text."""
        first = self.bytes_before(span.start) * 4 // 3
        last = max(first, -(-self.bytes_before(span.end) * 4 // 3) - 1)
        return (first, last) if self.kept is None else (self.kept[first], self.kept[last])


def decode(written: str) -> InBase64:
    """Return the text that a string of base64 starts with."""
    encoded, end = next(_ENCODED.finditer(written)).groups()
    bare = "".join(encoded.split())
    is_whole = len(encoded) + len(end) == len(written) and len(bare) % 4 != 1
    kept = None
    if len(bare) < len(encoded):
        kept = [at for at, char in enumerate(encoded) if not char.isspace()]
    bare = bare[: len(bare) - (len(bare) % 4 == 1)]
    data = b64decode(bare + "=" * (-len(bare) % 4))
    text, before = _text(data)
    return InBase64(text, kept, not is_whole, before)


def _text(data: bytes) -> tuple[str, Callable[[int], int]]:
    """Return the text of bytes, and the function from a number of characters to one of bytes."""
    try:
        text = data.decode()
    except UnicodeDecodeError:  # of another encoding, or cut in the middle of a character
        return data.decode("latin-1"), int
    if len(text) == len(data):
        return text, int
    return text, list(accumulate((len(char.encode()) for char in text), initial=0)).__getitem__


def is_report(content: str) -> bool:
    """Return whether a string of base64 is a credential report, by its header."""
    return has_columns(decode(content[:_HEADER]).text)


def has_columns(text: str) -> bool:
    """Return whether a text is a credential report, by its header alone: another may be large."""
    header = next(iter(text[:_HEADER].lstrip("\ufeff \t\r\n").splitlines()), "")
    return read_table(header).columns.keys() >= COLUMNS


def encoded(
    path: str, source: Source, pointer: Pointer, as_of: datetime | None
) -> Iterator[Subject | NotAnalysed]:
    """Yield the users of a report that is a string of base64."""
    written = source.value_at(pointer)
    found = decode(written if isinstance(written, str) else "")
    table = read_table(found.text)

    @cache  # each finding asks
    def characters() -> Sequence[int] | None:
        return source.characters(pointer)

    def move(span: Span) -> Span:
        if not (places := characters()):
            return source.locate(pointer)
        first, last = found.stretch(span)
        after = places[last + 1] if found.kept is None else places[last] + 1
        return Span(places[first], after)

    inner = table.as_source(source, move)
    yield from users(path, inner, table, pointer, as_of)
    if found.is_cut and not table.is_cut:
        yield _cut(path, pointer)


def users(
    path: str, source: Source, table: Table, at: Pointer, stated: datetime | None
) -> Iterator[Subject | NotAnalysed]:
    """Yield the users of a report, and the rows that are not read.

    A report is of the time that is `stated`, or of the newest date in it.
    """
    as_of = stated or newest_in(table)
    for number, row in enumerate(table.rows):
        yield Subject(
            SubjectKind.CREDENTIALS,
            path,
            source,
            (*at, number),
            (number,),
            name=str(row["user"]),
            identity=str(row["arn"]),
            as_of=as_of,
            is_dated=stated is not None,
        )
    odd = table.odd[:-1] if table.is_cut else table.odd
    if odd:
        more = f", as in {len(odd) - 1} more" if len(odd) > 1 else ""
        reason = f"row {odd[0]} of the credential report does not have one cell for each column"
        yield NotAnalysed(path, at, f"{reason}{more}")
    if table.is_cut:
        yield _cut(path, at)


def _cut(path: str, at: Pointer) -> NotAnalysed:
    return NotAnalysed(path, at, "credential report that ends in the middle of a row")


def newest_in(table: Table) -> datetime | None:
    """Return the newest date in a report, which is not later than the report."""
    names = [name for name in table.columns if name.endswith(_DATES)]
    return newest(row[name] for row in table.rows for name in names)
