"""Tests that fail, each for another cause, to show what a failure says.

pytest fails_on_purpose.py
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_iam import Iam

pytestmark = pytest.mark.iam(root="folders", context={"aws:SecureTransport": True})

ARTIFACT = "arn:aws:s3:::example-artifacts/shop.zip"
SHOP = "arn:aws:lambda:eu-west-1:111122223333:function:shop-cart"
INSTANCE = "arn:aws:ec2:eu-west-1:111122223333:instance/i-1"


def test_statement_that_denies(iam: Iam) -> None:
    assert iam.user("alice").can("iam:CreateAccessKey", on="arn:aws:iam::111122223333:user/alice")


def test_nothing_that_allows(iam: Iam) -> None:
    assert iam.user("alice").can("s3:PutObject", on=ARTIFACT)


def test_boundary_that_is_silent(iam: Iam) -> None:
    assert iam.role("deploy").can("lambda:DeleteFunction", on=SHOP)


def test_key_that_nobody_gave(iam: Iam) -> None:
    assert iam.user("alice").cannot("ec2:StopInstances", on=INSTANCE)


def test_trust_that_is_for_others(iam: Iam) -> None:
    iam.user("alice").assume(iam.role("server"))


def test_bucket_that_denies(iam: Iam) -> None:
    plain = {"aws:SecureTransport": False}
    assert iam.role("server").can("s3:GetObject", on=ARTIFACT, context=plain)
