"""The organization of the account: in folders, and in the configuration."""

from __future__ import annotations

import json

from tests.rules.hygiene.account.fault import Content, Fault, Found, Source
from tests.rules.hygiene.account.policies import HOME, everything, policy

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
        Fault("too-many-scps", _deepen, (Found("too-many-scps", "", everything(), "error"),)),
        _put(
            "locked-out-administrator",
            {"guardrail": _guardrail("deployer")},
            Found(
                "locked-out-administrator", "Action", "organizations:LeaveOrganization", "warning"
            ),
        ),
    ),
    {FOLDERS: _in_folders, DECLARED: _declared},
)
