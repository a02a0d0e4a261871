"""What is true of the graph of any account: small ones, made from numbers."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from iamlint.catalog.escalation import escalation
from iamlint.evaluator.context import Missing
from iamlint.graph.answer import ADMIN, How, Reaching, StepLevel
from iamlint.graph.find import GraphQuestion, find_graph
from iamlint.graph.plain import PlainSteps
from iamlint.graph.world import GraphWorld
from iamlint.policy.truth import Truth
from iamlint.repository import find_repository
from tests.graph.test_carriers import answers, graph_of
from tests.support.chains import (
    ADMINISTRATOR,
    EC2,
    HOME,
    LAMBDA,
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
    from collections.abc import Callable
    from pathlib import Path

    from iamlint.graph.answer import Graph, GraphEdge

USERS: Final = tuple(map(user, ("kim", "lee")))
ROLES: Final = tuple(map(role, ("ci", "deploy", "admin")))
STAFF, LIMIT, HELD = group("staff"), managed("limit"), managed("held")
TARGETS: Final = (*USERS, *ROLES, STAFF, LIMIT, HELD, f"arn:aws:iam::{HOME}:role/*", "*")
ACTIONS: Final = (
    "sts:AssumeRole", "iam:PassRole", "iam:CreateAccessKey", "iam:UpdateAssumeRolePolicy",
    "iam:PutRolePolicy", "iam:AttachUserPolicy", "iam:AddUserToGroup", "iam:CreatePolicyVersion",
    "iam:*", "iam:Put*", "iam:DeleteRolePermissionsBoundary",
)  # fmt: skip
CONDITIONS: Final = (
    {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    {"StringEquals": {"aws:PrincipalTag/team": "shop"}},
    {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
)
STRENGTH: Final = (Reaching.NO, Reaching.UNKNOWN, Reaching.CONDITIONAL, Reaching.YES)
SEEDS: Final = range(24)


def statement(chance: random.Random) -> dict[str, Any]:
    made = allow(chance.choice(ACTIONS), chance.choice(TARGETS))
    if chance.random() < 0.2:
        made["Condition"] = chance.choice(CONDITIONS)
    return deny(actions=made["Action"]) if chance.random() < 0.1 else made


def statements(chance: random.Random) -> tuple[dict[str, Any], ...]:
    found = [statement(chance) for _ in range(chance.randint(0, 2))]
    if chance.random() < 0.4:
        found.append(allow(["lambda:CreateFunction", "lambda:InvokeFunction", "ec2:RunInstances"]))
    return tuple(found)


def account(seed: int) -> Account:
    """Return the account of a number."""
    chance = random.Random(seed)  # noqa: S311 - not a secret

    def trust() -> tuple[dict[str, Any], ...]:
        options = (
            EC2,
            LAMBDA,
            trusts(AWS=f"arn:aws:iam::{HOME}:root"),
            trusts(AWS=chance.choice((*USERS, *ROLES))),
            trusts(AWS=chance.choice(USERS), If=chance.choice(CONDITIONS[:3])),
        )
        return tuple(chance.sample(options, 2))

    def policies() -> tuple[tuple[dict[str, Any], ...], ...]:
        found = statements(chance)
        return (found,) if found else ()

    def bound() -> Any:
        return LIMIT if chance.random() < 0.15 else None

    people = [
        Principal(
            one, policies(), boundary=bound(), groups=(STAFF,) if chance.random() < 0.4 else ()
        )
        for one in USERS
    ]
    roles = [
        Principal(
            one,
            policies(),
            (ADMINISTRATOR,) if one == ROLES[2] else (HELD,) if chance.random() < 0.3 else (),
            boundary=bound(),
            trust=trust(),
            has_profile=chance.random() < 0.5,
        )
        for one in ROLES
    ]
    limits = {"limit": (allow(["iam:*", "sts:*", "lambda:*"]),), "held": (allow("s3:Get*"),)}
    return Account((*people, *roles, Principal(STAFF, policies())), limits)


def world_of(folder: Path) -> GraphWorld:
    repository = find_repository(folder, top=folder, here=folder, workloads=True)
    return GraphWorld(repository.whole, repository.config.declared, repository.account)


_ON_END: Final = {
    How.ASSUME_ROLE: {"sts:AssumeRole"},
    How.PASS_ROLE: {"iam:PassRole"},
    How.CREDENTIALS: {"iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile"},
    How.TRUST_REWRITTEN: {"iam:UpdateAssumeRolePolicy"},
}


def check(world: GraphWorld, edge: GraphEdge) -> None:
    """Compare a step with what the account answers about its actions on its end."""
    actor, end = world.beings[edge.start.partition("&")[0]].actor, world.beings.get(edge.end)
    if "&" in edge.start or end is None:
        return
    hosts = {"ec2.amazonaws.com"} if "ec2" in str(edge.path) else {"lambda.amazonaws.com"}
    given: dict[str, Any] = {}
    for key in edge.conditions:
        value: Any = key.values[0] if key.values else Missing.ABSENT
        given[key.key.lower()] = "203.0.113.7" if key.key == "aws:SourceIp" else value
    truths, without = [], []
    for action in _ON_END.get(edge.how, set()) & set(edge.actions):
        base = {"iam:passedtoservice": hosts.copy().pop()} if action == "iam:PassRole" else {}
        found = world.account.ask(actor, (action,), end.arn, context={**base, **given})
        truths.append(found.any)
        without.append(world.account.ask(actor, (action,), end.arn, context=base).any)
    assert all(one is Truth.YES for one in truths), edge
    if edge.level is StepLevel.CONDITIONAL and edge.how is not How.PASS_ROLE and without:
        assert any(one is not Truth.YES for one in without), edge
    if edge.level is StepLevel.SURE:
        assert not edge.conditions


@pytest.mark.parametrize("seed", SEEDS)
def test_each_step_is_what_the_account_allows(seed: int, tmp_path: Path) -> None:
    account(seed).write(tmp_path, "dump")
    world = world_of(tmp_path)
    ends = (ADMIN, *(one.title for one in ROLES[:2]))
    edges = [edge for end in ends for edge in find_graph(world, GraphQuestion(end=end)).edges]
    for edge in edges:
        check(world, edge)


@pytest.mark.parametrize("seed", SEEDS)
def test_steps_that_are_plain_are_allowed(seed: int, tmp_path: Path) -> None:
    account(seed).write(tmp_path, "dump")
    world = world_of(tmp_path)
    plain = PlainSteps(world)
    arns = [being.arn for being in world.beings.values()]
    for being in world.beings.values():
        for action in ("iam:PassRole", "iam:CreateAccessKey", "iam:PutRolePolicy"):
            assert action.lower() in escalation().spelled
            for arn in arns:
                is_fit = (":user/" in arn) is (action == "iam:CreateAccessKey")
                if is_fit and plain.allowing(being, action, arn) is not None:
                    assert world.account.ask(being.actor, (action,), arn).any is Truth.YES


def with_less(one: Account, chance: random.Random) -> Account:
    """Return an account with a Deny more, or an Allow less."""
    held = [number for number, each in enumerate(one.principals) if each.policies]
    number = chance.choice(held or [0])
    changed = one.principals[number]
    first = changed.policies[0] if changed.policies else ()
    if chance.random() < 0.5 or not first:
        first = (*first, deny(chance.choice(ACTIONS), chance.choice(TARGETS)))
    else:
        left_out = chance.randrange(len(first))
        is_denied = first[left_out]["Effect"] == "Deny"
        first = first if is_denied else (*first[:left_out], *first[left_out + 1 :])
    policies = (first, *changed.policies[1:]) if first else changed.policies[1:]
    rest = [each for at, each in enumerate(one.principals) if at != number]
    return replace(one, principals=(replace(changed, policies=policies), *rest))


def strengths(graph: Graph) -> dict[str, int]:
    found = {one.start: STRENGTH.index(one.answer) for one in graph.answers}
    admins = {node.id: 3 for node in graph.nodes if node.is_admin}
    return found | admins


@pytest.mark.parametrize("seed", SEEDS)
def test_a_deny_more_or_an_allow_less_makes_no_answer_stronger(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)  # noqa: S311 - not a secret
    before = account(seed)
    every = tuple(one.ref.title for one in before.principals if one.ref.kind != "group")
    question = GraphQuestion(starts=every)
    before.write(tmp_path / "before", "dump")
    old = strengths(graph_of(tmp_path / "before", question))
    for number in range(2):
        with_less(before, chance).write(tmp_path / str(number), "dump")
        new = strengths(graph_of(tmp_path / str(number), question))
        assert {start: one for start, one in new.items() if one > old[start]} == {}


REORDER: Final[dict[str, Callable[[Account], Account]]] = {
    "reversed": lambda one: replace(one, principals=one.principals[::-1]),
    "rotated": lambda one: replace(one, principals=one.principals[2:] + one.principals[:2]),
}


@pytest.mark.parametrize("seed", SEEDS[::2])
def test_answers_do_not_depend_on_order(seed: int, tmp_path: Path) -> None:
    account(seed).write(tmp_path / "as it is", "dump")
    expected = answers(graph_of(tmp_path / "as it is"))
    for name, change in REORDER.items():
        change(account(seed)).write(tmp_path / name, "dump")
        assert answers(graph_of(tmp_path / name)) == expected
