from __future__ import annotations

import pytest

from iamlint.evaluator.context import Missing, context_of
from iamlint.evaluator.match import (
    Expansion,
    Wild,
    glob_test,
    read_glob,
    read_template,
    split_glob,
)
from iamlint.text.source import Partial, Unknown


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("", [""], ["a"]),
        ("abc", ["abc"], ["ab", "abcd", "ABC"]),
        ("*", ["", "a", "a\nb:/"], []),
        ("a*", ["a", "ab"], ["ba", ""]),
        ("*a", ["a", "ba"], ["ab"]),
        ("*a*", ["a", "bab"], ["b"]),
        ("ab*ba", ["abba", "abxba"], ["aba"]),
        ("a?c", ["abc", "a\nc", "a?c"], ["ac", "abbc"]),
        ("?", ["a"], ["", "ab"]),
        ("a*b*c", ["abc", "a1b2c", "abbcc"], ["acb", "abcd"]),
        ("a*b?d*e", ["abcde", "axbbddee"], ["abde", "abcd"]),
        ("*?a", ["xa", "xxa"], ["a"]),
        ("**", ["", "a"], []),
        ("a.+(b", ["a.+(b"], ["aab"]),
        ("*ab*ab", ["abab", "xabxab"], ["ab", "xab"]),
    ],
)
def test_a_glob_matches_whole_texts(pattern: str, yes: list[str], no: list[str]) -> None:
    test = glob_test(read_glob(pattern))
    assert [text for text in yes + no if test(text)] == yes


def test_matching_stays_linear_in_hostile_patterns() -> None:
    test = glob_test(read_glob("a*" * 200 + "b"))
    assert not test("a" * 20_000)


@pytest.mark.parametrize(
    ("text", "context", "expected"),
    [
        ("a/${aws:username}/*", {"aws:username": "b*"}, ("a/", "b*", "/", Wild.ANY)),
        ("${AWS:UserName}", {"aws:username": "bob"}, ("bob",)),
        ("${aws:username}", {}, None),
        ("${aws:username, 'nobody'}", {}, ("nobody",)),
        ("${aws:username, 'nobody'}", {"aws:username": "bob"}, ("bob",)),
        ("${aws:TagKeys}", {"aws:TagKeys": ("a", "b")}, None),
        ("${aws:TagKeys, 'none'}", {"aws:TagKeys": ("a", "b")}, ("none",)),
        ("${*}${?}${$}", {}, ("*", "?", "$")),
        ("${aws:username", {}, ("${aws:username",)),
    ],
)
def test_variables_become_literal_texts_of_the_request(
    text: str, context: dict[str, str | tuple[str, ...]], expected: tuple[str, ...] | None
) -> None:
    template = read_template(text, variables=True, wildcards=True)
    expansion = template.expand(context_of(context))
    assert expansion == (None if expected is None else Expansion(expected))


def test_an_unknown_key_or_part_may_be_any_text() -> None:
    template = read_template("a-${aws:userid}", variables=True, wildcards=True)
    unknown = context_of({}, Missing.UNKNOWN)
    assert template.expand(unknown) == Expansion(("a-", Wild.ANY), certain=False)
    partial = Partial(("a-", Unknown("${var.x}")))
    template = read_template(partial, variables=True, wildcards=True)
    assert template.expand(context_of({})) == Expansion(("a-", Wild.ANY), certain=False)


@pytest.mark.parametrize("rest", [(), ("}/x",), ("name}/*",)])
def test_a_part_that_is_not_known_in_the_name_of_a_variable_leaves_the_rest_open(
    rest: tuple[str, ...],
) -> None:
    cut = Partial(("b/${aws:userid}/${aws:", Unknown("${var.key}"), *rest))
    template = read_template(cut, variables=True, wildcards=True)
    expansion = template.expand(context_of({"aws:userid": "u"}))
    assert expansion == Expansion(("b/", "u", "/", Wild.ANY), certain=False)


def test_without_variables_a_dollar_is_plain_text() -> None:
    template = read_template("${aws:username}*", variables=False, wildcards=True)
    assert template.is_fixed
    assert template.fixed == ("${aws:username}", Wild.ANY)


def test_a_glob_is_split_at_its_first_colons() -> None:
    glob = ("a", Wild.ANY, "b:c::", Wild.ONE, "d:e")
    assert split_glob(glob, 3) == [("a", Wild.ANY, "b"), ("c",), (), (Wild.ONE, "d:e")]
