"""Each known path of escalation is a step, or a named doubt; one thing less and it is neither."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from iamlint.catalog.escalation import escalation
from iamlint.graph.answer import How, Reaching
from iamlint.graph.find import GraphQuestion
from iamlint.graph.ways import MOST_TAKING
from tests.graph.test_carriers import graph_of
from tests.support.chains import (
    ADMINISTRATOR,
    HOME,
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
from tests.support.escalation_table import (
    NOT_IN_FILES,
    NOT_MODELLED,
    PASSED,
    PASSED_TO_EXISTING,
    RUN,
    WORKLOADS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from iamlint.graph.answer import Graph, GraphAnswer

Step = tuple[How, str | None, str]
Grants = tuple[tuple[str, Ref | str], ...]
"""Actions, each with its resource."""

YES, UNKNOWN, NO = Reaching.YES, Reaching.UNKNOWN, Reaching.NO
ELSEWHERE: Final = "arn:aws:s3:::elsewhere"
MUTATIONS: Final = ("dropped", "denied", "elsewhere", "bounded")
HOSTS: Final = sorted(
    {row[0] for table in (PASSED, PASSED_TO_EXISTING) for row in table.values()}
    | {f"{service}.amazonaws.com" for service, _, _ in RUN.values()}
)


def host_role(service: str) -> Ref:
    return role(f"of-{service.removesuffix('.amazonaws.com').replace('.', '-')}")


def other(action: str) -> str:
    """Return a resource of the action's type that is not the one that the path is about."""
    kind = {"iam:CreatePolicyVersion": "policy", "iam:AddUserToGroup": "group"}.get(action)
    if kind is None:
        kind = "user" if "User" in action or "Key" in action or "Login" in action else "role"
    is_iam = action.startswith(("iam:", "sts:"))
    return f"arn:aws:iam::{HOME}:{kind}/other" if is_iam else ELSEWHERE


def mutated(
    grants: Grants, action: str, mutation: str, own: Principal, elsewhere: str = ""
) -> Principal:
    """Return a principal with the grants, but with one of them taken away."""
    kept = [(one, on) for one, on in grants if one != action]
    changed = {
        "dropped": kept,
        "elsewhere": [*kept, (action, elsewhere or other(action))],
    }.get(mutation, grants)
    statements = [allow(one, on) for one, on in changed]
    statements += [deny(action)] if mutation == "denied" else []
    bound = managed(f"but-{action.replace(':', '-')}") if mutation == "bounded" else None
    return replace(own, policies=(*own.policies, tuple(statements)), boundary=bound)


def bounds(principals: Iterable[Principal], actions: Iterable[str]) -> dict[str, tuple[Any, ...]]:
    """Return the boundaries that principals have, each of all but one action."""
    used = {one.boundary.name for one in principals if isinstance(one.boundary, Ref)}
    every = {f"but-{one.replace(':', '-')}": one for one in actions}
    return {
        name: ({"Effect": "Allow", "NotAction": action, "Resource": "*"},)
        for name, action in every.items()
        if name in used
    }


def steps_of(graph: Graph, answer: GraphAnswer) -> tuple[Step, ...]:
    edges = map(graph.edge, answer.chain.steps)
    return tuple((edge.how, edge.path, edge.end) for edge in edges)


def test_table_has_every_path() -> None:
    rows = [*PASSED, *PASSED_TO_EXISTING, *RUN, *NOT_MODELLED, *OWN, *FREED]
    assert sorted(rows) == sorted(one.id for one in escalation().paths)


# Paths of IAM and STS, each about things of its own.


@dataclass(frozen=True)
class Own:
    """What starts a path, with which grants, what else there is, and the steps.

    `decisive` are the actions without which there is nothing; all, if it is empty.
    """

    start: Principal
    grants: Grants
    steps: tuple[Step, ...]
    others: tuple[Principal, ...] = ()
    managed: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    decisive: tuple[str, ...] = ()


