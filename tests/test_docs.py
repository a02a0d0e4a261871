"""The generated pages are current, and no issue code of AWS's validator is left out."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iamlint.rule import Controls
from iamlint.rules import BUILTIN
from scripts import command_docs, format_docs, graph_docs, hygiene_docs, json_docs, rule_docs

if TYPE_CHECKING:
    from iamlint.rule import Rule

# https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html
FSBP = {*(f"IAM.{number}" for number in (*range(1, 9), 21)), "CodeBuild.2", "ECS.8"}
ROOT = Path(__file__).parent.parent
DATA = json.loads(rule_docs.CODES.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", rule_docs.PAGES)
def test_generated_page_is_current(name: str) -> None:
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")

    assert page == rule_docs.PAGES[name](), "run `make docs`"


def test_pages_of_rules_are_current() -> None:
    pages = {page.name: page.read_text(encoding="utf-8") for page in rule_docs.FOLDER.glob("*.md")}

    assert pages == {
        name: rule_docs.rule_page(rule) for name, rule in rule_docs.RULE_PAGES.items()
    }, "run `make docs`"


def test_page_of_commands_is_current() -> None:
    page = command_docs.PAGE.read_text(encoding="utf-8")

    assert page == command_docs.page(), "run `make docs`"


def test_pages_of_json_and_sarif_are_current() -> None:
    pages = [path.read_text(encoding="utf-8") for path in (json_docs.PAGE, json_docs.SARIF_PAGE)]

    assert pages == [json_docs.page(), json_docs.sarif_page()], "run `make docs`"


def test_page_of_formats_is_current() -> None:
    page = format_docs.PAGE.read_text(encoding="utf-8")

    assert page == format_docs.page(), "run `make docs`"


def test_page_of_paths_in_the_graph_is_current() -> None:
    page = graph_docs.PAGE.read_text(encoding="utf-8")

    assert page == graph_docs.page(), "run `make docs`"


def test_page_of_account_hygiene_is_current() -> None:
    page = hygiene_docs.PAGE.read_text(encoding="utf-8")

    assert page == hygiene_docs.page(), "run `make docs`"


def test_page_of_account_hygiene_has_all_practices_of_aws_and_says_what_is_unseen() -> None:
    assert len(hygiene_docs.PRACTICES) == 14
    assert all(practice.unseen for practice in hygiene_docs.PRACTICES)


@pytest.mark.parametrize("rule", BUILTIN, ids=lambda rule: rule.name)
def test_numbers_of_benchmarks_are_written_as_benchmarks_do(rule: Rule) -> None:
    controls = rule.controls or Controls()

    assert all(re.fullmatch(r"1\.([4-9]|1\d|2[0-2])", number) for number in controls.cis)
    assert all(re.fullmatch(r"2\.\d+(\.\d)?", number) for number in controls.cis_7)
    assert set(controls.fsbp) <= FSBP
    assert not FSBP.intersection(controls.security_hub)


def test_numbers_of_cis_5_and_6_follow_those_of_3() -> None:
    controls = Controls(cis=("1.4", "1.22"))

    assert controls.cis_5 == ("1.3", "1.21")
    assert controls.cis_6 == ("2.3", "2.21")


def test_rules_mirror_every_living_issue_code_and_no_other() -> None:
    mirrored = {code for rule in BUILTIN for code in rule.access_analyzer}

    assert mirrored == set(DATA["codes"])


@pytest.mark.parametrize("code", DATA["codes"])
def test_issue_code_has_a_bad_and_a_good_example(code: str) -> None:
    bad, good = rule_docs.examples(code)

    assert bad >= 1
    assert good >= 1


def test_failures_on_the_page_about_pytest_are_what_failures_say() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.failure_docs", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
