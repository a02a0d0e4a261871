"""Names that are known in part: whether two may be one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iamlint.load.link import join_names, may_be, parts_of
from iamlint.text.source import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.load.link import Name

ENV, TEAM = Unknown("${var.env}", identity="env"), Unknown("${var.team}", identity="team")
NOBODY = Unknown("${data.x}")
TABLE: list[tuple[Name, Name, bool]] = [
    ("ci", "ci", True),
    ("ci", "admin", False),
    (join_names("ci-", ENV), "ci-prod", True),
    (join_names("ci-", ENV), "admin", False),
    (join_names(ENV, "-ci"), join_names(ENV, "-ci"), True),
    (join_names(ENV, "-ci"), join_names(ENV, "-admin"), False),
    (join_names(ENV, "-ci"), join_names(TEAM, "-ci"), True),
    (join_names(ENV, "-ci-", TEAM), join_names(ENV, "-admin-", TEAM), False),
    (join_names(ENV, "-", TEAM), join_names(TEAM, "-", ENV), True),
    (join_names(ENV, "-ci"), join_names(ENV, "-", NOBODY), True),
]


@pytest.mark.parametrize(("one", "other", "truth"), TABLE)
def test_two_names_may_be_one_if_some_values_make_them_equal(
    one: Name, other: Name, *, truth: bool
) -> None:
    assert may_be(one, other) is may_be(other, one) is truth


PARTS: list[Name] = [ENV, TEAM, "ci", "-", "a", "prod"]
NAMES = st.lists(st.sampled_from(PARTS), min_size=1, max_size=4).map(
    lambda parts: join_names(*parts)
)
VALUES = st.sampled_from(["prod", "a", "-", "ci", "a-prod"])


def with_values(name: Name, values: Mapping[str, str]) -> str:
    return "".join(p if isinstance(p, str) else values[p.text] for p in parts_of(name))


@given(one=NAMES, other=NAMES, env=VALUES, team=VALUES)
def test_two_names_with_equal_values_may_be_one(
    one: Name, other: Name, env: str, team: str
) -> None:
    values = {ENV.text: env, TEAM.text: team}

    assert may_be(one, other) or with_values(one, values) != with_values(other, values)
