from __future__ import annotations

import difflib
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iamlint.policy.spelling import closest, did_you_mean, is_one_slip, nearest, slip_of

WORDS = ("Action", "NotAction", "Resource", "Condition")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Resouces", "Resource"),
        ("resource", "Resource"),
        ("NOTACTION", "NotAction"),
        ("Actions", "Action"),
        ("Comment", None),
        ("", None),
    ],
)
def test_the_word_that_was_probably_meant_is_found(word: str, expected: str | None) -> None:
    assert closest(word, WORDS) == expected


def test_a_line_of_help_names_it() -> None:
    assert did_you_mean("Actoin", WORDS) == "did you mean `Action`?"
    assert did_you_mean("Comment", WORDS) is None


NAMES = st.text("abcxyzAB19_é", max_size=12)


@given(word=NAMES, words=st.lists(NAMES))
def test_the_nearest_words_are_those_of_difflib(word: str, words: list[str]) -> None:
    assert nearest(word, words, 3, 0.6) == difflib.get_close_matches(word, words, 3, 0.6)


@given(word=NAMES, words=st.lists(NAMES))
def test_a_slip_is_the_only_word_within_two_that_is_nearer_than_all_by_two(
    word: str, words: list[str]
) -> None:
    far = sorted((slips(word.lower(), known.lower()), known) for known in set(words))
    is_found = bool(far) and far[0][0] <= min(len(word) // 4, 2)
    is_alone = len(far) < 2 or far[1][0] >= far[0][0] + 2

    assert slip_of(word, words) == (far[0][1] if is_found and is_alone else None)


@cache
def slips(one: str, other: str) -> int:
    """Count letters left out, put in, mistaken or swapped, as the definition has it."""
    if not one or not other:
        return len(one) + len(other)
    found = min(
        slips(one[1:], other) + 1,
        slips(one, other[1:]) + 1,
        slips(one[1:], other[1:]) + (one[0] != other[0]),
    )
    if len(one) > 1 and one[:2] == other[1::-1]:
        found = min(found, slips(one[2:], other[2:]) + 1)
    return found


def test_a_word_of_a_megabyte_is_held_against_nothing() -> None:
    assert nearest("a" * 1_000_000, ["a" * 1_000_000], 1, 0.5) == []


def test_words_that_share_too_few_letters_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    def compare(_word: str, words: list[str], _n: int, _cutoff: float) -> list[str]:
        compared.extend(words)
        return []

    monkeypatch.setattr("difflib.get_close_matches", compare)
    nearest("getobjct", ["getobject", "headbucket", "listbucket", "x"], 1, 0.8)

    assert compared == ["getobject"]


@pytest.mark.parametrize(
    ("word", "known", "is_slip"),
    [
        ("lamda", "lambda", True),
        ("lambdaa", "lambda", True),
        ("lambba", "lambda", True),
        ("lambad", "lambda", True),
        ("lambda", "lambda", False),
        ("lamdba", "lamb", False),
        ("adbmal", "lambda", False),
        ("lmbad", "lambda", False),
    ],
)
def test_one_slip_is_a_letter_or_two_neighbours_that_changed_places(
    word: str, known: str, *, is_slip: bool
) -> None:
    assert is_one_slip(word, known) is is_slip
    assert is_one_slip(known, word) is is_slip
