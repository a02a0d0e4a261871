"""The formula of a decision and the evaluator decide each request alike."""

from __future__ import annotations

from itertools import islice
from random import Random
from typing import TYPE_CHECKING

import pytest

from iamlint.account.build.managed import full_access
from iamlint.catalog import Catalog
from iamlint.evaluator.combine import combine
from iamlint.evaluator.context import Missing
from iamlint.evaluator.derive import derive_context
from iamlint.evaluator.verdict import Verdict
from iamlint.fast_dataclass import replace
from iamlint.policy.grammar import Kind
from iamlint.reason.budget import Budget
from iamlint.reason.encode import CLOCK, Encoder, Situation
from iamlint.reason.flow import Flow
from iamlint.reason.formula import FALSE, TRUE, UnknownFact
from tests.reason.random_worlds import policies_for, requests_in, world_pair
from tests.support.examples import seeds

if TYPE_CHECKING:
    from iamlint.evaluator.policy_set import PolicySet
    from iamlint.evaluator.request import Request
    from iamlint.evaluator.settings import Settings
    from iamlint.reason.formula import Attribute

CATALOG = Catalog.open()
REQUESTS = 30


def by_formula(request: Request, policies: PolicySet, settings: Settings) -> bool | None:
    """Return what the formula says of a request; None if policy variables decide it."""
    statements = [statement for policy in policies.every() for statement in policy.statements]
    encoder = Encoder(statements, CATALOG, Budget())
    keys = {key.lower(): value for key, value in derive_context(request).items()}
    absent = {key: value for key, value in keys.items() if value is Missing.ABSENT}
    elements = (statement.source.resource_element for statement in statements)
    named = (entry.pattern for element in elements if element for entry in element.entries)
    with_variables = frozenset(pattern for pattern in named if "${" in pattern)
    spot = Situation(request, keys, absent, with_variables)
    formula = Flow(encoder, policies, spot, settings).allowed()
    while formula not in (FALSE, TRUE):
        attribute = next(iter(encoder.formulas.attributes(formula)))
        if isinstance(attribute, UnknownFact) or _has_variables(attribute, encoder):
            return None
        part = _part_of(attribute, request, encoder)
        formula = encoder.formulas.given(formula, attribute, part)
    return formula == TRUE


def _has_variables(attribute: Attribute, encoder: Encoder) -> bool:
    key = attribute[1]  # type: ignore[index]
    return any(demand.open for demand in encoder.asked_of(key))


def _part_of(attribute: Attribute, request: Request, encoder: Encoder) -> int:
    """Return the part that conditions take as they take the value of a request."""
    key = attribute[1]  # type: ignore[index]
    parts = encoder.parts_of(attribute)
    asked = list(encoder.asked_of(key))
    truths = [demand.test.holds(request.context).value for demand in asked]
    value = request.context.values.get(CLOCK if key == CLOCK else key, Missing.ABSENT)
    for at, known in enumerate(parts.values):
        found = [
            1 if parts.maybe[d.signature] >> at & 1 else 2 * (parts.yes[d.signature] >> at & 1)
            for d in asked
        ]
        if found == truths and (known is Missing.ABSENT) is (value is Missing.ABSENT):
            return at
    raise AssertionError(f"no part has {key} = {value}: {truths}")


@pytest.mark.parametrize("seed", seeds(40))
def test_the_formula_and_the_evaluator_decide_alike(seed: int) -> None:
    chance = Random(3000 + seed)  # noqa: S311 - the same in every run
    world, _, written, _ = world_pair(chance)
    decided = 0
    for request in islice(requests_in(chance, world, REQUESTS), REQUESTS):
        policies = policies_for(world, request)
        if world.caller is None:
            policies = replace(policies, identity=(full_access(Kind.IDENTITY),))
        found = by_formula(request, policies, world.settings)
        verdict = combine(request, policies, world.settings).verdict
        if found is not None:
            decided += 1
            assert found is (verdict is Verdict.ALLOWED), (request, verdict, written)
    assert decided
