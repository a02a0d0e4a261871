"""Coverage and mutation: asks again of changed policies, across processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.account.coverage.coverage import AssertionCoverage, measure
from pytest_iam.state import MUTATION, is_given, state_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_OUTPUT = "iam_evidence"
EVIDENCE = pytest.StashKey[AssertionCoverage]()


def collected(config: pytest.Config) -> AssertionCoverage:
    """Return what is known so far, from this process and from workers."""
    return config.stash.setdefault(EVIDENCE, AssertionCoverage())


def finish(config: pytest.Config) -> None:
    """Ask again at the end of this process's tests; a worker hands the result over."""
    state = state_of(config)
    if not state.records:
        return
    found = collected(config)
    every = is_given(config, MUTATION)
    for repository in {id(r): r for r in state.repositories.values()}.values():
        found.add(measure(repository.account, state.checks.get(id(repository), ()), every=every))
    output = getattr(config, "workeroutput", None)
    if output is not None:
        output[_OUTPUT] = found.plain()


def take_over(config: pytest.Config, output: Mapping[str, object]) -> None:
    """Add what a worker handed over."""
    plain = output.get(_OUTPUT)
    if plain is not None:
        collected(config).add(AssertionCoverage.of(plain))  # type: ignore[arg-type] # as `finish` made it
