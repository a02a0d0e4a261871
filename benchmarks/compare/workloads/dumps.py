"""The dump of an account, as `aws iam get-account-authorization-details` prints it."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING

from benchmarks.compare.workloads.policies import (
    ACCOUNT,
    VERSION,
    Json,
    is_of_texts,
    managed,
    policy,
    trust,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

BUCKET = "data-lake"
ASKED = "app-asked"
"""The role that questions are about; it has several policies of each sort."""
CREATED = "2026-03-01T09:00:00+00:00"
COMMON = (
    "service-role/AWSLambdaBasicExecutionRole",
    "service-role/AWSLambdaVPCAccessExecutionRole",
    "service-role/AmazonECSTaskExecutionRolePolicy",
    "service-role/AmazonEC2ContainerServiceforEC2Role",
    "service-role/AWSGlueServiceRole",
    "AmazonSSMManagedInstanceCore",
    "CloudWatchAgentServerPolicy",
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKS_CNI_Policy",
    "AmazonEC2ContainerRegistryReadOnly",
    "AmazonSQSFullAccess",
    "AmazonDynamoDBReadOnlyAccess",
    "AWSXRayDaemonWriteAccess",
    "AmazonS3ReadOnlyAccess",
    "SecurityAudit",
    "ReadOnlyAccess",
    "PowerUserAccess",
    "AdministratorAccess",
)
"""Nine of ten attached policies of AWS are of these; the first most often."""
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def dump(folder: Path, roles: int) -> None:
    """Write a dump of so many roles, and of the users, groups and policies that belong to them."""
    text = json.dumps(account(roles), indent=4)
    (folder / "authorization-details.json").write_text(text, encoding="utf-8")


def account(roles: int) -> Json:
    """Return the content of a dump; the last role is the one that questions are about."""
    return _Dump(Random(roles), roles).content(roles)


class _Dump:
    def __init__(self, chance: Random, roles: int) -> None:
        self.chance = chance
        self.trusts = [trust(chance) for _ in range(80)]
        self.own = [self._own(number) for number in range(20 + roles // 5)]
        named = dict(managed())
        texts = (name for name, document in named.items() if is_of_texts(document))
        rare = chance.sample(sorted({*texts} - {*COMMON}), 100)
        self.aws = [self._aws(name, named[name]) for name in (*COMMON, *rare) if name in named]
        self.boundary = self._policy("limits/boundary", _reading())

    def content(self, roles: int) -> Json:
        users = [self._user(number) for number in range(roles // 20)]
        groups = [self._group(number) for number in range(roles // 100)]
        described = [self._role(f"app-{number}") for number in range(roles - 1)]
        return {
            "UserDetailList": users,
            "GroupDetailList": groups,
            "RoleDetailList": [*described, self._asked()],
            "Policies": [*self.own, *self.aws, self.boundary],
        }

    def _id(self, prefix: str) -> str:
        return prefix + "".join(self.chance.choices(_ALPHABET, k=17))

    def _own(self, number: int) -> Json:
        return self._policy(f"team-{number}", policy(self.chance))

    def _aws(self, named: str, document: Json) -> Json:
        return self._policy(named, document, owner="aws")

    def _policy(self, named: str, document: Json, *, owner: str = ACCOUNT) -> Json:
        path, _, name = f"/{named}".rpartition("/")
        return {
            "PolicyName": name,
            "PolicyId": self._id("ANPA"),
            "Arn": f"arn:aws:iam::{owner}:policy/{named}",
            "Path": f"{path}/",
            "DefaultVersionId": "v1",
            "AttachmentCount": 1,
            "IsAttachable": True,
            "CreateDate": CREATED,
            "UpdateDate": CREATED,
            "PolicyVersionList": [
                {
                    "Document": document,
                    "VersionId": "v1",
                    "IsDefaultVersion": True,
                    "CreateDate": CREATED,
                }
            ],
        }

    def _attached(self, own: int, aws: int) -> list[Json]:
        held = [*self.chance.sample(self.own, own), *(self._of_aws() for _ in range(aws))]
        return [{"PolicyName": one["PolicyName"], "PolicyArn": one["Arn"]} for one in held]

    def _of_aws(self) -> Json:
        rank = self.chance.random()
        if rank < 0.1:
            return self.chance.choice(self.aws)
        return self.aws[int(len(COMMON) * (rank - 0.1) ** 2)]

    def _inline(self, count: int) -> list[Json]:
        return [
            {"PolicyName": f"inline-{number}", "PolicyDocument": policy(self.chance)}
            for number in range(count)
        ]

    def _user(self, number: int) -> Json:
        return {
            "Path": "/",
            "UserName": f"user-{number}",
            "UserId": self._id("AIDA"),
            "Arn": f"arn:aws:iam::{ACCOUNT}:user/user-{number}",
            "CreateDate": CREATED,
            "GroupList": [f"group-{number // 5}"],
            "AttachedManagedPolicies": self._attached(0, number % 2),
            "UserPolicyList": self._inline(number % 3 == 0),
            "Tags": [],
        }

    def _group(self, number: int) -> Json:
        return {
            "Path": "/",
            "GroupName": f"group-{number}",
            "GroupId": self._id("AGPA"),
            "Arn": f"arn:aws:iam::{ACCOUNT}:group/group-{number}",
            "CreateDate": CREATED,
            "GroupPolicyList": self._inline(number % 2),
            "AttachedManagedPolicies": self._attached(1, 1),
        }

    def _role(self, named: str) -> Json:
        chance = self.chance
        made = {
            "Path": "/",
            "RoleName": named,
            "RoleId": self._id("AROA"),
            "Arn": f"arn:aws:iam::{ACCOUNT}:role/{named}",
            "CreateDate": CREATED,
            "AssumeRolePolicyDocument": chance.choice(self.trusts),
            "InstanceProfileList": [],
            "RolePolicyList": self._inline(chance.choice((0, 0, 1, 1, 2))),
            "AttachedManagedPolicies": self._attached(
                chance.choice((0, 0, 1, 2)), chance.choice((0, 1, 1))
            ),
            "Tags": [{"Key": "team", "Value": chance.choice(("shop", "data", "platform"))}],
            "RoleLastUsed": {"LastUsedDate": CREATED, "Region": "eu-west-1"},
        }
        return made | (self._limit() if chance.random() < 0.1 else {})

    def _limit(self) -> Json:
        arn = self.boundary["Arn"]
        limit = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}
        return {"PermissionsBoundary": limit}

    def _asked(self) -> Json:
        reading = {"PolicyName": "lake", "PolicyDocument": _reading()}
        return self._role(ASKED) | {
            "RolePolicyList": [reading, *self._inline(2)],
            "AttachedManagedPolicies": self._attached(3, 1),
            **self._limit(),
        }


def _reading() -> Json:
    wanted: Sequence[str] = (f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*")
    allow = {"Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": list(wanted)}
    return {"Version": VERSION, "Statement": [allow]}
