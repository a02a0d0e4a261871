"""Many random requests, and what they say about a comparison."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import TYPE_CHECKING

from iamlint.evaluator.request import StatementRequest
from iamlint.policy.truth import Truth
from tests.reason.random_policies import random_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from iamlint.evaluator.request import Request
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.policy.grammar import Kind
    from iamlint.reason.answer import Comparison

YES = Truth.YES


@cache
def pool(kind: Kind, count: int, seed: int) -> tuple[Request, ...]:
    """Return random requests, made once for many pairs of policies."""
    chance = Random(seed)  # noqa: S311 - the same in every run
    return tuple(random_request(chance, kind) for _ in range(count))


def allowed_alone(policy: CompiledPolicy, request: Request) -> bool:
    """Return whether an Allow of a policy applies to a request and no Deny does."""
    asked = StatementRequest(request)
    effects = [
        statement.may_deny
        for statement, truth in policy.about(asked.action)
        if truth is YES
        and statement.names_resource(asked) is YES
        and any(sure is YES for sure, _ in statement.names_caller(asked))
        and statement.conditions_hold(asked.context) is YES
    ]
    return bool(effects) and not any(effects)


def contradicting(
    comparison: Comparison,
    requests: Iterable[Request],
    old: Callable[[Request], bool],
    new: Callable[[Request], bool],
) -> list[Request]:
    """Return the requests that show what the comparison has proved not to be."""
    gains = not comparison.gained and not comparison.is_gain_open
    losses = not comparison.lost and all(one.of_gains for one in comparison.open)
    if not gains and not losses:
        return []
    found = []
    for request in requests:
        before, after = old(request), new(request)
        if (gains and after and not before) or (losses and before and not after):
            found.append(request)
    return found
