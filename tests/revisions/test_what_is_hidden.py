"""What one side cannot show is unknown: neither gained, nor lost, nor the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.reason.answer import Relation
from tests.revisions.conftest import TOML, brief
from tests.revisions.written import (
    NO_WRITE,
    READ,
    SEND,
    WRITE,
    Role,
    in_folders,
    in_terraform,
    policy,
)

if TYPE_CHECKING:
    from iamlint.reason.answer import Diff
    from tests.revisions.conftest import Difference

APP = Role()
FILES = in_folders(APP)
WHOLE = json.dumps(policy(READ, WRITE))
CUT = WHOLE[:-9]


BROKEN = """
Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow}]
   x: {
"""


def reasons(found: Diff) -> list[tuple[str | None, bool, str]]:
    return [(c.subject, o.of_gains, o.reason) for c in found.changes for o in c.comparison.open]


@pytest.mark.parametrize("is_fixed", [True, False])
def test_a_policy_that_could_not_be_read_is_unknown(diff: Difference, *, is_fixed: bool) -> None:
    whole, cut = FILES, {**FILES, "roles/app/policy.json": CUT}
    found = diff(cut, whole) if is_fixed else diff(whole, cut)
    assert brief(found) == ["role/app (identity) changed unknown"]
    assert reasons(found) == [
        ("role/app", True, "roles/app/policy.json:1 cannot be read"),
        ("role/app", False, "roles/app/policy.json:1 cannot be read"),
    ]
    assert found.unchanged == 1


def test_a_policy_that_neither_side_can_read_is_unchanged(diff: Difference) -> None:
    files = {**FILES, "roles/app/policy.json": CUT}
    found = diff(files, files)
    assert brief(found) == []
    assert found.unchanged == 2


def test_another_policy_that_cannot_be_read_is_unknown(diff: Difference) -> None:
    other = CUT.replace("GetObject", "PutObject")
    found = diff({**FILES, "roles/app/policy.json": CUT}, {**FILES, "roles/app/policy.json": other})
    assert brief(found) == ["role/app (identity) changed unknown"]


@pytest.mark.parametrize("is_fixed", [True, False])
def test_a_module_that_could_not_be_read_makes_its_principals_unknown(
    diff: Difference, *, is_fixed: bool
) -> None:
    whole = in_terraform(APP)
    cut = {"main.tf": str(whole["main.tf"])[:-12]}
    found = diff(cut, whole) if is_fixed else diff(whole, cut)
    assert {c.comparison.relation for c in found.changes} == {Relation.UNKNOWN}
    assert {c.subject for c in found.changes} >= {"role/app"}
    assert [item.path for item in found.not_analysed] == ["main.tf"]


def test_a_file_that_may_hold_any_policy_makes_a_new_role_unknown(diff: Difference) -> None:
    broken = {"stack.yaml": BROKEN}
    found = diff({**FILES, **broken}, {**FILES, **in_folders(Role((SEND,), "new"))})
    new = {c.subject: c.comparison for c in found.changes if c.status == "new"}
    assert new.keys() == {"role/new", "trust policy of role/new"}
    assert all(one.is_gain_open for one in new.values())
    assert not any(one.gained for one in new.values())


def test_a_file_that_is_excluded_is_not_gone(diff: Difference) -> None:
    files = {**FILES, **in_folders(Role((SEND,), "job"))}
    toml = f'{TOML}exclude = ["roles/job"]\n'
    found = diff(files, {**files, "iamlint.toml": toml})
    assert brief(found) == [
        "role/job (identity) gone unknown",
        "trust policy of role/job (trust) gone unknown",
    ]
    assert reasons(found)[0] == ("role/job", True, "roles/job/policy.json is not read any more")
    assert found.unchanged == 2


def test_a_file_that_was_excluded_is_not_new(diff: Difference) -> None:
    files = {**FILES, **in_folders(Role((SEND,), "job"))}
    toml = f'{TOML}exclude = ["roles/job"]\n'
    found = diff({**files, "iamlint.toml": toml}, files)
    assert brief(found) == [
        "role/job (identity) new unknown",
        "trust policy of role/job (trust) new unknown",
    ]
    assert reasons(found)[0] == ("role/job", True, "roles/job/policy.json was not read before")


def test_a_level_whose_policy_cannot_be_read_is_not_gone(diff: Difference) -> None:
    path = "organization/work/scp.json"
    whole = {**FILES, path: policy(NO_WRITE)}
    found = diff(whole, {**whole, path: json.dumps(policy(NO_WRITE))[:-9]})
    relations = {c.subject: c.comparison.relation for c in found.changes}
    assert relations == {
        "role/app": Relation.UNKNOWN,
        "SCPs of organization/work": Relation.UNKNOWN,
    }


UNKNOWN = """
variable "a" {}
variable "b" {}
resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = jsonencode({"Statement": []})
}
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.r.name
  policy = var.a
}
"""


def test_another_policy_whose_text_is_not_known_is_unknown(diff: Difference) -> None:
    found = diff({"main.tf": UNKNOWN}, {"main.tf": UNKNOWN.replace("= var.a", "= var.b")})
    place = "main.tf resource.aws_iam_role_policy.p.policy"
    assert reasons(found) == [
        ("role/r", True, f"{place} cannot be read"),
        ("role/r", False, f"{place} cannot be read"),
    ]


def test_a_policy_whose_text_is_as_unknown_as_before_is_unchanged(diff: Difference) -> None:
    found = diff({"main.tf": UNKNOWN}, {"main.tf": f"\n\n{UNKNOWN}"})
    assert brief(found) == []


def test_what_the_new_side_leaves_out_is_listed(diff: Difference) -> None:
    files = {**FILES, "broken.tf": 'resource "aws_iam_role" "x" {\n  name = \n'}
    found = diff(files, files)
    assert [item.path for item in found.not_analysed] == ["broken.tf"]
    assert brief(found) == []