ROOT: Final = trusts(AWS=f"arn:aws:iam::{HOME}:root")
SEALED, OPEN, BOSS, ADMINS = role("sealed"), role("open"), user("boss"), group("admins")
SHARED: Final = (
    Principal(SEALED, attached=(ADMINISTRATOR,), trust=(trusts(Service="config.amazonaws.com"),)),
    Principal(OPEN, attached=(ADMINISTRATOR,), trust=(ROOT,)),
    Principal(BOSS, attached=(ADMINISTRATOR,)),
    Principal(ADMINS, attached=(ADMINISTRATOR,)),
    Principal(role("other"), trust=(trusts(Service="config.amazonaws.com"),)),
)
READS: Final = (allow("s3:GetObject"),)


def _rewrites(path: str) -> Step:
    return How.POLICY_REWRITTEN, path, "admin"


def _itself(kind: str, action: str, path: str) -> Own:
    """A principal that changes its own policies."""
    ref = Ref(kind, path)
    trust = (trusts(Service="config.amazonaws.com"),) if kind == "role" else ()
    return Own(Principal(ref, trust=trust), ((action, ref),), (_rewrites(path),))


def _of_group(action: str, path: str) -> Own:
    own = group(f"of-{path}")
    start = Principal(user(path), groups=(own,))
    others = (Principal(own, policies=(READS,)),)
    return Own(start, ((action, own),), (_rewrites(path),), others)


def _becomes(path: str, action: str, *more: str, target: Ref, how: How) -> Own:
    """A principal that becomes one with all rights."""
    grants = tuple((one, target) for one in (action, *more))
    return Own(Principal(user(path)), grants, ((how, path, target.title),))


def _then(kind: str, path: str, rewriting: str, into: str, step: tuple[How, str]) -> Own:
    """A principal that becomes one which it rewrites."""
    name = path.replace("+", "-")
    target = Ref(kind, f"target-{name}")
    trust = (ROOT,) if kind == "role" else ()
    first = path.partition("+")[0]
    is_version = rewriting == "iam:CreatePolicyVersion"
    held = managed(f"held-{name}")
    return Own(
        Principal(user(name)),
        ((rewriting, held if is_version else target), (into, target)),
        ((*step, target.title), _rewrites(first)),
        (Principal(target, attached=(held,), trust=trust),),
        {held.name: READS},
    )


