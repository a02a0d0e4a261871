"""Principals that somebody creates have a boundary if policies require it, and what it allows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from iamlint.graph.answer import Reaching
from iamlint.graph.find import GraphQuestion
from tests.graph.test_carriers import graph_of
from tests.support.chains import (
    ADMINISTRATOR,
    EC2,
    HOME,
    Account,
    Principal,
    Ref,
    allow,
    deny,
    managed,
    role,
    trusts,
    user,
)

if TYPE_CHECKING:
    from pathlib import Path

KIM, CI, BOSS, LIMIT = user("kim"), role("ci"), role("boss"), managed("limit")
ROOT: Final = trusts(AWS=f"arn:aws:iam::{HOME}:root")
NEW: Final = f"arn:aws:iam::{HOME}:role/new-*"
NONE: Final = f"arn:aws:iam::{HOME}:policy/none"
READ_ONLY: Final = "arn:aws:iam::aws:policy/ReadOnlyAccess"
YES, UNKNOWN, NO = Reaching.YES, Reaching.UNKNOWN, Reaching.NO
CARRIERS: Final = ("dump", "terraform", "template")
OPEN_BOSS: Final = Principal(BOSS, attached=(ADMINISTRATOR,), trust=(ROOT,))


def answer_of(account: Account, folder: Path, carrier: str) -> Reaching:
    account.write(folder, carrier)
    return graph_of(folder, GraphQuestion((KIM.title,))).answers[0].answer


def creating(boundary: Ref | str, *more: dict[str, Any]) -> tuple[Principal, Principal]:
    """Return a user who may create roles with a boundary, and an administrator."""
    bound = {"ArnEquals": {"iam:PermissionsBoundary": boundary}}
    statements = (allow(["iam:CreateRole", "iam:PutRolePolicy"], NEW, Condition=bound), *more)
    return Principal(KIM, (statements,)), OPEN_BOSS


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize(
    ("limit", "answer"),
    [
        (["*"], YES),
        (["s3:*", "sts:AssumeRole"], YES),
        (["s3:*", "iam:*"], YES),
        (["s3:*"], NO),
        (["s3:*", "iam:GetRole"], NO),
    ],
)
def test_a_new_role_has_what_its_boundary_allows(
    limit: list[str], answer: Reaching, carrier: str, tmp_path: Path
) -> None:
    account = Account(creating(LIMIT), {"limit": (allow(limit),)})
    assert answer_of(account, tmp_path, carrier) is answer


@pytest.mark.parametrize(
    ("boundary", "more", "answer"),
    [
        (ADMINISTRATOR, (), YES),
        (READ_ONLY, (), NO),
        (NONE, (), UNKNOWN),
        (NONE, (deny("iam:CreateRole"),), NO),
        (f"arn:aws:iam::{HOME}:policy/lim*", (), YES),
        (f"arn:aws:iam::{HOME}:policy/other*", (), NO),
    ],
)
def test_the_boundary_is_the_policy_that_the_condition_names(
    boundary: str, more: tuple[dict[str, Any], ...], answer: Reaching, tmp_path: Path
) -> None:
    bound = {"ArnLike": {"iam:PermissionsBoundary": boundary}}
    statements = (allow(["iam:CreateRole", "iam:PutRolePolicy"], NEW, Condition=bound), *more)
    user_ = Principal(KIM, (statements,))
    account = Account((user_, OPEN_BOSS), {"limit": (allow("*"),), "tight": (allow("s3:*"),)})
    assert answer_of(account, tmp_path, "dump") is answer


@pytest.mark.parametrize(("trust", "answer"), [(ROOT, YES), (EC2, NO)])
def test_several_may_create_a_role_with_a_boundary(
    trust: dict[str, Any], answer: Reaching, tmp_path: Path
) -> None:
    bound = {"ArnEquals": {"iam:PermissionsBoundary": LIMIT}}
    puts = allow("iam:PutRolePolicy", NEW, Condition=bound)
    account = Account(
        (
            Principal(
                KIM,
                ((allow("iam:CreateRole", NEW, Condition=bound), allow("sts:AssumeRole", CI)),),
            ),
            Principal(CI, ((puts,),), trust=(trust,)),
            OPEN_BOSS,
        ),
        {"limit": (allow(["s3:*", "sts:AssumeRole"]),)},
    )
    assert answer_of(account, tmp_path, "dump") is answer


PASSES: Final = (allow("iam:PassRole", BOSS), allow("ec2:RunInstances"))
MAKES: Final = allow(["iam:CreateInstanceProfile", "iam:AddRoleToInstanceProfile"])
INSTANCES: Final = Principal(BOSS, attached=(ADMINISTRATOR,), trust=(EC2,))


@pytest.mark.parametrize(
    ("carrier", "has_profile", "more", "answer"),
    [
        ("dump", False, (), NO),
        ("dump", False, (MAKES,), YES),
        ("dump", True, (), YES),
        ("terraform", False, (), NO),
        ("terraform", True, (), YES),
        ("template", False, (), NO),
        ("template", True, (), YES),
        ("folders", False, (), UNKNOWN),
        ("folders", False, (MAKES,), YES),
        ("folders", False, (deny("ec2:RunInstances"),), NO),
    ],
)
def test_an_instance_profile_that_no_file_would_show_is_not_known(
    carrier: str,
    has_profile: bool,  # noqa: FBT001 - a case
    more: tuple[dict[str, Any], ...],
    answer: Reaching,
    tmp_path: Path,
) -> None:
    boss = replace(INSTANCES, has_profile=has_profile)
    account = Account((Principal(KIM, ((*PASSES, *more),)), boss))
    assert answer_of(account, tmp_path, carrier) is answer
