"""What the bad examples of all rules give as SARIF: true to the files, and to other programs."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from click.testing import CliRunner

from iamlint.cli.app import cli
from iamlint.report.line_hash import line_hashes
from iamlint.rule.rule import MARK
from iamlint.rules import BUILTIN
from iamlint.testing.examples import document
from iamlint.text.span import Lines

if TYPE_CHECKING:
    from collections.abc import Iterator

MULTITOOL = Path(
    os.environ.get("NODE_PACKAGES", "node_modules"),
    "@microsoft",
    "sarif-multitool-linux",
    "Sarif.Multitool",
)
WANTED = {
    "SARIF2002",  # messages without arguments
    "SARIF2003",  # no version control provenance
    "SARIF2006",  # a network is needed to look at links
    "SARIF2009",  # it wants numbers; a rule's identity is its name
}


def write_examples(folder: Path) -> None:
    """Write them to folders with odd names, with either line end, and some on a single line."""
    odd = folder / "été et blancs" / "日本 😀"
    odd.mkdir(parents=True)
    for rule in BUILTIN:
        for number, example in enumerate(rule.bad):
            # An attachment of a policy of AWS is not a policy of the file, nor is a subject.
            is_policy = rule.check_attachment is None and rule.check_subject is None
            text = document(example).source.text if is_policy else dedent(example.text)
            text = text.replace(MARK, " " * len(MARK))
            if number % 3 == 1:
                text = text.replace("\n", "\r\n")
            if number % 3 == 2 and example.file.endswith("json5") and "//" not in text:
                text = text.replace("\n", "\t")
            name = f"{rule.name} {number}{Path(example.file).suffix}"
            ((folder, odd)[number % 2] / name).write_bytes(text.encode())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    write_examples(folder)
    return folder


@pytest.fixture(scope="module")
def report(folder: Path) -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        result = CliRunner().invoke(cli, ["check", "--output-format", "sarif", "."])
    return dict(json.loads(result.stdout))


def locations(run: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for result in run["results"]:
        for location in (*result["locations"], *result.get("relatedLocations", ())):
            yield location["physicalLocation"]


def test_regions_lie_within_a_line_and_show_its_text(report: dict[str, Any], folder: Path) -> None:
    (run,) = report["runs"]
    assert len(run["results"]) > len(BUILTIN)
    for place in locations(run):
        text = (folder / unquote(place["artifactLocation"]["uri"])).read_bytes().decode()
        region, lines = place["region"], re.split(r"\r\n|\r|\n", text)
        line = lines[region["startLine"] - 1]
        masked = Lines(text).masked(region["startLine"])
        begin, end = masked.part(region["startColumn"] - 1, region["endColumn"] - 1)

        assert region["endLine"] == region["startLine"]
        assert 1 <= region["startColumn"] <= region["endColumn"] <= len(line) + 1
        snippet = masked.text[begin:end]
        assert region["snippet"]["text"] == snippet
        assert snippet in place["contextRegion"]["snippet"]["text"]


def test_results_carry_their_rule_and_the_hash_of_their_line(
    report: dict[str, Any], folder: Path
) -> None:
    (run,) = report["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == sorted(rules)
    for result in run["results"]:
        place = result["locations"][0]["physicalLocation"]
        text = (folder / unquote(place["artifactLocation"]["uri"])).read_bytes().decode()
        digest = line_hashes(text)[place["region"]["startLine"] - 1]
        has_password = "password-from-template" in place["artifactLocation"]["uri"]

        assert rules[result["ruleIndex"]] == result["ruleId"]
        is_of_line = result["partialFingerprints"]["primaryLocationLineHash"] == digest
        assert is_of_line or has_password
        assert result["message"]["text"].endswith((".", "?"))


def test_rules_keep_the_limits_of_github(report: dict[str, Any]) -> None:
    for rule in report["runs"][0]["tool"]["driver"]["rules"]:
        assert re.fullmatch("([A-Z][a-z0-9]*)+", rule["name"])
        assert len(rule["properties"]["tags"]) <= 10
        assert len(rule["fullDescription"]["text"]) <= 1024
        severity = rule["properties"].get("security-severity")
        assert ("security" in rule["properties"]["tags"]) == (severity is not None)


@pytest.mark.skipif(not MULTITOOL.exists(), reason="needs @microsoft/sarif-multitool")
def test_multitool_finds_nothing_but_what_we_want(report: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "ours.sarif").write_text(json.dumps(report), encoding="utf-8")
    command = [str(MULTITOOL), "validate", "ours.sarif", "--rule-kind", "Sarif;Ghas"]
    command += ["--level", "Error;Warning;Note", "-o", "verdict.sarif", "--log", "ForceOverwrite"]
    subprocess.run(command, cwd=tmp_path, check=False, capture_output=True)
    verdict = json.loads((tmp_path / "verdict.sarif").read_text(encoding="utf-8-sig"))

    found = {result["ruleId"].split("/")[0] for result in verdict["runs"][0]["results"]}
    assert found <= WANTED
