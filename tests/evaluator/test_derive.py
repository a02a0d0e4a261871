from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.evaluator.context import Missing
from iamlint.evaluator.derive import Membership, Surroundings, complete, derive_context
from iamlint.evaluator.request import Caller, Request, anonymous, caller_of, service
from iamlint.policy.requested import RequestedResource

if TYPE_CHECKING:
    from collections.abc import Mapping


OWN = "111122223333"
ABSENT = Missing.ABSENT
OF_SERVICES = {
    "aws:SourceArn": ABSENT,
    "aws:SourceAccount": ABSENT,
    "aws:SourceOrgID": ABSENT,
    "aws:SourceOrgPaths": ABSENT,
    "aws:PrincipalServiceName": ABSENT,
    "aws:PrincipalServiceNamesList": ABSENT,
}
NO_PRINCIPAL = {
    "aws:PrincipalArn": ABSENT,
    "aws:PrincipalAccount": ABSENT,
    "aws:PrincipalType": ABSENT,
    "aws:PrincipalOrgID": ABSENT,
    "aws:PrincipalOrgPaths": ABSENT,
    "aws:userid": ABSENT,
    "aws:username": ABSENT,
}
NO_CREDENTIALS = dict.fromkeys(
    (
        "aws:AssumedRoot", "aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast",
        "aws:ChatbotSourceArn", "aws:Ec2InstanceSourcePrivateIPv4", "aws:Ec2InstanceSourceVpc",
        "aws:FederatedProvider", "aws:MultiFactorAuthAge", "aws:MultiFactorAuthPresent",
        "aws:SourceIdentity", "aws:TokenIssueTime", "ec2:RoleDelivery", "ec2:SourceInstanceArn",
        "lambda:SourceFunctionArn", "ssm:SourceInstanceArn",
    ),
    ABSENT,
)  # fmt: skip


def caller(principal: str, role_path: str = "/") -> Caller:
    found = caller_of(principal, role_path=role_path)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (
            caller(f"arn:aws:iam::{OWN}:user/team/bob"),
            {
                "aws:PrincipalArn": f"arn:aws:iam::{OWN}:user/team/bob",
                "aws:PrincipalType": "User",
                "aws:username": "bob",
                "aws:userid": "ID",
            },
        ),
        (
            caller(f"arn:aws:sts::{OWN}:assumed-role/app/s1", "/team/"),
            {
                "aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/team/app",
                "aws:PrincipalType": "AssumedRole",
                "aws:username": ABSENT,
                "aws:userid": "ID:s1",
            },
        ),
        (
            caller(f"arn:aws:sts::{OWN}:federated-user/carol"),
            {
                "aws:PrincipalArn": f"arn:aws:sts::{OWN}:federated-user/carol",
                "aws:PrincipalType": "FederatedUser",
                "aws:username": ABSENT,
                "aws:userid": f"{OWN}:carol",
            },
        ),
        (
            caller(OWN),
            {
                "aws:PrincipalArn": f"arn:aws:iam::{OWN}:root",
                "aws:PrincipalType": "Account",
                "aws:username": ABSENT,
                "aws:userid": OWN,
            },
        ),
    ],
)
def test_a_principal_of_an_account_brings_its_keys(
    who: Caller, expected: Mapping[str, object]
) -> None:
    known = Surroundings(
        unique_id="ID",
        principal_tags={"team": "a"},
        principal_membership=Membership("o-1", ("o-1/r-1/",)),
    )
    assert derive_context(Request(who, "ec2:DescribeInstances"), known) == {
        **expected,
        **OF_SERVICES,
        "aws:PrincipalAccount": OWN,
        "aws:PrincipalIsAWSService": "false",
        "aws:PrincipalTag/team": "a",
        "aws:PrincipalOrgID": "o-1",
        "aws:PrincipalOrgPaths": ("o-1/r-1/",),
    }


def test_strangers_and_services_lack_the_principals_keys() -> None:
    action = "ec2:DescribeInstances"
    assert derive_context(Request(anonymous(), action)) == {
        **NO_PRINCIPAL,
        **OF_SERVICES,
        **NO_CREDENTIALS,
        "aws:PrincipalAccount": "anonymous",
        "aws:PrincipalType": "Anonymous",
        "aws:userid": "anonymous",
        "aws:PrincipalIsAWSService": ABSENT,
    }
    assert derive_context(Request(service("sns.amazonaws.com"), action)) == {
        **NO_PRINCIPAL,
        "aws:PrincipalIsAWSService": "true",
        "aws:PrincipalServiceName": "sns.amazonaws.com",
        "aws:PrincipalServiceNamesList": ("sns.amazonaws.com",),
    }


def test_the_resource_brings_its_owner_and_organization() -> None:
    who, known = anonymous(), Surroundings(resource_membership=Membership("o-2", ("o-2/r/",)))
    request = Request(who, "s3:GetObject", RequestedResource.of("arn:aws:s3:::b/k"), OWN)
    found = derive_context(request, known)
    assert {key: value for key, value in found.items() if "Resource" in key} == {
        "aws:ResourceAccount": OWN,
        "s3:ResourceAccount": OWN,
        "aws:ResourceOrgID": "o-2",
        "aws:ResourceOrgPaths": ("o-2/r/",),
    }


def test_what_was_given_holds_against_what_is_derived() -> None:
    found = complete({"AWS:UserName": "given"}, {"aws:username": "bob", "aws:userid": "ID"})
    assert found == {"aws:username": "given", "aws:userid": "ID"}
