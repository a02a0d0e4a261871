from __future__ import annotations

import itertools
import re
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iamlint.policy.steps import TooManyStepsError, limit_steps
from iamlint.policy.wildcard import covers, is_wild, matches, normal, overlaps

if TYPE_CHECKING:
    from collections.abc import Callable

TEXTS = ["".join(t) for n in range(7) for t in itertools.product("abc", repeat=n)]
PATTERNS = ["".join(p) for n in range(4) for p in itertools.product("ab*?", repeat=n)]
PAIRS = list(itertools.product(PATTERNS, PATTERNS))

patterns = st.text("ab:/*?", max_size=12)
texts = st.text("ab:/", max_size=12)


def oracle(pattern: str) -> re.Pattern[str]:
    meaning = {"*": ".*", "?": "."}
    return re.compile("".join(meaning.get(c, re.escape(c)) for c in pattern), re.DOTALL)


@cache
def language(pattern: str) -> frozenset[str]:
    """All texts of up to six of three letters; `c` means every letter that no pattern has."""
    compiled = oracle(pattern)
    return frozenset(text for text in TEXTS if compiled.fullmatch(text))


def test_every_short_pattern_matches_what_a_regular_expression_would() -> None:
    wrong = [
        (pattern, text)
        for pattern in PATTERNS
        for text in TEXTS[:364]
        if matches(pattern, text) != (text in language(pattern))
    ]

    assert wrong == []


def test_overlap_is_exact_for_every_pair_of_short_patterns() -> None:
    wrong = [(a, b) for a, b in PAIRS if overlaps(a, b) != bool(language(a) & language(b))]

    assert wrong == []


def test_cover_is_never_wrongly_true() -> None:
    wrong = [(a, b) for a, b in PAIRS if covers(a, b) and not language(b) <= language(a)]

    assert wrong == []


def test_cover_is_exact_when_the_wide_pattern_has_no_question_mark() -> None:
    missed = [
        (a, b) for a, b in PAIRS if "?" not in a and language(b) <= language(a) and not covers(a, b)
    ]

    assert missed == []


@given(pattern=patterns, text=texts)
def test_matching_agrees_with_a_regular_expression(pattern: str, text: str) -> None:
    """A pattern names a text exactly when its regular expression does."""
    assert matches(pattern, text) == bool(oracle(pattern).fullmatch(text))


@given(wide=patterns, narrow=patterns, text=texts)
def test_what_the_covered_pattern_names_the_covering_one_names(
    wide: str, narrow: str, text: str
) -> None:
    """Covering carries every match over."""
    if covers(wide, narrow) and matches(narrow, text):
        assert matches(wide, text)


@given(left=patterns, right=patterns, text=texts)
def test_a_common_text_is_an_overlap(left: str, right: str, text: str) -> None:
    """Two patterns that name the same text overlap, whichever is asked first."""
    assert overlaps(left, right) == overlaps(right, left)
    if matches(left, text) and matches(right, text):
        assert overlaps(left, right)


@given(pattern=patterns)
def test_pattern_covers_itself_and_its_normal_form(pattern: str) -> None:
    """Covering is reflexive, and blind to how a run of wildcards is spelt."""
    assert covers(pattern, pattern)
    assert covers(pattern, normal(pattern))
    assert covers(normal(pattern), pattern)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("a**b", "a*b"), ("*?*", "?*"), ("**??", "??*"), ("a?", "a?"), ("", "")],
)
def test_runs_of_wildcards_have_one_spelling(pattern: str, expected: str) -> None:
    assert normal(pattern) == expected


@pytest.mark.parametrize(("pattern", "expected"), [("a*", True), ("a?", True), ("a", False)])
def test_only_stars_and_question_marks_are_wild(pattern: str, *, expected: bool) -> None:
    assert is_wild(pattern) is expected


def test_wildcards_in_a_text_are_plain_characters() -> None:
    assert matches("a*", "a*")
    assert not matches("a", "*")


def test_hostile_patterns_end() -> None:
    assert not matches("a*" * 2_000 + "b", "a" * 20_000)
    assert not covers("*a" * 500 + "b", "*a" * 500)
    assert overlaps("*a" * 2_000, "a*" * 2_000)


@pytest.mark.parametrize("compare", [matches, covers, overlaps])
def test_long_patterns_take_steps_by_their_length(compare: Callable[[str, str], bool]) -> None:
    def takes(length: int, steps: int) -> bool:
        with limit_steps(steps):
            try:
                compare("*ab" * length, "*ba" * length)
            except TooManyStepsError:
                return True
        return False

    assert not takes(10, 0)
    assert takes(100, 10)
    assert not takes(100, 100)
    assert takes(1000, 100)
