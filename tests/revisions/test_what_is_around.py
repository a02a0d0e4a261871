"""Policies of resources and of the organization decide about principals, too."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from iamlint.policy.grammar import Kind
from iamlint.reason.answer import Relation
from iamlint.reason.compare import compare
from tests.revisions.conftest import TOML, brief
from tests.revisions.written import (
    NO_WRITE,
    READ,
    WRITE,
    Role,
    in_folders,
    in_template,
    in_terraform,
    policy,
    trust,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.reason.world import World
    from iamlint.revisions.diff import Compare
    from tests.revisions.conftest import Difference
    from tests.revisions.written import Texts

ME = "arn:aws:iam::111122223333:role/app"
LETS_IN = {"Effect": "Allow", "Principal": {"AWS": ME}, "Action": "s3:PutObject"}
OPEN = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
KEEPS_OUT = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject"}
READER = in_folders(Role((READ,)))


@pytest.fixture
def method() -> Compare:
    return compare


def bucket(*statements: Mapping[str, object], name: str = "data") -> Texts:
    resource = {"Resource": f"arn:aws:s3:::{name}/*"}
    return {f"resources/{name}.json": policy(*({**one, **resource} for one in statements))}


def test_a_bucket_that_lets_a_role_in_widens_both(diff: Difference) -> None:
    found = diff({**READER, **bucket(OPEN)}, {**READER, **bucket(OPEN, LETS_IN)})
    assert [(c.subject, c.comparison.relation, c.text) for c in found.changes] == [
        ("bucket data", Relation.WIDER, "1 statement added"),
        ("role/app", Relation.WIDER, "the policy of `arn:aws:s3:::data` changed"),
    ]
    assert found.unchanged == 1


def test_a_bucket_that_keeps_nobody_out_any_more_widens_those_it_kept_out(
    diff: Difference,
) -> None:
    writer = in_folders(Role((READ, WRITE)))
    found = diff({**writer, **bucket(OPEN, KEEPS_OUT)}, {**writer, **bucket(OPEN)})
    relations = {c.subject: c.comparison.relation for c in found.changes}
    assert relations["role/app"] is Relation.WIDER


def test_a_role_that_a_changed_bucket_does_not_concern_is_unchanged(diff: Difference) -> None:
    found = diff({**READER, **bucket(OPEN)}, {**READER, **bucket(OPEN, KEEPS_OUT)})
    assert [c.subject for c in found.changes] == ["bucket data"]
    assert found.unchanged == 2


def test_a_new_bucket_policy_gains_what_it_allows(diff: Difference) -> None:
    found = diff(READER, {**READER, **bucket(OPEN)})
    assert brief(found) == [
        "bucket data (resource) new wider",
        "role/app (identity) changed wider: the policy of `arn:aws:s3:::data` changed",
    ]


def test_a_bucket_without_a_known_name_is_known_by_its_address(diff: Difference) -> None:
    def template(*statements: Mapping[str, object]) -> Texts:
        resource = {"Fn::Sub": "${B.Arn}/*"}
        document = policy(*({**one, "Resource": resource} for one in statements))
        properties = {"Bucket": {"Ref": "B"}, "PolicyDocument": document}
        resources = {
            "B": {"Type": "AWS::S3::Bucket"},
            "P": {"Type": "AWS::S3::BucketPolicy", "Properties": properties},
        }
        return {"t.json": {"Resources": resources}}

    found = diff(template(OPEN), template(OPEN, KEEPS_OUT))
    assert [(c.kind, c.address, c.status, c.text) for c in found.changes] == [
        ("resource", "P", "changed", "1 statement added")
    ]


def test_a_bucket_without_a_known_name_does_not_concern_who_did_not_change(
    diff: Difference,
) -> None:
    def files(*statements: Mapping[str, object]) -> Texts:
        resource = {"Fn::Sub": "${B.Arn}/*"}
        document = policy(*({**one, "Resource": resource} for one in statements))
        properties = {"Bucket": {"Ref": "B"}, "PolicyDocument": document}
        resources = {
            "B": {"Type": "AWS::S3::Bucket"},
            "P": {"Type": "AWS::S3::BucketPolicy", "Properties": properties},
        }
        return {**READER, "t.json": {"Resources": resources}}

    found = diff(files(OPEN), files(OPEN, KEEPS_OUT))
    assert [c.address for c in found.changes] == ["P"]
    assert found.unchanged == 2


def test_a_right_on_any_bucket_is_gained_beside_one_without_a_known_name(
    diff: Difference,
) -> None:
    properties = {
        "Bucket": {"Ref": "B"},
        "PolicyDocument": policy({**KEEPS_OUT, "Resource": {"Fn::Sub": "${B.Arn}/*"}}),
    }
    resources = {
        "B": {"Type": "AWS::S3::Bucket"},
        "P": {"Type": "AWS::S3::BucketPolicy", "Properties": properties},
    }
    template = {"t.json": {"Resources": resources}}
    wide = {**WRITE, "Resource": "arn:aws:s3:::*"}
    found = diff({**READER, **template}, {**in_folders(Role((READ, wide))), **template})
    (change,) = found.changes
    assert [one.actions for one in change.comparison.gained] == [("s3:PutObject",)]
    assert [
        one.reason for one in change.comparison.open if "may be about the resource" in one.reason
    ]


def test_another_role_is_nothing_new_to_one_that_may_assume_any(diff: Difference) -> None:
    admin = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    old = in_folders(Role((admin,)))
    new = in_folders(Role((READ,), "new", trusts=({"AWS": "111122223333"},)))
    found = diff(old, {**old, **new})
    assert [c.subject for c in found.changes] == ["role/new", "trust policy of role/new"]
    assert found.unchanged == 2


def test_another_role_is_no_part_of_what_changes_for_one_that_may_assume_any(
    diff: Difference,
) -> None:
    assume = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
    new = in_folders(Role((READ,), "new"))
    found = diff(in_folders(Role((assume,))), {**in_folders(Role((assume, WRITE))), **new})
    own = next(c.comparison for c in found.changes if c.subject == "role/app")
    assert [one.actions for one in own.gained] == [("s3:PutObject",)]
    assert (own.lost, own.open) == ((), ())


def test_a_role_that_trusts_its_account_widens_who_may_assume_any(diff: Difference) -> None:
    admin = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
    old = {**in_folders(Role((admin,))), "roles/admin/trust.json": trust({"AWS": "999999999999"})}
    path = "roles/admin/trust.json"
    found = diff(old, {**old, path: trust({"AWS": "999999999999"}, {"AWS": "111122223333"})})
    relations = {c.subject: c.comparison.relation for c in found.changes}
    assert relations["role/app"] is Relation.WIDER


@pytest.mark.parametrize(
    "resource",
    ["arn:aws:iam::999999999999:role/admin", "arn:aws:iam::111122223333:role/admin"],
)
def test_a_role_that_no_file_describes_may_let_in_whom_it_trusts(
    resource: str, diff: Difference
) -> None:
    assume = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": resource}
    found = diff(in_folders(Role((READ,))), in_folders(Role((READ, assume))))
    assert [(c.comparison.is_gain_open, c.comparison.gained) for c in found.changes] == [(True, ())]


def test_what_another_account_owns_needs_its_policy(diff: Difference, asked: list[World]) -> None:
    diff(in_folders(Role((READ,))), in_folders(Role((READ, WRITE))))
    special = asked[0].special
    assert [*special] == [
        ME,
        "arn:*:iam::*:role/*",
        "arn:*:kms:*:*:key/*",
        "arn:*:*:*:111122223333:*",
        "arn:*:*:*::*",
        "arn:*:*:*:aws:*",
        "arn:*:*:*:*:*",
    ]
    own = special["arn:*:*:*:111122223333:*"]
    assert [policy.kind for policy in own.resource] == []
    assert [len(special[one].resource) for one in special] == [1, 1, 1, 0, 0, 0, 1]


def test_levels_that_change_alike_are_one_change(diff: Difference) -> None:
    def files(*statements: Mapping[str, object]) -> Texts:
        properties = {
            "Name": "guard",
            "Type": "SERVICE_CONTROL_POLICY",
            "TargetIds": ["ou-ab12-11111111", "ou-ab12-22222222", "ou-ab12-33333333"],
            "Content": policy(*statements),
        }
        one = {"Type": "AWS::Organizations::Policy", "Properties": properties}
        return {"t.json": {"Resources": {"P": one}}}

    no_read = {**NO_WRITE, "Action": "s3:GetObject"}
    found = diff(files(NO_WRITE), files(NO_WRITE, no_read))
    assert brief(found) == [
        "SCPs of ou-ab12-11111111 and 2 more (scp) changed narrower: statement `No` added"
    ]


def test_a_level_that_is_let_go_is_open(diff: Difference) -> None:
    def files(*targets: str) -> Texts:
        properties = {
            "Name": "guard",
            "Type": "SERVICE_CONTROL_POLICY",
            "TargetIds": list(targets),
            "Content": policy(NO_WRITE),
        }
        one = {"Type": "AWS::Organizations::Policy", "Properties": properties}
        return {"t.json": {"Resources": {"P": one}}}

    found = diff(files("ou-ab12-11111111", "ou-ab12-22222222"), files("ou-ab12-11111111"))
    assert brief(found) == ["SCPs of ou-ab12-22222222 (scp) gone wider"]
    assert found.unchanged == 1


def test_levels_of_the_configuration_are_compared(diff: Difference) -> None:
    toml = f'{TOML}[organization-policies]\nscp = [["guard.json"]]\n'
    files = {**READER, "iamlint.toml": toml, "guard.json": policy(NO_WRITE)}
    found = diff(files, {**files, "guard.json": policy({**NO_WRITE, "Action": "s3:*"})})
    assert brief(found) == [
        "SCPs of level 1 of the account (scp) changed narrower: statement `No` reworded",
        "role/app (identity) changed narrower: policies of the organization changed",
    ]


def test_a_boundary_that_is_a_policy_of_its_own_is_that_of_its_role(diff: Difference) -> None:
    for write in (in_folders, in_terraform, in_template):
        old = Role((READ, WRITE), boundary=(READ,))
        found = diff(write(old), write(replace(old, boundary=(WRITE,))))
        assert [(c.subject, c.kind, c.text) for c in found.changes] == [
            ("role/app", Kind.IDENTITY, "permissions boundary changed")
        ]


def test_a_policy_of_aws_is_named_where_it_is_attached(diff: Difference) -> None:
    arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    toml = f'{TOML}[principals."role/app"]\npolicies = ["{arn}"]\n'
    found = diff(READER, {**READER, "iamlint.toml": toml})
    assert [c.text for c in found.changes] == [f"`{arn}` added"]


def test_a_policy_whose_text_is_not_known_is_unknown(diff: Difference) -> None:
    arn = "arn:aws:iam::111122223333:policy/elsewhere"
    template = {
        "Resources": {
            "R": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": "web",
                    "AssumeRolePolicyDocument": trust({"Service": "ec2.amazonaws.com"}),
                    "ManagedPolicyArns": [arn],
                },
            }
        }
    }
    found = diff(READER, {**READER, "t.json": template})
    web = next(c for c in found.changes if c.subject == "role/web")
    assert web.comparison.relation is Relation.UNKNOWN
    same = diff({**READER, "t.json": template}, {**READER, "t.json": template})
    assert brief(same) == []
