"""Who may hold an action: patterns with variables, and what a Deny surely stops."""

from __future__ import annotations

import pytest

from iamlint.graph.held import HolderIndex, glob_of_entry


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/*"),
        ("b/${aws:username}/x", "b/*/x"),
        # The name of a variable has an unknown part, so it may end anywhere.
        ("b/${aws:${var.key}}/x", "b/*"),
        ("b/${aws${x}", "b/*"),
    ],
)
def test_variables_and_unknown_parts_become_wildcards(pattern: str, expected: str) -> None:
    assert glob_of_entry(pattern) == expected


@pytest.mark.parametrize(
    ("pattern", "is_found"),
    [
        ("*", True),
        ("arn:aws:iam::*", True),
        ("arn:*:iam::*:role/*", True),
        ("arn:aws:iam::*:role/a*", True),
        ("arn:aws:iam::111122223333:role/ab", True),
        ("arn:aws:iam::*:role/?b", True),
        ("arn:aws:iam::*:role/b*", False),
        ("arn:aws:iam::*:user/a*", False),
        ("arn:aws:iam::444455556666:role/*", False),
    ],
)
def test_holder_is_found_by_its_pattern(pattern: str, is_found: bool) -> None:  # noqa: FBT001 - one truth
    index = HolderIndex()
    index.add(pattern, "role/x")
    found = [(text, list(names)) for text, names in index.at("arn:aws:iam::111122223333:role/ab")]
    assert found == ([(pattern, ["role/x"])] if is_found else [])
