"""Steps that AWS refuses, steps by way of what limits a principal, and trust that is not known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from iamlint.graph.answer import Graph, Reaching
from iamlint.graph.joining import MOST_MEMBERS
from tests.graph.test_carriers import graph_of
from tests.support.chains import (
    ABROAD,
    ADMINISTRATOR,
    EC2,
    HOME,
    Account,
    Principal,
    allow,
    deny,
    group,
    managed,
    role,
    trusts,
    user,
)

if TYPE_CHECKING:
    from pathlib import Path

KIM, LEE, CI, TARGET, ADMIN = user("kim"), user("lee"), role("ci"), role("target"), role("admin")
ROOT = trusts(AWS=f"arn:aws:iam::{HOME}:root")
SSO = role("AWSReservedSSO_x_1", "/aws-reserved/sso.amazonaws.com/")
TEAM, LIMIT = group("team"), managed("limit")
NO_NEW_ONES = deny(["iam:Create*", "iam:Pass*", "iam:Update*"])
"""What nobody can be an administrator with."""

ONLY_OF_USERS = {
    "Effect": "Deny", "NotAction": ["iam:PutUserPolicy", "iam:DeleteUserPolicy"], "Resource": "*"
}  # fmt: skip

REFUSED = {
    "a role of AWS cannot be rewritten": Account(
        (
            Principal(KIM, ((allow(["iam:AttachRolePolicy", "sts:AssumeRole"]),),)),
            Principal(SSO, trust=(trusts(AWS=KIM.arn),)),
        )
    ),
    "nobody writes versions of a policy of AWS": Account(
        (
            Principal(
                KIM,
                ((allow("iam:CreatePolicyVersion"),),),
                attached=("arn:aws:iam::aws:policy/ReadOnlyAccess",),
            ),
        )
    ),
    "a right on users takes no Deny off a group": Account(
        (
            Principal(TEAM, ((ONLY_OF_USERS, deny("iam:*Group*")),)),
            Principal(
                KIM,
                ((allow(["iam:PutUserPolicy", "iam:DeleteUserPolicy"], KIM),),),
                groups=(TEAM,),
            ),
        )
    ),
    "a Deny of AWS's is detached, not deleted": Account(
        (
            Principal(
                KIM,
                ((allow(["iam:PutUserPolicy", "iam:DeleteUserPolicy"], KIM),),),
                attached=("arn:aws:iam::aws:policy/AWSDenyAll",),
            ),
        )
    ),
}
ALLOWED = {
    "a boundary is rewritten by whom it limits": Account(
        (Principal(KIM, ((allow("*"),),), boundary=LIMIT),),
        managed={"limit": (allow(["s3:*", "iam:CreatePolicyVersion"]),)},
    ),
    "an inline Deny is overwritten": Account(
        (Principal(KIM, ((NO_NEW_ONES, allow("iam:PutUserPolicy")),)),)
    ),
    "a given policy allows to delete a Deny": Account(
        (Principal(KIM, ((NO_NEW_ONES,), (allow("iam:AttachUserPolicy"),))),)
    ),
    "one of two that may be rewritten is": Account(
        (
            Principal(KIM),
            Principal(
                CI,
                ((allow("iam:PutRolePolicy"), deny("iam:PutRolePolicy", CI)),),
                trust=(trusts(AWS=KIM.arn),),
            ),
            Principal(TARGET, trust=(trusts(AWS=KIM.arn),)),
        )
    ),
}


def answer_of(graph: Graph, start: str) -> Reaching:
    return next(one.answer for one in graph.answers if one.start == start)


@pytest.mark.parametrize("title", REFUSED)
def test_no_step_is_taken_that_aws_refuses(title: str, tmp_path: Path) -> None:
    REFUSED[title].write(tmp_path, "dump")
    assert {one.answer for one in graph_of(tmp_path).answers} == {Reaching.NO}


@pytest.mark.parametrize("title", ALLOWED)
def test_what_limits_a_principal_is_a_way(title: str, tmp_path: Path) -> None:
    ALLOWED[title].write(tmp_path, "dump")
    assert answer_of(graph_of(tmp_path), "user/kim") is Reaching.YES


@pytest.mark.parametrize(
    ("number", "answer"), [(25, Reaching.YES), (60, Reaching.UNKNOWN)], ids=["many", "too many"]
)
def test_no_pair_of_many_is_left_out(number: int, answer: Reaching, tmp_path: Path) -> None:
    writers = [role(f"writer-{at:02}") for at in range(number)]
    first, *others = [role(f"target-{at:02}") for at in range(number)]
    by_kim = trusts(AWS=KIM.arn)
    writes = (allow("iam:PutRolePolicy"), deny("iam:PutRolePolicy", *writers, *others))
    all_but_one = [
        Principal(one, ((*writes, deny("iam:PutRolePolicy", first)),), trust=(by_kim,))
        for one in writers[:-1]
    ]
    Account(
        (
            Principal(KIM),
            *all_but_one,
            Principal(writers[-1], (writes,), trust=(by_kim,)),
            *(Principal(one, trust=(by_kim,)) for one in (first, *others)),
        )
    ).write(tmp_path, "dump")
    assert answer_of(graph_of(tmp_path), "user/kim") is answer


def test_many_groups_hide_none_that_a_user_joins_itself(tmp_path: Path) -> None:
    many = int(MOST_MEMBERS**0.5) + 2
    others = [user(f"other-{number}") for number in range(many)]
    teams = [group(f"team-{number}") for number in range(many)]
    Account(
        (
            *(Principal(one) for one in others),
            *(Principal(one, ((allow("s3:ListAllMyBuckets"),),)) for one in teams),
            Principal(group("zone"), attached=(ADMINISTRATOR,)),
            Principal(KIM, ((allow("iam:AddUserToGroup"),),)),
            Principal(LEE, ((allow("iam:AddUserToGroup", teams[0]),),)),
        )
    ).write(tmp_path, "dump")
    graph = graph_of(tmp_path)
    assert answer_of(graph, "user/kim") is Reaching.YES
    assert answer_of(graph, "user/lee") is Reaching.UNKNOWN


def test_rights_end_at_the_account(tmp_path: Path) -> None:
    home, abroad = tmp_path / "home", tmp_path / "abroad"
    rights = ["iam:UpdateAssumeRolePolicy", "iam:PassRole", "lambda:*"]
    Account((Principal(KIM, ((allow(rights),),)),)).write(home, "dump")
    Account((Principal(ADMIN, attached=(ADMINISTRATOR,), trust=(EC2,)),)).write(abroad, "dump")
    for dump in [*abroad.rglob("*.json")]:
        dump.write_text(dump.read_text().replace(HOME, ABROAD))
    (abroad / "iamlint.toml").unlink()
    (home / "iamlint.toml").rename(tmp_path / "iamlint.toml")
    graph = graph_of(tmp_path)
    assert [(one.start, one.answer) for one in graph.answers] == [("user/kim", Reaching.NO)]
    assert graph.administrators == 1


MODULE = """
variable "who" {{}}
resource "aws_iam_role" "admin" {{
  name = "admin"
  assume_role_policy = {trust}
}}
resource "aws_iam_role_policy_attachment" "admin" {{
  role = aws_iam_role.admin.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}}