_ASSUMES: Final = (How.ASSUME_ROLE, "sts-assume-role")
_KEYS: Final = (How.CREDENTIALS, "iam-create-access-key")
_TRUSTS: Final = (How.TRUST_REWRITTEN, "iam-update-assume-role-policy")
_TRUST: Final = "iam:UpdateAssumeRolePolicy"
_OF_ROLES: Final = {
    "iam-attach-role-policy": "iam:AttachRolePolicy",
    "iam-put-role-policy": "iam:PutRolePolicy",
    "iam-create-policy-version": "iam:CreatePolicyVersion",
}
_OF_USERS: Final = {
    "iam-attach-user-policy": "iam:AttachUserPolicy",
    "iam-put-user-policy": "iam:PutUserPolicy",
}
OWN: Final[dict[str, Own]] = {
    "iam-create-policy-version": Own(
        Principal(user("versions"), attached=(managed("held"),)),
        (("iam:CreatePolicyVersion", managed("held")),),
        (_rewrites("iam-create-policy-version"),),
        managed={"held": READS},
    ),
    "iam-attach-user-policy": _itself("user", "iam:AttachUserPolicy", "iam-attach-user-policy"),
    "iam-attach-role-policy": _itself("role", "iam:AttachRolePolicy", "iam-attach-role-policy"),
    "iam-put-user-policy": _itself("user", "iam:PutUserPolicy", "iam-put-user-policy"),
    "iam-put-role-policy": _itself("role", "iam:PutRolePolicy", "iam-put-role-policy"),
    "iam-attach-group-policy": _of_group("iam:AttachGroupPolicy", "iam-attach-group-policy"),
    "iam-put-group-policy": _of_group("iam:PutGroupPolicy", "iam-put-group-policy"),
    "iam-add-user-to-group": Own(
        Principal(user("joins")),
        (("iam:AddUserToGroup", ADMINS),),
        ((How.JOINS, "iam-add-user-to-group", "user/joins&group/admins"),),
    ),
    "iam-create-access-key": _becomes(
        "iam-create-access-key", "iam:CreateAccessKey", target=BOSS, how=How.CREDENTIALS
    ),
    "iam-rotate-access-key": Own(
        Principal(user("iam-rotate-access-key")),
        (("iam:CreateAccessKey", BOSS), ("iam:DeleteAccessKey", BOSS)),
        ((*_KEYS, "user/boss"),),
        decisive=("iam:CreateAccessKey",),
    ),
    "iam-create-login-profile": _becomes(
        "iam-create-login-profile", "iam:CreateLoginProfile", target=BOSS, how=How.CREDENTIALS
    ),
    "iam-update-login-profile": _becomes(
        "iam-update-login-profile", "iam:UpdateLoginProfile", target=BOSS, how=How.CREDENTIALS
    ),
    "iam-update-assume-role-policy": _becomes(
        "iam-update-assume-role-policy", _TRUST, target=SEALED, how=How.TRUST_REWRITTEN
    ),
    "iam-oidc-provider+trust": Own(
        Principal(user("providers")),
        ((_TRUST, SEALED), ("iam:CreateOpenIDConnectProvider", "*")),
        ((*_TRUSTS, "role/sealed"),),
        decisive=(_TRUST,),
    ),
    "sts-assume-role": _becomes(
        "sts-assume-role", "sts:AssumeRole", target=OPEN, how=How.ASSUME_ROLE
    ),
    "iam-create-role+policy": Own(
        Principal(user("creates")),
        (("iam:CreateRole", "*"), ("iam:AttachRolePolicy", f"arn:aws:iam::{HOME}:role/new-*")),
        ((How.NEW_PRINCIPAL, "iam-create-role+policy", "admin"),),
    ),
    **{
        f"{first}+{second}": _then(kind, f"{first}+{second}", rewriting, into, step)
        for kind, second, into, step, rewritings in (
            ("role", "assume", "sts:AssumeRole", _ASSUMES, _OF_ROLES),
            ("user", "access-key", "iam:CreateAccessKey", _KEYS, _OF_USERS),
            ("role", "trust", _TRUST, _TRUSTS, _OF_ROLES),
        )
        for first, rewriting in rewritings.items()
    },
}


def test_each_path_of_iam_is_its_steps_and_nothing_with_less(tmp_path: Path) -> None:
    principals = list(SHARED)
    policies: dict[str, tuple[Any, ...]] = {}
    expected: dict[str, tuple[Reaching, tuple[Step, ...]]] = {}
    for row in OWN.values():
        start = replace(row.start, policies=(tuple(allow(a, on) for a, on in row.grants),))
        principals += [start, *row.others]
        policies |= row.managed
        expected[start.ref.title] = (YES, row.steps)
        for action in row.decisive or [one for one, _ in row.grants]:
            for mutation in MUTATIONS:
                named = f"{start.ref.name}.{action[4:]}.{mutation}"
                ref = replace(start.ref, name=named)
                grants = tuple((a, ref if on == start.ref else on) for a, on in row.grants)
                changed = mutated(grants, action, mutation, replace(row.start, ref=ref))
                principals.append(changed)
                expected[ref.title] = (NO, ())
    policies |= bounds(principals, {action for row in OWN.values() for action, _ in row.grants})
    Account(tuple(principals), policies).write(tmp_path, "dump")
    graph = graph_of(tmp_path)
    found = {one.start: (one.answer, steps_of(graph, one)) for one in graph.answers}
    assert {start: found[start] for start in expected} == expected


