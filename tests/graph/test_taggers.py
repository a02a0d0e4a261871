"""A step that needs a tag names every principal that can set it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from iamlint.graph.answer import NeededKey, Reaching, SetBy
from iamlint.graph.asking import set_by
from iamlint.graph.find import GraphQuestion
from tests.graph.test_carriers import answers, graph_of
from tests.support.chains import (
    ADMINISTRATOR,
    HOME,
    Account,
    Principal,
    allow,
    deny,
    role,
    trusts,
    user,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KIM, LEE, MAX, ADMIN = user("kim"), user("lee"), user("max"), role("admin")
PRINCIPAL, RESOURCE = "aws:PrincipalTag/team", "aws:ResourceTag/team"


def asked(folder: Path, key: str, *of_lee: dict[str, Any]) -> NeededKey:
    """Return what kim needs to become the administrator, where lee has some statements."""
    shop = {"StringEquals": {key: "shop"}}
    assume = allow("sts:AssumeRole", ADMIN, Condition=shop)
    root = trusts(AWS=f"arn:aws:iam::{HOME}:root")
    Account(
        (
            Principal(KIM, policies=((assume,),)),
            Principal(LEE, policies=((allow("s3:GetObject"), *of_lee),)),
            Principal(MAX),
            Principal(ADMIN, attached=(ADMINISTRATOR,), trust=(root,)),
        )
    ).write(folder, "folders")
    graph = graph_of(folder, GraphQuestion((KIM.title,)))
    (answer,) = graph.answers
    assert answer.answer is Reaching.CONDITIONAL
    assert answer.conditions == graph.edges[0].conditions
    (needed,) = answer.conditions
    return needed


_VALUE: Final = {"StringEquals": {"aws:RequestTag/team": "web"}}


@pytest.mark.parametrize(
    ("key", "of_lee", "taggers"),
    [
        (PRINCIPAL, (allow("iam:TagUser", KIM),), ("role/admin", "user/lee")),
        (PRINCIPAL, (allow("iam:TagUser", MAX),), ("role/admin",)),
        (PRINCIPAL, (allow("iam:TagRole", "*"),), ("role/admin",)),
        (PRINCIPAL, (allow("iam:Tag*"), deny("iam:TagUser", KIM)), ("role/admin",)),
        (PRINCIPAL, (allow("iam:TagUser", KIM, Condition=_VALUE),), ("role/admin",)),
        (RESOURCE, (allow("iam:TagRole", ADMIN),), ("role/admin", "user/lee")),
        (RESOURCE, (allow("iam:TagUser", KIM),), ("role/admin",)),
    ],
)
def test_taggers_are_those_that_can_give_the_tag_its_value(
    key: str, of_lee: tuple[dict[str, Any], ...], taggers: tuple[str, ...], tmp_path: Path
) -> None:
    found = asked(tmp_path, key, *of_lee)
    assert found == NeededKey(key, ("shop",), SetBy.TAGGER, taggers)


EMPLOYED: Final = {"StringEquals": {PRINCIPAL: "shop"}}
WEB: Final = {"team": "web"}
ROOT: Final = trusts(AWS=f"arn:aws:iam::{HOME}:root")
SESSIONS: Final = trusts(["sts:AssumeRole", "sts:TagSession"], AWS=f"arn:aws:iam::{HOME}:root")
COSTS: Final = {"ForAllValues:StringEquals": {"aws:TagKeys": ["cost"]}}
NEEDS: Final = allow("sts:AssumeRole", ADMIN, Condition=EMPLOYED)
NOT_WEB: Final = (
    allow("sts:AssumeRole", ADMIN),
    deny("sts:AssumeRole", ADMIN, Condition={"StringEquals": {PRINCIPAL: "web"}}),
)
YES, IF, UNKNOWN, NO = Reaching.YES, Reaching.CONDITIONAL, Reaching.UNKNOWN, Reaching.NO


@pytest.mark.parametrize(
    ("statements", "tags", "answer"),
    [
        ((NEEDS,), WEB, NO),
        ((NEEDS,), {"team": "shop"}, YES),
        ((NEEDS, allow("iam:TagUser", KIM)), WEB, IF),
        ((NEEDS, allow("iam:Tag*")), WEB, IF),
        ((NEEDS, allow("iam:TagUser", LEE)), WEB, NO),
        ((NEEDS, allow("iam:TagRole")), WEB, NO),
        ((NEEDS, allow("iam:UntagUser", KIM)), WEB, NO),
        ((NEEDS, allow("iam:TagUser"), deny("iam:TagUser", KIM)), WEB, NO),
        ((NEEDS, allow("iam:TagUser", KIM, Condition=COSTS)), WEB, NO),
        ((NEEDS, allow("iam:TagUser", KIM, Condition=_VALUE)), WEB, NO),
        (NOT_WEB, WEB, NO),
        ((*NOT_WEB, allow("iam:UntagUser", KIM)), WEB, IF),
        ((*NOT_WEB, allow("iam:TagUser", KIM)), WEB, UNKNOWN),
        ((*NOT_WEB, allow("iam:TagUser", LEE)), WEB, NO),
    ],
)
@pytest.mark.parametrize("carrier", ["dump", "terraform", "template"])
def test_a_user_has_the_tags_that_it_can_give_itself(
    statements: tuple[dict[str, Any], ...],
    tags: Mapping[str, str],
    answer: Reaching,
    carrier: str,
    tmp_path: Path,
) -> None:
    Account(
        (
            Principal(KIM, policies=(statements,), tags=tags),
            Principal(LEE),
            Principal(ADMIN, attached=(ADMINISTRATOR,), trust=(ROOT,)),
        )
    ).write(tmp_path, carrier)
    assert answers(graph_of(tmp_path, GraphQuestion((KIM.title,))))[KIM.title][0] is answer


def test_a_step_with_a_tag_of_its_own_has_both_statements(tmp_path: Path) -> None:
    statements = (NEEDS, allow("iam:TagUser", KIM))
    Account(
        (
            Principal(KIM, policies=(statements,)),
            Principal(ADMIN, attached=(ADMINISTRATOR,), trust=(ROOT,)),
        )
    ).write(tmp_path, "dump")
    (edge,) = graph_of(tmp_path, GraphQuestion((KIM.title,))).edges
    assert edge.actions == ("iam:TagUser", "sts:AssumeRole")
    assert [one.says for one in edge.places] == [
        "may assume the role",
        "trusts it",
        "may tag itself",
    ]


@pytest.mark.parametrize(
    ("trust", "statements", "answer"),
    [
        (ROOT, (NEEDS,), NO),
        (SESSIONS, (NEEDS,), IF),
        (ROOT, (NEEDS, allow("iam:TagRole", role("ci"))), IF),
        (ROOT, (NEEDS, allow("iam:TagRole", ADMIN)), NO),
    ],
)
def test_a_role_has_the_tags_of_its_sessions_and_those_that_it_can_give_itself(
    trust: dict[str, Any],
    statements: tuple[dict[str, Any], ...],
    answer: Reaching,
    tmp_path: Path,
) -> None:
    ci = role("ci")
    Account(
        (
            Principal(KIM, policies=((allow(["sts:AssumeRole", "sts:TagSession"], ci),),)),
            Principal(ci, policies=(statements,), trust=(trust,), tags=WEB),
            Principal(ADMIN, attached=(ADMINISTRATOR,), trust=(ROOT,)),
        )
    ).write(tmp_path, "dump")
    found = answers(graph_of(tmp_path))
    assert {start: one[0] for start, one in found.items()} == {KIM.title: answer, ci.title: answer}


@pytest.mark.parametrize(
    ("key", "who"),
    [
        ("aws:PrincipalOrgID", SetBy.ORGANIZATION),
        ("aws:ResourceOrgPaths", SetBy.ORGANIZATION),
        ("aws:SourceOrgID", SetBy.ORGANIZATION),
        ("aws:PrincipalTag/team", SetBy.TAGGER),
        ("aws:SourceIp", SetBy.CALLER),
        ("saml:sub", SetBy.TOKEN),
    ],
)
def test_key_is_set_by_who_can_choose_its_value(key: str, who: SetBy) -> None:
    assert set_by(key) is who
