"""`docs/evaluation.md` lists every rule of evaluation with the cases that hold it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.evaluator.case_tables import all_cases, all_rules

ROOT = Path(__file__).parent.parent
FACTS = ROOT.parent / "shared" / "facts" / "evaluation.md"


def test_the_page_is_current() -> None:
    command = [sys.executable, "-m", "scripts.evaluation_docs", "--check"]
    subprocess.run(command, cwd=ROOT, check=True)


def test_every_rule_has_a_case_or_says_why_not() -> None:
    held = {number for case in all_cases() for number in case.rules}
    open_ = {number for number, rule in all_rules()["rules"].items() if "open" in rule}
    assert held | open_ == set(all_rules()["rules"])
    assert held & open_ == set()


def test_every_rule_of_the_facts_is_listed() -> None:
    if not FACTS.exists():
        pytest.skip("the facts are not here")
    numbered = re.findall(r"^(\d+\.\d+) \*\*", FACTS.read_text(encoding="utf-8"), re.MULTILINE)
    listed = list(all_rules()["rules"])
    assert [number for number in listed if number in numbered] == numbered
