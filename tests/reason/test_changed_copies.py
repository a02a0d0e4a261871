"""Managed policies of AWS and changed copies: answers have the right direction, and are true.

`python -m benchmarks.reasoning` does the same with more policies and more requests.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import pytest

from benchmarks.changed_copies import Change, changed_copies
from benchmarks.reasoning import Compared, compared, faults
from benchmarks.small_world import differences
from iamlint.catalog import Catalog
from iamlint.catalog.managed_policies import managed_policy, names
from iamlint.reason.answer import Comparison
from tests.reason.random_policies import policy_of

if TYPE_CHECKING:
    from iamlint.text.source import Value

CATALOG = Catalog.open()
EVERY = 80
"""Of so many managed policies, one is changed."""
PAIRS, REQUESTS = 40, 200


@cache
def copies() -> list[Change]:
    found = {name: managed_policy(name) for name in names()[::EVERY]}
    policies = {name: one.value for name, one in found.items() if one is not None}
    return changed_copies(policies, PAIRS)


def test_copies_are_changed_in_each_way() -> None:
    assert len(copies()) == PAIRS
    assert Counter(one.what for one in copies()).keys() == {
        "Allow dropped",
        "Deny added",
        "Deny dropped",
        "action widened",
        "condition dropped",
    }


@pytest.mark.parametrize("change", copies(), ids=lambda one: f"{one.name}: {one.what}")
def test_no_request_of_a_small_world_contradicts_the_answer(change: Change) -> None:
    found = compared(change, CATALOG)
    assert list(faults(found, CATALOG, Counter(), REQUESTS)) == []


def test_a_small_world_contradicts_a_false_proof() -> None:
    shown = [change for change in copies() if change.what in ("Allow dropped", "Deny dropped")]
    false = [Compared(change, Comparison(), 0.0) for change in shown]
    found = [bool(list(faults(one, CATALOG, Counter(), REQUESTS))) for one in false]
    assert found.count(True) >= len(found) * 0.8


def test_a_small_world_has_the_instances_of_patterns_and_the_values_of_conditions() -> None:
    allow: dict[str, Value] = {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::b/*",
    }
    limited: dict[str, Value] = {
        **allow,
        "Condition": {"StringEquals": {"s3:ExistingObjectTag/a": "b"}},
    }

    found = differences(policy_of([limited]), policy_of([allow]), CATALOG)

    asked = {request.context.values["s3:existingobjecttag/a"] for request in found.gained}
    assert {str(one) for one in asked} == {"Missing.ABSENT", "bx", "other"}
    assert {request.resource.text for request in found.gained} >= {"arn:aws:s3:::b/x"}
    assert not found.lost
