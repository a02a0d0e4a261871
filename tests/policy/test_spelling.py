from __future__ import annotations

import pytest

from iamlint.policy.spelling import closest, did_you_mean

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
