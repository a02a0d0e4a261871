from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iamlint.policy import wildcard
from iamlint.policy.at import At
from iamlint.policy.model import Entry
from iamlint.policy.steps import TooManyStepsError, limit_steps
from iamlint.rules.redundancy._covering import groups, redundant


def members(patterns: list[str]) -> list[tuple[int, ...]]:
    return [group.members for group in groups(patterns)]


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        ([], []),
        (["a"], []),
        (["a", "b"], []),
        (["a", "a"], [(0, 1)]),
        (["a", "b", "a", "b"], [(0, 2), (1, 3)]),
        (["ab", "a*"], [(0, 1)]),
        (["a*", "*b"], []),
        (["ab", "a*", "*b", "c"], [(0, 1, 2)]),
        (["b", "*", "a"], [(0, 1, 2)]),
        (["a*", "a**"], [(0, 1)]),
        (["a?", "ab", "abc"], [(0, 1)]),
        (["*a", "ba", "bb"], [(0, 1)]),
    ],
)
def test_entries_that_cover_each_other_are_one_group(
    patterns: list[str], expected: list[tuple[int, ...]]
) -> None:
    assert members(patterns) == expected


@given(patterns=st.lists(st.text("ab*?", max_size=5), max_size=12))
def test_groups_are_the_components_of_the_graph_of_covers(patterns: list[str]) -> None:
    """Comparing every pair gives the same groups."""
    component = list(range(len(patterns)))
    for i, wide in enumerate(patterns):
        for j, narrow in enumerate(patterns):
            if i != j and wildcard.covers(wide, narrow):
                old, new = sorted((component[i], component[j]))[::-1]
                component = [new if c == old else c for c in component]
    expected = [
        tuple(i for i, c in enumerate(component) if c == root)
        for root in range(len(patterns))
        if component.count(root) > 1
    ]

    assert members(patterns) == expected


def test_long_lists_of_different_entries_are_not_compared_pair_by_pair(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls = 0

    def covers(wide: str, narrow: str) -> bool:
        nonlocal calls
        calls += 1
        return wide == narrow

    monkeypatch.setattr(wildcard, "covers", covers)
    list(groups([f"arn:aws:s3:::bucket-{number:05}*" for number in range(5_000)]))

    assert calls == 0


def test_a_hit_names_all_members_in_the_order_of_the_list() -> None:
    entries = [Entry(text, At(("Action", i))) for i, text in enumerate(("ab", "x", "a*", "ac"))]
    (hit,) = redundant(entries, [entry.text for entry in entries], wildcard.covers)

    assert hit.at.pointer == ("Action", 0)
    assert [note.at.pointer for note in hit.related] == [("Action", 2), ("Action", 3)]
    assert hit.message == "`a*` already covers `ab` (3 entries overlap)"


@given(patterns=st.lists(st.text("ab*?", max_size=5), max_size=12))
def test_long_lists_give_the_same_groups_as_short_ones(patterns: list[str]) -> None:
    expected = list(groups(patterns))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("iamlint.rules.redundancy._covering.MANY", -1)

        assert list(groups(patterns)) == expected


def test_a_long_list_whose_entries_cover_each_other_ends_with_an_error() -> None:
    patterns = ["a" * number + "*" for number in range(1000)]

    with limit_steps(100_000), pytest.raises(TooManyStepsError):
        members(patterns)


def test_a_long_list_whose_entries_begin_alike_takes_few_steps() -> None:
    patterns = [f"arn:aws:iam::111122223333:role/*{number:04}*" for number in range(2000)]

    with limit_steps(20_000):
        assert members(patterns) == []
