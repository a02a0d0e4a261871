"""The template that makes the account."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING

import yaml

from tests.rules.hygiene.account.fault import Content, Fault, Found, Source
from tests.rules.hygiene.account.policies import (
    ADMINISTRATOR,
    OF_INSTANCES,
    OF_PEOPLE,
    OF_ROLE,
    READ_ONLY,
    everything,
    reads,
    stays,
    trust,
)
from tests.support.keys import key_id, secret_key

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEYS = Random(9)  # noqa: S311 - the same in each run
ID, SECRET = key_id(_KEYS), secret_key(_KEYS)
COMMAND = "aws configure set aws_secret_access_key "
YAML, JSON, SAM, CDK = "template.yaml", "template.json", "sam.yaml", "Stack.template.json"
UNIT = "ou-abcd-12345678"


def thing(type_: str, **properties: object) -> dict[str, object]:
    return {"Type": f"AWS::{type_}", "Properties": properties}


def _inline(document: object) -> list[dict[str, object]]:
    return [{"PolicyName": "own", "PolicyDocument": document}]


def _role(principal: dict[str, str], **properties: object) -> dict[str, object]:
    return thing("IAM::Role", AssumeRolePolicyDocument=trust(principal), **properties)


def scp(document: object, target: str, name: str = "own") -> dict[str, object]:
    kind = "SERVICE_CONTROL_POLICY"
    return thing(
        "Organizations::Policy", Name=name, Type=kind, TargetIds=[target], Content=document
    )


def _add(
    rule: str, resources: Mapping[str, object], *found: Found, forms: tuple[str, ...] = ()
) -> Fault:
    """Return a fault of resources that a template also has."""
    return Fault(rule, lambda content: content["Resources"].update(resources), found, forms)


def _session(rule: str, severity: str, principal: dict[str, str], seconds: int) -> Fault:
    role = _role(principal, MaxSessionDuration=seconds)
    found = Found(rule, "MaxSessionDuration", seconds, severity)
    return _add(rule, {f"Role{seconds}": role}, found)


FAULTS = (
    _add(
        "policy-on-user",
        {"Bob": thing("IAM::User", ManagedPolicyArns=[READ_ONLY])},
        Found("policy-on-user", "", READ_ONLY, "note"),
    ),
    _add(
        "administrator-on-user",
        {"Boss": thing("IAM::User", UserName="boss", Policies=_inline(everything()))},
        Found("policy-on-user", "", everything(), "note"),
        Found("wildcard-admin", "Action", "*", "warning", ("administrator-on-user",)),
    ),
    _add(
        "unlisted-administrator",
        {"Deployer": _role(OF_INSTANCES, ManagedPolicyArns=[ADMINISTRATOR])},
        Found(
            "attached-administrator-access",
            "",
            ADMINISTRATOR,
            "warning",
            ("unlisted-administrator",),
        ),
    ),
    _add(
        "key-from-template",
        {"Key": thing("IAM::AccessKey", UserName="ann")},
        Found("key-from-template", "", "Key", "warning"),
    ),
    _add(
        "password-from-template",
        {
            "Cat": thing(
                "IAM::User",
                LoginProfile={"Password": "Summer-2026", "PasswordResetRequired": True},
                Groups=[{"Ref": "Readers"}],
            )
        },
        Found("password-from-template", "Password", "Summer-2026", "warning"),
    ),
    _add(
        "secret-in-the-open",
        {"Note": thing("SSM::Parameter", Type="String", Value=f"{ID} {SECRET}")},
        Found("secret-in-the-open", "", SECRET, "warning"),
    ),
    _add(
        "instance-key-instead-of-role",
        {
            "Instance": thing(
                "EC2::Instance",
                ImageId="ami-0123456789abcdef0",
                UserData={"Fn::Base64": {"Fn::Sub": COMMAND + "${Given}"}},
            )
        },
        Found(
            "instance-key-instead-of-role",
            "UserData",
            {"Fn::Base64": {"Fn::Sub": COMMAND + "${Given}"}},
            "warning",
        ),
    ),
    _add(
        "several-roles-in-profile",
        {"Profile2": thing("IAM::InstanceProfile", Roles=["web", "jobs"])},
        Found("several-roles-in-profile", "Roles", ["web", "jobs"], "error"),
    ),
    _session("session-length-out-of-range", "error", OF_INSTANCES, 60),
    _session("long-session-for-many", "note", OF_PEOPLE, 43_200),
    _session("chained-session-too-long", "warning", OF_ROLE, 7200),
    _add(
        "repeated-inline-policy",
        {name: _role(OF_INSTANCES, Policies=_inline(reads("cellar"))) for name in ("One", "Two")},
        Found("repeated-inline-policy", "", reads("cellar"), "note"),
        forms=(YAML, JSON, SAM),  # CDK writes policies itself
    ),
    _add(
        "scp-without-effect",
        {"Everything": scp(everything(), "ou-abcd-87654321")},
        Found("scp-without-effect", "", everything(), "note"),
    ),
    _add(
        "too-many-scps",
        {f"Stay{number:02}": scp(stays(), UNIT) for number in range(10)},
        Found("too-many-scps", "", stays(), "error"),
    ),
)
SOUND = {
    "Parameters": {"Given": {"Type": "String", "NoEcho": True}},
    "Resources": {
        "Ann": thing(
            "IAM::User",
            LoginProfile={"Password": {"Ref": "Given"}, "PasswordResetRequired": True},
            Groups=[{"Ref": "Readers"}],
        ),
        "Readers": thing("IAM::Group", ManagedPolicyArns=[READ_ONLY]),
        "Web": _role(OF_INSTANCES, MaxSessionDuration=3600, Policies=_inline(reads("shelf"))),
        "People": _role(OF_PEOPLE, MaxSessionDuration=14_400),
        "Jobs": _role(OF_ROLE, MaxSessionDuration=3600),
        "Profile": thing("IAM::InstanceProfile", Roles=[{"Ref": "Web"}]),
        "Server": thing(
            "EC2::Instance",
            ImageId="ami-0123456789abcdef0",
            IamInstanceProfile={"Ref": "Profile"},
            UserData={"Fn::Base64": "#!/bin/sh\n./start\n"},
        ),
        "Stay": scp(stays(), UNIT),
    },
}


def _yaml(content: Content) -> str:
    text: str = yaml.safe_dump(content, sort_keys=False, default_flow_style=None, width=1000)
    return text


def _cdk(content: Content) -> str:
    for name, resource in content["Resources"].items():
        resource["Metadata"] = {"aws:cdk:path": f"Stack/{name}/Resource"}
    return json.dumps(content, indent=1)


TEMPLATE = Source(
    SOUND,
    FAULTS,
    {
        YAML: _yaml,
        JSON: lambda content: json.dumps(content, indent=1),
        SAM: lambda content: _yaml({"Transform": "AWS::Serverless-2016-10-31", **content}),
        CDK: _cdk,
    },
)
