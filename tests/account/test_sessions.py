"""STS: principals that may assume a role, the conditions, and the permissions of the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.account.ask.answer import Ruling
from iamlint.account.ask.sessions import (
    Terms,
    ask_to_assume,
    assume_role,
    session_of,
    session_policy,
)
from iamlint.errors import UsageError
from tests.account.holding_texts import BUCKET, HOME, OBJECT, OTHER, allow, deny, policy, trust

if TYPE_CHECKING:
    from iamlint.repository import Repository
    from tests.account.conftest import Open

DEPLOY = f"arn:aws:iam::{HOME}:role/deploy"
AUDIT = f"arn:aws:iam::{OTHER}:role/audit"
GITHUB = f"arn:aws:iam::{HOME}:oidc-provider/token.actions.githubusercontent.com"
SAML = f"arn:aws:iam::{HOME}:saml-provider/office"
MAIN = "repo:example/app:ref:refs/heads/main"
CLAIMS = {
    "StringEquals": {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": MAIN,
    }
}
FOREIGN = "888899990000"
FILES = {
    "roles/app/policy.json": policy(
        allow("sts:AssumeRole", DEPLOY), allow("sts:AssumeRole", AUDIT)
    ),
    "roles/idle/policy.json": policy(allow("s3:GetObject", f"{BUCKET}/*")),
    "roles/deploy/trust.json": trust({"AWS": f"arn:aws:iam::{HOME}:root"}),
    "roles/deploy/policy.json": policy(allow("s3:*", f"{BUCKET}/*")),
    "roles/ci/trust.json": trust(
        {"Federated": GITHUB}, "sts:AssumeRoleWithWebIdentity", Condition=CLAIMS
    ),
    "roles/people/trust.json": trust(
        {"Federated": SAML},
        "sts:AssumeRoleWithSAML",
        Condition={"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
    ),
    "roles/server/trust.json": trust({"Service": "ec2.amazonaws.com"}),
    f"accounts/{OTHER}/roles/audit/trust.json": trust({"AWS": f"arn:aws:iam::{HOME}:role/app"}),
    f"accounts/{OTHER}/roles/audit/policy.json": policy(allow("s3:GetObject")),
}
TOML = f"""
account = "{HOME}"
[principals."role/deploy"]
max-session-duration = 7200
tags = {{ team = "a" }}
"""


@pytest.fixture
def opened(repository: Open) -> Repository:
    return repository(FILES, TOML)


def may(opened: Repository, who: str, role: str, **context: object) -> Ruling:
    given = opened.account.context(dict(context.items()))
    return ask_to_assume(opened.account, opened.subject(who), role, Terms(), given).ruling


def test_both_sides_must_agree(opened: Repository) -> None:
    assert {
        (who, role.rpartition("/")[2]): may(opened, who, role)
        for who in ("role/app", "role/idle")
        for role in (DEPLOY, AUDIT)
    } == {
        ("role/app", "deploy"): Ruling.ALLOWED,
        ("role/app", "audit"): Ruling.ALLOWED,
        ("role/idle", "deploy"): Ruling.DENIED,
        ("role/idle", "audit"): Ruling.DENIED,
    }


def test_services_come_in_through_trust_alone(opened: Repository) -> None:
    server = f"arn:aws:iam::{HOME}:role/server"

    assert may(opened, "ec2.amazonaws.com", server) is Ruling.ALLOWED
    assert may(opened, "lambda.amazonaws.com", server) is Ruling.DENIED


def test_web_identity_is_let_in_by_its_claims(opened: Repository) -> None:
    role = f"arn:aws:iam::{HOME}:role/ci"
    host = "token.actions.githubusercontent.com"
    claims = {f"{host}:aud": "sts.amazonaws.com", f"{host}:sub": MAIN}

    assert may(opened, GITHUB, role) is Ruling.DEPENDS
    assert may(opened, GITHUB, role, **claims) is Ruling.ALLOWED
    other = {**claims, f"{host}:sub": "repo:evil/app:ref:refs/heads/main"}
    assert may(opened, GITHUB, role, **other) is Ruling.DENIED


def test_saml_identity_is_let_in_by_its_audience(opened: Repository) -> None:
    role = f"arn:aws:iam::{HOME}:role/people"
    audience = {"saml:aud": "https://signin.aws.amazon.com/saml"}

    assert may(opened, SAML, role, **audience) is Ruling.ALLOWED
    assert may(opened, SAML, role, **{"saml:aud": "https://elsewhere"}) is Ruling.DENIED


@pytest.mark.parametrize("who", [f"arn:aws:iam::{HOME}:root", "anonymous"])
def test_root_users_and_strangers_cannot_even_ask(opened: Repository, who: str) -> None:
    with pytest.raises(UsageError):
        may(opened, who, DEPLOY)


def test_tags_and_source_identity_need_their_own_permissions(opened: Repository) -> None:
    for terms in (Terms(tags={"team": "b"}), Terms(source_identity="alice")):
        answer = ask_to_assume(opened.account, opened.subject("role/app"), DEPLOY, terms)
        assert answer.ruling is Ruling.MIXED


def test_session_has_the_role_with_tags_over_its_own(opened: Repository) -> None:
    account = opened.account
    terms = Terms("ci", tags={"team": "b", "stage": "test"}, source_identity="alice")
    role = account.accounts.identity("role/deploy")
    session = assume_role(account, opened.subject("role/app"), role, terms)
    request = account.ask(session, ["s3:GetObject"], OBJECT).decisions[0].request

    assert session.name == f"arn:aws:sts::{HOME}:assumed-role/deploy/ci"
    assert {
        key: request.context.values.get(key)
        for key in (
            "aws:principaltag/team",
            "aws:principaltag/stage",
            "aws:sourceidentity",
            "aws:principalarn",
        )
    } == {
        "aws:principaltag/team": "b",
        "aws:principaltag/stage": "test",
        "aws:sourceidentity": "alice",
        "aws:principalarn": DEPLOY,
    }


def test_session_policy_only_takes_away(opened: Repository) -> None:
    account = opened.account
    narrow = session_policy(policy(allow("s3:GetObject"), allow("iam:CreateUser")))
    session = session_of(account, opened.subject("role/deploy"), Terms(policies=(narrow,)))

    assert account.ask(session, ["s3:GetObject"], OBJECT).ruling is Ruling.ALLOWED
    assert account.ask(session, ["s3:PutObject"], OBJECT).ruling is Ruling.DENIED
    assert account.ask(session, ["iam:CreateUser"]).ruling is Ruling.DENIED


@pytest.mark.parametrize(
    ("who", "duration", "longest"),
    [
        ("user/alice", 899, 7200),
        ("user/alice", 7201, 7200),
        ("role/app", 3601, 3600),
        ("user/alice", 7200, None),
        ("role/app", 3600, None),
        ("role/app", 900, None),
    ],
)
def test_session_lasts_as_long_as_the_role_allows_and_an_hour_when_chained(
    repository: Open, who: str, duration: int, longest: int | None
) -> None:
    opened = repository({**FILES, "users/alice/policy.json": policy(allow("sts:*"))}, TOML)
    role = opened.account.accounts.identity("role/deploy")
    terms = Terms(duration=duration)
    if longest is None:
        assume_role(opened.account, opened.subject(who), role, terms)  # which does not raise
        return
    with pytest.raises(UsageError, match=f"cannot last {duration} seconds") as raised:
        assume_role(opened.account, opened.subject(who), role, terms)

    assert f"from 900 to {longest} seconds" in (raised.value.help or "")


def test_transitive_tags_and_source_identity_stay_through_a_chain(opened: Repository) -> None:
    account = opened.account
    deploy, audit = (account.accounts.identity(name) for name in ("role/deploy", AUDIT))
    terms = Terms(tags={"team": "b", "stage": "x"}, transitive=("team",), source_identity="alice")
    first = assume_role(account, opened.subject("role/app"), deploy, terms)
    second = assume_role(account, first, audit, Terms("next"))

    assert (second.tags, second.transitive) == ({"team": "b"}, ("team",))
    assert second.context["aws:sourceidentity"] == "alice"
    with pytest.raises(UsageError, match="`team` is transitive"):
        assume_role(account, first, audit, Terms(tags={"team": "c"}))
    with pytest.raises(UsageError, match="source identity of a session cannot be changed"):
        assume_role(account, first, audit, Terms(source_identity="bob"))


def test_what_comes_of_the_way_stays_and_what_comes_of_the_caller_goes(opened: Repository) -> None:
    account = opened.account
    caller = opened.subject("role/app").with_context(
        account.context({"aws:SourceIp": "203.0.113.7", "aws:MultiFactorAuthPresent": True})
    )
    session = assume_role(account, caller, account.accounts.identity("role/deploy"), Terms())

    assert dict(session.context) == {"aws:sourceip": "203.0.113.7"}


def test_what_a_session_hands_on_must_be_allowed_again(opened: Repository) -> None:
    account = opened.account
    deploy = account.accounts.identity("role/deploy")
    tagged = Terms(tags={"team": "b"}, transitive=("team",))
    named = Terms(source_identity="alice")
    sessions = [
        assume_role(account, opened.subject("role/app"), deploy, terms)
        for terms in (Terms(), tagged, named)
    ]
    asked = [ask_to_assume(account, session, AUDIT, Terms("next")) for session in sessions]

    assert [answer.question.actions for answer in asked] == [
        ("sts:AssumeRole",),
        ("sts:AssumeRole", "sts:TagSession"),
        ("sts:AssumeRole", "sts:SetSourceIdentity"),
    ]


def test_transitive_tags_are_told_apart_without_regard_to_case(opened: Repository) -> None:
    account = opened.account
    deploy = account.accounts.identity("role/deploy")
    terms = Terms(tags={"Team": "b"}, transitive=("Team",))
    first = assume_role(account, opened.subject("role/app"), deploy, terms)

    assert first.tags == {"Team": "b"}
    with pytest.raises(UsageError, match="`team` is transitive, so it cannot be set again"):
        assume_role(account, first, deploy, Terms(tags={"team": "c"}))


def test_transitive_tag_without_value_is_refused(opened: Repository) -> None:
    account = opened.account
    deploy = account.accounts.identity("role/deploy")

    with pytest.raises(UsageError, match="`tema` is listed as transitive, but is not a"):
        assume_role(account, opened.subject("role/app"), deploy, Terms(transitive=("tema",)))


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:RequestTag/team": "a"}},
        {"Null": {"sts:SourceIdentity": "false"}},
        {"ForAnyValue:StringEquals": {"aws:TagKeys": "team"}},
    ],
)
def test_users_and_roles_send_what_they_are_told_and_providers_what_nobody_knows(
    repository: Open, condition: object
) -> None:
    opened = repository(
        {
            "roles/app/p.json": policy(allow("sts:*")),
            "roles/deploy/trust.json": trust(
                {"AWS": f"arn:aws:iam::{HOME}:role/app"}, Condition=condition
            ),
            "roles/ci/trust.json": trust(
                {"Federated": GITHUB}, "sts:AssumeRoleWithWebIdentity", Condition=condition
            ),
        },
        f'account = "{HOME}"',
    )

    assert may(opened, "role/app", DEPLOY) is Ruling.DENIED
    assert may(opened, GITHUB, f"arn:aws:iam::{HOME}:role/ci") is Ruling.DEPENDS


@pytest.mark.parametrize("name", ["", "a", "white space", "x" * 65])
def test_name_that_sts_refuses_is_refused(opened: Repository, name: str) -> None:
    with pytest.raises(UsageError, match="is not a valid session name"):
        session_of(opened.account, opened.subject("role/deploy"), Terms(name))
    with pytest.raises(UsageError, match="is not a valid session name"):
        ask_to_assume(opened.account, opened.subject("role/app"), DEPLOY, Terms(name))


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
@pytest.mark.parametrize(
    ("pattern", "rulings"),
    [
        ("*:nightly", (Ruling.DENIED, Ruling.ALLOWED, Ruling.DEPENDS, Ruling.ALLOWED)),
        ("AROA*", (Ruling.DENIED, Ruling.DENIED, Ruling.DENIED, Ruling.ALLOWED)),
        ("AIDA*", (Ruling.ALLOWED, Ruling.ALLOWED, Ruling.ALLOWED, Ruling.DENIED)),
        ("AROAEXAMPLE:*", (Ruling.DEPENDS, Ruling.DEPENDS, Ruling.DEPENDS, Ruling.ALLOWED)),
        (HOME, (Ruling.ALLOWED, Ruling.ALLOWED, Ruling.ALLOWED, Ruling.ALLOWED)),
    ],
)
def test_form_of_a_user_id_and_the_name_of_a_session_are_known(
    repository: Open, pattern: str, rulings: tuple[Ruling, ...]
) -> None:
    limited = {"StringLike": {"aws:userid": pattern}}
    document = policy(allow("s3:GetObject"), deny("s3:GetObject", Condition=limited))
    opened = repository({"roles/r/p.json": document, "users/u/p.json": document})
    sessions = [f"arn:aws:sts::{HOME}:assumed-role/r/{name}" for name in ("nightly", "daily")]
    asked = map(opened.subject, (*sessions, "role/r", "user/u"))

    found = tuple(opened.account.ask(one, ["s3:GetObject"], OBJECT).ruling for one in asked)
    assert found == rulings


def test_only_roles_have_sessions(repository: Open) -> None:
    opened = repository({"users/alice/p.json": policy(allow("s3:*"))})

    with pytest.raises(UsageError, match="`user/alice` is not a role"):
        session_of(opened.account, opened.subject("user/alice"), Terms())


def test_session_by_arn_is_the_role_of_that_session(opened: Repository) -> None:
    name = f"arn:aws:sts::{HOME}:assumed-role/deploy/monday"
    answer = opened.account.ask(opened.subject(name), ["s3:GetObject"], OBJECT)

    assert (answer.ruling, answer.question.subject.name) == (Ruling.ALLOWED, name)


def test_session_takes_for_granted_what_its_role_does(repository: Open) -> None:
    arn = "arn:aws-cn:iam::aws:policy/ReadOnlyAccess"
    files = {"roles/app/trust.json": trust({"AWS": HOME}), "users/ann/p.json": policy()}
    toml = f'account = "{HOME}"\n[principals."role/app"]\npolicies = ["{arn}"]\n'
    opened = repository(files, toml)
    role = opened.account.accounts.identity("role/app")
    session = assume_role(opened.account, opened.subject("user/ann"), role, Terms())

    assert session.assumed == (f"`{arn}` is the same as the policy of partition `aws`",)


@pytest.mark.parametrize(
    ("wanted", "ruling"),
    [
        (f"arn:aws:iam::{FOREIGN}:role/unit/reader", "depends"),
        (f"arn:aws:iam::{FOREIGN}:role/reader", "depends"),
        (f"arn:aws:iam::{FOREIGN}:role/*reader", "allowed"),
        (f"arn:aws:iam::{FOREIGN}:role/unit/writer", "denied"),
        (f"arn:aws:iam::{HOME}:role/unit/reader", "denied"),
    ],
)
def test_arn_of_a_session_does_not_give_the_path_of_its_role(
    repository: Open, wanted: str, ruling: str
) -> None:
    one = {"ArnLike": {"aws:PrincipalArn": wanted}}
    read = allow("s3:GetObject", f"{BUCKET}/*", Principal="*", Condition=one)
    opened = repository({**FILES, "resources/b.json": policy(read)})
    session = opened.subject(f"arn:aws:sts::{FOREIGN}:assumed-role/reader/s1")

    answer = opened.account.ask(session, ["s3:GetObject"], OBJECT)

    assert answer.ruling == ruling
