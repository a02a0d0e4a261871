"""Counts the answers about random pairs, and the random requests that contradict one.

`python -m benchmarks.contradictions [--pairs 500] [--requests 100000]` takes about an hour.
"""

from __future__ import annotations

import argparse
from collections import Counter
from typing import TYPE_CHECKING

from tests.reason.asked import POLICIES, WORLDS, try_policies, try_worlds

if TYPE_CHECKING:
    from tests.reason.asked import Tried


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=500)
    parser.add_argument("--requests", type=int, default=100_000)
    asked = parser.parse_args()
    policies = asked.pairs * POLICIES // (POLICIES + WORLDS)
    print("what            kind       relation      pairs     asked   allowed  contradicting")
    for what, attempt, count in (
        ("policies", try_policies, policies),
        ("worlds", try_worlds, asked.pairs - policies),
    ):
        _print(what, [_without_pair(attempt(seed, asked.requests)) for seed in range(count)])


def _without_pair(found: Tried) -> Tried:
    if found.contradicting:
        print(f"WRONG: {found.relation}: {found.contradicting[0]}: {found.pair}", flush=True)
    return found._replace(pair=None)


def _print(what: str, found: list[Tried]) -> None:
    for (kind, relation), pairs in sorted(Counter((f.kind, f.relation) for f in found).items()):
        alike = [one for one in found if (one.kind, one.relation) == (kind, relation)]
        asked, allowed = (sum(getattr(one, name) for one in alike) for name in ("asked", "allowed"))
        wrong = sum(len(one.contradicting) for one in alike)
        row = f"{what:15} {kind:10} {relation:13} {pairs:5} {asked:9} {allowed:9} {wrong:14}"
        print(row, flush=True)


if __name__ == "__main__":
    main()
