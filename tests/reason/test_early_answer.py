"""`may_allow` sees at once that a world allows none of some actions, and is never wrong."""

from __future__ import annotations

from random import Random

import pytest

from iamlint.catalog import Catalog
from iamlint.fast_dataclass import replace
from iamlint.policy.grammar import Kind
from iamlint.reason.answer import Comparison
from iamlint.reason.forbid import RequestSet, forbidden, may_allow
from iamlint.reason.world import bare
from tests.reason.random_policies import ACTIONS, compiled, random_policy
from tests.reason.random_worlds import world_pair
from tests.support.examples import seeds

CATALOG = Catalog.open()
ROOT = "arn:*:iam::*:root"
ASKED = (*ACTIONS[:4], *ACTIONS[6:], "s3:Put*", "sqs:Receive*", "kms:Decrypt", "sts:AssumeRole")
EACH = 6


def asked_of(chance: Random) -> tuple[str, ...]:
    return tuple(chance.sample(ASKED, chance.randint(1, 2)))


@pytest.mark.parametrize("seed", seeds(10))
def test_world_without_an_allow_of_some_actions_allows_none_of_them(seed: int) -> None:
    chance = Random(5000 + seed)  # noqa: S311 - the same in every run
    kind = chance.choice((Kind.IDENTITY, Kind.RESOURCE))
    alone = bare(compiled(random_policy(chance, kind), kind), kind)
    open_, other = world_pair(chance)[:2]
    worlds = (alone, open_, replace(open_, is_home_open=False), replace(other, is_home_open=False))
    questions = [(one, asked_of(chance)) for one in worlds for _ in range(EACH)]

    for world, actions in questions:
        if not may_allow(world, actions):
            requests = RequestSet(actions, besides=(ROOT,))
            assert forbidden(world, requests, CATALOG) == Comparison(), (actions, world)


def test_some_random_worlds_are_seen_at_once() -> None:
    chance = Random(1)  # noqa: S311 - the same in every run
    worlds = [world_pair(chance)[0] for _ in range(60)]
    found = [may_allow(world, asked_of(chance)) for world in worlds]

    assert {True, False} == set(found)
