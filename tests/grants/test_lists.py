"""A long list of actions or resources names what its entries name one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from iamlint.grants.lists import names_action, names_resource
from iamlint.policy.action import parse_action
from iamlint.policy.at import At
from iamlint.policy.heads import FEW
from iamlint.policy.model import Element, Entry
from iamlint.policy.truth import Truth
from iamlint.text.source import Partial, Pseudo, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.policy.model import Text

UNKNOWN = (
    Unknown("${Bucket}", identity="bucket"),
    Unknown("${AWS::Region}", Pseudo.REGION),
    Unknown("${AWS::Partition}", Pseudo.PARTITION),
)
ACTION_PARTS = st.sampled_from(["s3:", "S3:", "ec2:", "Get", "get", "Put", "Object", "*", "?", "x"])
ARN_PARTS = st.sampled_from(
    ["arn:", "aws:", "s3:", ":", "eu-west-1:", "b", "a/", "*", "?", "${aws:username}", "$", "*:"]
)


def texts(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(parts, min_size=1, max_size=7).map("".join)


def values(parts: st.SearchStrategy[str]) -> st.SearchStrategy[Text]:
    """Return strings, some with an unknown part."""
    partly = st.tuples(texts(parts), st.sampled_from(UNKNOWN), texts(parts)).map(Partial)
    return st.one_of(texts(parts), texts(parts), texts(parts), partly, st.sampled_from(UNKNOWN))


def many(parts: st.SearchStrategy[str]) -> st.SearchStrategy[list[Text]]:
    return st.lists(values(parts), min_size=FEW + 1, max_size=FEW + 8)


def element(values: list[Text]) -> Element:
    return Element("x", tuple(Entry(value, At(())) for value in values), At(()))


def one_by_one(names: Callable[[Element, str], Truth], values: list[Text], wanted: str) -> Truth:
    return max(names(element([value]), wanted) for value in values)


@given(many(ACTION_PARTS), texts(ACTION_PARTS))
def test_long_list_names_the_actions_of_its_entries(listed: list[Text], wanted: str) -> None:
    assert names_action(element(listed), wanted) is one_by_one(names_action, listed, wanted)


@given(many(ARN_PARTS), texts(ARN_PARTS))
def test_long_list_names_the_resources_of_its_entries(listed: list[Text], wanted: str) -> None:
    assert names_resource(element(listed), wanted) is one_by_one(names_resource, listed, wanted)


@given(many(ARN_PARTS), st.data())
def test_long_list_names_what_one_of_its_entries_says(
    listed: list[Text], data: st.DataObject
) -> None:
    wanted = Entry(data.draw(st.sampled_from(listed)), At(())).pattern

    assert names_resource(element(listed), wanted) is Truth.YES


@given(texts(ACTION_PARTS), texts(ACTION_PARTS))
def test_entry_names_what_its_pattern_covers_or_meets(listed: str, wanted: str) -> None:
    entry, asked = parse_action(listed), parse_action(wanted)
    expected = Truth.NO
    if entry and asked and entry.overlaps(asked):
        expected = Truth.YES if entry.covers(asked) else Truth.MAYBE

    assert names_action(element([listed]), wanted) is expected
