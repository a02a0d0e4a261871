"""Sentences about a small organization, held against the three forms its policies are kept in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_iam import Iam, Principal

pytestmark = pytest.mark.iam(context={"aws:SecureTransport": True})

HOME = "111122223333"
KEY = f"arn:aws:kms:eu-west-1:{HOME}:key/0b5c1ad6-5a3e-4d0a-9d3c-5a9d7a3f2a11"
INSTANCE = f"arn:aws:ec2:eu-west-1:{HOME}:instance/i-1"
GITHUB = f"arn:aws:iam::{HOME}:oidc-provider/token.actions.githubusercontent.com"
CLAIM = "token.actions.githubusercontent.com"
MAIN = "repo:example/shop:ref:refs/heads/main"


FORMS = ("folders", "cloudformation", "terraform")


@pytest.fixture(
    params=[pytest.param(form, marks=pytest.mark.iam(root=form)) for form in FORMS], autouse=True
)
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def alice(iam: Iam) -> Principal:
    return iam.user("alice")


@pytest.fixture
def deploy(iam: Iam) -> Principal:
    return iam.role("deploy")


def test_alice_reads_artifacts_through_her_group(iam: Iam, alice: Principal) -> None:
    assert alice.can("s3:GetObject", on=iam.bucket("example-artifacts") / "shop.zip")
    assert alice.cannot("s3:PutObject", on=iam.bucket("example-artifacts") / "shop.zip")


def test_nobody_gets_anything_without_tls(iam: Iam, alice: Principal) -> None:
    plain = {"aws:SecureTransport": False}
    artifact = iam.bucket("example-artifacts") / "shop.zip"
    assert alice.cannot("s3:GetObject", on=artifact, context=plain)


def test_alice_invokes_the_functions_of_her_team(alice: Principal) -> None:
    function = f"arn:aws:lambda:eu-west-1:{HOME}:function"
    assert alice.can("lambda:InvokeFunction", on=f"{function}:shop-cart")
    assert alice.cannot("lambda:InvokeFunction", on=f"{function}:bank-ledger")


def test_alice_stops_instances_with_mfa_only_and_in_europe(alice: Principal) -> None:
    assert alice.with_mfa().can("ec2:StopInstances", on=INSTANCE)
    assert alice.with_mfa(present=False).cannot("ec2:StopInstances", on=INSTANCE)
    elsewhere = INSTANCE.replace("eu-west-1", "us-east-1")
    assert alice.with_mfa().cannot("ec2:StopInstances", on=elsewhere)


def test_organization_takes_long_lived_keys_away(alice: Principal) -> None:
    own = f"arn:aws:iam::{HOME}:user/alice"
    assert alice.cannot("iam:CreateAccessKey", on=own)
    assert alice.can("iam:ListAccessKeys", on=own)
    assert alice.cannot("iam:DeleteAccessKey", on=f"arn:aws:iam::{HOME}:user/bob")


def test_github_main_alone_becomes_deploy(iam: Iam, deploy: Principal) -> None:
    github = iam.principal(GITHUB)
    main = {f"{CLAIM}:aud": "sts.amazonaws.com", f"{CLAIM}:sub": MAIN}
    fork = {**main, f"{CLAIM}:sub": "repo:evil/shop:ref:refs/heads/main"}
    assert deploy.can_be_assumed_by(github, context=main)
    assert not deploy.can_be_assumed_by(github, context=fork)


def test_deploy_publishes_and_encrypts(iam: Iam, deploy: Principal) -> None:
    assert deploy.can("s3:PutObject", on=iam.bucket("example-artifacts") / "shop.zip")
    assert deploy.can("kms:GenerateDataKey", on=KEY)


def test_boundary_keeps_deploy_from_deleting(deploy: Principal) -> None:
    function = f"arn:aws:lambda:eu-west-1:{HOME}:function:shop-cart"
    assert deploy.can("lambda:UpdateFunctionCode", on=function)
    assert deploy.cannot("lambda:DeleteFunction", on=function)


def test_deploy_passes_the_server_role_to_instances_only(deploy: Principal) -> None:
    role = f"arn:aws:iam::{HOME}:role/server"
    to_ec2 = {"iam:PassedToService": "ec2.amazonaws.com"}
    to_lambda = {"iam:PassedToService": "lambda.amazonaws.com"}
    assert deploy.can("iam:PassRole", on=role, context=to_ec2)
    assert deploy.cannot("iam:PassRole", on=role, context=to_lambda)


def test_instances_become_server_and_nothing_else_does(iam: Iam) -> None:
    server = iam.role("server")
    assert server.can_be_assumed_by(iam.service("ec2.amazonaws.com"))
    assert not server.can_be_assumed_by(iam.service("lambda.amazonaws.com"))


def test_logs_are_written_and_never_deleted(iam: Iam) -> None:
    log = iam.bucket("example-logs") / "server/today"
    assert iam.role("server").can("s3:PutObject", on=log)
    assert iam.role("server").cannot("s3:DeleteObject", on=log)


def test_alice_becomes_auditor_with_mfa(iam: Iam, alice: Principal) -> None:
    auditor = alice.with_mfa().assume("arn:aws:iam::444455556666:role/audit", "alice")
    log = iam.bucket("example-logs") / "server/today"
    assert auditor.can("s3:GetObject", on=log)
    # The bucket and her policies would let her; the organization does not.
    assert auditor.cannot("s3:PutObject", on=log)


def test_only_deploy_can_write_artifacts(iam: Iam) -> None:
    artifact = iam.bucket("example-artifacts") / "shop.zip"
    assert iam.who_can("s3:PutObject", on=artifact) == {"role/deploy"}


def test_nobody_stops_the_trail(iam: Iam) -> None:
    trail = f"arn:aws:cloudtrail:eu-west-1:{HOME}:trail/all"
    assert iam.who_can("cloudtrail:StopLogging", on=trail) == set()
