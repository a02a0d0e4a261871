"""Who can: all principals in the repository, and those that its resources allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.account.ask.who_can import who_can
from iamlint.errors import UsageError
from tests.account.holding_texts import BUCKET, HOME, OBJECT, OTHER, allow, policy, trust

if TYPE_CHECKING:
    from tests.account.conftest import Open

PARTNER = f"arn:aws:iam::{OTHER}:role/partner"
GHOST = f"arn:aws:iam::{HOME}:role/ghost"
ACCOUNT = f"arn:aws:iam::{HOME}:root"
FILES = {
    "groups/all/p.json": policy(allow("s3:*")),
    "roles/app/p.json": policy(allow("s3:GetObject", f"{BUCKET}/*")),
    "roles/server/trust.json": trust({"Service": "ec2.amazonaws.com"}),
    "resources/artifacts.json": policy(
        allow("s3:GetObject", f"{BUCKET}/*", Principal={"AWS": [PARTNER, GHOST, ACCOUNT]}),
        allow("s3:PutObject", f"{BUCKET}/in/*", Principal={"Service": "logging.s3.amazonaws.com"}),
    ),
    "resources/site.json": policy(allow("s3:GetObject", "arn:aws:s3:::site/*", Principal="*")),
}


@pytest.mark.parametrize(
    ("action", "on", "allowed"),
    [
        ("s3:GetObject", OBJECT, {"role/app", PARTNER, GHOST}),
        ("s3:GetObject", "arn:aws:s3:::site/x", {"role/app", "role/server", "anonymous"}),
        ("s3:GetObject", f"{BUCKET}/*", {"role/app", PARTNER, GHOST}),
        (
            "s3:GetObject",
            "arn:aws:s3:::*/*",
            {"role/app", "role/server", "anonymous", PARTNER, GHOST, "logging.s3.amazonaws.com"},
        ),
        ("s3:PutObject", None, {"logging.s3.amazonaws.com"}),
        ("s3:PutObject", f"{BUCKET}/out/*", set()),
        ("sts:AssumeRole", f"arn:aws:iam::{HOME}:role/server", {"ec2.amazonaws.com"}),
        ("iam:CreateUser", None, set()),
    ],
)
def test_those_are_named_who_can_on_any_of_it(
    repository: Open, action: str, on: str | None, allowed: set[str]
) -> None:
    opened = repository(FILES)

    assert set(who_can(opened.account, action, on).allowed) == allowed


def test_principal_of_the_account_that_nothing_describes_is_taken_to_hold_nothing(
    repository: Open,
) -> None:
    who = who_can(repository(FILES).account, "s3:GetObject", OBJECT)

    assert f"`{GHOST}` has no policies of its own: no file describes it" in (who.assumptions)


def test_pattern_that_cuts_through_a_resource_is_refused_where_it_matters(
    repository: Open,
) -> None:
    account = repository(FILES).account

    with pytest.raises(UsageError, match="who can do `s3:PutObject`"):
        who_can(account, "s3:PutObject", "arn:aws:s3:::art*/o*")
