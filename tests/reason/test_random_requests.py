"""Random requests never contradict what a comparison has proved.

With `IAMLINT_EXAMPLES`, as in `make nightly`, 500 pairs are compared, with 100,000 requests each.
`python -m benchmarks.contradictions` does the same in one process and counts the answers.
"""

from __future__ import annotations

import pytest

from tests.reason.asked import POLICIES, WORLDS, try_policies, try_worlds
from tests.support.examples import NIGHTLY, seeds

REQUESTS = 100_000 if NIGHTLY else 1_000


@pytest.mark.parametrize("seed", seeds(20, POLICIES))
def test_no_request_contradicts_a_proof_about_a_policy(seed: int) -> None:
    found = try_policies(seed, REQUESTS)
    assert not found.contradicting, (found.relation, found.contradicting[0], found.pair)


@pytest.mark.parametrize("seed", seeds(8, WORLDS))
def test_no_request_contradicts_a_proof_about_all_policies_together(seed: int) -> None:
    found = try_worlds(seed, REQUESTS)
    assert not found.contradicting, (found.relation, found.contradicting[0], found.pair)
