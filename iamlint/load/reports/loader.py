"""Reads the credential report that the console and scripts write as a CSV file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.reports.marks import starts_as_json, starts_as_table
from iamlint.text.read import decoded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.document import Item
    from iamlint.load.find.files import File


def claims(file: File) -> bool:
    """Return whether a file is a credential report, or a table that someone names as a file."""
    is_csv = file.suffix == ".csv"
    if not (file.asked or is_csv):
        return False
    try:
        head = file.head
    except OSError:
        return is_csv
    return starts_as_table(head) or (is_csv and file.asked and not starts_as_json(head))


def read(file: File) -> Iterator[Item]:
    """Yield the users of a report."""
    from iamlint.load.reports import credentials  # noqa: PLC0415 - few files are one
    from iamlint.load.reports.times import of_file_name  # noqa: PLC0415 - the same
    from iamlint.text.table import read_table  # noqa: PLC0415 - the same

    text = decoded(file.data)
    if credentials.has_columns(text):
        table = read_table(text)
        made = of_file_name(file.path)  # a day, and the report may show times in it
        if made is not None:
            made = max(made, credentials.newest_in(table) or made)
        yield from credentials.users(file.path, table.as_source(), table, (), made)
