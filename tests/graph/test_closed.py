"""Ways that are not open are listed with what closes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.graph.test_carriers import graph_of
from tests.support.chain_accounts import CHAINS
from tests.support.chains import ADMINISTRATOR, LAMBDA, Account, Principal, allow, role, user

if TYPE_CHECKING:
    from pathlib import Path

KIM, ADMIN = user("kim"), role("admin")
UPDATES = allow("lambda:UpdateFunctionCode")
NO_FUNCTION = Account(
    (
        Principal(KIM, policies=((UPDATES,),)),
        Principal(ADMIN, attached=(ADMINISTRATOR,), trust=(LAMBDA,)),
    )
)
LOOSE = Account((Principal(KIM),), managed={"loose": (allow("iam:CreatePolicyVersion"),)})


def shown(folder: Path) -> list[tuple[str, str | None, str, str, list[str]]]:
    return [
        (one.closed, one.start, one.path, one.why, [str(place) for place in one.places])
        for one in graph_of(folder).closed
    ]


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        pytest.param(
            CHAINS["a Deny in a trust policy"].account,
            (
                "guarded",
                "user/kim-prod",
                "sts-assume-role",
                "by Deny statement 1 of the trust policy at main.tf:20",
                ["main.tf:20"],
            ),
            id="a Deny",
        ),
        pytest.param(
            CHAINS["a boundary by reference"].account,
            (
                "guarded",
                "role/ci-prod",
                "iam-create-role+policy",
                "nothing in the permissions boundary allows it; nearest: statement 0 at main.tf:4",
                [],
            ),
            id="a boundary",
        ),
        pytest.param(
            NO_FUNCTION,
            (
                "latent",
                "user/kim",
                "lambda-update-code",
                "no file describes a `lambda:function`",
                [],
            ),
            id="nothing to use it on",
        ),
        pytest.param(
            LOOSE,
            (
                "dormant",
                None,
                "iam-create-policy-version",
                "the policy is attached to no principal",
                ["main.tf:4"],
            ),
            id="attached to no principal",
        ),
    ],
)
def test_way_that_is_not_open_says_why(
    account: Account, expected: tuple[object, ...], tmp_path: Path
) -> None:
    account.write(tmp_path, "terraform")
    assert shown(tmp_path)[0] == expected


def test_principal_without_any_way_is_not_listed(tmp_path: Path) -> None:
    Account((Principal(KIM), Principal(ADMIN, attached=(ADMINISTRATOR,), trust=(LAMBDA,)))).write(
        tmp_path, "terraform"
    )
    assert shown(tmp_path) == []
