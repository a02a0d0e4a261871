"""A further place of a finding may be in another file, which every format names."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from iamlint.config import Config
from iamlint.linter.lint_options import LintOptions
from iamlint.linter.pipeline import lint
from iamlint.plugins.extensions import load_extensions
from iamlint.report.formats import Output
from tests.support.reports import REPORTS

if TYPE_CHECKING:
    from pathlib import Path

    from iamlint.rule.run import Run

POLICY = """
resource "aws_iam_policy" "x" {
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = local.actions, Resource = "*" }]
  })
}
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "main.tf").write_text(POLICY)
    (tmp_path / "locals.tf").write_text('locals {\n  actions = ["iam:PassRole"]\n}\n')
    request = LintOptions((".",), date(2026, 1, 1), select=("pass-role-to-any-role",))
    return lint(request, load_extensions(Config(root=tmp_path)))


@pytest.mark.parametrize(
    ("format_", "line"),
    [
        ("full", "  = also: main.tf:4:73: on these resources\n"),
        ("html", "<p>Also main.tf, line 4, column 73: on these resources</p>"),
    ],
)
def test_other_file_is_named_for_people(format_: str, line: str, run: Run) -> None:
    assert line in REPORTS[format_](run, Output())


def test_other_file_is_a_member_in_json(run: Run) -> None:
    (finding,) = json.loads(REPORTS["json"](run, Output()))["findings"]

    assert (finding["path"], [related["path"] for related in finding["related"]]) == (
        "locals.tf",
        ["main.tf"],
    )


def test_other_file_is_the_artifact_in_sarif(run: Run) -> None:
    (result,) = json.loads(REPORTS["sarif"](run, Output()))["runs"][0]["results"]
    (related,) = result["relatedLocations"]
    place = related["physicalLocation"]

    assert (place["artifactLocation"]["uri"], place["region"]["snippet"]["text"]) == (
        "main.tf",
        '"*"',
    )
