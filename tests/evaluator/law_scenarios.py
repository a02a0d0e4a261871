"""Scenarios for the laws: whole ones for Hypothesis, of every kind of policy.

Hypothesis draws how many policies and statements there are, and shrinks that; a statement itself
comes of one seed, which is some thirty times faster than drawing its parts.
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.evaluator.random_scenarios import ACCOUNT, ACTIONS, FAMILIES, OPERATORS, SESSION, USER

Json = dict[str, Any]

OTHER_ACCOUNT = "444455556666"
_PRINCIPALS = (USER, SESSION, f"arn:aws:iam::{ACCOUNT}:root", "sns.amazonaws.com")
_NAMED = (
    "*",
    {"AWS": "*"},
    {"AWS": ACCOUNT},
    {"AWS": USER},
    {"AWS": [SESSION, USER]},
    {"AWS": [f"arn:aws:iam::{ACCOUNT}:role/app"]},
    {"Service": "sns.amazonaws.com"},
)
_ACTION_PATTERNS = (
    "*",
    "*",
    "*",
    "s3:*",
    "s3:*",
    "s3:Get*",
    "S3:putobject",
    "sqs:*",
    "s3:?etObject",
    *ACTIONS,
)
_RESOURCES = ("arn:aws:s3:::b/x", "arn:aws:s3:::b/bob/x", f"arn:aws:sqs:us-east-1:{ACCOUNT}:b")
_RESOURCE_PATTERNS = (
    "*",
    "*",
    "*",
    "*",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b/${aws:username}/*",
    *_RESOURCES,
)
KINDS = ("identity", "resource", "boundary", "session", "scp", "rcp", "endpoint")
WITH_PRINCIPAL = ("resource", "rcp", "endpoint")
# A plain generator, seeded: what it makes does not matter to anyone's safety.
_CHANCES = st.integers(0, 2**32).map(Random)


def condition(chance: Random, *, quantifiers: bool = True) -> Json:
    """One operator on one key, all values well-formed."""
    family = chance.choice(sorted(FAMILIES))
    operator = chance.choice(OPERATORS[family])
    if quantifiers:
        prefix = chance.choice(("", "", "ForAllValues:", "ForAnyValue:"))
        operator = prefix + operator + chance.choice(("", "IfExists"))
    return {operator: {"test:Key": _some(chance, FAMILIES[family][1])}}


def statement(chance: Random, kind: str, effect: str | None = None) -> Json:
    """A statement of a policy of this kind; without `effect` more often an Allow."""
    made: Json = {"Effect": effect or chance.choice(("Allow", "Allow", "Allow", "Deny"))}
    if kind == "resource" and made["Effect"] == "Deny" and chance.random() < 0.2:
        made["NotPrincipal"] = {"AWS": USER}
    elif kind in WITH_PRINCIPAL:
        made["Principal"] = "*" if kind == "rcp" else chance.choice(_NAMED)
    made["NotAction" if chance.random() < 0.15 else "Action"] = _some(chance, _ACTION_PATTERNS)
    made["NotResource" if chance.random() < 0.15 else "Resource"] = _some(
        chance, _RESOURCE_PATTERNS
    )
    if chance.random() < 0.25:
        made["Condition"] = condition(chance)
    return made


def _some(chance: Random, pool: tuple[str, ...]) -> list[str]:
    return [chance.choice(pool) for _ in range(chance.choice((1, 1, 2, 3)))]


def conditions(*, quantifiers: bool = True) -> st.SearchStrategy[Json]:
    return _CHANCES.map(lambda chance: condition(chance, quantifiers=quantifiers))


def statements(kind: str, effect: str | None = None) -> st.SearchStrategy[Json]:
    return _CHANCES.map(lambda chance: statement(chance, kind, effect))


def added(policies: Json, kind: str, more: Json, *, apart: bool = True) -> Json:
    """Return a scenario's policies with one more statement, `apart` in a policy of its own."""
    changed = deepcopy(policies)
    found = changed.setdefault(kind, [])
    if kind in ("scp", "rcp"):
        found = found[-1] if found else _first(found, [])
    if found and (kind == "boundary" or not apart):
        found[-1]["Statement"].append(more)
    else:
        found.append({"Version": "2012-10-17", "Statement": [more]})
    return changed


def _first(levels: list[Any], level: list[Any]) -> list[Any]:
    levels.append(level)
    return level


@cache
def policies_of(kind: str) -> st.SearchStrategy[Any]:
    """Some policies of a kind, as a scenario holds them."""
    many = st.lists(_CHANCES, min_size=1, max_size=3)
    return many.map(lambda chances: _policies([(kind, chance) for chance in chances])[kind])


@cache
def scenarios(*present: str) -> st.SearchStrategy[Json]:
    """Scenarios that have policies of the `present` kinds, and of others by chance."""
    few = st.lists(_CHANCES, max_size=8)
    return st.builds(drawn_scenario, _CHANCES, st.just(present), few)


def drawn_scenario(chance: Random, present: tuple[str, ...], chances: list[Random]) -> Json:
    request = _request(chance)
    kinds = [kind for kind in KINDS if kind != "session" or request["principal"] == SESSION]
    drawn = [(kind, chance) for kind in present]
    drawn += [(each.choice(kinds), each) for each in chances]
    return {"id": "law", "request": request, "policies": _policies(drawn), "settings": {}}


def _policies(drawn: list[tuple[str, Random]]) -> Json:
    policies: Json = {}
    for kind, chance in drawn:
        if kind in ("scp", "rcp") and chance.random() < 0.3:
            policies.setdefault(kind, []).append([])
        apart = chance.random() < 0.5
        policies = added(policies, kind, statement(chance, kind), apart=apart)
    return policies


def _request(chance: Random) -> Json:
    given = FAMILIES[chance.choice(sorted(FAMILIES))][0]
    values = [chance.choice(given) for _ in range(chance.choice((0, 1, 1, 2)))]
    return {
        "principal": chance.choice(_PRINCIPALS),
        "action": chance.choice(ACTIONS),
        "resource": chance.choice(_RESOURCES),
        "resource_account": chance.choice((ACCOUNT, ACCOUNT, OTHER_ACCOUNT)),
        "context": {"test:key": values[0] if len(values) == 1 else values} if values else {},
    }


def documents_in(policies: Json) -> list[Json]:
    """Return every document of a scenario, at every level."""
    found = []
    for value in policies.values():
        for item in value:
            found += item if isinstance(item, list) else [item]
    return found