resource "aws_iam_role" "ci" {{
  name = "ci"
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "ec2.amazonaws.com" }}
    }}]
  }})
}}
resource "aws_iam_role" "plain" {{
  name = "plain"
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "ec2.amazonaws.com" }}
    }}]
  }})
}}
resource "aws_iam_role_policy" "ci" {{
  role = aws_iam_role.ci.name
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect = "Allow", Action = ["sts:AssumeRole", "iam:PassRole", "lambda:*"], Resource = "*"
    }}]
  }})
}}
"""
NAMED = f"arn:aws:iam::{HOME}:role/"


@pytest.mark.parametrize(
    ("principal", "outsiders", "is_by_name"),
    [
        ('{ AWS = "arn:aws:iam::${var.who}:root" }', ["arn:aws:iam::${var.who}:root"], False),
        ('{ AWS = "arn:aws:iam::${var.who}:role/ci" }', ["arn:aws:iam::${var.who}:role/ci"], False),
        (f'{{ AWS = "{NAMED}${{var.who}}" }}', [], True),
        (f'{{ AWS = "arn:aws:sts::{HOME}:assumed-role/ci/session" }}', [], False),
        ("{ Service = var.who }", [], False),
        ('{ Service = "${var.who}.amazonaws.com" }', [], False),
        ("var.who", ["${var.who}"], False),
    ],
)
def test_trust_that_is_not_known_is_never_a_no_for_who_may_be_named(
    principal: str,
    outsiders: list[str],
    is_by_name: bool,  # noqa: FBT001 - a case
    tmp_path: Path,
) -> None:
    statement = f'{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {principal} }}'
    trust = f'jsonencode({{ Version = "2012-10-17", Statement = [{statement}] }})'
    named = ["role/plain"] if is_by_name else []
    assert unknown(trust, tmp_path) == sorted([*outsiders, "role/ci", *named])


def test_a_trust_policy_that_is_not_known_may_let_in_anybody(tmp_path: Path) -> None:
    assert unknown("var.who", tmp_path) == ["role/ci", "trust policy of role/admin"]


def unknown(trust: str, folder: Path) -> list[str]:
    """Return who has an unknown answer, where all answers are, and name what decides."""
    (folder / "main.tf").write_text(MODULE.format(trust=trust))
    (folder / "iamlint.toml").write_text(f'account = "{HOME}"\n')
    graph = graph_of(folder)
    found = [one for one in graph.answers if one.answer is Reaching.UNKNOWN]
    reasons: list[Any] = [*(one.deciders or one.chain.steps for one in found)]
    assert all(reasons), json.dumps(reasons)
    return [one.start for one in found]
