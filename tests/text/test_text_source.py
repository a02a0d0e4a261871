"""Values are compared by what is written, not by how Python prints it."""

from __future__ import annotations

import copy
from itertools import combinations
from typing import TYPE_CHECKING, Final

from iamlint.text.source import Partial, Pseudo, Tagged, Unknown, key_of

if TYPE_CHECKING:
    from iamlint.text.source import Value

DIFFERENT: Final[list[Value]] = [
    None,
    True,
    1,
    1.0,
    "1",
    "None",
    Unknown("1"),
    Unknown("1", Pseudo.ACCOUNT),
    Partial(("1",)),
    Partial((Unknown("1"),)),
    Tagged("!Ref", "1"),
    Tagged("!Sub", "1"),
    [],
    {},
    ["1"],
    ["object", "1"],
    {"a": "1", "b": []},
    {"b": [], "a": "1"},
    {"a": {"b": "1"}},
]


def test_values_that_are_written_differently_have_different_keys() -> None:
    same = [(a, b) for a, b in combinations(DIFFERENT, 2) if key_of(a) == key_of(b)]

    assert same == []


def test_equal_values_have_the_same_key() -> None:
    copies = copy.deepcopy(DIFFERENT)

    assert list(map(key_of, copies)) == list(map(key_of, DIFFERENT))
    assert len(set(map(key_of, DIFFERENT))) == len(DIFFERENT)
