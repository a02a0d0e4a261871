"""AWS's managed policies: each is found by path and name, and is a policy that AWS takes."""

from __future__ import annotations

import json

import pytest

from iamlint.catalog import Catalog
from iamlint.catalog.managed_policies import FILE, about, managed_policy, path_of
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy

LINES = FILE.read_text(encoding="utf-8").splitlines()[1:]
NAMES = tuple(json.loads(line)["policy"] for line in LINES)


def test_every_policy_is_found_by_its_name_alone() -> None:
    assert {name: path_of(name.rpartition("/")[2]) for name in NAMES} == {n: n for n in NAMES}


def test_every_policy_is_read_as_the_file_has_it() -> None:
    found = [managed_policy(name) for name in NAMES]

    assert [(p.name, p.version, p.changed, p.value) for p in found if p] == [
        (f["policy"], f["version"], f["date"], f["document"]) for f in map(json.loads, LINES)
    ]


def test_every_policy_is_one_that_aws_takes() -> None:
    values = {name: found.value for name in NAMES if (found := managed_policy(name))}

    assert [
        (name, problem.message)
        for name, value in values.items()
        for problem in parse_policy(value, Kind.IDENTITY).problems
        if not problem.is_accepted(Kind.IDENTITY)
    ] == []


# AWS's own validator says of these in its managed policies that they do not exist.
REJECTED = {
    *("cloud9:validateenvironmentname", "cloudhsm:createlunaclient", "cloudhsm:deletelunaclient"),
    *("cloudhsm:describehapg", "cloudhsm:describelunaclient", "cloudhsm:getconfig"),
    *("cloudhsm:modifyhapg", "cloudhsm:modifylunaclient", "elastic-inference:connect"),
    *("elastic-inference:tagresource", "elastic-inference:untagresource"),
}


def test_every_action_that_a_policy_names_is_accepted_unless_aws_rejects_it() -> None:
    catalog = Catalog.open()
    entries = {
        entry.text.lower()
        for name in NAMES
        if (found := managed_policy(name))
        for statement in parse_policy(found.value, Kind.IDENTITY).statements
        if statement.action_element
        for entry in statement.action_element.entries
    }

    assert {name for name in entries - {"*"} if not catalog.matches_any(name)} == REJECTED


def test_policies_that_cannot_be_attached_are_left_out() -> None:
    assert len(NAMES) > 1000
    assert [name for name in NAMES if name.startswith("aws-service-role/")] == []


def test_file_says_how_many_there_are_and_when_the_latest_changed() -> None:
    dates = [json.loads(line)["date"] for line in LINES]

    assert (about()["policies"], about()["date"]) == (len(NAMES), max(dates))


@pytest.mark.parametrize(
    "name",
    ["", "Nothing", "ViewOnlyAccess", 'ReadOnlyAccess","version":"v190', "Read*", "\ud800", "\n"],
)
def test_what_is_no_whole_name_names_nothing(name: str) -> None:
    assert managed_policy(name) is None


def test_another_partition_has_arns_of_its_own() -> None:
    here = managed_policy("IAMUserChangePassword")
    there = managed_policy("IAMUserChangePassword", "aws-us-gov")

    assert here is not None
    assert there is not None
    assert "arn:aws:iam::*:user/${aws:username}" in str(here.value)
    assert str(there.value) == str(here.value).replace("arn:aws:", "arn:aws-us-gov:")
