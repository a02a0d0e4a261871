"""Those that trust policies let in: as files name them, and as sure as they are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from iamlint.graph.answer import GraphNode, NodeKind, Reaching
from iamlint.graph.find import GraphQuestion
from tests.graph.test_carriers import graph_of
from tests.support.chains import ABROAD, HOME
from tests.support.loading import write_files

if TYPE_CHECKING:
    from pathlib import Path

    from iamlint.graph.answer import Graph

YES, CONDITIONAL, UNKNOWN, NO = (
    Reaching.YES,
    Reaching.CONDITIONAL,
    Reaching.UNKNOWN,
    Reaching.NO,
)
MODULE: Final = """
variable "who" {{}}
data "aws_caller_identity" "me" {{}}
resource "aws_iam_openid_connect_provider" "gh" {{
  url = "https://token.actions.githubusercontent.com"
}}
resource "aws_iam_role" "a" {{
  name = "a"
  assume_role_policy = jsonencode({{ Version = "2012-10-17", Statement = [{{
    Effect = "Allow", Action = "{action}", Principal = {{ {principal} }} {more}
  }}] }})
}}
resource "aws_iam_role_policy_attachment" "a" {{
  role = aws_iam_role.a.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}}
resource "aws_iam_user" "kim" {{
  name = "kim"
}}
resource "aws_iam_user" "lee" {{
  name = "lee"
}}
resource "aws_iam_user_policy" "kim" {{
  user = aws_iam_user.kim.name
  policy = jsonencode({{ Version = "2012-10-17", Statement = [{{
    Effect = "Allow", Action = "sts:AssumeRole", Resource = aws_iam_role.a.arn
  }}] }})
}}
"""
ASSUME: Final = "sts:AssumeRole"
WEB: Final = "sts:AssumeRoleWithWebIdentity"
PROVIDER: Final = "oidc-provider/token.actions.githubusercontent.com"
ME: Final = "${data.aws_caller_identity.me.account_id}"


def graph(folder: Path, action: str, principal: str, more: str = "", *, is_known: bool) -> Graph:
    text = MODULE.format(action=action, principal=principal, more=more)
    toml = f'account = "{HOME}"\n' if is_known else ""
    write_files(folder, {"main.tf": text, "iamlint.toml": toml})
    return graph_of(folder)


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        (
            "AWS = var.who",
            {"${var.who}": (YES, ())},
        ),
        (
            'AWS = "arn:aws:iam::${var.who}:root"',
            {
                "arn:aws:iam::${var.who}:root": (UNKNOWN, ("${var.who}",)),
                "user/kim": (UNKNOWN, ("var.who",)),
            },
        ),
        (
            'AWS = "arn:aws:iam::${var.who}:user/lee"',
            {
                "arn:aws:iam::${var.who}:user/lee": (UNKNOWN, ("${var.who}",)),
                "user/lee": (UNKNOWN, ("var.who",)),
            },
        ),
        (f'AWS = "arn:aws:iam::{ME}:root"', {"user/kim": (YES, ())}),
        (f'AWS = "arn:aws:iam::{ME}:user/lee"', {"user/lee": (YES, ())}),
        (f'AWS = "arn:aws:iam::{HOME}:user/nobody"', {}),
        (
            f'AWS = "arn:aws:iam::{ABROAD}:role/x"',
            {f"arn:aws:iam::{ABROAD}:role/x": (YES, ())},
        ),
    ],
)
def test_trust_lets_in_those_whom_it_may_be_about(
    principal: str, expected: dict[str, tuple[Reaching, tuple[str, ...]]], *, is_known: bool,
    tmp_path: Path,
) -> None:  # fmt: skip
    found = graph(tmp_path, ASSUME, principal, is_known=is_known)
    answers = {one.start: (one.answer, one.unknown) for one in found.answers}
    if not is_known and HOME in principal:
        answers = {start: one for start, one in answers.items() if start.startswith("user/")}
    if not is_known and ABROAD in principal:
        expected = dict.fromkeys(expected, (YES, ()))
    assert answers == {"user/kim": (NO, ()), "user/lee": (NO, ())} | expected


@pytest.mark.parametrize("written", ["aws_iam_openid_connect_provider.gh.arn", None])
@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("is_limited", [True, False])
def test_provider_of_this_account_is_one_outsider(
    written: str | None, *, is_known: bool, is_limited: bool, tmp_path: Path
) -> None:
    arn = written or f'"arn:aws:iam::{ME}:{PROVIDER}"'
    key = "token.actions.githubusercontent.com:sub"
    more = f', Condition = {{ StringEquals = {{ "{key}" = "repo:a/b:*" }} }}' if is_limited else ""
    found = graph(tmp_path, WEB, f"Federated = {arn}", more, is_known=is_known)
    name = f"arn:aws:iam::{HOME}:{PROVIDER}" if is_known else PROVIDER
    (answer,) = (one for one in found.answers if not one.start.startswith("user/"))
    assert (answer.start, answer.answer) == (name, CONDITIONAL if is_limited else YES)
    assert [one.key for one in answer.conditions] == ([key] if is_limited else [])
    known = (HOME, name) if is_known else (None, None)
    assert found.node(name) == GraphNode(name, NodeKind.OUTSIDER, *known)
    assert "9999999999" not in repr(found.assumptions)


def test_text_says_that_an_unknown_principal_may_be_anybody(tmp_path: Path) -> None:
    found = graph(tmp_path, ASSUME, "AWS = var.who", is_known=False)
    assert found.node("${var.who}") == GraphNode("${var.who}", NodeKind.OUTSIDER)
    assert found.assumptions == (
        "policies of the account of `${var.who}` allow it to do so, whoever it is",
    )


@pytest.mark.parametrize("end", ["role/a", f"arn:aws:iam::{HOME}:role/a"])
def test_outsiders_alone_are_asked_about_by_their_name(end: str, tmp_path: Path) -> None:
    graph(tmp_path, ASSUME, f'AWS = ["{ABROAD}", var.who]', is_known=True)
    found = graph_of(tmp_path, GraphQuestion(("outsiders",), end))
    assert [(one.start, one.end, one.answer) for one in found.answers] == [
        ("${var.who}", "role/a", YES),
        (f"arn:aws:iam::{ABROAD}:root", "role/a", YES),
    ]