@dataclass(frozen=True)
class Freed:
    """An administrator with something that stops it, and the action that takes this away."""

    kind: str
    action: str
    of: str


FREED: Final[dict[str, Freed]] = {
    "iam-delete-user-permissions-boundary": Freed(
        "user", "iam:DeleteUserPermissionsBoundary", "boundary"
    ),
    "iam-delete-role-permissions-boundary": Freed(
        "role", "iam:DeleteRolePermissionsBoundary", "boundary"
    ),
    "iam-put-user-permissions-boundary": Freed(
        "user", "iam:PutUserPermissionsBoundary", "boundary"
    ),
    "iam-put-role-permissions-boundary": Freed(
        "role", "iam:PutRolePermissionsBoundary", "boundary"
    ),
    "iam-detach-user-policy": Freed("user", "iam:DetachUserPolicy", "attached"),
    "iam-detach-role-policy": Freed("role", "iam:DetachRolePolicy", "attached"),
    "iam-delete-user-policy": Freed("user", "iam:DeleteUserPolicy", "inline"),
    "iam-delete-role-policy": Freed("role", "iam:DeleteRolePolicy", "inline"),
}


def freed(row: Freed, name: str, action: str, on: Ref | str) -> tuple[Principal, dict[str, Any]]:
    """Return an administrator that a boundary or a Deny stops from all but one action."""
    ref, held = Ref(row.kind, name), managed(f"stops-{name}")
    trust = (trusts(Service="config.amazonaws.com"),) if row.kind == "role" else ()
    one = Principal(ref, attached=(ADMINISTRATOR,), trust=trust)
    stops = ({"Effect": "Deny", "NotAction": action, "Resource": "*"},)
    match row.of:
        case "boundary":
            return replace(one, boundary=held), {held.name: (allow(action, on),)}
        case "attached":
            return replace(one, attached=(ADMINISTRATOR, held)), {held.name: stops}
        case _:
            return replace(one, policies=(stops,)), {}


def test_each_way_out_of_a_limit_is_a_step_and_nothing_with_less(tmp_path: Path) -> None:
    principals: list[Principal] = []
    policies: dict[str, Any] = {}
    expected: dict[str, tuple[Reaching, tuple[Step, ...]]] = {}
    for path, row in FREED.items():
        ref = Ref(row.kind, path)
        cases = [
            (freed(row, path, row.action, ref), (YES, (_rewrites(path),))),
            (freed(row, f"{path}.dropped", "s3:GetObject", "*"), (NO, ())),
        ]
        denied, more = freed(row, f"{path}.denied", row.action, "*")
        held = managed(f"never-{path}")
        # Not an inline Deny: those who may delete inline policies could delete it too.
        stopped = replace(denied, attached=(*denied.attached, held))
        is_inline = row.of == "inline"
        if is_inline or row.of == "boundary":
            never = {held.name: (deny(row.action),)}
            cases.append(((stopped, more | never), (NO, ())))
        if row.of == "boundary":
            other = Ref(row.kind, "other").arn
            cases.append((freed(row, f"{path}.elsewhere", row.action, other), (NO, ())))
        for (one, held_by), wanted in cases:
            principals.append(one)
            policies |= held_by
            expected[one.ref.title] = wanted
    Account(tuple(principals), policies).write(tmp_path, "dump")
    graph = graph_of(tmp_path)
    found = {one.start: (one.answer, steps_of(graph, one)) for one in graph.answers}
    assert found == expected


# Paths of services.


def _satisfied(needs: Iterable[tuple[str, ...]], actions: frozenset[str]) -> bool:
    return all(any(one in actions for one in need) for need in needs)


_PASS: Final = "iam:PassRole"  # noqa: S105 - the name of an action


