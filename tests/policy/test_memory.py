"""Answers about a part of a policy are kept with the part, and do not change what it says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.policy.memory import remember
from iamlint.policy.parse import parse_policy

if TYPE_CHECKING:
    from iamlint.policy.model import Statement
    from iamlint.text.source import Value

_MADE: list[tuple[int, str]] = []


def _noted(statement: Statement, word: str) -> tuple[int, str]:
    _MADE.append((statement.index, word))
    return statement.index, word


def _statement() -> Statement:
    value: dict[str, Value] = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    return parse_policy({"Statement": value}, Kind.IDENTITY).statements[0]


def test_each_answer_is_made_once() -> None:
    _MADE.clear()
    statement = _statement()
    asked = [remember(statement, _noted, word) for word in ("one", "other", "one", "other")]
    assert asked == [(0, "one"), (0, "other")] * 2
    assert _MADE == [(0, "one"), (0, "other")]


def test_a_changed_part_does_not_have_the_answers_about_the_former_one() -> None:
    statement = _statement()
    assert remember(statement, _noted, "one") == (0, "one")
    assert remember(replace(statement, index=3), _noted, "one") == (3, "one")


def test_what_is_remembered_does_not_make_parts_differ() -> None:
    statement = _statement()
    remember(statement, _noted, "one")
    assert statement == _statement()
    assert hash(statement) == hash(_statement())
