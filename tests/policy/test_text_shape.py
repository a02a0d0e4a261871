from __future__ import annotations

import itertools
import re
from functools import cache

import pytest

from iamlint.policy.text_shape import TextShape
from iamlint.policy.wildcard import matches

SHAPES = ["ab", "[ab]", "a[bc]*", "[ab]+c", "[a]{2}b", "[ab]{1,3}", "a[b]{0,2}c", "[^a]b[^b]*"]
TEXTS = ["".join(t) for n in range(7) for t in itertools.product("abc", repeat=n)]
PATTERNS = ["".join(p) for n in range(5) for p in itertools.product("abc*?", repeat=n)]


@cache
def language(shape: str) -> list[str]:
    """All texts of up to six letters that have the shape."""
    return [text for text in TEXTS if re.fullmatch(shape, text)]


@pytest.mark.parametrize("shape", SHAPES)
def test_shape_meets_just_the_texts_of_a_regular_expression(shape: str) -> None:
    made = TextShape(shape)

    assert [text for text in TEXTS if made.meets(text)] == language(shape)


@pytest.mark.parametrize("shape", SHAPES)
def test_shape_meets_each_pattern_that_matches_one_of_its_texts(shape: str) -> None:
    made = TextShape(shape)
    wrong = [
        pattern
        for pattern in PATTERNS
        if made.meets(pattern) != any(matches(pattern, text) for text in language(shape))
    ]

    assert wrong == []


def test_letter_case_counts_unless_it_is_ignored() -> None:
    shape = TextShape("o-[a-z]{2}")

    assert [shape.meets(text) for text in ("o-ab", "O-AB", "o-A*")] == [True, False, False]
    assert shape.meets("O-AB", ignores_case=True)
    assert shape.meets("o-A*", ignores_case=True)


def test_characters_that_mean_something_in_expressions_are_plain_outside_of_brackets() -> None:
    shape = TextShape("[a-z]+.amazonaws.com")

    assert shape.meets("s3.amazonaws.com") is False
    assert shape.meets("ec.amazonaws.com")
    assert not shape.meets("ecxamazonaws.com")


def test_long_patterns_are_read_once() -> None:
    shape = TextShape("o-[a-z0-9]{10,32}/[^:]+:[a-z]*")

    assert shape.meets("o-*" + "a*" * 50_000)
    assert not shape.meets("o-*" + "A?" * 50_000 + ":A")