def _wanted(actions: frozenset[str], host: str | None) -> tuple[Reaching, frozenset[str]]:
    """Return the answer for these actions in a dump, and what decides if it is unknown."""
    passes = _PASS in actions
    if passes and any(h == host and _satisfied(n, actions) for h, n in PASSED.values()):
        return YES, frozenset()
    missing = {
        type_
        for h, type_, n in PASSED_TO_EXISTING.values()
        if passes and h == host and _satisfied(n, actions)
    }
    if missing:
        return UNKNOWN, frozenset(missing)
    doubts = {path for path, (_, _, n) in RUN.items() if _satisfied(n, actions)}
    doubts |= {path for path, n in NOT_MODELLED.items() if _satisfied(n, actions)}
    return (UNKNOWN, frozenset(doubts)) if doubts else (NO, frozenset())


def _rows() -> Iterator[tuple[str, str | None, tuple[tuple[str, ...], ...]]]:
    for path, (host, needs) in PASSED.items():
        yield path, host, ((_PASS,), *needs)
    for path, (host, _, needs) in PASSED_TO_EXISTING.items():
        yield path, host, ((_PASS,), *needs)
    for path, (_, _, needs) in RUN.items():
        yield path, None, needs
    for path, needs in NOT_MODELLED.items():
        yield path, None, needs


def _variants(needs: tuple[tuple[str, ...], ...]) -> Iterator[tuple[str, ...]]:
    """Yield actions that meet needs, with each action of each group once."""
    for number in range(max(map(len, needs))):
        yield tuple(need[min(number, len(need) - 1)] for need in needs)


HOST_ROLES: Final = tuple(
    Principal(
        host_role(host),
        attached=(ADMINISTRATOR,),
        trust=(trusts(Service=host),),
        has_profile=host == "ec2.amazonaws.com",
    )
    for host in HOSTS
)


def cases(*mutations: str) -> Iterator[tuple[str, str | None, Principal, frozenset[str]]]:
    """Yield a path, its service, who may go it, and the actions; and those who may not quite."""
    number = 0
    for path, host, needs in _rows():
        target: Ref | str = "*" if host is None else host_role(host)
        for actions in _variants(needs):
            grants = tuple((one, target if one == _PASS else "*") for one in actions)
            for action in actions if mutations else ():
                for mutation in mutations:
                    number += 1
                    own = Principal(user(f"{path}.{mutation}.{number}"))
                    left = frozenset(actions) - {action}
                    # No file shows which roles the service of such a path could use.
                    on = ELSEWHERE if path in NOT_MODELLED else other(action)
                    yield path, host, mutated(grants, action, mutation, own, on), left
            number += 1
            statements = tuple(allow(one, on) for one, on in grants)
            one = Principal(user(f"{path}.whole.{number}"), policies=(statements,))
            yield path, host, one, frozenset(actions)


def _decides(answer: GraphAnswer) -> frozenset[str]:
    return frozenset((*answer.unknown, *(one.path for one in answer.doubts)))


def test_each_path_of_a_service_in_a_dump_is_a_step_or_a_named_doubt(tmp_path: Path) -> None:
    found_cases = [*cases(*MUTATIONS)]
    principals = [*HOST_ROLES, *(one for _, _, one, _ in found_cases)]
    policies = bounds(principals, {one for _, _, needs in _rows() for n in needs for one in n})
    Account(tuple(principals), policies).write(tmp_path, "dump")
    graph = graph_of(tmp_path)
    answers = {one.start: one for one in graph.answers}
    wrong: list[object] = []
    for path, host, one, actions in found_cases:
        got, (wanted, decides) = answers[one.ref.title], _wanted(actions, host)
        edges = [graph.edge(step) for step in got.chain.steps]
        is_whole = ".whole." in one.ref.name
        taken = [(edge.how, edge.path, edge.end, frozenset(edge.actions)) for edge in edges]
        if got.answer is not wanted:
            wrong.append((one.ref.name, got.answer, wanted))
        elif is_whole and (path in PASSED or path in PASSED_TO_EXISTING):
            step = (How.PASS_ROLE, path, host_role(host or "").title, actions)
            if taken != [step]:
                wrong.append((one.ref.name, taken, step))
        if wanted is UNKNOWN and not (
            _decides(got) <= decides if edges else _decides(got) == decides
        ):
            wrong.append((one.ref.name, _decides(got), decides))
    assert wrong == []


