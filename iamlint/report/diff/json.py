"""What changes, as JSON; the shape is a contract that scripts depend on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from iamlint.report.diff.example import request
from iamlint.report.diff.rank import Ranking
from iamlint.report.diff.spots import spot_of
from iamlint.report.diff.units import counts_of
from iamlint.report.json import not_analysed, range_of, tool_of
from iamlint.text.masked import mask_all

if TYPE_CHECKING:
    from iamlint.evaluator.deciding import Deciding
    from iamlint.reason.answer import Diff, Difference, Open, UnitChange
    from iamlint.report.diff.units import DiffOutput


def report(diff: Diff, output: DiffOutput) -> str:
    ranking, counts = Ranking(output.catalog), counts_of(diff)
    shown = {
        "version": 1,
        "tool": tool_of(output.catalog.date),
        "old": diff.old,
        "new": diff.new,
        "verdict": diff.relation,
        "changes": [_change(one, ranking) for one in diff.changes],
        "not_analysed": [not_analysed(item) for item in diff.not_analysed],
        "summary": {
            "gained": counts.gained,
            "lost": counts.lost,
            "same": counts.same,
            "unchanged": counts.unchanged,
            "unknown": counts.unknown,
        },
    }
    return json.dumps(mask_all(shown), indent=1) + "\n"


def _change(one: UnitChange, ranking: Ranking) -> dict[str, object]:
    comparison = one.comparison
    return {
        "subject": one.subject,
        "account": one.account,
        "address": one.address,
        "path": one.path,
        "kind": one.kind,
        "status": one.status,
        "verdict": comparison.relation,
        "gained": [_difference(each) for each in ranking.strongest_first(comparison.gained)],
        "lost": [_difference(each) for each in ranking.strongest_first(comparison.lost)],
        "unknown": [_open(each) for each in comparison.open],
    }


def _difference(one: Difference) -> dict[str, object]:
    """Return a gain or a loss; keys that limit it are there only if something does."""
    return {
        "actions": list(one.actions),
        "resources": list(one.resources),
        **({"except": list(one.besides)} if one.besides else {}),
        "principals": None if one.principals is None else list(one.principals),
        "condition": one.condition_texts,
        **({"part": True} if one.is_part else {}),
        "witness": request(one.witness),
        **({"unlisted": list(one.witness.unlisted)} if one.witness.unlisted else {}),
        **({"given": dict(one.witness.given)} if one.witness.given else {}),
        "because": [_because(each) for each in one.because],
    }


def _open(one: Open) -> dict[str, object]:
    return {
        "reason": one.reason,
        "names": list(one.names),
        "because": [_because(each) for each in one.because],
        **({} if one.of_gains else {"about": "lost"}),
    }


def _because(deciding: Deciding) -> dict[str, object]:
    place = spot_of(deciding)
    return {
        "path": place and place.path,
        "sid": deciding.sid,
        "range": place and range_of(place.range),
    }
