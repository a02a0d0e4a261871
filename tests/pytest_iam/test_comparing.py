"""A set of those who can, compared with names: each comparison is about principals that exist."""

from __future__ import annotations

import itertools
import operator
from typing import TYPE_CHECKING, Any

import pytest

from iamlint.account.ask.who_can import Who
from iamlint.account.coverage.coverage import Assertion
from pytest_iam.errors import IamError
from pytest_iam.fixtures import WhoCan
from pytest_iam.state import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.pytest_iam.conftest import Run

ABLE = {"role/app": None, "role/web": None}
UNABLE = {"role/idle": None}
NAMES = (*ABLE, *UNABLE, "role/ghost")
COMPARISONS: dict[str, Callable[[Any, Any], object]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
    "&": operator.and_,
    "-": operator.sub,
    "isdisjoint": lambda left, right: left.isdisjoint(right),
}


def who() -> WhoCan:
    return WhoCan(Who(ABLE, UNABLE), Assertion(lambda _: None, None), Ledger(), "here")  # type: ignore[arg-type]


@pytest.mark.parametrize("way", COMPARISONS)
@pytest.mark.parametrize("turned", [False, True], ids=["left", "right"])
def test_comparison_raises_exactly_for_names_that_no_principal_has(
    way: str, *, turned: bool
) -> None:
    compare: Callable[[object, object], object] = COMPARISONS[way]
    for size in range(len(NAMES) + 1):
        for names in map(frozenset, itertools.combinations(NAMES, size)):
            pair = (names, who()) if turned else (who(), names)
            plain = (names, frozenset(ABLE)) if turned else (frozenset(ABLE), names)
            if "role/ghost" in names and not (turned and way in ("-", "isdisjoint")):
                with pytest.raises(IamError, match="the question was not about `role/ghost`"):
                    compare(*pair)
            elif "role/ghost" not in names:
                assert compare(*pair) == compare(*plain)


@pytest.mark.parametrize("other", [["role/app", "role/web"], "role/app", None, 2])
@pytest.mark.parametrize("way", ["==", "!="])
def test_comparison_with_what_is_not_a_set_raises(way: str, other: object) -> None:
    with pytest.raises(IamError, match="compared with a set of names"):
        COMPARISONS[way](who(), other)


def test_sets_of_two_questions_are_compared() -> None:
    assert who() == who()
    assert who() <= who()


@pytest.mark.parametrize(
    "body",
    [
        'assert {who} != {{"role/ghost"}}',
        'assert {{"role/ghost"}} != {who}',
        'assert not {who} == {{"role/deployer", "role/ghost"}}',
        'assert not {{"role/ghost"}} == {who}',
        'assert "role/ghost" not in {who}',
        'assert {who} <= {{"role/deployer", "role/ghost"}}',
        'assert not {who} >= {{"role/ghost", "role/a", "role/b"}}',
    ],
)
def test_test_that_compares_with_a_name_that_no_principal_has_fails(run: Run, body: str) -> None:
    who = 'iam.who_can("s3:PutObject", on="arn:aws:s3:::artifacts/app.zip")'
    result = run(body.format(who=who))

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*the question was not about `role/*`", "*asked: `role/deployer`*"]
    )