def workload(type_: str, host: str) -> str:
    """Return a resource of Terraform that runs with the role of a service."""
    name, how = WORKLOADS[type_]
    label = host_role(host).label
    whole = how.format(role=f"aws_iam_role.{label}", profile=f"aws_iam_instance_profile.{label}")
    return f'resource "{name}" "one" {{\n  {whole}\n}}\n'


def _in_module(tmp_path: Path, principals: Iterable[Principal], types: Mapping[str, str]) -> Graph:
    Account((*HOST_ROLES, *principals)).write(tmp_path, "terraform")
    blocks = [workload(type_, host) for type_, host in types.items()]
    (tmp_path / "workloads.tf").write_text("".join(blocks), encoding="utf-8")
    return graph_of(tmp_path)


_HOST_OF: Final = {
    **{type_: host for host, type_, _ in PASSED_TO_EXISTING.values() if type_ in WORKLOADS},
    **{type_: f"{service}.amazonaws.com" for service, type_, _ in RUN.values()},
}


def test_each_path_through_what_runs_is_a_step_in_a_module_that_has_it(tmp_path: Path) -> None:
    wanted_cases = [
        one for one in cases("dropped") if one[0] in RUN or one[0] in PASSED_TO_EXISTING
    ]
    graph = _in_module(tmp_path, (one for _, _, one, _ in wanted_cases), _HOST_OF)
    answers = {one.start: one for one in graph.answers}
    wrong: list[object] = []
    for _path, host, one, actions in wanted_cases:
        got = answers[one.ref.title]
        steps = {(edge.how, edge.path, edge.end) for edge in map(graph.edge, got.chain.steps)}
        passed = {
            (How.PASS_ROLE, other_path, host_role(service).title)
            for other_path, (service, type_, n) in PASSED_TO_EXISTING.items()
            if _PASS in actions and service == host and _satisfied(n, actions)
            and type_ not in NOT_IN_FILES
        }  # fmt: skip
        run = {
            (How.RUN_AS, other_path, host_role(service).title)
            for other_path, (service, _, n) in RUN.items()
            if _satisfied(n, actions)
        }
        is_open = any(
            _PASS in actions and service == host and _satisfied(n, actions)
            for service, type_, n in PASSED_TO_EXISTING.values()
            if type_ in NOT_IN_FILES
        )
        wanted = YES if passed | run else UNKNOWN if is_open else NO
        if got.answer is not wanted or (wanted is YES and not steps <= passed | run):
            wrong.append((one.ref.name, got.answer, wanted, steps))
        edges = map(graph.edge, got.chain.steps if got.answer is YES else ())
        types = {edge.path: edge.through for edge in edges}
        through = {
            step: f"{WORKLOADS[(RUN.get(step) or PASSED_TO_EXISTING[step])[1]][0]}.one"
            for step in types
            if step is not None
        }
        if types != through:
            wrong.append((one.ref.name, types, through))
    assert wrong == []


def test_no_path_through_what_runs_is_a_step_in_a_module_that_has_nothing(
    tmp_path: Path,
) -> None:
    wanted_cases = [one for one in cases() if one[0] in RUN or one[0] in PASSED_TO_EXISTING]
    graph = _in_module(tmp_path, (one for _, _, one, _ in wanted_cases), {})
    answers = {one.start: (one.answer, one.unknown) for one in graph.answers}
    assert {one.ref.title: answers[one.ref.title] for _, _, one, _ in wanted_cases} == {
        one.ref.title: (
            (UNKNOWN, (PASSED_TO_EXISTING[path][1],))
            if path in PASSED_TO_EXISTING and PASSED_TO_EXISTING[path][1] in NOT_IN_FILES
            else (NO, ())
        )
        for path, _, one, _ in wanted_cases
    }


