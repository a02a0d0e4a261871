"""Policies that no rule reports, and those of administrators."""

from __future__ import annotations

from typing import Any

HOME = "111122223333"
ARN = f"arn:aws:iam::{HOME}:"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
READ_ONLY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
SUPPORT = "arn:aws:iam::aws:policy/AWSSupportAccess"


def policy(statement: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [statement]}


def reads(shelf: str) -> dict[str, Any]:
    """Return a policy that reads objects."""
    resource = f"arn:aws:s3:::{shelf}/books/*"
    return policy({"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource})


def everything() -> dict[str, Any]:
    return policy({"Effect": "Allow", "Action": "*", "Resource": "*"})


def stays() -> dict[str, Any]:
    """Return an SCP that limits all accounts."""
    action = "organizations:LeaveOrganization"
    return policy({"Effect": "Deny", "Action": action, "Resource": "*"})


def trust(principal: dict[str, str]) -> dict[str, Any]:
    """Return the trust policy of a role that a service, a role or people of a provider assume."""
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": principal}
    if principal == OF_PEOPLE:
        own = {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}
        return policy({**statement, "Action": "sts:AssumeRoleWithSAML", "Condition": own})
    return policy({**statement, "Action": "sts:AssumeRole"})


OF_INSTANCES = {"Service": "ec2.amazonaws.com"}
OF_PEOPLE = {"Federated": f"{ARN}saml-provider/people"}
OF_ROLE = {"AWS": f"{ARN}role/jobs"}
