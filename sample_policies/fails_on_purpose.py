"""A test that fails, to show what a failure says: `pytest fails_on_purpose.py`.

Releases must not be overwritten, so the policy denies it, and the assertion is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_iam import Iam


def test_deployer_overwrites_a_release(iam: Iam) -> None:
    assert iam.role("deployer").can("s3:PutObject", on="arn:aws:s3:::artifacts/releases/1.0.zip")
