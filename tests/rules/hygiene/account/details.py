"""The dump of the account."""

from __future__ import annotations

from random import Random

from tests.rules.hygiene.account.fault import Content, Fault, Found, Source
from tests.rules.hygiene.account.policies import (
    ADMINISTRATOR,
    ARN,
    OF_INSTANCES,
    READ_ONLY,
    SUPPORT,
    everything,
    reads,
    trust,
)
from tests.rules.hygiene.account.reports import LATELY, MONTHS_AGO, as_json
from tests.support.keys import key_id, secret_key

_KEYS = Random(8)  # noqa: S311 - the same in each run
ID, SECRET = key_id(_KEYS), secret_key(_KEYS)


def _attached(*arns: str) -> list[dict[str, str]]:
    return [{"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn} for arn in arns]


def _entry(kind: str, name: str, **members: object) -> dict[str, object]:
    arn = f"{ARN}{kind.lower()}/{name}"
    return {"Path": "/", f"{kind}Name": name, "Arn": arn, "CreateDate": LATELY, **members}


def _user(name: str, *groups: str, **members: object) -> dict[str, object]:
    return _entry("User", name, GroupList=list(groups), **members)


def _role(name: str, used: str = LATELY, **members: object) -> dict[str, object]:
    return _entry(
        "Role",
        name,
        AssumeRolePolicyDocument=trust(OF_INSTANCES),
        RolePolicyList=members.pop("RolePolicyList", []),
        AttachedManagedPolicies=members.pop("AttachedManagedPolicies", []),
        RoleLastUsed={"LastUsedDate": used, "Region": "eu-west-1"},
        **members,
    )


def _policy(name: str, attached: int) -> dict[str, object]:
    version = {"VersionId": "v1", "IsDefaultVersion": True, "Document": reads(name)}
    return _entry(
        "Policy", name, AttachmentCount=attached, IsAttachable=True, PolicyVersionList=[version]
    )


def _inline(name: str, document: object) -> list[dict[str, object]]:
    return [{"PolicyName": name, "PolicyDocument": document}]


def _add(rule: str, list_: str, entries: list[object], *found: Found) -> Fault:
    """Return a fault of entries that a dump also has."""
    return Fault(rule, lambda content: content[list_].extend(entries), found)


def _alike() -> list[object]:
    return [_role(name, RolePolicyList=_inline("reads", reads("cellar"))) for name in ("x", "y")]


def _without_support(content: Content) -> None:
    del content["RoleDetailList"][1]


FAULTS = (
    _add(
        "policy-on-user",
        "UserDetailList",
        [_user("bob", AttachedManagedPolicies=_attached(READ_ONLY))],
        Found("policy-on-user", "", _attached(READ_ONLY)[0], "note"),
    ),
    _add(
        "policy-on-user",
        "UserDetailList",
        [_user("idle")],
        Found("policy-on-user", "UserName", "idle", "note"),
    ),
    _add(
        "administrator-on-user",
        "UserDetailList",
        [_user("boss", UserPolicyList=_inline("all", everything()))],
        Found("policy-on-user", "", everything(), "note"),
        Found("wildcard-admin", "Action", "*", "warning", ("administrator-on-user",)),
    ),
    _add(
        "administrator-on-user",
        "UserDetailList",
        [_user("boss-2", AttachedManagedPolicies=_attached(ADMINISTRATOR))],
        Found(
            "attached-administrator-access",
            "",
            _attached(ADMINISTRATOR)[0],
            "warning",
            ("administrator-on-user", "policy-on-user"),
        ),
    ),
    _add(
        "unlisted-administrator",
        "RoleDetailList",
        [_role("deployer", AttachedManagedPolicies=_attached(ADMINISTRATOR))],
        Found(
            "attached-administrator-access",
            "",
            _attached(ADMINISTRATOR)[0],
            "warning",
            ("unlisted-administrator",),
        ),
    ),
    _add(
        "unused-role",
        "RoleDetailList",
        [_role("old", MONTHS_AGO)],
        Found("unused-role", "LastUsedDate", MONTHS_AGO, "note"),
    ),
    _add(
        "empty-group",
        "GroupDetailList",
        [_entry("Group", "nobody", AttachedManagedPolicies=_attached(READ_ONLY))],
        Found("empty-group", "GroupName", "nobody", "note"),
    ),
    _add(
        "unattached-policy",
        "Policies",
        [_policy("spare", 0)],
        Found("unattached-policy", "PolicyName", "spare", "note"),
    ),
    _add(
        "repeated-inline-policy",
        "RoleDetailList",
        _alike(),
        Found("repeated-inline-policy", "", reads("cellar"), "note"),
    ),
    Fault(
        "no-support-role",
        _without_support,
        (Found("no-support-role", "RoleDetailList", "RoleDetailList", "note"),),
    ),
    _add(
        "secret-in-the-open",
        "GroupDetailList",
        [_user("noted", "readers", Tags=[{"Key": "note", "Value": f"{ID} {SECRET}"}])],
        Found("secret-in-the-open", "", SECRET, "warning"),
    ),
)

DETAILS = Source(
    {
        "UserDetailList": [_user("ann", "readers")],
        "GroupDetailList": [
            _entry("Group", "readers", AttachedManagedPolicies=_attached(READ_ONLY))
        ],
        "RoleDetailList": [
            _role("web", AttachedManagedPolicies=_attached(f"{ARN}policy/shelf")),
            _role("support", AttachedManagedPolicies=_attached(SUPPORT)),
        ],
        "Policies": [_policy("shelf", 1)],
        "IsTruncated": False,
    },
    FAULTS,
    {"details.json": as_json},
)
