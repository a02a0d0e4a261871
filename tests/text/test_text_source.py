"""Values are compared by what is written, not by how Python prints it."""

from __future__ import annotations

import copy
from itertools import combinations
from typing import TYPE_CHECKING, Final

from iamlint.text.read import read_text
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


def test_a_value_and_its_places_are_the_same_after_the_value_was_let_go_of() -> None:
    source = read_text('{"Statement": [{"Effect": "Allow"}]}', name="policy.json")
    value, place = source.value, source.locate(("Statement", 0, "Effect"))

    source.forget_value()

    assert "value" not in vars(source)
    assert (source.value, source.locate(("Statement", 0, "Effect"))) == (value, place)
    assert source.value is not value


def test_a_value_that_is_not_plain_json_is_kept() -> None:
    source = read_text('Resource: "*"', name="policy.yaml")
    value = source.value

    source.forget_value()

    assert source.value is value
