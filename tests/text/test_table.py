"""Tables: values as Python's own reader has them, with places of our own."""

from __future__ import annotations

import csv
from io import StringIO

from hypothesis import given, settings
from hypothesis import strategies as st

from iamlint.text.table import read_table
from tests.support.examples import examples

PIECES = st.lists(
    st.sampled_from(['"', '""', ",", "\n", "\r\n", "a", "b c", " ", "é"]), max_size=40
)


@settings(max_examples=examples(400), deadline=None)
@given(PIECES.map("".join))
def test_values_are_those_of_pythons_reader_and_places_lie_in_the_text(text: str) -> None:
    whole = "a,b,c\n" + text
    rows = [row for row in csv.reader(StringIO(whole, newline="")) if row not in ([], [""], [" "])]
    expected = [[cell.strip() for cell in row] for row in rows[1:] if len(row) == len("abc")]

    table = read_table(whole)
    source = table.as_source()
    found = [list(row.values()) for row in table.rows]

    if not table.is_cut:
        assert found == expected
    for at, place in source.places.items():
        assert 0 <= place.value.start <= place.value.end <= len(whole)
        assert source.locate(at) == place.value


def test_a_place_is_that_of_the_cell_without_the_spaces_around_it() -> None:
    text = 'name, value \nx,  1 2  \n"y","3 ""4"""\n'
    source = read_table(text).as_source()

    spans = [source.locate((row, "value")) for row in (0, 1)]

    assert [text[span.start : span.end] for span in spans] == ["1 2", '"3 ""4"""']
    assert source.value == [{"name": "x", "value": "1 2"}, {"name": "y", "value": '3 "4"'}]
