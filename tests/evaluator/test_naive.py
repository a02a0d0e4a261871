"""The engine and a second, naive implementation match alike, whatever comes."""

from __future__ import annotations

import json
from random import Random

from iamlint.simulate.scenario import simulate
from tests.evaluator.naive import applies
from tests.evaluator.random_scenarios import Json, scenario
from tests.support.examples import examples

SCENARIOS = 10 * examples(200)


def test_the_engine_matches_as_the_naive_implementation_does() -> None:
    chance = Random(2012_10_17)  # noqa: S311 - the same scenarios in every run
    asked = [scenario(chance) for _ in range(SCENARIOS)]
    differing = [one for one in asked if simulate(one)["decision"] != _naive_decision(one)]
    assert not differing, json.dumps(min(differing, key=lambda one: len(json.dumps(one))), indent=1)


def test_the_scenarios_are_of_both_sorts_and_both_outcomes() -> None:
    chance = Random(2012_10_17)  # noqa: S311 - the same scenarios in every run
    decisions = [_naive_decision(scenario(chance)) for _ in range(1000)]
    counts = {decision: decisions.count(decision) for decision in set(decisions)}
    open_ = counts.pop("undetermined")
    assert set(counts) == {"allowed", "implicitly_denied", "explicitly_denied"}
    assert min(counts.values()) >= 25
    assert open_


def _naive_decision(one: Json) -> str:
    """A statement of a resource policy denies what an identity policy allows; else it allows."""
    denies = "resource" in one["policies"]
    document = one["policies"]["resource" if denies else "identity"][0]
    matched = applies(
        document["Statement"][0], document.get("Version"), one["request"], padded=not denies
    )
    if matched is None:
        return "undetermined"
    if denies:
        return "explicitly_denied" if matched else "allowed"
    return "allowed" if matched else "implicitly_denied"
