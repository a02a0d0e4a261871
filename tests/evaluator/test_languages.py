from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iamlint.evaluator.match import glob_test, read_glob
from iamlint.evaluator.patterns.languages import (
    MatchExtent,
    TooComplexError,
    coverage,
    regions,
    text_language,
)
from iamlint.policy import wildcard

TEXTS = ["".join(chars) for size in range(6) for chars in itertools.product("abx", repeat=size)]
globs = st.text("ab*?", max_size=4)
patterns = st.text("ab:/*?", max_size=12)


@given(pattern=patterns, text=patterns)
def test_three_matchers_agree_on_the_texts_that_a_pattern_names(pattern: str, text: str) -> None:
    glob = read_glob(pattern)
    regions_of_text = regions(text_language((text,)), [text_language(glob)])

    named = [bool(region.named_by) for region in regions_of_text]

    assert named == [wildcard.matches(pattern, text)] == [glob_test(glob)(text)]


@given(left=patterns, right=patterns)
def test_two_matchers_agree_on_patterns_that_overlap_or_cover(left: str, right: str) -> None:
    one, other = text_language(read_glob(left)), text_language(read_glob(right))

    named = {bool(region.named_by) for region in regions(other, [one])}

    assert wildcard.overlaps(left, right) is (True in named)
    if "?" in left:  # then `covers` may miss what only counting characters proves
        assert not wildcard.covers(left, right) or named == {True}
    else:
        assert wildcard.covers(left, right) is (named == {True})


@given(universe=globs, patterns=st.lists(globs, max_size=3))
def test_regions_are_the_combinations_that_texts_really_have(
    universe: str, patterns: list[str]
) -> None:
    """Every combination of patterns that a text has is found, and every one found has a text."""
    tests = [glob_test(read_glob(pattern)) for pattern in patterns]
    within = glob_test(read_glob(universe))

    def named_by(text: str) -> frozenset[int]:
        return frozenset(at for at, test in enumerate(tests) if test(text))

    languages = [text_language(read_glob(pattern)) for pattern in patterns]
    found = {r.named_by: r.witness for r in regions(text_language(read_glob(universe)), languages)}
    assert all(within(text) and named_by(text) == names for names, text in found.items())
    assert {named_by(text) for text in TEXTS if within(text)} <= found.keys()


@pytest.mark.parametrize(
    ("question", "patterns", "extent"),
    [
        ("arn:aws:s3:::b/*", ["arn:aws:s3:::b/*"], MatchExtent.ALL),
        ("arn:aws:s3:::b/*", ["arn:aws:s3:::*"], MatchExtent.ALL),
        ("arn:aws:s3:::b/*", ["arn:aws:s3:::b/x*"], MatchExtent.SOME),
        ("arn:aws:s3:::b/*", ["arn:aws:s3:::c/*"], MatchExtent.NONE),
        ("arn:aws:s3:::b/?*", ["arn:aws:s3:::b/*?"], MatchExtent.ALL),
        ("arn:aws:s3:::*", ["arn:aws:s3:::", "arn:aws:s3:::?*"], MatchExtent.ALL),
        ("arn:aws:s3:::*", ["arn:aws:s3:::?*"], MatchExtent.SOME),
        ("arn:aws:sqs:*:1:q", ["arn:aws:sqs:*"], MatchExtent.ALL),
        ("arn:aws:sqs:*", ["arn:aws:sqs:*:1:q"], MatchExtent.SOME),
        ("arn:aws:sqs:a*b:1:q", ["arn:aws:sqs:a:b:1:q"], MatchExtent.NONE),
        ("arn:aws:lambda:r:1:function:*", ["arn:aws:lambda:r:1:function:f:1"], MatchExtent.SOME),
        ("*", ["arn:*:*:*:*:*"], MatchExtent.ALL),
        ("*", ["*"], MatchExtent.ALL),
        ("bucket*", ["*"], MatchExtent.NONE),
        ("arn:aws:s3:::b", [], MatchExtent.NONE),
    ],
)
def test_coverage_tells_all_some_or_none(
    question: str, patterns: list[str], extent: MatchExtent
) -> None:
    assert coverage(question, patterns) is extent


def test_what_goes_over_the_budget_is_undetermined() -> None:
    patterns = [f"arn:aws:s3:::*{char}*{char}*{char}*" for char in "abcdefgh"]
    assert coverage("arn:aws:s3:::*", patterns, budget=20_000) is MatchExtent.UNDETERMINED
    universe = text_language(read_glob("*"))
    languages = [text_language(read_glob(f"*{char}*{char}*")) for char in "abcdefgh"]
    with pytest.raises(TooComplexError):
        list(regions(universe, languages, budget=1000))
