"""What other tools check about policies, and which rules of ours report the same.

`peer_checks.json` lists the checks that the tools publish, by the ids that they print.
"""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from iamlint.fast_dataclass import dataclass


class Absence(StrEnum):
    """Why there is no rule for a check."""

    OUT_OF_SCOPE = "out of scope"
    NOISY = "noisy"
    PLANNED = "planned"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class PeerCheck:
    """A check of another tool, in our words, with our rules for it or why there is none.

    `remark` is where the rules differ, or the reason. `pages` are the tool's own pages, whose
    addresses end in a further id.
    """

    id: str
    what: str
    rules: tuple[str, ...]
    absence: Absence | None
    remark: str
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool and what it checks, as it published it in one version."""

    tool: str
    version: str
    date: str
    source: str
    checks: tuple[PeerCheck, ...]


@cache
def peers() -> tuple[Peer, ...]:
    data = json.loads(Path(__file__).with_name("peer_checks.json").read_text(encoding="utf-8"))
    return tuple(
        Peer(tool, e["version"], e["date"], e["source"], tuple(map(_check, e["checks"])))
        for tool, e in data.items()
    )


def rules_for(check: str) -> list[str]:
    """Return the names of our rules for a check of another tool."""
    return [rule for peer in peers() for c in peer.checks if c.id == check for rule in c.rules]


def rules_like(rule: str) -> list[str]:
    """Return the rules that some other tool reports in one check with this one."""
    checks = (check for peer in peers() for check in peer.checks if rule in check.rules)
    together = {name for check in checks for name in check.rules}
    return sorted(together - {rule})


def checks_like(rule: str) -> dict[str, list[str]]:
    """Return the checks of other tools that this rule is for, by the names of the tools."""
    ids = {peer.tool: [c.id for c in peer.checks if rule in c.rules] for peer in peers()}
    return {tool: checks for tool, checks in ids.items() if checks}


def _check(entry: dict[str, Any]) -> PeerCheck:
    absence = entry.get("absence")
    return PeerCheck(
        id=entry["id"],
        what=entry["what"],
        rules=tuple(entry.get("rules", ())),
        absence=None if absence is None else Absence(absence),
        remark=entry.get("remark", ""),
        pages=tuple(entry.get("pages", ())),
    )
