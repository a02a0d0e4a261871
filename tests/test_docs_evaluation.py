"""`docs/evaluation.md` lists every rule of evaluation with the cases that hold it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.evaluator.case_tables import all_cases, all_rules

ROOT = Path(__file__).parent.parent


def test_the_page_is_current() -> None:
    command = [sys.executable, "-m", "scripts.evaluation_docs", "--check"]
    subprocess.run(command, cwd=ROOT, check=True)


def test_every_rule_has_a_case_or_says_why_not() -> None:
    held = {number for case in all_cases() for number in case.rules}
    open_ = {number for number, rule in all_rules()["rules"].items() if "open" in rule}
    assert held | open_ == set(all_rules()["rules"])
    assert held & open_ == set()


def test_rules_are_numbered_without_gaps() -> None:
    numbers = [tuple(map(int, number.split("."))) for number in all_rules()["rules"]]
    of_part: dict[int, list[int]] = {}
    for part, number in numbers:
        of_part.setdefault(part, []).append(number)

    assert list(of_part) == [int(part) for part in all_rules()["titles"]]
    assert [part for part, of in of_part.items() if of != list(range(1, len(of) + 1))] == []
