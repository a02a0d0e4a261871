"""A difference names all actions and resources that it is about, and no other ones.

Patterns of the policies lie apart, or one is inside the other.
"""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any

import pytest

from iamlint.catalog import Catalog
from iamlint.policy.grammar import Kind
from iamlint.policy.wildcard import matches
from iamlint.reason.compare import compare_gains
from iamlint.reason.world import bare
from tests.reason.random_policies import compiled, policy_of

CATALOG = Catalog.open()
ACTIONS = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")
PATTERNS = tuple(f"arn:aws:s3:::{name}/*" for name in ("a", "a/x", "a/x/y", "b", "b/z", "c"))
OBJECTS = tuple(pattern.replace("*", "1") for pattern in PATTERNS)


def _policy(chance: Random) -> list[dict[str, Any]]:
    """Return statements; the first is an Allow, so that the policy is about what it allows."""
    others = chance.choices(("Allow", "Deny"), weights=(4, 1), k=chance.randint(0, 1))
    return [_statement(chance, effect) for effect in ("Allow", *others)]


def _statement(chance: Random, effect: str) -> dict[str, Any]:
    return {
        "Effect": effect,
        "Action": chance.sample(ACTIONS, chance.randint(1, 3)),
        "Resource": chance.sample(PATTERNS, chance.randint(1, 4)),
    }


def _allows(statements: list[dict[str, Any]], action: str, resource: str) -> bool:
    effects = {
        one["Effect"]
        for one in statements
        if action in one["Action"] and any(matches(p, resource) for p in one["Resource"])
    }
    return effects == {"Allow"}


@pytest.mark.parametrize("seed", range(60))
def test_difference_names_what_is_gained_and_nothing_else(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - the same in every run
    old, new = _policy(chance), _policy(chance)
    before, after = (
        bare(compiled(policy_of(one), Kind.IDENTITY), Kind.IDENTITY) for one in (old, new)
    )

    found = compare_gains(before, after, CATALOG).gained

    asked = list(product(ACTIONS, OBJECTS))
    assert [
        (action, resource)
        for action, resource in asked
        if any(
            action in one.actions
            and any(matches(pattern, resource) for pattern in one.resources)
            and not any(matches(pattern, resource) for pattern in one.besides)
            for one in found
        )
    ] == [one for one in asked if _allows(new, *one) and not _allows(old, *one)]
