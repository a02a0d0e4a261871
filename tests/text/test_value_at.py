"""The one walk from a value to a node in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.text.source import Partial, Tagged, Unknown, value_at

if TYPE_CHECKING:
    from iamlint.text.source import Value

INNER: Value = {"b": None}
TAGGED = Tagged("!Sub", [1, INNER])
VALUE: Value = {"a": TAGGED}


@pytest.mark.parametrize(
    ("pointer", "node"),
    [((), VALUE), (("a",), TAGGED), (("a", 0), 1), (("a", 1), INNER), (("a", 1, "b"), None)],
)
def test_walk_passes_through_tags_and_keeps_that_of_the_node(
    pointer: tuple[str | int, ...], node: object
) -> None:
    assert value_at(VALUE, pointer) == node


@pytest.mark.parametrize("pointer", [("b",), ("a", 2), ("a", "0"), (0,), ("a", 0, "b")])
def test_pointer_to_nothing_raises(pointer: tuple[str | int, ...]) -> None:
    with pytest.raises(LookupError):
        value_at(VALUE, pointer)


def test_partial_is_filled_in_its_order() -> None:
    text = Partial(("a", Unknown("${b}"), "c", Unknown("${d}")))

    assert (str(text), text.filled(lambda part: part.text[2])) == ("a${b}c${d}", "abcd")
