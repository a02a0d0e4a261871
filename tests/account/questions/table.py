"""Questions about the organization, the answers of AWS, and the pages that document them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tests.account.questions.organization import (
    DEPOT,
    FOREIGN,
    GITHUB,
    HOME,
    JOBS,
    MANAGEMENT,
    PARTNER,
    TOPIC,
    arn,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_IAM: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide"
_ORGANIZATIONS: Final = "https://docs.aws.amazon.com/organizations/latest/userguide"
LOGIC: Final = f"{_IAM}/reference_policies_evaluation-logic.html"
DENY: Final = f"{_IAM}/reference_policies_evaluation-logic_policy-eval-denyallow.html"
CROSS: Final = f"{_IAM}/reference_policies_evaluation-logic-cross-account.html"
BOUNDARY: Final = f"{_IAM}/access_policies_boundaries.html"
GROUPS: Final = f"{_IAM}/id_groups.html"
MANAGED: Final = f"{_IAM}/access_policies_managed-vs-inline.html"
PRINCIPAL: Final = f"{_IAM}/reference_policies_elements_principal.html"
CONDITION: Final = f"{_IAM}/reference_policies_elements_condition.html"
KEYS: Final = f"{_IAM}/reference_policies_condition-keys.html"
TRUST: Final = f"{_IAM}/id_roles_update-role-trust-policy.html"
EXTERNAL: Final = f"{_IAM}/id_roles_common-scenarios_third-party.html"
OIDC: Final = f"{_IAM}/id_roles_create_for-idp_oidc.html"
SAML: Final = f"{_IAM}/id_roles_create_for-idp_saml.html"
SCP: Final = f"{_ORGANIZATIONS}/orgs_manage_policies_scps.html"
RCP: Final = f"{_ORGANIZATIONS}/orgs_manage_policies_rcps.html"
OWNER: Final = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html"

APP, ADMIN = arn(HOME, "role/app"), arn(HOME, "role/admin")
ANN, BOB, CAT = (arn(HOME, f"user/{name}") for name in ("ann", "bob", "cat"))
VAULT, DEPLOY, OFFICE = (arn(HOME, f"role/{name}") for name in ("vault", "deploy", "office"))
READER, IDLE, ZOE = (arn(PARTNER, name) for name in ("role/reader", "role/idle", "user/zoe"))
BOSS = arn(MANAGEMENT, "role/boss")
STRANGER = arn(FOREIGN, "role/x")
SESSION = f"arn:aws:sts::{HOME}:assumed-role/app/s1"
TOKENS, ASSERTIONS = arn(HOME, f"oidc-provider/{GITHUB}"), arn(HOME, "saml-provider/office")
KEY, SECRET, PUBLIC, IN = (f"{DEPOT}/{name}" for name in ("k", "secret/k", "public/k", "in/k"))
OTHER_QUEUE = f"arn:aws:sqs:eu-west-1:{HOME}:other"
BOX = f"arn:aws:sqs:eu-west-1:{PARTNER}:box"
INSTANCE = f"arn:aws:ec2:eu-west-1:{HOME}:instance/i-0123456789abcdef0"
SAFE: Final = {"aws:SecureTransport": "true"}
PLAIN: Final = {"aws:SecureTransport": "false"}
GET, PUT, SEND, PURGE = "s3:GetObject", "s3:PutObject", "sqs:SendMessage", "sqs:PurgeQueue"
ASSUME, BY_TOKEN = "sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"
BY_ASSERTION, STOP = "sts:AssumeRoleWithSAML", "cloudtrail:StopLogging"


@dataclass(frozen=True, slots=True)
class Row:
    """One question; None in `context` is a key that the request does not carry."""

    who: str
    action: str
    on: str
    ruling: str
    page: str
    context: Mapping[str, str | None] = field(default_factory=dict)

    def __str__(self) -> str:
        given = "".join(f" {key}={value}" for key, value in self.context.items())
        return f"{self.who} {self.action} {self.on}{given}"


def _trail(account: str) -> str:
    return f"arn:aws:cloudtrail:eu-west-1:{account}:trail/all"


def _claims(subject: str, audience: str = "sts.amazonaws.com") -> dict[str, str | None]:
    return {f"{GITHUB}:sub": subject, f"{GITHUB}:aud": audience}


def _audience(value: str | None) -> dict[str, str | None]:
    return {"SAML:aud": value}


MAIN: Final = "repo:example/app:ref:refs/heads/main"
TABLE: Final = (
    # What a role holds itself, and by a policy of its account.
    Row(APP, GET, KEY, "allowed", LOGIC, SAFE),
    Row(APP, GET, SECRET, "denied", DENY, SAFE),
    Row(APP, GET, KEY, "depends", CONDITION),
    Row(APP, GET, KEY, "denied", CONDITION, PLAIN),
    Row(APP, PUT, KEY, "denied", DENY, SAFE),
    Row(APP, SEND, JOBS, "allowed", LOGIC),
    Row(APP, SEND, OTHER_QUEUE, "allowed", LOGIC),
    Row(APP, SEND, OTHER_QUEUE.replace(HOME, FOREIGN), "depends", CROSS),
    Row(APP, PURGE, JOBS, "allowed", KEYS, {"aws:PrincipalTag/team": "data"}),
    Row(APP, PURGE, JOBS, "denied", KEYS, {"aws:PrincipalTag/team": "ops"}),
    Row(APP, PURGE, JOBS, "denied", CONDITION, {"aws:PrincipalTag/team": None}),
    Row(VAULT, PUT, KEY, "allowed", LOGIC, SAFE),
    Row(DEPLOY, PUT, KEY, "allowed", LOGIC, SAFE),
    Row(DEPLOY, GET, KEY, "denied", LOGIC, SAFE),
    # Sessions.
    Row(SESSION, GET, KEY, "allowed", PRINCIPAL, SAFE),
    Row(SESSION, GET, SECRET, "denied", PRINCIPAL, SAFE),
    Row(SESSION, PUT, KEY, "denied", PRINCIPAL, SAFE),
    Row(SESSION, SEND, JOBS, "allowed", PRINCIPAL),
    # Users and their groups.
    Row(ANN, "ec2:StopInstances", INSTANCE, "allowed", GROUPS),
    Row(BOB, "ec2:StopInstances", INSTANCE, "denied", GROUPS),
    Row(ANN, GET, KEY, "allowed", LOGIC, SAFE),
    Row(ANN, "s3:DeleteObject", KEY, "denied", DENY, SAFE),
    Row(ANN, "s3:DeleteObject", "arn:aws:s3:::attic/k", "allowed", LOGIC, SAFE),
    Row(CAT, "sqs:GetQueueAttributes", JOBS, "allowed", MANAGED),
    Row(CAT, SEND, JOBS, "denied", MANAGED),
    # Boundaries.
    Row(BOB, GET, KEY, "allowed", BOUNDARY, SAFE),
    Row(BOB, SEND, OTHER_QUEUE, "denied", BOUNDARY),
    Row(BOB, SEND, JOBS, "denied", BOUNDARY),
    Row(BOB, PUT, IN, "allowed", BOUNDARY, SAFE),
    Row(BOB, "s3:DeleteObject", KEY, "denied", BOUNDARY, SAFE),
    # SCPs and RCPs.
    Row(ANN, STOP, _trail(HOME), "denied", SCP),
    Row(ADMIN, STOP, _trail(HOME), "denied", SCP),
    Row(HOME, STOP, _trail(HOME), "denied", SCP),
    Row(BOSS, STOP, _trail(MANAGEMENT), "allowed", SCP),
    Row(BOSS, "iam:CreateUser", arn(MANAGEMENT, "user/new"), "allowed", SCP),
    Row(ADMIN, "iam:CreateUser", arn(HOME, "user/new"), "allowed", SCP),
    Row(ZOE, "sqs:DeleteQueue", BOX, "denied", SCP),
    Row(ANN, "sqs:DeleteQueue", JOBS, "allowed", SCP),
    Row(PARTNER, SEND, BOX, "denied", SCP),
    Row(ZOE, SEND, BOX, "allowed", SCP),
    Row(ANN, "s3:DeleteBucket", DEPOT, "denied", RCP, SAFE),
    Row(ADMIN, "s3:DeleteBucket", DEPOT, "denied", RCP, SAFE),
    Row(BOSS, "s3:DeleteBucket", DEPOT, "denied", RCP, SAFE),
    # Root users.
    Row(HOME, "sqs:DeleteQueue", JOBS, "allowed", LOGIC),
    Row(arn(HOME, "root"), "sqs:DeleteQueue", JOBS, "allowed", LOGIC),
    Row(HOME, "s3:DeleteBucketPolicy", DEPOT, "allowed", OWNER, SAFE),
    Row(ADMIN, "s3:DeleteBucketPolicy", DEPOT, "denied", OWNER, SAFE),
    # Two accounts: both must allow.
    Row(READER, GET, KEY, "allowed", CROSS, SAFE),
    Row(READER, GET, KEY, "denied", CROSS, PLAIN),
    Row(IDLE, GET, KEY, "denied", CROSS, SAFE),
    Row(ZOE, GET, KEY, "denied", CROSS, SAFE),
    Row(ZOE, GET, PUBLIC, "allowed", CROSS, SAFE),
    Row(IDLE, GET, PUBLIC, "denied", CROSS, SAFE),
    Row(ZOE, SEND, JOBS, "allowed", CROSS),
    Row(READER, SEND, JOBS, "allowed", CROSS),
    Row(IDLE, SEND, JOBS, "denied", CROSS),
    Row(BOSS, GET, KEY, "denied", CROSS, SAFE),
    Row(BOSS, GET, PUBLIC, "allowed", CROSS, SAFE),
    Row(STRANGER, SEND, JOBS, "denied", CROSS),
    Row(STRANGER, GET, PUBLIC, "allowed", CROSS, SAFE),
    Row(STRANGER, GET, KEY, "denied", CROSS, SAFE),
    # Callers without credentials, and services.
    Row("anonymous", GET, PUBLIC, "allowed", PRINCIPAL, SAFE),
    Row("anonymous", GET, PUBLIC, "denied", PRINCIPAL, PLAIN),
    Row("anonymous", GET, KEY, "denied", PRINCIPAL, SAFE),
    Row("anonymous", SEND, JOBS, "denied", PRINCIPAL),
    Row("sns.amazonaws.com", SEND, JOBS, "allowed", KEYS, {"aws:SourceArn": TOPIC}),
    Row("sns.amazonaws.com", SEND, JOBS, "denied", KEYS, {"aws:SourceArn": f"{TOPIC}-old"}),
    Row("sns.amazonaws.com", SEND, JOBS, "depends", KEYS),
    Row("events.amazonaws.com", SEND, JOBS, "denied", PRINCIPAL, {"aws:SourceArn": TOPIC}),
    # Who may become which role.
    Row(APP, ASSUME, VAULT, "allowed", TRUST),
    Row(SESSION, ASSUME, VAULT, "allowed", TRUST),
    Row(ANN, ASSUME, VAULT, "denied", TRUST),
    Row(APP, ASSUME, ADMIN, "allowed", TRUST),
    Row(BOB, ASSUME, ADMIN, "denied", TRUST),
    Row(ANN, ASSUME, ADMIN, "allowed", TRUST),
    Row(READER, ASSUME, VAULT, "allowed", EXTERNAL, {"sts:ExternalId": "x1"}),
    Row(READER, ASSUME, VAULT, "denied", EXTERNAL, {"sts:ExternalId": "x2"}),
    Row(READER, ASSUME, VAULT, "denied", EXTERNAL, {"sts:ExternalId": None}),
    Row(READER, ASSUME, VAULT, "depends", EXTERNAL),
    Row(IDLE, ASSUME, VAULT, "denied", CROSS, {"sts:ExternalId": "x1"}),
    Row("ec2.amazonaws.com", ASSUME, APP, "allowed", TRUST),
    Row("lambda.amazonaws.com", ASSUME, APP, "denied", TRUST),
    Row(TOKENS, BY_TOKEN, DEPLOY, "allowed", OIDC, _claims(MAIN)),
    Row(TOKENS, BY_TOKEN, DEPLOY, "denied", OIDC, _claims("repo:other/app:ref:refs/heads/main")),
    Row(TOKENS, BY_TOKEN, DEPLOY, "denied", OIDC, _claims(MAIN, "other")),
    Row(TOKENS, BY_TOKEN, VAULT, "denied", OIDC, _claims(MAIN)),
    Row(ASSERTIONS, BY_ASSERTION, OFFICE, "allowed", SAML, _audience(
        "https://signin.aws.amazon.com/saml"
    )),
    Row(ASSERTIONS, BY_ASSERTION, OFFICE, "denied", SAML, _audience("https://example.com/saml")),
    Row(ASSERTIONS, BY_ASSERTION, OFFICE, "depends", SAML),
)  # fmt: skip
