from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from iamlint.load.recognise.detect import is_policy, is_stack_policy, kind_of, resource_type_of
from iamlint.text import Partial, Tagged, Unknown

if TYPE_CHECKING:
    from iamlint.text import Pointer, Value

IDENTITY: dict[str, Any] = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
RESOURCE: dict[str, Any] = {**IDENTITY, "Principal": "*"}
TRUST: dict[str, Any] = {
    "Effect": "Allow",
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Principal": "*",
}
WEB: dict[str, Any] = {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Statement": IDENTITY}, True),
        ({"Statement": [IDENTITY]}, True),
        ({"Statement": ["x", Tagged("!If", []), IDENTITY]}, True),
        ({"Statement": {"Effect": "Allow", "Action": "*"}}, True),
        ({"Statement": {"Sid": "a", "Action": "*", "Resource": "*"}}, True),
        ({"Statement": {"Effect": {"Fn::If": []}, "Action": "*"}}, True),
        ({"Statement": Tagged("!Foo", [IDENTITY])}, True),
        ({"Statement": {"Effect": "Allow"}}, False),
        ({"Statement": {"Action": "*", "Resource": "*"}}, False),
        ({"Statement": {"Effect": {"enum": ["Allow"]}, "Action": {}, "Resource": {}}}, False),
        ({"Statement": []}, False),
        ({"Statement": "SELECT 1"}, False),
        ({"statement": [IDENTITY]}, False),
        ([IDENTITY], False),
        (Unknown("x"), False),
        (None, False),
    ],
)
def test_the_shape_of_a_policy(value: Value, expected: bool) -> None:  # noqa: FBT001 - a column of the table
    assert is_policy(value) is expected


def test_stack_policies_are_told_by_their_actions() -> None:
    def policy(*actions: Value) -> Value:
        return {"Statement": [{**RESOURCE, "Action": action} for action in actions]}

    assert is_stack_policy(policy("Update:*", ["Update:Delete", "*"]))
    assert not is_stack_policy(policy("*"))
    assert not is_stack_policy(policy("Update:*", "s3:*"))
    assert not is_stack_policy(policy())


@pytest.mark.parametrize(
    ("statement", "path", "pointer", "kind"),
    [
        # content
        (IDENTITY, "a.json", (), "identity"),
        (RESOURCE, "a.json", (), "resource"),
        (TRUST, "a.json", (), "trust"),
        (WEB, "a.json", (), "trust"),
        ({**WEB, "Resource": "*"}, "a.json", (), "identity"),
        ({**TRUST, "Action": ["sts:AssumeRole", "s3:*"]}, "a.json", (), "resource"),
        ({**TRUST, "Action": [Partial(("sts:", Unknown("x")))]}, "a.json", (), "trust"),
        # the path
        (IDENTITY, "scp/a.json", (), "scp"),
        (IDENTITY, "service-control-policies/prod/a.json", (), "scp"),
        (IDENTITY, "scp/deny-session.json", (), "scp"),
        (RESOURCE, "rcps/a.json", (), "rcp"),
        (IDENTITY, "rcp/forgotten-principal.json", (), "rcp"),
        (IDENTITY, "permissions_boundaries/a.json", (), "boundary"),
        (IDENTITY, "dev-permissions-boundary.json", (), "boundary"),
        (IDENTITY, "dev.session-policy.json", (), "identity"),
        (IDENTITY, "dev-session-policy.json", (), "session"),
        (RESOURCE, "s3-vpc-endpoint-policy.json", (), "endpoint"),
        (RESOURCE, "vpce-s3.json", (), "endpoint"),
        ({"Effect": "Allow", "Action": "sts:AssumeRole"}, "trust.json", (), "trust"),
        ({"Effect": "Allow", "Action": "sts:AssumeRole"}, "lambda-trust-policy.json", (), "trust"),
        (TRUST, "session/trust.json", (), "trust"),
        # a name that means something else
        (IDENTITY, "trust-store-reader.json", (), "identity"),
        (IDENTITY, "session-manager-policy.json", (), "identity"),
        (IDENTITY, "endpoint-admin.json", (), "identity"),
        (IDENTITY, "endpoints/a.json", (), "identity"),
        (RESOURCE, "boundary/bucket.json", (), "resource"),
        # keys tell more than paths and content
        (IDENTITY, "scp/a.json", ("Role", "AssumeRolePolicyDocument"), "trust"),
        (IDENTITY, "a.json", ("aws_iam_role", "assume_role_policy"), "trust"),
        (RESOURCE, "a.json", ("RolePolicyList", 0, "PolicyDocument"), "identity"),
        (IDENTITY, "scp/a.json", ("PolicyVersion", "Document"), "identity"),
        (RESOURCE, "a.json", ("supplementary", "BucketPolicy", "policyText"), "resource"),
        (IDENTITY, "a.json", ("SCPs", 0, "Document"), "scp"),
        (RESOURCE, "a.json", ("endpoint_policy",), "endpoint"),
    ],
)
def test_the_kind_of_a_policy(statement: Value, path: str, pointer: Pointer, kind: str) -> None:
    assert kind_of({"Statement": [statement]}, path, pointer) == kind


@pytest.mark.parametrize(
    ("actions", "resources", "expected"),
    [
        (["s3:GetObject", "S3:*"], ["arn:aws:s3:::b", "arn:aws:s3:::b/*"], "AWS::S3::Bucket"),
        (["s3:GetObject"], [], "AWS::S3::Bucket"),
        (["s3:GetObject"], ["*"], None),
        (["s3:*"], ["arn:aws:s3:eu-west-1:1:accesspoint/a"], "AWS::S3::AccessPoint"),
        (["s3:*"], ["arn:aws:s3::1:accesspoint/a.mrap"], "AWS::S3::MultiRegionAccessPoint"),
        (["s3:*"], ["arn:aws:s3:::b", "arn:aws:s3:eu-west-1:1:accesspoint/a"], None),
        (["sqs:SendMessage"], ["*"], "AWS::SQS::Queue"),
        (["sqs:SendMessage", "sns:Publish"], ["*"], None),
        (["*"], ["*"], None),
        (["*"], ["arn:aws:s3:::b", "arn:aws:s3:::b/*"], "AWS::S3::Bucket"),
        (["*"], ["arn:aws:s3:::b", "arn:aws:sqs:eu-west-1:1:q"], None),
        ([], [], None),
    ],
)
def test_the_resource_type_of_a_resource_policy(
    actions: list[Value], resources: list[Value], expected: str | None
) -> None:
    value: Value = {"Statement": {"Action": actions, "Resource": resources}}

    assert resource_type_of(value) == expected
