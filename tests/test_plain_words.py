"""Texts for users and contributors are in plain English: `scripts/plain_words.py` checks them."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import plain_words

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def texts() -> list[plain_words.Text]:
    return list(plain_words.texts())


def habits(text: str) -> list[tuple[int, str]]:
    found = plain_words.find(plain_words.Text(ROOT / "README.md", 1, text))
    return [(word.line, word.habit) for word in found]


def test_help_messages_pages_of_rules_and_docs_are_in_plain_words(
    texts: list[plain_words.Text],
) -> None:
    found = [str(word) for text in texts for word in plain_words.find(text)]

    assert found == []


def test_docstrings_and_comments_of_the_code_are_in_plain_words() -> None:
    code = [text for text in plain_words.texts(code=True) if text.path.suffix == ".py"]
    of_code = {text.text for text in code}
    found = [str(word) for text in code for word in plain_words.find(text)]

    assert "Return whether some text is named by both patterns. Exact." in of_code
    assert (
        "Keys and roles give access only through their own policy, even in their account."
        in of_code
    )
    assert "`.*`, whose index takes one element: `a.*.b[0]` is the first of `a.*.b`." in of_code
    assert found == []


@pytest.mark.parametrize(
    ("text", "habit"),
    [
        ("`x` is no account id", "is no"),
        ("the files are\nno policies", "is no"),
        ("a list of which one counts", "of which"),
        ("say whom it is about", "whom"),
        ("it tells the date", "tell"),
        ("the key stands twice", "stand"),
        ("the file lies outside", "lie"),
        ("how to mend it", "mend"),
        ("values are worked out", "work out"),
        ("the expression comes to a text", "come to"),
        ("the flag settles it", "settle"),
        ("a comment speaks of the tool", "speak of"),
        ("nobody can read it", "nobody"),
        ("It stays. What is not known is left out.", "what … is"),
    ],
)
def test_word_to_avoid_is_found(text: str, habit: str) -> None:
    assert [name for _, name in habits(text)] == [habit]


@pytest.mark.parametrize(
    "text",
    [
        "there is no rule `x`",
        "the entry is no longer found",
        "`is no` and `whom` are code",
        "```\nhow to mend it\n```\n",
        "a standard value, which readers understand",
        "what is the account?",
        "statement.sid is None",
    ],
)
def test_ordinary_english_and_code_are_not_found(text: str) -> None:
    assert habits(text) == []


def test_word_is_found_in_its_line() -> None:
    assert habits("one\n\nit tells\nnobody\n") == [(3, "tell"), (4, "nobody")]


def test_texts_are_help_errors_rules_and_pages_without_policies_of_examples(
    texts: list[plain_words.Text],
) -> None:
    all_ = {text.text for text in texts}
    of_rules = [text.text for text in texts if "rules" in text.path.parts]

    assert "Number of worker processes." in all_
    assert "there is no output format `…`" in all_
    assert "a statement without `Effect`" not in all_
    assert any(text.startswith("Flags a statement without `Effect`") for text in of_rules)
    assert not any('Effect: "Allow"' in text for text in of_rules)
