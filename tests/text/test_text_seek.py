"""Single places are those that a pass over the whole text finds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iamlint.text.json import read_json
from iamlint.text.scan import scan

if TYPE_CHECKING:
    from iamlint.text.source import Source
    from iamlint.text.span import Pointer

_SCALARS = st.none() | st.booleans() | st.integers() | st.text()
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def _without_a_pass(text: str) -> Source:
    source = read_json(text)
    assert source.flaws == ()
    return source


@given(_VALUES, st.sampled_from([None, 1, 4, "\t"]))
def test_single_places_are_those_of_a_whole_pass(value: object, indent: int | str | None) -> None:
    for ascii_only in (False, True):
        text = f" {json.dumps(value, indent=indent, ensure_ascii=ascii_only)}\n"
        known = scan(text).places
        source = _without_a_pass(text)

        for key in (False, True):
            assert {at: source.locate(at, key=key) for at in known} == {
                at: (place.key if key and place.key else place.value) for at, place in known.items()
            }
        assert "places" not in vars(source)


@pytest.mark.parametrize(
    "pointer",
    [("b",), ("a", 2), ("a", "0"), ("a", 0, 0), (0,), ("a", -1), ("a", 1, "c", "d")],
)
def test_pointer_to_nothing_gives_the_nearest_node_above_it(pointer: Pointer) -> None:
    text = '{"a": [1, {"c": "x"}]}'
    source, passed = _without_a_pass(text), _without_a_pass(text)
    assert len(passed.places) == 5

    for key in (False, True):
        assert source.locate(pointer, key=key) == passed.locate(pointer, key=key)


def test_places_are_found_in_any_order() -> None:
    source = _without_a_pass('[{"a": 1}, {"b": 2}, [3]]')

    spans = [source.locate(at) for at in ((2, 0), (0, "a"), (1,), (2,))]

    assert [source.text[span.start : span.end] for span in spans] == ["3", "1", '{"b": 2}', "[3]"]


def test_a_text_that_was_skipped_often_is_passed_once() -> None:
    text = "[" * 150 + " " * 10_000 + "1" + ",2]" * 150
    source = _without_a_pass(text)

    for depth in range(150):
        source.locate((*[0] * depth, 1))

    assert "places" in vars(source)
