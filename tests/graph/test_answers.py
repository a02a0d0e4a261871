"""Answers to the questions that the command line asks: starts, ends, actions, number of chains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from iamlint.errors import UsageError
from iamlint.graph.answer import Reaching
from iamlint.graph.find import GraphQuestion
from tests.graph.test_carriers import graph_of
from tests.support.chains import (
    ABROAD,
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

YES, NO = Reaching.YES, Reaching.NO
KIM, LEE, CI, OPS, ADMIN = user("kim"), user("lee"), role("ci"), role("ops"), role("admin")
PARTNER: Final = f"arn:aws:iam::{ABROAD}:root"
SECRET: Final = f"arn:aws:secretsmanager:eu-west-1:{HOME}:secret:db-AbCdEf"
ROOT: Final = trusts(AWS=f"arn:aws:iam::{HOME}:root")
ACCOUNT: Final = Account(
    (
        Principal(KIM, policies=((allow("sts:AssumeRole", CI, OPS),),)),
        Principal(LEE, policies=((allow("secretsmanager:GetSecretValue", SECRET),),)),
        Principal(CI, policies=((allow("sts:AssumeRole", ADMIN),),), trust=(ROOT,)),
        Principal(
            OPS,
            policies=((allow(["iam:UpdateAssumeRolePolicy", "sts:AssumeRole"], ADMIN),),),
            trust=(ROOT, trusts(AWS=PARTNER)),
        ),
        Principal(
            ADMIN,
            policies=((deny("secretsmanager:DeleteSecret"),),),
            attached=(ADMINISTRATOR,),
            trust=(ROOT,),
        ),
    )
)
READ: Final = ("secretsmanager:GetSecretValue",)
TO_ADMIN: Final = ("role/ops", "role/admin")
BY_CI: Final = ("role/ci", "role/admin")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            GraphQuestion(("user/kim", "user/lee"), end="role/admin"),
            {"user/kim": (YES, BY_CI), "user/lee": (NO, ())},
        ),
        (
            GraphQuestion((KIM.arn,), end=ADMIN.arn),
            {"user/kim": (YES, BY_CI)},
        ),
        (
            GraphQuestion(("outsiders",)),
            {PARTNER: (YES, TO_ADMIN)},
        ),
        (
            GraphQuestion(("outsiders", "role/ci"), end="role/ci"),
            {PARTNER: (YES, (*TO_ADMIN, "role/ci")), "role/ci": (YES, ())},
        ),
        (
            GraphQuestion(("user/kim", "user/lee"), SECRET, READ),
            {"user/kim": (YES, (*BY_CI, SECRET)), "user/lee": (YES, (SECRET,))},
        ),
        (
            GraphQuestion(("user/kim", "user/lee"), SECRET, ("secretsmanager:DeleteSecret",)),
            {"user/kim": (YES, (*BY_CI, SECRET)), "user/lee": (NO, ())},
        ),
        (
            GraphQuestion(("role/admin",)),
            {"role/admin": (YES, ())},
        ),
    ],
)  # fmt: skip
def test_answers_are_about_the_starts_and_the_end(
    question: GraphQuestion, expected: dict[str, tuple[Reaching, tuple[str, ...]]], tmp_path: Path
) -> None:
    ACCOUNT.write(tmp_path, "dump")
    graph = graph_of(tmp_path, question)
    assert {
        one.start: (one.answer, tuple(graph.edge(step).end for step in one.chain.steps))
        for one in graph.answers
    } == expected


def test_more_chains_of_a_start_are_different_and_none_is_missing(tmp_path: Path) -> None:
    ACCOUNT.write(tmp_path, "dump")
    graph = graph_of(tmp_path, GraphQuestion(("user/kim",), paths=4))
    (answer,) = graph.answers
    chains = [answer.chain, *answer.alternatives]
    assert {
        tuple((str(edge.how), edge.end) for edge in map(graph.edge, one.steps)) for one in chains
    } == {
        (("assume-role", "role/ci"), ("assume-role", "role/admin")),
        (("assume-role", "role/ops"), ("assume-role", "role/admin")),
        (("assume-role", "role/ops"), ("trust-rewritten", "role/admin")),
    }


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (GraphQuestion(("user/nobody",)), "there is no `user/nobody`"),
        (GraphQuestion(end="role/none"), "there is no `role/none`"),
        (
            GraphQuestion(end="role/ci", actions=("s3:GetObject",)),
            "actions are done to a resource, but `role/ci` is not an ARN",
        ),
        (
            GraphQuestion(end=SECRET, actions=("s3:GetObject",)),
            f"`s3:GetObject` matches no action that acts on `{SECRET}`",
        ),
    ],
)
def test_questions_that_are_not_valid_are_refused(
    question: GraphQuestion, message: str, tmp_path: Path
) -> None:
    ACCOUNT.write(tmp_path, "dump")
    with pytest.raises(UsageError) as caught:
        graph_of(tmp_path, question)
    assert str(caught.value) == message