FUNCTION: Final = f"{HOME}:function:"
REFERENCE: Final = "aws_lambda_function.one.arn"


@pytest.mark.parametrize(
    ("on", "wanted"),
    [
        (f"*:{FUNCTION}one-f", YES),
        (f"*:{FUNCTION}one-*", YES),
        (f"*:{FUNCTION}two-f", NO),
        (f"eu-west-1:{FUNCTION}one-f", UNKNOWN),
        (f"eu-*:{FUNCTION}*", UNKNOWN),
        (f"eu-west-1:{FUNCTION}two-f", NO),
        (REFERENCE, YES),
    ],
)
@pytest.mark.parametrize("is_bound", [False, True])
@pytest.mark.parametrize("passes", [True, False])
def test_what_takes_a_role_or_runs_is_the_one_that_the_grant_names(
    on: str, wanted: Reaching, *, passes: bool, is_bound: bool, tmp_path: Path
) -> None:
    actions = ["lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"]
    statements = [allow(actions, f"arn:aws:lambda:{on}")]
    harmless = Principal(role("harmless"), trust=(trusts(Service="lambda.amazonaws.com"),))
    statements += [allow("iam:PassRole", host_role("lambda"))] if passes else []
    limit = managed("limit")
    kim = Principal(
        user("kim"), policies=(tuple(statements),), boundary=limit if is_bound else None
    )
    lambda_role = next(one for one in HOST_ROLES if one.ref == host_role("lambda"))
    account = Account((kim, harmless, lambda_role), {"limit": (allow(["iam:*", "lambda:*"]),)})
    account.write(tmp_path, "terraform")
    main = tmp_path / "main.tf"
    text = main.read_text(encoding="utf-8")
    main.write_text(text.replace(f'"arn:aws:lambda:{REFERENCE}"', REFERENCE), encoding="utf-8")
    runs_as = "harmless" if passes else "of_lambda"
    block = (
        'resource "aws_lambda_function" "one" {\n'
        f'  function_name = "one-f"\n  role = aws_iam_role.{runs_as}.arn\n}}\n'
    )
    (tmp_path / "lambda.tf").write_text(block, encoding="utf-8")
    graph = graph_of(tmp_path, GraphQuestion(("user/kim",)))
    (answer,) = graph.answers
    step = (How.PASS_ROLE, "lambda-update-role") if passes else (How.RUN_AS, "lambda-update-code")
    steps = () if wanted is NO else ((*step, host_role("lambda").title),)
    unknown = ("the region",) if wanted is UNKNOWN else ()
    assert (answer.answer, steps_of(graph, answer), answer.unknown) == (wanted, steps, unknown)


@pytest.mark.parametrize(
    ("number", "on", "wanted"),
    [(3, "f-2", YES), (3, "f-9", NO), (MOST_TAKING + 5, f"f-{MOST_TAKING + 2}", UNKNOWN)],
)
def test_none_of_many_functions_is_left_out(
    number: int, on: str, wanted: Reaching, tmp_path: Path
) -> None:
    actions = ["lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"]
    harmless = Principal(role("harmless"), trust=(trusts(Service="lambda.amazonaws.com"),))
    statements = (
        allow(actions, f"arn:aws:lambda:*:{FUNCTION}{on}"),
        allow("iam:PassRole", host_role("lambda")),
    )
    target = next(one for one in HOST_ROLES if one.ref == host_role("lambda"))
    Account((Principal(user("kim"), policies=(statements,)), harmless, target)).write(
        tmp_path, "terraform"
    )
    blocks = (
        f'resource "aws_lambda_function" "f{at}" {{\n'
        f'  function_name = "f-{at}"\n  role = aws_iam_role.harmless.arn\n}}\n'
        for at in range(number)
    )
    (tmp_path / "lambda.tf").write_text("".join(blocks), encoding="utf-8")
    graph = graph_of(tmp_path, GraphQuestion(("user/kim",)))
    assert graph.answers[0].answer is wanted
