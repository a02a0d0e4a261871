"""A step that needs a tag names every principal that can set it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from iamlint.graph.answer import NeededKey, Reaching, SetBy
from iamlint.graph.find import GraphQuestion
from tests.graph.test_carriers import graph_of
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
