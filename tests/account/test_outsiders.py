"""Outsiders: everyone, web identities, federated users, root users, anonymous callers, endpoints.

Each row has AWS's page, and each kind both outcomes or *depends*.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from iamlint.account.ask.answer import Ruling
from iamlint.account.ask.who_can import ask_everybody
from iamlint.errors import UsageError
from tests.account.holding_texts import HOME, OTHER, allow, deny, policy, trust

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.repository import Repository
    from tests.account.conftest import Open

    Files = Mapping[str, object]

ALLOWED, DENIED, DEPENDS = Ruling.ALLOWED, Ruling.DENIED, Ruling.DEPENDS
GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
PRINCIPAL = f"{GUIDE}reference_policies_elements_principal.html"
NOT_PRINCIPAL = f"{GUIDE}reference_policies_elements_notprincipal.html"
KEYS = f"{GUIDE}reference_policies_condition-keys.html"
FEDERATION = f"{GUIDE}id_credentials_temp_control-access_getfederationtoken.html"
TOKEN = f"{GUIDE}id_credentials_temp_control-access_getsessiontoken.html"
STS = f"{GUIDE}id_credentials_sts-comparison.html"
ENDPOINTS = "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html"

LEDGER = "arn:aws:s3:::ledger"
ENTRY = f"{LEDGER}/k"
KEY = f"arn:aws:kms:eu-west-1:{HOME}:key/1"
ROLE = f"arn:aws:iam::{HOME}:role/shared"
KIM = f"arn:aws:sts::{HOME}:federated-user/kim"
NIGHT = f"arn:aws:sts::{HOME}:assumed-role/app/night"
SAML = f"arn:aws:iam::{HOME}:saml-provider/idp"
OIDC = f"arn:aws:iam::{HOME}:oidc-provider/token.example.com"
CANONICAL = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
WEB = "sts:AssumeRoleWithWebIdentity"
VPCE = "vpce-0a1b2c3d"
PAIR = f'[resources."{LEDGER}"]\npolicy = "ledger.json"\n'
BEA = {"users/bea/p.json": policy(allow("sqs:*"))}
WIDE = {"users/bea/p.json": policy(allow("*")), "roles/app/p.json": policy(allow("*"))}


def bucket(*statements: Mapping[str, object], **files: object) -> Files:
    return {"ledger.json": policy(*statements), **BEA, **files}


def to(principal: object, **more: object) -> dict[str, object]:
    return allow("s3:GetObject", f"{LEDGER}/*", Principal=principal, **more)


def against(principal: object, **more: object) -> dict[str, object]:
    return deny("s3:GetObject", f"{LEDGER}/*", Principal=principal, **more)


def all_but(*principals: str) -> dict[str, object]:
    return deny("s3:GetObject", f"{LEDGER}/*", NotPrincipal={"AWS": list(principals)})


def trusting(principal: object, action: str = WEB, **more: Any) -> Files:
    return {"roles/shared/trust.json": trust(principal, action, **more), **BEA}


def when(operator: str, key: str, value: object) -> dict[str, Any]:
    return {"Condition": {operator: {key: value}}}


def through(policy_: Mapping[str, object]) -> Files:
    return {"ep.json": policy_, **WIDE}


def opened(repository: Open, files: Files) -> Repository:
    toml = f'account = "{HOME}"\n'
    toml += PAIR if "ledger.json" in files else f'[resources."{LEDGER}"]\n'
    if "key.json" in files:
        toml += f'[resources."{KEY}"]\npolicy = "key.json"\n'
    if "ep.json" in files:
        endpoint = f"arn:aws:ec2:eu-west-1:{HOME}:vpc-endpoint/{VPCE}"
        toml += f'[resources."{endpoint}"]\npolicy = "ep.json"\n'
    return repository(files, toml)


@dataclass(frozen=True)
class Row:
    name: str
    page: str
    files: Files
    who: str
    ruling: Ruling
    action: str = "s3:GetObject"
    on: str | None = ENTRY
    context: Mapping[str, object] = field(default_factory=dict)


CONTAINS: dict[str, Any] = {"Condition": {"StringEquals": {"accounts.google.com:aud": "app-1"}}}
ROWS = (
    # Web identities and SAML providers.
    Row("a web identity that the trust policy names", PRINCIPAL,
        trusting({"Federated": "accounts.google.com"}), "accounts.google.com", ALLOWED, WEB, ROLE),
    Row("a web identity that it does not name", PRINCIPAL,
        trusting({"Federated": "accounts.google.com"}), "graph.facebook.com", DENIED, WEB, ROLE),
    Row("a web identity under a condition on its token", PRINCIPAL,
        trusting({"Federated": "accounts.google.com"}, **CONTAINS), "accounts.google.com",
        DEPENDS, WEB, ROLE),
    Row("an identity pool", PRINCIPAL,
        trusting({"Federated": "cognito-identity.amazonaws.com"}),
        "cognito-identity.amazonaws.com", ALLOWED, WEB, ROLE),
    Row("an OIDC provider", PRINCIPAL, trusting({"Federated": OIDC}), OIDC, ALLOWED, WEB, ROLE),
    Row("a SAML provider", PRINCIPAL, trusting({"Federated": SAML}, "sts:AssumeRoleWithSAML"),
        SAML, ALLOWED, "sts:AssumeRoleWithSAML", ROLE),
    Row("a SAML provider never brings a web identity", PRINCIPAL,
        trusting({"Federated": SAML}, "sts:*"), SAML, DENIED, WEB, ROLE),
    Row("any provider, where the star of providers is trusted", PRINCIPAL,
        trusting({"Federated": "*"}), "www.amazon.com", ALLOWED, WEB, ROLE),
    Row("no user, where the star of providers is trusted", PRINCIPAL,
        trusting({"Federated": "*"}), "user/bea", DENIED, WEB, ROLE),
    Row("any service, where the star of services is let in", PRINCIPAL,
        bucket(to({"Service": "*"})), "logs.amazonaws.com", ALLOWED),
    Row("no anonymous caller, where the star of services is let in", PRINCIPAL,
        bucket(to({"Service": "*"})), "anonymous", DENIED),
    # Canonical users.
    Row("a canonical user that the bucket policy names", PRINCIPAL,
        bucket(to({"CanonicalUser": CANONICAL})), CANONICAL, ALLOWED),
    Row("another canonical user", PRINCIPAL,
        bucket(to({"CanonicalUser": CANONICAL})), "0" * 64, DENIED),
    # Federated users.
    Row("a federated user that the bucket policy names", FEDERATION, bucket(to({"AWS": KIM})), KIM,
        ALLOWED),
    Row("a federated user that the bucket policy denies", FEDERATION,
        bucket(to({"AWS": KIM}), against({"AWS": KIM})), KIM, DENIED),
    Row("a federated user that no bucket policy names", FEDERATION, bucket(to({"AWS": ROLE})), KIM,
        DEPENDS),
    Row("a federated user whose user may be one with a Deny", FEDERATION,
        {**bucket(to({"AWS": KIM})), "users/bea/d.json": policy(deny("s3:*"))}, KIM, DEPENDS),
    Row("a federated user of another account", FEDERATION,
        bucket(to({"AWS": f"arn:aws:sts::{OTHER}:federated-user/kim"})),
        f"arn:aws:sts::{OTHER}:federated-user/kim", ALLOWED),
    Row("a federated user who assumes a role", STS,
        {**trusting({"AWS": HOME}, "sts:AssumeRole")}, KIM, DENIED, "sts:AssumeRole", ROLE),
    # Sessions.
    Row("a role of which a session is denied", PRINCIPAL,
        {**bucket(against({"AWS": NIGHT})), **WIDE}, "role/app", DEPENDS),
    Row("the session that is denied", PRINCIPAL, {**bucket(against({"AWS": NIGHT})), **WIDE}, NIGHT,
        DENIED),
    Row("another session of its role", PRINCIPAL, {**bucket(against({"AWS": NIGHT})), **WIDE},
        NIGHT.replace("night", "day"), ALLOWED),
    Row("another role than that of the session", PRINCIPAL,
        {**bucket(against({"AWS": NIGHT})), "roles/batch/p.json": policy(allow("*"))}, "role/batch",
        ALLOWED),
    Row("a role of which a session alone is let in", PRINCIPAL,
        {**bucket(to({"AWS": NIGHT})), "roles/app/p.json": policy(allow("sqs:*"))}, "role/app",
        DEPENDS),
    Row("a role that is allowed beside its session", PRINCIPAL,
        {**bucket(to({"AWS": NIGHT})), **WIDE}, "role/app", ALLOWED),
    # NotPrincipal.
    Row("a user that NotPrincipal lists with the account", NOT_PRINCIPAL,
        {**bucket(all_but(f"arn:aws:iam::{HOME}:user/bea", HOME)), **WIDE}, "user/bea", ALLOWED),
    Row("a user that NotPrincipal lists without the account", NOT_PRINCIPAL,
        {**bucket(all_but(f"arn:aws:iam::{HOME}:user/bea")), **WIDE}, "user/bea", DEPENDS),
    Row("a user of whom NotPrincipal lists the account alone", NOT_PRINCIPAL,
        {**bucket(all_but(HOME)), **WIDE}, "user/bea", DENIED),
    Row("a role that NotPrincipal lists with a session and the account", NOT_PRINCIPAL,
        {**bucket(all_but(f"arn:aws:iam::{HOME}:role/app", NIGHT, HOME)), **WIDE}, "role/app",
        DEPENDS),
    Row("a role that NotPrincipal lists without any session", NOT_PRINCIPAL,
        {**bucket(all_but(f"arn:aws:iam::{HOME}:role/app", HOME)), **WIDE}, "role/app", DENIED),
    Row("a member of a group, of whose account NotPrincipal lists the root", NOT_PRINCIPAL,
        {**bucket(all_but(HOME)), "groups/all/p.json": policy(allow("*"))}, "group/all", DENIED),
    # Anonymous callers.
    *(
        Row(f"an anonymous caller, allowed by {operator} {key}", KEYS,
            bucket(to("*", **when(operator, key, value))), "anonymous", ruling)
        for operator, key, value, ruling in (
            ("StringEquals", "aws:PrincipalTag/unit", "fin", DENIED),
            ("StringNotEquals", "aws:PrincipalTag/unit", "fin", ALLOWED),
            ("Null", "aws:PrincipalTag/unit", "true", ALLOWED),
            ("StringEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5", DENIED),
            ("Bool", "aws:MultiFactorAuthPresent", "true", DENIED),
            ("BoolIfExists", "aws:MultiFactorAuthPresent", "true", ALLOWED),
            ("StringLike", "aws:userid", "*", ALLOWED),
            ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:user/*", DENIED),
            ("StringEquals", "aws:SourceIdentity", "bea", DENIED),
            ("StringEquals", "aws:SourceAccount", HOME, DENIED),
            ("IpAddress", "aws:SourceIp", "198.51.100.0/24", DEPENDS),
        )
    ),
    # Root users.
    Row("the root user of the account", f"{GUIDE}id_root-user.html", BEA, HOME, ALLOWED,
        "sqs:CreateQueue", f"arn:aws:sqs:eu-west-1:{HOME}:q"),
    Row("a root user who assumes a role", STS, trusting({"AWS": HOME}, "sts:AssumeRole"), HOME,
        DENIED, "sts:AssumeRole", ROLE),
    Row("the root user of another account, who assumes a role", STS,
        trusting({"AWS": OTHER}, "sts:AssumeRole"), f"arn:aws:iam::{OTHER}:root", DENIED,
        "sts:AssumeRole", ROLE),
    Row("a root user under a Deny of the bucket policy", f"{GUIDE}id_root-user.html",
        bucket(against("*")), HOME, DENIED),
    # Session tokens.
    Row("a user who gets a session token", TOKEN,
        BEA, "user/bea", ALLOWED, "sts:GetSessionToken", None),
    Row("a role that asks for a session token", STS, WIDE, "role/app", DENIED,
        "sts:GetSessionToken", None),
    Row("a role that asks for a federation token", STS, WIDE, "role/app", DENIED,
        "sts:GetFederationToken", KIM),
    Row("a user who asks for a federation token", STS, WIDE, "user/bea", ALLOWED,
        "sts:GetFederationToken", KIM),
    # Everyone with credentials.
    Row("any principal, where a trust policy says star", PRINCIPAL,
        trusting({"AWS": "*"}, "sts:AssumeRole"), "*", ALLOWED, "sts:AssumeRole", ROLE),
    Row("any principal, where a trust policy names an account", PRINCIPAL,
        trusting({"AWS": OTHER}, "sts:AssumeRole"), "*", DENIED, "sts:AssumeRole", ROLE),
    Row("any principal, where a star is of one organization", PRINCIPAL,
        trusting({"AWS": "*"}, "sts:AssumeRole",
                 **when("StringEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5")),
        "*", DEPENDS, "sts:AssumeRole", ROLE),
    Row("any principal, where a star is of roles of the account", PRINCIPAL,
        trusting({"AWS": "*"}, "sts:AssumeRole",
                 **when("ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{HOME}:role/*")),
        "*", DENIED, "sts:AssumeRole", ROLE),
    Row("any principal, where a star is of roles of a name", PRINCIPAL,
        trusting({"AWS": "*"}, "sts:AssumeRole",
                 **when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/deploy")),
        "*", DEPENDS, "sts:AssumeRole", ROLE),
    # Addresses and endpoints.
    *(
        Row(f"a user allowed by {operator} {key}, {carried}", f"{KEYS}#condition-keys-sourceip",
            {"users/bea/p.json": policy(allow("s3:*", **when(operator, key, value)))},
            "user/bea", ruling, context=carried)
        for operator, key, value, carried, ruling in (
            ("IpAddress", "aws:SourceIp", "198.51.100.0/24", {}, DEPENDS),
            ("IpAddress", "aws:SourceIp", "198.51.100.0/24", {"aws:SourceVpce": VPCE}, DENIED),
            ("IpAddress", "aws:SourceIp", "198.51.100.0/24", {"aws:SourceIp": "198.51.100.7"},
             ALLOWED),
            ("NotIpAddress", "aws:SourceIp", "198.51.100.0/24", {"aws:SourceVpc": "vpc-1"},
             ALLOWED),
            ("StringEquals", "aws:SourceVpce", VPCE, {"aws:SourceIp": "198.51.100.7"}, DENIED),
            ("StringNotEquals", "aws:SourceVpce", VPCE, {"aws:SourceIp": "198.51.100.7"}, ALLOWED),
            ("StringEquals", "aws:SourceVpc", "vpc-1", {"aws:SourceVpce": VPCE}, DEPENDS),
            ("Null", "aws:SourceIp", "false", {"aws:SourceVpce": None}, ALLOWED),
        )
    ),
    Row("a user allowed by address and by endpoint at once", f"{KEYS}#condition-keys-sourceip",
        {"users/bea/p.json": policy(allow("s3:*", Condition={
            "IpAddress": {"aws:SourceIp": "198.51.100.0/24"},
            "StringEquals": {"aws:SourceVpce": VPCE}}))},
        "user/bea", DENIED),
    Row("a user allowed by endpoint who is denied elsewhere", f"{KEYS}#condition-keys-sourceip",
        {"users/bea/p.json": policy(
            allow("s3:*", **when("StringEquals", "aws:SourceVpce", VPCE)),
            deny("s3:*", **when("Null", "aws:SourceIp", "true")))},
        "user/bea", DENIED),
    Row("a user allowed with an address or without", f"{KEYS}#condition-keys-sourceip",
        {"users/bea/p.json": policy(
            allow("s3:*", **when("Null", "aws:SourceIp", "true")),
            allow("s3:*", **when("Null", "aws:SourceVpce", "true")))},
        "user/bea", ALLOWED),
    # Gateway endpoints.
    Row("a user whose account an endpoint for S3 names", ENDPOINTS,
        through(policy(allow("*", Principal={"AWS": HOME}))), "user/bea", DEPENDS,
        context={"aws:SourceVpce": VPCE}),
    Row("the root user of the account that an endpoint for S3 names", ENDPOINTS,
        through(policy(allow("*", Principal={"AWS": HOME}))), HOME, ALLOWED,
        context={"aws:SourceVpce": VPCE}),
    Row("a user whose ARN an endpoint for S3 asks for", ENDPOINTS,
        through(policy(allow("*", Principal="*", **when(
            "ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{HOME}:user/*")))),
        "user/bea", ALLOWED, context={"aws:SourceVpce": VPCE}),
    Row("a user whose account an endpoint for S3 denies", ENDPOINTS,
        through(policy(allow("*", Principal="*"), deny("*", Principal={"AWS": HOME}))),
        "user/bea", DEPENDS, context={"aws:SourceVpce": VPCE}),
    Row("a user whose account an endpoint for SQS names", ENDPOINTS,
        through(policy(allow("*", Principal={"AWS": HOME}))), "user/bea", ALLOWED,
        "sqs:CreateQueue", f"arn:aws:sqs:eu-west-1:{HOME}:q", {"aws:SourceVpce": VPCE}),
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_outsider_is_answered_as_aws_documents(repository: Open, row: Row) -> None:
    found = opened(repository, row.files)
    subject = found.subject(row.who)
    context = found.account.context(row.context)

    answer = found.account.ask(subject, [row.action], row.on, context=context)

    assert answer.ruling is row.ruling, answer.line


def test_each_row_has_its_page_and_a_name_of_its_own() -> None:
    assert {row.page.startswith("https://docs.aws.amazon.com/") for row in ROWS} == {True}
    assert len({row.name for row in ROWS}) == len(ROWS)


def test_request_never_comes_both_ways(repository: Open) -> None:
    found = opened(repository, {**WIDE})
    both = {"aws:SourceIp": "198.51.100.7", "aws:SourceVpce": VPCE}

    with pytest.raises(UsageError, match="no request carries both `aws:SourceIp` and a key"):
        found.account.ask(
            found.subject("user/bea"), ["s3:GetObject"], ENTRY, context=found.account.context(both)
        )


@pytest.mark.parametrize(
    ("files", "who", "reason", "help_"),
    [
        (
            {**bucket(against({"AWS": NIGHT})), **WIDE},
            "role/app",
            "on which session of `role/app` makes the request, for statement 0 at ledger.json:",
            f"ask about one session, such as `{NIGHT}`",
        ),
        (
            {**bucket(all_but(f"arn:aws:iam::{HOME}:user/bea")), **WIDE},
            "user/bea",
            f"exempts `user/bea`: it does not list `arn:aws:iam::{HOME}:root`",
            "also list it, or deny `*` with `ArnNotEquals` on `aws:PrincipalArn`",
        ),
        (
            through(policy(allow("*", Principal={"AWS": HOME}))),
            "user/bea",
            "on whether the VPC endpoint is a gateway, for statement 0 at ep.json:",
            "for a gateway endpoint, an account means only its root user",
        ),
    ],
)
def test_answer_names_what_leaves_open_whom_a_statement_means(
    repository: Open, files: Files, who: str, reason: str, help_: str
) -> None:
    found = opened(repository, files)
    context = found.account.context({"aws:SourceVpce": VPCE})

    answer = found.account.ask(found.subject(who), ["s3:GetObject"], ENTRY, context=context)

    assert answer.is_incomplete
    assert reason in answer.reason
    assert help_ in (answer.help or "")


@pytest.mark.parametrize(
    ("files", "action", "on", "able", "open_"),
    [
        (
            trusting({"AWS": "*"}, "sts:AssumeRole"),
            "sts:AssumeRole",
            ROLE,
            {"*", "role/shared", "user/bea"},
            set(),
        ),
        (
            trusting({"AWS": OTHER}, "sts:AssumeRole"),
            "sts:AssumeRole",
            ROLE,
            {OTHER},
            set(),
        ),
        (
            trusting(
                {"AWS": "*"},
                "sts:AssumeRole",
                **when("StringEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5"),
            ),
            "sts:AssumeRole",
            ROLE,
            set(),
            {"*", "role/shared", "user/bea"},
        ),
        (
            trusting(
                {"AWS": "*"},
                "sts:AssumeRole",
                **when("StringEquals", "aws:PrincipalAccount", OTHER),
            ),
            "sts:AssumeRole",
            ROLE,
            {OTHER},
            set(),
        ),
        (
            trusting(
                {"AWS": "*"},
                "sts:AssumeRole",
                **when("ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{OTHER}:role/x*"),
            ),
            "sts:AssumeRole",
            ROLE,
            set(),
            {OTHER},
        ),
        (trusting({"Federated": "accounts.google.com"}), WEB, ROLE, {"accounts.google.com"}, set()),
        (trusting({"Federated": "*"}), WEB, ROLE, {"Federated:*"}, set()),
        (trusting({"Federated": OIDC}), WEB, ROLE, {OIDC}, set()),
        (bucket(to({"Service": "*"})), "s3:GetObject", ENTRY, {"Service:*"}, set()),
        (bucket(to({"CanonicalUser": CANONICAL})), "s3:GetObject", ENTRY, {CANONICAL}, set()),
        (bucket(to({"AWS": KIM})), "s3:GetObject", ENTRY, {KIM}, set()),
        (bucket(to("*")), "s3:GetObject", ENTRY, {"anonymous", "user/bea"}, set()),
        (
            bucket(to("*", **when("ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{HOME}:user/*"))),
            "s3:GetObject",
            ENTRY,
            {"user/bea"},
            set(),
        ),
        (
            bucket(to("*", **when("Null", "aws:PrincipalArn", "false"))),
            "s3:GetObject",
            ENTRY,
            {"*", "user/bea"},
            set(),
        ),
        (
            {"key.json": policy(allow("kms:*", Principal="*")), **BEA},
            "kms:Decrypt",
            KEY,
            {"*", "user/bea"},
            set(),
        ),
        (
            {
                "key.json": policy(
                    allow("kms:*", Principal="*", **when("StringEquals", "kms:CallerAccount", HOME))
                ),
                **BEA,
            },
            "kms:Decrypt",
            KEY,
            {"user/bea"},
            set(),
        ),
    ],
)
def test_outsiders_are_listed_by_names_that_can_be_asked_about(
    repository: Open, files: Files, action: str, on: str, able: set[str], open_: set[str]
) -> None:
    found = opened(repository, files)

    who = ask_everybody(found.account, action, on)

    assert (set(who.allowed), set(who.undetermined)) == (able, open_)
    asked = {name: found.account.ask(found.subject(name), [action], on).ruling for name in able}
    assert asked == dict.fromkeys(able - {OTHER}, ALLOWED) | dict.fromkeys(able & {OTHER}, DENIED)
