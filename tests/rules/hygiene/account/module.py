"""The module of Terraform that makes the account, and its plan and its state."""

from __future__ import annotations

import json
import re
from random import Random
from typing import TYPE_CHECKING

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

_KEYS = Random(10)  # noqa: S311 - the same in each run
ID, SECRET = key_id(_KEYS), secret_key(_KEYS)
OF_STATE, SECRET_OF_STATE = key_id(_KEYS), secret_key(_KEYS)
COMMAND = "aws configure set aws_secret_access_key "
HCL, JSON, PLAN, STATE = "main.tf", "main.tf.json", "plan.json", "terraform.tfstate"
WRITTEN = (HCL, JSON)
UNIT = "ou-abcd-12345678"


def _document(value: object) -> str:
    return json.dumps(value)


def _role(principal: dict[str, str], **attributes: object) -> dict[str, object]:
    return {"assume_role_policy": _document(trust(principal)), **attributes}


def scps(names: list[str], document: object, target: str) -> dict[str, object]:
    """Return SCPs, and what attaches each of them at one place."""
    kind = "SERVICE_CONTROL_POLICY"
    found: dict[str, object] = {}
    for name in names:
        found[f"aws_organizations_policy.{name}"] = {
            "name": name,
            "type": kind,
            "content": _document(document),
        }
        found[f"aws_organizations_policy_attachment.{name}"] = {
            "policy_id": f"${{aws_organizations_policy.{name}.id}}",
            "target_id": target,
        }
    return found


def _add(
    rule: str, resources: Mapping[str, object], *found: Found, forms: tuple[str, ...] = ()
) -> Fault:
    """Return a fault of resources that a module also has, by their addresses."""
    return Fault(rule, lambda content: content.update(resources), found, forms)


def _session(rule: str, severity: str, principal: dict[str, str], seconds: int) -> Fault:
    role = _role(principal, max_session_duration=seconds)
    found = Found(rule, "max_session_duration", seconds, severity)
    return _add(rule, {f"aws_iam_role.role{seconds}": role}, found)


def _made(rule: str, address: str, attributes: dict[str, str]) -> Fault:
    """Return a fault of a resource whose secret will be in the state."""
    type_, _, name = address.partition(".")
    values: dict[str, object] = {
        HCL: f'resource "{type_}" "{name}"',
        JSON: attributes,
        PLAN: "after",
    }
    found = Found(rule, "", None, "warning", values=values)
    return _add(rule, {address: attributes}, found, forms=(HCL, JSON, PLAN))


