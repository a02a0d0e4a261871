"""Escalations of several steps are found step by step, and one change ends each of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.graph.answer import Reaching
from tests.graph.test_carriers import CARRIERS, answers, graph_of
from tests.support.chain_scenarios import SCENARIOS, Scenario, Workload

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.support.chains import Account


def has_workloads(carrier: str) -> bool:
    return carrier.startswith(("terraform", "template"))


def add(workload: Workload, folder: Path) -> None:
    """Add a workload to the module or to the template in a folder."""
    template = folder / "template.json"
    if not template.exists():
        (folder / "workload.tf").write_text(workload.module, encoding="utf-8")
        return
    whole = json.loads(template.read_text(encoding="utf-8"))
    whole["Resources"]["One"] = {"Type": workload.type, "Properties": workload.properties}
    template.write_text(json.dumps(whole), encoding="utf-8")


def found_in(folder: Path, account: Account, scenario: Scenario) -> dict[str, object]:
    """Return what is found of the start in each carrier that can have all of the account."""
    found: dict[str, object] = {}
    for carrier in CARRIERS:
        if scenario.workload is not None and not has_workloads(carrier):
            continue
        here = folder / carrier
        account.write(here, carrier)
        if scenario.workload is not None:
            add(scenario.workload, here)
        found[carrier] = answers(graph_of(here))[scenario.start]
    return found


def wanted(
    scenario: Scenario, found: Iterable[str], answer: tuple[object, ...]
) -> dict[str, object]:
    """Return an answer for each carrier."""
    unsure = (Reaching.UNKNOWN, scenario.steps, ())
    is_open = {one: scenario.is_by_name and one.endswith("unknown-names") for one in found}
    return {carrier: unsure if is_open[carrier] else answer for carrier in found}


@pytest.mark.parametrize("title", SCENARIOS)
def test_escalation_is_its_steps_and_one_change_ends_it(title: str, tmp_path: Path) -> None:
    scenario = SCENARIOS[title]
    found = found_in(tmp_path / "whole", scenario.account, scenario)
    whole = (scenario.answer, scenario.steps, scenario.keys)
    assert found == wanted(scenario, found, whole)
    found = found_in(tmp_path / "twin", scenario.twin, scenario)
    assert found == wanted(scenario, found, (Reaching.NO, (), ()))
