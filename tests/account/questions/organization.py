"""A small organization: the identities of its accounts, their policies, and their limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

Policy = dict[str, Any]

HOME: Final = "111122223333"
PARTNER: Final = "444455556666"
MANAGEMENT: Final = "777788889999"
FOREIGN: Final = "888899990000"
DEPOT: Final = "arn:aws:s3:::depot"
JOBS: Final = f"arn:aws:sqs:eu-west-1:{HOME}:jobs"
TOPIC: Final = f"arn:aws:sns:eu-west-1:{HOME}:news"
GITHUB: Final = "token.actions.githubusercontent.com"
AWS_SQS: Final = "arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess"


@dataclass(frozen=True, slots=True)
class Identity:
    """A user, group or role; `attached` are ARNs of managed policies, and so is `boundary`."""

    kind: str
    name: str
    policies: Mapping[str, Policy] = field(default_factory=dict)
    attached: tuple[str, ...] = ()
    boundary: str | None = None
    groups: tuple[str, ...] = ()
    trust: Policy | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Account:
    """One account; `managed` are its managed policies by name, `resources` policies by ARN."""

    id: str
    identities: tuple[Identity, ...] = ()
    managed: Mapping[str, Policy] = field(default_factory=dict)
    resources: Mapping[str, Policy] = field(default_factory=dict)
    scp: Policy | None = None
    rcp: Policy | None = None

    def arn(self, one: Identity) -> str:
        return f"arn:aws:iam::{self.id}:{one.kind}/{one.name}"


def policy(*statements: Policy) -> Policy:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(*actions: str, on: str | list[str] | None = "*", **more: object) -> Policy:
    resource = {} if on is None else {"Resource": on}
    return {"Effect": "Allow", "Action": list(actions), **resource, **more}


def deny(*actions: str, on: str | list[str] | None = "*", **more: object) -> Policy:
    return allow(*actions, on=on, **more) | {"Effect": "Deny"}


def trust(principal: object, action: str = "sts:AssumeRole", **more: object) -> Policy:
    return allow(action, on=None, Principal=principal, **more)


def arn(account: str, name: str) -> str:
    return f"arn:aws:iam::{account}:{name}"


_CLAIMS: Final = {
    "StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"},
    "StringLike": {f"{GITHUB}:sub": "repo:example/app:ref:refs/heads/main"},
}
_AUDIENCE: Final = {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}
_PLAIN: Final = {"Bool": {"aws:SecureTransport": "false"}}

_HOME: Final = Account(
    HOME,
    identities=(
        Identity("group", "ops", {"stop": policy(allow("ec2:StopInstances"))}),
        Identity(
            "user",
            "ann",
            {
                "own": policy(
                    allow("s3:GetObject", "s3:DeleteObject", "s3:DeleteBucket"),
                    allow("cloudtrail:StopLogging", "sts:AssumeRole", "sqs:DeleteQueue"),
                )
            },
            groups=("ops",),
            tags={"team": "data"},
        ),
        Identity(
            "user",
            "bob",
            {"own": policy(allow("s3:GetObject", "sqs:SendMessage", "s3:PutObject"))},
            boundary=arn(HOME, "policy/bounds"),
        ),
        Identity("user", "cat", attached=(AWS_SQS,)),
        Identity(
            "role",
            "app",
            {
                "own": policy(
                    allow("s3:GetObject", on=f"{DEPOT}/*"),
                    allow("sqs:SendMessage", "sqs:PurgeQueue"),
                    allow("sts:AssumeRole", on=arn(HOME, "role/admin")),
                )
            },
            attached=(arn(HOME, "policy/limits"),),
            trust=policy(trust({"Service": "ec2.amazonaws.com"})),
        ),
        Identity(
            "role",
            "vault",
            {"own": policy(allow("s3:PutObject", on=f"{DEPOT}/*"))},
            trust=policy(
                trust({"AWS": arn(HOME, "role/app")}),
                trust({"AWS": PARTNER}, Condition={"StringEquals": {"sts:ExternalId": "x1"}}),
            ),
        ),
        Identity(
            "role",
            "deploy",
            {"own": policy(allow("s3:PutObject"))},
            trust=policy(
                trust(
                    {"Federated": arn(HOME, f"oidc-provider/{GITHUB}")},
                    "sts:AssumeRoleWithWebIdentity",
                    Condition=_CLAIMS,
                )
            ),
        ),
        Identity(
            "role",
            "office",
            trust=policy(
                trust(
                    {"Federated": arn(HOME, "saml-provider/office")},
                    "sts:AssumeRoleWithSAML",
                    Condition=_AUDIENCE,
                )
            ),
        ),
        Identity(
            "role",
            "admin",
            {"own": policy(allow("*"))},
            trust=policy(trust({"AWS": arn(HOME, "root")})),
        ),
    ),
    managed={
        "limits": policy(deny("s3:GetObject", on=f"{DEPOT}/secret/*")),
        "bounds": policy(allow("s3:*")),
    },
    resources={
        DEPOT: policy(
            allow(
                "s3:GetObject",
                on=f"{DEPOT}/*",
                Principal={"AWS": [arn(PARTNER, "role/reader"), arn(PARTNER, "role/idle")]},
            ),
            allow("s3:GetObject", on=f"{DEPOT}/public/*", Principal="*"),
            allow("s3:PutObject", on=f"{DEPOT}/in/*", Principal={"AWS": arn(HOME, "user/bob")}),
            deny("s3:*", on=[DEPOT, f"{DEPOT}/*"], Principal="*", Condition=_PLAIN),
            deny("s3:DeleteObject", on=f"{DEPOT}/*", Principal={"AWS": arn(HOME, "user/ann")}),
            deny("s3:PutBucketPolicy", "s3:DeleteBucketPolicy", on=DEPOT, Principal="*"),
        ),
        JOBS: policy(
            allow(
                "sqs:SendMessage",
                on=JOBS,
                Principal={"Service": "sns.amazonaws.com"},
                Condition={"ArnEquals": {"aws:SourceArn": TOPIC}},
            ),
            allow("sqs:SendMessage", on=JOBS, Principal={"AWS": PARTNER}),
            deny(
                "sqs:PurgeQueue",
                on=JOBS,
                Principal="*",
                Condition={"StringNotEquals": {"aws:PrincipalTag/team": "data"}},
            ),
        ),
    },
    scp=policy(deny("cloudtrail:StopLogging")),
    rcp=policy(deny("s3:DeleteBucket", Principal="*")),
)
_PARTNER: Final = Account(
    PARTNER,
    identities=(
        Identity(
            "role",
            "reader",
            {"own": policy(allow("s3:GetObject", "sqs:SendMessage", "sts:AssumeRole"))},
            trust=policy(trust({"Service": "lambda.amazonaws.com"})),
        ),
        Identity(
            "role",
            "idle",
            {"own": policy(allow("ec2:DescribeInstances"))},
            trust=policy(trust({"Service": "lambda.amazonaws.com"})),
        ),
        Identity("user", "zoe", {"own": policy(allow("sqs:*", "s3:*"))}),
    ),
    scp=policy(
        deny("*", Condition={"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}}),
        deny("sqs:DeleteQueue"),
    ),
)
_MANAGEMENT: Final = Account(
    MANAGEMENT,
    identities=(
        Identity(
            "role",
            "boss",
            {"own": policy(allow("*"))},
            trust=policy(trust({"AWS": arn(MANAGEMENT, "root")})),
        ),
    ),
    scp=policy(deny("iam:CreateUser")),
)
ACCOUNTS: Final = (_HOME, _PARTNER, _MANAGEMENT)
