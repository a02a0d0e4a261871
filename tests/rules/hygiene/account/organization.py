"""The organization of the account: in folders, the configuration, modules and templates."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.rules.hygiene.account.fault import Content, Fault, Found, Source
from tests.rules.hygiene.account.module import MODULE, scps
from tests.rules.hygiene.account.policies import (
    ADMINISTRATOR,
    HOME,
    OF_INSTANCES,
    everything,
    policy,
    trust,
)
from tests.rules.hygiene.account.template import TEMPLATE, scp, thing

if TYPE_CHECKING:
    from collections.abc import Callable

CONFIGURATION = f"""
account = "{HOME}"

[rules.unlisted-administrator]
allowed = ["role/break-glass", "user/boss*"]

[[ignore-finding]]
rule = "wildcard-admin"
file = "roles/break-glass/all.json"
reason = "for emergencies"
"""
FOLDERS, DECLARED = "folders", "configuration"
TARGETS = "r-abcd", HOME
"""What templates and modules attach SCPs to, by the levels."""

IN_TARGETS = CONFIGURATION.replace("wildcard-admin", "attached-administrator-access")


def _guardrail(role: str) -> dict[str, object]:
    """Return an SCP that binds all but one role."""
    excepted = {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::*:role/{role}"}}
    action = "organizations:LeaveOrganization"
    statement = {"Effect": "Deny", "Action": action, "Resource": "*", "Condition": excepted}
    return policy(statement)


def _in_folders(content: Content) -> dict[str, str]:
    files: dict[str, str] = {}
    for level, policies in enumerate(content):
        units = "".join(f"{unit}/" for unit in "abcdef"[: level - 1]) if level else ""
        own = f"{HOME}/" if level == len(content) - 1 else ""
        folder = f"organization/{units}{own}scp"
        files |= {f"{folder}/{name}.json": json.dumps(one) for name, one in policies.items()}
    return files | _role() | {"iamlint.toml": CONFIGURATION}


def _declared(content: Content) -> dict[str, str]:
    files: dict[str, str] = {}
    levels: list[list[str]] = []
    for level, policies in enumerate(content):
        named = {f"scp/level{level}/{name}.json": json.dumps(one) for name, one in policies.items()}
        levels.append(list(named))
        files |= named
    scp = f"\n[organization-policies]\nscp = {json.dumps(levels)}\n"
    return files | _role() | {"iamlint.toml": CONFIGURATION + scp}


def _named(content: Content) -> list[tuple[str, object, str]]:
    """Return the policies of all levels: name, document and target."""
    return [
        (f"level{level}{name}", document, TARGETS[level])
        for level, policies in enumerate(content)
        for name, document in policies.items()
    ]


def _in_module(form: str) -> Callable[[Content], dict[str, str]]:
    def write(content: Content) -> dict[str, str]:
        resources: dict[str, object] = {
            "aws_iam_role_policy_attachment.all": {
                "role": "break-glass",
                "policy_arn": ADMINISTRATOR,
            },
            "aws_iam_role.all": {
                "name": "break-glass",
                "assume_role_policy": json.dumps(trust(OF_INSTANCES)),
            },
        }
        for name, document, target in _named(content):
            resources |= scps([name], document, target)
        return _with_settings(form, MODULE.forms[form](resources))

    return write


def _in_template(form: str) -> Callable[[Content], dict[str, str]]:
    def write(content: Content) -> dict[str, str]:
        role = thing(
            "IAM::Role",
            RoleName="break-glass",
            AssumeRolePolicyDocument=trust(OF_INSTANCES),
            ManagedPolicyArns=[ADMINISTRATOR],
        )
        policies = {name: scp(one, target, name) for name, one, target in _named(content)}
        written = TEMPLATE.forms[form]({"Resources": {"All": role, **policies}})
        return _with_settings(form, written)

    return write


def _with_settings(form: str, text: str | dict[str, str]) -> dict[str, str]:
    settings = IN_TARGETS.replace("roles/break-glass/all.json", form)
    return {form: str(text), "iamlint.toml": settings}


def _role() -> dict[str, str]:
    return {"roles/break-glass/all.json": json.dumps(everything())}


def _put(rule: str, policies: dict[str, object], found: Found, level: int = -1) -> Fault:
    """Return a fault of policies of one level, that of the account."""
    return Fault(rule, lambda content: content[level].update(policies), (found,))


def _deepen(content: Content) -> None:
    full = {"FullAWSAccess": everything()}
    content[1:1] = [full] * (8 - len(content))


def _without_limits(content: Content) -> None:
    del content[-1]["guardrail"]


ORGANIZATION = Source(
    [
        {"FullAWSAccess": everything()},
        {"FullAWSAccess": everything(), "guardrail": _guardrail("break-glass")},
    ],
    (
        Fault(
            "account-without-scp",
            _without_limits,
            (Found("account-without-scp", "", everything(), "note"),),
        ),
        _put(
            "scp-without-effect",
            {"more": everything()},
            Found("scp-without-effect", "", everything(), "note"),
        ),
        _put(
            "too-many-scps",
            {f"stay{number}": _guardrail("break-glass") for number in range(9)},
            Found("too-many-scps", "", _guardrail("break-glass"), "error"),
        ),
        Fault(
            "too-many-scps",
            _deepen,
            (Found("too-many-scps", "", everything(), "error"),),
            forms=(FOLDERS, DECLARED),
        ),
        _put(
            "locked-out-administrator",
            {"guardrail": _guardrail("deployer")},
            Found(
                "locked-out-administrator", "Action", "organizations:LeaveOrganization", "warning"
            ),
        ),
    ),
    {
        FOLDERS: _in_folders,
        DECLARED: _declared,
        **{form: _in_module(form) for form in MODULE.forms},
        **{form: _in_template(form) for form in TEMPLATE.forms},
    },
)