_PASSWORDS = {
    "minimum_password_length": 14,
    "password_reuse_prevention": 24,
    "max_password_age": 90,
    "require_symbols": True,
    "require_numbers": True,
    "require_uppercase_characters": True,
    "require_lowercase_characters": True,
}
FAULTS = (
    Fault(
        "weak-password-policy",
        lambda content: content["aws_iam_account_password_policy.own"].update(
            minimum_password_length=8
        ),
        (Found("weak-password-policy", "minimum_password_length", 8, "warning"),),
    ),
    _add(
        "policy-on-user",
        {"aws_iam_user_policy_attachment.bob": {"user": "bob", "policy_arn": READ_ONLY}},
        Found("policy-on-user", "", READ_ONLY, "note"),
    ),
    _add(
        "administrator-on-user",
        {"aws_iam_user_policy.boss": {"user": "boss", "policy": _document(everything())}},
        Found("policy-on-user", "", everything(), "note"),
        Found("wildcard-admin", "Action", "*", "warning", ("administrator-on-user",)),
    ),
    _add(
        "unlisted-administrator",
        {
            "aws_iam_role_policy_attachment.deployer": {
                "role": "deployer",
                "policy_arn": ADMINISTRATOR,
            }
        },
        Found(
            "attached-administrator-access",
            "",
            ADMINISTRATOR,
            "warning",
            ("unlisted-administrator",),
        ),
    ),
    _made("key-from-template", "aws_iam_access_key.key", {"user": "ann"}),
    _add(
        "key-from-template",
        {"aws_iam_access_key.key": {"id": OF_STATE, "user": "ann", "secret": SECRET_OF_STATE}},
        Found("secret-in-the-open", "", SECRET_OF_STATE, "warning", ("key-from-template",)),
        forms=(STATE,),
    ),
    _made("password-from-template", "aws_iam_user_login_profile.cat", {"user": "cat"}),
    _add(
        "password-from-template",
        {"aws_iam_user_login_profile.cat": {"user": "cat", "password": "Summer-2026"}},
        Found("password-from-template", "password", "Summer-2026", "warning"),
        forms=(STATE,),
    ),
    _add(
        "secret-in-the-open",
        {"aws_ssm_parameter.note": {"name": "n", "type": "String", "value": f"{ID} {SECRET}"}},
        Found("secret-in-the-open", "", SECRET, "warning"),
    ),
    _add(
        "instance-key-instead-of-role",
        {"aws_instance.web": {"ami": "ami-0", "user_data": COMMAND + "${var.given}"}},
        Found("instance-key-instead-of-role", "user_data", COMMAND + "${var.given}", "warning"),
        forms=WRITTEN,  # a plan and a state do not say what a text is made of
    ),
    _session("session-length-out-of-range", "error", OF_INSTANCES, 60),
    _session("long-session-for-many", "note", OF_PEOPLE, 43_200),
    _session("chained-session-too-long", "warning", OF_ROLE, 7200),
    _add(
        "repeated-inline-policy",
        {
            f"aws_iam_role_policy.{name}": {"role": name, "policy": _document(reads("cellar"))}
            for name in ("one", "two")
        },
        Found("repeated-inline-policy", "", reads("cellar"), "note"),
    ),
    _add(
        "scp-without-effect",
        scps(["everything"], everything(), "ou-abcd-87654321"),
        Found("scp-without-effect", "", everything(), "note"),
    ),
    _add(
        "too-many-scps",
        scps([f"stay{number:02}" for number in range(10)], stays(), UNIT),
        Found("too-many-scps", "", stays(), "error"),
    ),
)
SOUND = {
    "aws_iam_account_password_policy.own": _PASSWORDS,
    "aws_iam_access_key.sealed": {"user": "ann", "pgp_key": "keybase:ann"},
    "aws_iam_user_login_profile.ann": {"user": "ann", "pgp_key": "keybase:ann"},
    "aws_iam_group_policy_attachment.readers": {"group": "readers", "policy_arn": READ_ONLY},
    "aws_iam_role.web": _role(OF_INSTANCES, max_session_duration=3600),
    "aws_iam_role.people": _role(OF_PEOPLE, max_session_duration=14_400),
    "aws_iam_role.jobs": _role(OF_ROLE, max_session_duration=3600),
    "aws_iam_role_policy.web": {"role": "web", "policy": _document(reads("shelf"))},
    "aws_instance.server": {
        "ami": "ami-0",
        "iam_instance_profile": "web",
        "user_data": "#!/bin/sh\n./start\n",
    },
    **scps(["stay"], stays(), UNIT),
}
_ID = re.compile(r"\$\{aws_organizations_policy\.(\w+)\.id\}")


def _hcl(content: Content) -> str:
    lines = ['variable "given" {}']
    for address, attributes in content.items():
        type_, _, name = address.partition(".")
        lines.append(f'resource "{type_}" "{name}" {{')
        lines += (f"  {key} = {json.dumps(value)}" for key, value in attributes.items())
        lines.append("}")
    return "\n".join(lines) + "\n"


def _json(content: Content) -> str:
    resources: dict[str, dict[str, object]] = {}
    for address, attributes in content.items():
        type_, _, name = address.partition(".")
        resources.setdefault(type_, {})[name] = attributes
    return json.dumps({"variable": {"given": {}}, "resource": resources}, indent=1)


def _known(name: str, attributes: dict[str, object]) -> dict[str, object]:
    """Return attributes as they are once the ids of policies are known."""
    text = _ID.sub(lambda found: f"p-{found[1]}", json.dumps(attributes))
    known: dict[str, object] = json.loads(text)
    return {"id": f"p-{name}", **known} if "content" in known else known


def _plan(content: Content) -> str:
    changes = []
    for address, attributes in content.items():
        type_, _, name = address.partition(".")
        after = _known(name, attributes)
        change = {"actions": ["create"], "before": None, "after": after}
        one = {"address": address, "mode": "managed", "type": type_, "name": name}
        changes.append({**one, "change": change})
    return json.dumps({"format_version": "1.2", "resource_changes": changes}, indent=1)


def _state(content: Content) -> str:
    resources = []
    for address, attributes in content.items():
        type_, _, name = address.partition(".")
        instances = [{"attributes": _known(name, attributes)}]
        one = {"mode": "managed", "type": type_, "name": name, "instances": instances}
        resources.append(one)
    return json.dumps({"version": 4, "lineage": "l", "resources": resources}, indent=1)


MODULE = Source(SOUND, FAULTS, {HCL: _hcl, JSON: _json, PLAN: _plan, STATE: _state})
