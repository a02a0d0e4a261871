"""Carriers of policies, and the usual resource of each kind of policy.

A `Carrier` has its row of the table in `docs/formats.md`, and its way in that row.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

import yaml

from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Policy = Any


class Lack(Enum):
    """The reason why a carrier cannot carry a policy."""

    KIND = "it has no place for this kind"
    SHAPE = "only the shape tells a policy there, and this one has another"
    ELEMENT = "it has no word for an element or a value"


class CannotSayError(Exception):
    """The language of a carrier cannot express a policy."""


@dataclass(frozen=True, slots=True)
class Item:
    """A policy of a kind under a name."""

    name: str
    kind: Kind
    policy: Policy


@dataclass(frozen=True, slots=True)
class Carrier:
    """One way to carry policies; `by_shape` is for policies recognised by their shape.

    A carrier that `is_bare` carries statements only, and its language writes variables as AWS does.
    `says` raises if its language cannot express a policy; `means` returns the policy that AWS gets.
    A carrier that `rewrites` a policy writes it in other words or in pieces, so that findings are
    at more text than in JSON; `decodes` returns the JSON of a place. A carrier with `{name}` in its
    `file` has a file for each policy; `beside` are files that policies need.
    """

    name: str
    format: str
    way: str
    file: str
    write: Callable[[Sequence[Item]], str]
    kinds: frozenset[Kind]
    by_shape: bool = False
    is_bare: bool = False
    shape: str = "document"
    says: Callable[[Policy], object] | None = None
    means: Callable[[Policy], Policy] = lambda policy: policy
    rewrites: bool = False
    decodes: Callable[[str], str] = str
    beside: Callable[[Sequence[Item]], Mapping[str, str]] | None = None

    def __str__(self) -> str:
        return self.name

    @property
    def is_free(self) -> bool:
        """Whether it carries every JSON value."""
        return not (self.by_shape or self.is_bare or self.says)

    def files(self, items: Sequence[Item]) -> Mapping[str, str]:
        """Return the texts of the files that carry policies, by their paths."""
        if "{name}" in self.file:
            return {self.file.format(name=one.name): self.write([one]) for one in items}
        return {self.file: self.write(items)}


@dataclass(frozen=True, slots=True)
class Home:
    """The usual resource of a kind of policy: types, the property, and other properties."""

    template: tuple[str, str]
    module: tuple[str, str]
    pulumi: tuple[str, str]
    crossplane: tuple[str, str]
    beside: Mapping[str, str]


def organizations(type_: str) -> Home:
    return Home(
        ("AWS::Organizations::Policy", "Content"),
        ("aws_organizations_policy", "content"),
        ("aws:organizations/policy:Policy", "content"),
        ("organizations.aws.upbound.io/Policy", "content"),
        {"type": type_},
    )


HOMES: Final = {
    Kind.IDENTITY: Home(
        ("AWS::IAM::ManagedPolicy", "PolicyDocument"),
        ("aws_iam_policy", "policy"),
        ("aws:iam/policy:Policy", "policy"),
        ("iam.aws.upbound.io/Policy", "policy"),
        {},
    ),
    Kind.TRUST: Home(
        ("AWS::IAM::Role", "AssumeRolePolicyDocument"),
        ("aws_iam_role", "assume_role_policy"),
        ("aws:iam/role:Role", "assumeRolePolicy"),
        ("iam.aws.upbound.io/Role", "assumeRolePolicy"),
        {},
    ),
    Kind.RESOURCE: Home(
        ("AWS::SQS::QueuePolicy", "PolicyDocument"),
        ("aws_sqs_queue_policy", "policy"),
        ("aws:sqs/queuePolicy:QueuePolicy", "policy"),
        ("sqs.aws.upbound.io/QueuePolicy", "policy"),
        {},
    ),
    Kind.ENDPOINT: Home(
        ("AWS::EC2::VPCEndpoint", "PolicyDocument"),
        ("aws_vpc_endpoint", "policy"),
        ("aws:ec2/vpcEndpoint:VpcEndpoint", "policy"),
        ("ec2.aws.upbound.io/VPCEndpoint", "policy"),
        {},
    ),
    Kind.SESSION: Home(
        ("AWS::Transfer::User", "Policy"),
        ("aws_transfer_user", "policy"),
        ("aws:transfer/user:User", "policy"),
        ("transfer.aws.upbound.io/User", "policy"),
        {},
    ),
    Kind.SCP: organizations("SERVICE_CONTROL_POLICY"),
    Kind.RCP: organizations("RESOURCE_CONTROL_POLICY"),
}
AT_HOME: Final = frozenset(HOMES)
ROLES: Final = frozenset({Kind.IDENTITY, Kind.TRUST})


def text(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False)


def dumped(value: object) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=1000)


def escaped(value: Policy) -> Policy:
    """Return a value whose `${` and `%{` are escaped for Terraform and Pulumi."""
    if isinstance(value, dict):
        return {escaped(name): escaped(item) for name, item in value.items()}
    if isinstance(value, list):
        return [escaped(item) for item in value]
    return value.replace("${", "$${").replace("%{", "%%{") if isinstance(value, str) else value


def dollars(value: Policy) -> Policy:
    if isinstance(value, dict):
        return {dollars(name): dollars(item) for name, item in value.items()}
    if isinstance(value, list):
        return [dollars(item) for item in value]
    return value.replace("${", "$${") if isinstance(value, str) else value


def statements(policy: Policy) -> list[Any]:
    found = policy["Statement"]
    return found if isinstance(found, list) else [found]
