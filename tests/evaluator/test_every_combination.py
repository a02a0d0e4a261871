"""Who calls, how the resource names them, what each kind of policy says: every combination.

The expectation is AWS's flow for one account and for two, written out a second time:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from __future__ import annotations

from itertools import product
from typing import Any, Final

import pytest

from iamlint.simulate.scenario import simulate

OWN: Final = "111122223333"
OTHER: Final = "444455556666"
CALLERS: Final = {
    "user": f"arn:aws:iam::{OWN}:user/bob",
    "session": f"arn:aws:sts::{OWN}:assumed-role/app/s1",
    "federated": f"arn:aws:sts::{OWN}:federated-user/carol",
    "root": f"arn:aws:iam::{OWN}:root",
}
NAMED: Final[dict[str, Any]] = {
    "nobody": None,
    "another": {"AWS": f"arn:aws:iam::{OWN}:user/zoe"},
    "everyone": "*",
    "account": {"AWS": OWN},
    "role": {"AWS": f"arn:aws:iam::{OWN}:role/app"},
}
TARGETS: Final = {
    "object": ("s3:GetObject", "arn:aws:s3:::bucket/key"),
    "key": ("kms:Decrypt", "arn:aws:kms:us-east-1:{}:key/1"),
    "role": ("sts:AssumeRole", "arn:aws:iam::{}:role/target"),
}
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
REFUSED: Final = {("root", "role"), ("federated", "role")}
SAID: Final = ("none", "allows", "silent")


def document(action: str, **parts: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": action, "Resource": "*", **parts}
    return {"Version": "2012-10-17", "Statement": [statement]}


SAYING: Final[dict[str, list[Any]]] = {
    "none": [],
    "allows": [document("*")],
    "silent": [document("ec2:*")],
}


def naming(target: str, principal: Any) -> list[Any]:
    if principal is None:
        return []
    policy = document("*", Principal=principal)
    if target == "role":
        del policy["Statement"][0]["Resource"]
    return [policy]


def is_allowed(caller: str, named: str, said: dict[str, str], target: str, owner: str) -> bool:
    root = caller == "root"
    identity = root or said["identity"] == "allows"
    boundary = root or said["boundary"] != "silent"
    enough = ("allows",) if caller == "federated" else ("none", "allows")
    session = root or said["session"] in enough
    own_side = identity and boundary and session
    if owner == OTHER:
        let_in = named in ("everyone", "account", "self") or (named, caller) == ("role", "session")
        return own_side and let_in
    by_resource = {
        "everyone": True,
        "self": own_side if root else True,  # the ARN of a root user names its account
        "account": own_side,
        "role": caller == "session" and boundary and session,
    }.get(named, False)
    return by_resource or (own_side and target == "object")


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("caller", CALLERS)
def test_every_combination_is_decided_as_documented(caller: str, target: str) -> None:
    action, resource = TARGETS[target]
    for named, owner, *words in product([*NAMED, "self"], (OWN, OTHER), SAID, SAID, SAID):
        said = dict(zip(("identity", "boundary", "session"), words, strict=True))
        principal = {"AWS": CALLERS[caller]} if named == "self" else NAMED[named]
        asked: dict[str, Any] = {
            "request": {
                "principal": CALLERS[caller],
                "action": action,
                "resource": resource.format(owner),
                "resource_account": owner,
            },
            "policies": {
                **{kind: SAYING[word] for kind, word in said.items()},
                "resource": naming(target, principal),
            },
        }
        answer: Any = simulate(asked)
        if (caller, target) in REFUSED:
            assert (answer["decision"], answer["blocked_by"]) == ("implicitly_denied", []), asked
            continue
        allowed = is_allowed(caller, named, said, target, owner)
        assert answer["decision"] == ("allowed" if allowed else "implicitly_denied"), asked
        assert bool(answer["blocked_by"]) is not allowed, asked

        mended = dict.fromkeys(answer["blocked_by"], SAYING["allows"])
        if "resource" in mended:
            mended["resource"] = naming(target, {"AWS": CALLERS[caller]})
        asked["policies"] |= mended
        assert simulate(asked)["decision"] == "allowed", (answer, asked)
