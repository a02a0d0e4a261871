"""One who can become several principals has what each of them may do, and not more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from iamlint.graph.answer import How, Reaching
from iamlint.graph.find import GraphQuestion
from tests.graph.test_carriers import answers, graph_of
from tests.support.chains import (
    ADMINISTRATOR,
    EC2,
    HOME,
    LAMBDA,
    Account,
    Principal,
    Ref,
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

Step = tuple[str, str | None, str, str | None]
Statement = dict[str, Any]

KIM, LEE = user("kim"), user("lee")
CI, OPS, APP, BOSS = role("ci"), role("ops"), role("app"), role("boss")
LIMIT, STAFF = managed("limit"), group("staff")
ROOT: Final = trusts(AWS=f"arn:aws:iam::{HOME}:root")
BY_KIM: Final = trusts(AWS=KIM.arn)
YES, UNKNOWN, NO = Reaching.YES, Reaching.UNKNOWN, Reaching.NO
CARRIERS: Final = ("dump", "terraform")


def may(ref: Ref, *statements: Statement, **more: Any) -> Principal:
    return Principal(ref, ((allow("s3:GetObject"), *statements),), **more)


def answer_of(account: Account, folder: Path, carrier: str) -> tuple[Reaching, tuple[Step, ...]]:
    account.write(folder, carrier)
    return answers(graph_of(folder, GraphQuestion((KIM.title,))))[KIM.title][:2]


ASSUMES_CI: Final = (How.ASSUME_ROLE, "sts-assume-role", "role/ci", None)
PASS: Final = allow("iam:PassRole", BOSS)
CREATE, INVOKE = allow("lambda:CreateFunction"), allow("lambda:InvokeFunction")
OF_LAMBDA: Final = Principal(BOSS, attached=(ADMINISTRATOR,), trust=(LAMBDA,))
OF_EC2: Final = Principal(BOSS, attached=(ADMINISTRATOR,), trust=(EC2,))
BOTH: Final = allow("sts:AssumeRole", CI, OPS)


def passes(path: str, by: Ref) -> tuple[Step, ...]:
    return ASSUMES_CI, (How.PASS_ROLE, path, "role/boss", by.title)


TEAMS: Final[dict[str, tuple[tuple[Principal, ...], tuple[Step, ...]]]] = {
    "another role invokes the function": (
        (
            may(KIM, BOTH),
            may(CI, PASS, CREATE, trust=(ROOT,)),
            may(OPS, INVOKE, trust=(ROOT,)),
            OF_LAMBDA,
        ),
        passes("lambda-create-invoke", OPS),
    ),
    "the start invokes the function": (
        (may(KIM, BOTH, INVOKE), may(CI, PASS, CREATE, trust=(ROOT,)), OF_LAMBDA),
        passes("lambda-create-invoke", KIM),
    ),
    "another role makes the instance profile": (
        (
            may(KIM, BOTH),
            may(
                CI,
                PASS,
                allow(["ec2:RunInstances", "iam:AddRoleToInstanceProfile"]),
                trust=(ROOT,),
            ),
            may(OPS, allow("iam:CreateInstanceProfile"), trust=(ROOT,)),
            OF_EC2,
        ),
        passes("ec2-run-instances", OPS),
    ),
    "one creates a user, another one gives it policies and keys": (
        (
            may(KIM, BOTH, allow("iam:CreateUser")),
            may(
                CI,
                allow(
                    ["iam:AttachUserPolicy", "iam:CreateAccessKey"],
                    f"arn:aws:iam::{HOME}:user/new-*",
                ),
                trust=(ROOT,),
            ),
        ),
        ((How.NEW_PRINCIPAL, None, "admin", "role/ci"),),
    ),
}
APART: Final[dict[str, tuple[Principal, ...]]] = {
    "the one who passes does not create": (
        may(KIM, BOTH, CREATE, INVOKE),
        may(CI, PASS, trust=(ROOT,)),
        OF_LAMBDA,
    ),
    "the one who invokes cannot be assumed": (
        may(KIM, BOTH),
        may(CI, PASS, CREATE, trust=(ROOT,)),
        may(OPS, INVOKE, trust=(EC2,)),
        OF_LAMBDA,
    ),
    "the one who invokes is denied it": (
        may(KIM, BOTH),
        may(CI, PASS, CREATE, trust=(ROOT,)),
        may(OPS, INVOKE, deny("lambda:InvokeFunction"), trust=(ROOT,)),
        OF_LAMBDA,
    ),
    "the one who passes also has to launch": (
        may(KIM, BOTH, allow("ec2:RunInstances")),
        may(CI, PASS, trust=(ROOT,)),
        Principal(BOSS, attached=(ADMINISTRATOR,), trust=(EC2,), has_profile=True),
    ),
    "one creates a user, and nobody makes keys": (
        may(KIM, BOTH, allow("iam:CreateUser")),
        may(CI, allow("iam:AttachUserPolicy", f"arn:aws:iam::{HOME}:user/new-*"), trust=(ROOT,)),
    ),
}


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("title", TEAMS)
def test_needs_are_met_by_all_whom_one_can_become(title: str, carrier: str, tmp_path: Path) -> None:
    principals, steps = TEAMS[title]
    assert answer_of(Account(principals), tmp_path, carrier) == (YES, steps)


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("title", APART)
def test_needs_are_not_met_by_others(title: str, carrier: str, tmp_path: Path) -> None:
    assert answer_of(Account(APART[title]), tmp_path, carrier) == (NO, ())


def test_steps_to_the_others_are_beside_the_chain(tmp_path: Path) -> None:
    Account(TEAMS["another role invokes the function"][0]).write(tmp_path, "dump")
    graph = graph_of(tmp_path, GraphQuestion((KIM.title,)))
    chain = graph.answers[0].chain
    assert [graph.edge(step).end for step in chain.aside] == ["role/ops"]
    last = graph.edge(chain.steps[-1])
    assert last.actions == ("iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction")


@pytest.mark.parametrize(("may_open", "answer"), [(True, UNKNOWN), (False, NO)])
def test_paths_that_are_not_modelled_are_unknown_to_a_team(
    may_open: bool,  # noqa: FBT001 - a case
    answer: Reaching,
    tmp_path: Path,
) -> None:
    actions = ["rolesanywhere:CreateTrustAnchor", "rolesanywhere:CreateProfile"]
    others = (allow("iam:PassRole"),) if may_open else ()
    account = Account(
        (may(KIM, BOTH, allow(actions[0])), may(CI, allow(actions[1]), *others, trust=(ROOT,)))
    )
    assert answer_of(account, tmp_path, "dump")[0] is answer


def in_a_row(*of_ci: Statement, trust: Statement = BY_KIM) -> Account:
    """Return an account whose first role may make kim one who may rewrite the second."""
    return Account(
        (
            may(KIM, allow("sts:AssumeRole", CI)),
            may(CI, *of_ci, trust=(ROOT,)),
            may(STAFF, allow("iam:PutRolePolicy", OPS)),
            may(OPS, trust=(trust,)),
        )
    )


ADDS: Final = allow("iam:AddUserToGroup", STAFF)


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize(
    ("account", "steps"),
    [
        (
            in_a_row(ADDS),
            (
                (How.ASSUME_ROLE, "sts-assume-role", "role/ops", None),
                (How.POLICY_REWRITTEN, "iam-put-role-policy", "admin", "user/kim&group/staff"),
            ),
        ),
        (in_a_row(allow("iam:GetGroup", STAFF)), ()),
        (in_a_row(ADDS, trust=EC2), ()),
    ],
)
def test_two_steps_of_several_in_a_row_are_found(
    account: Account, steps: tuple[Step, ...], carrier: str, tmp_path: Path
) -> None:
    assert answer_of(account, tmp_path, carrier) == (YES if steps else NO, steps)


@pytest.mark.parametrize(("is_whole", "answer"), [(True, YES), (False, NO)])
def test_steps_of_several_are_found_however_many_are_in_a_row(
    is_whole: bool,  # noqa: FBT001 - a case
    answer: Reaching,
    tmp_path: Path,
) -> None:
    teams = [group(f"team-{number}") for number in range(4)]
    mates = [role(f"mate-{number}") for number in range(4)]
    adds = [allow("iam:AddUserToGroup", one) for one in teams]
    adds[1] = adds[1] if is_whole else allow("iam:GetGroup", teams[1])
    leads_on = [allow("sts:AssumeRole", one) for one in mates]
    account = Account(
        (
            may(KIM, leads_on[0]),
            *(may(mate, add, trust=(ROOT,)) for mate, add in zip(mates, adds, strict=True)),
            *(may(one, on) for one, on in zip(teams[:3], leads_on[1:], strict=True)),
            may(teams[3], allow("iam:PutRolePolicy", OPS)),
            may(OPS, trust=(BY_KIM,)),
        )
    )
    assert answer_of(account, tmp_path, "dump")[0] is answer


PUT: Final = allow("iam:PutUserPolicy", KIM)
ASSUMED_BOSS: Final = Principal(BOSS, attached=(ADMINISTRATOR,), trust=(ROOT,))


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize(
    ("limit", "is_open"),
    [
        (["iam:PutUserPolicy", "sts:AssumeRole"], True),
        (["iam:PutUserPolicy", "iam:UpdateAssumeRolePolicy"], True),
        (["iam:PutUserPolicy", "s3:*"], False),
        (["sts:AssumeRole"], False),
    ],
)
def test_a_policy_within_a_boundary_may_lead_on(
    limit: list[str],
    is_open: bool,  # noqa: FBT001 - a case
    carrier: str,
    tmp_path: Path,
) -> None:
    account = Account((may(KIM, PUT, boundary=LIMIT), ASSUMED_BOSS), {"limit": (allow(limit),)})
    how = How.ASSUME_ROLE if "sts:AssumeRole" in limit else How.TRUST_REWRITTEN
    path = "sts-assume-role" if "sts:AssumeRole" in limit else "iam-update-assume-role-policy"
    steps = (
        (How.POLICY_REWRITTEN, "iam-put-user-policy", "user/kim&any policy", None),
        (how, path, "role/boss", None),
    )
    assert answer_of(account, tmp_path, carrier) == ((YES, steps) if is_open else (NO, ()))


@pytest.mark.parametrize(("trust", "is_open"), [(ROOT, True), (EC2, False)])
def test_a_policy_within_a_boundary_may_be_given_by_another(
    trust: Statement,
    is_open: bool,  # noqa: FBT001 - a case
    tmp_path: Path,
) -> None:
    account = Account(
        (
            may(KIM, allow("sts:AssumeRole", CI), boundary=LIMIT),
            may(CI, PUT, trust=(trust,)),
            ASSUMED_BOSS,
        ),
        {"limit": (allow("sts:AssumeRole"),)},
    )
    steps = (
        (How.POLICY_REWRITTEN, "iam-put-user-policy", "user/kim&any policy", "role/ci"),
        (How.ASSUME_ROLE, "sts-assume-role", "role/boss", None),
    )
    assert answer_of(account, tmp_path, "dump") == ((YES, steps) if is_open else (NO, ()))


@pytest.mark.parametrize(("let_in", "answer"), [(APP.arn, YES), (f"{APP.arn}-2", UNKNOWN)])
def test_a_rewritten_principal_becomes_one_that_a_limit_lets_through(
    let_in: str, answer: Reaching, tmp_path: Path
) -> None:
    but = {"Condition": {"ArnNotLike": {"aws:PrincipalArn": let_in}}}
    account = Account(
        (
            may(KIM, PUT),
            may(APP, allow("s3:DeleteObject"), trust=(ROOT,)),
        ),
        scps=((allow("*"), deny("s3:*", **but)),),
    )
    account.write(tmp_path, "dump")
    question = GraphQuestion((KIM.title,), "arn:aws:s3:::logs/one", ("s3:DeleteObject",))
    assert graph_of(tmp_path, question).answers[0].answer is answer
