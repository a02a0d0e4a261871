from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.catalog import Catalog
from iamlint.errors import UsageError
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy
from iamlint.rule import BesideContent, OwnAccounts, RuleContext
from iamlint.rules.quotas import oversized_identity_policy
from iamlint.rules.quotas._sizes import Maximum, dense_size, sent_size
from iamlint.text.source import Partial, Unknown

if TYPE_CHECKING:
    from iamlint.text.source import Value

VALUE: Value = {"Version": "2012-10-17", "Id": "a b"}
DENSE = '{"Version":"2012-10-17","Id":"ab"}'


def ask(value: Value, written: str) -> RuleContext:
    policy = parse_policy(value, Kind.IDENTITY)
    return RuleContext(
        policy, Catalog.open(), OwnAccounts(), value=value, beside=BesideContent(lambda: written)
    )


def test_white_space_is_not_counted_wherever_it_stands() -> None:
    assert dense_size(ask(VALUE, "")) == len(DENSE)


def test_a_file_that_is_the_policy_is_sent_as_it_is() -> None:
    text = json.dumps(VALUE, indent=4)

    assert sent_size(ask(VALUE, text)) == len(text)


@pytest.mark.parametrize(
    "written",
    [
        'Version: 2012-10-17\nId: "a b"',
        "{Version: '2012-10-17', Id: 'a b'} // json5",
        '{\n      "Version": "2012-10-17",\n      "Id": "a b"\n    }',
    ],
    ids=["yaml", "json5", "inside another file"],
)
def test_what_a_tool_writes_anew_is_counted_without_waste(written: str) -> None:
    assert sent_size(ask(VALUE, written)) == len(DENSE) + 1


def test_what_is_unknown_counts_as_nothing() -> None:
    value: Value = {"Id": Partial(("ab", Unknown("${x}"))), "Version": Unknown("${y}")}

    assert dense_size(ask(value, "")) == len('{"Id":"ab","Version":""}')


@pytest.mark.parametrize("given", ["5120", 0, -1, 1.5])
def test_a_maximum_is_a_number_of_characters(given: object) -> None:
    with pytest.raises(UsageError, match="`maximum` must be a number of characters"):
        Maximum(given)  # type: ignore[arg-type]  # the configuration may hold anything


@pytest.mark.parametrize(("length", "expected"), [(10_239, 0), (10_240, 1)])
def test_identity_policies_are_counted_with_one_character_more(length: int, expected: int) -> None:
    value: Value = {"Id": "x" * (length - len('{"Id":""}'))}
    asked = ask(value, "")
    check = oversized_identity_policy.RULE.check_policy

    assert check is not None
    assert len(list(check(asked.policy, asked))) == expected
