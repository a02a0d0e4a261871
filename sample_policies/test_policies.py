"""What our roles can and cannot do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_iam import Iam

ARTIFACT = "arn:aws:s3:::artifacts/app.zip"
RELEASE = "arn:aws:s3:::artifacts/releases/1.0.zip"

pytestmark = pytest.mark.iam(context={"aws:SecureTransport": "true"})


def test_deployer_publishes_artifacts(iam: Iam) -> None:
    deployer = iam.role("deployer")
    assert deployer.can("s3:PutObject", "s3:GetObject", on=ARTIFACT)


def test_deployer_never_overwrites_a_release(iam: Iam) -> None:
    deployer = iam.role("deployer")
    assert deployer.can("s3:GetObject", on=RELEASE)
    assert deployer.cannot("s3:PutObject", on=RELEASE)


def test_deployer_creates_no_users(iam: Iam) -> None:
    assert iam.role("deployer").cannot(
        "iam:CreateUser", on="arn:aws:iam::111122223333:user/mallory"
    )


def test_deployer_passes_the_execution_role_to_lambda_only(iam: Iam) -> None:
    role = "arn:aws:iam::111122223333:role/app-execution"
    deployer = iam.role("deployer")
    to_lambda = {"iam:PassedToService": "lambda.amazonaws.com"}
    to_ec2 = {"iam:PassedToService": "ec2.amazonaws.com"}
    assert deployer.can("iam:PassRole", on=role, context=to_lambda)
    assert deployer.cannot("iam:PassRole", on=role, context=to_ec2)


def test_reader_reads_from_the_office_only(iam: Iam) -> None:
    reader = iam.role("reader")
    assert reader.from_ip("203.0.113.7").can("s3:GetObject", on=ARTIFACT)
    assert reader.from_ip("198.51.100.7").cannot("s3:GetObject", on=ARTIFACT)


def test_nobody_reads_without_tls(iam: Iam) -> None:
    reader = iam.role("reader").from_ip("203.0.113.7")
    assert reader.with_context({"aws:SecureTransport": "false"}).cannot("s3:GetObject", on=ARTIFACT)


def test_break_glass_policy_is_what_it_says(iam: Iam) -> None:
    anyone = iam.policy("identity/break-glass.json")
    assert anyone.can("iam:CreateUser", on="arn:aws:iam::111122223333:user/anyone")
