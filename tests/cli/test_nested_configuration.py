"""A configuration below the named folder counts as it does when its own folder is named."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest

from tests.support.loading import write_files

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program


ANY = (
    '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}'
)
OPEN = ANY.replace('"Resource"', '"Principal": "*", "Resource"')
DUMP = json.dumps(
    {
        "Policies": [
            {
                "PolicyName": "AmazonS3FullAccess",
                "Arn": "arn:aws:iam::aws:policy/AmazonS3FullAccess",
                "PolicyVersionList": [
                    {"IsDefaultVersion": True, "VersionId": "v1", "Document": json.loads(ANY)}
                ],
            }
        ]
    }
)
MODULE = """
variable "what" {}
resource "aws_iam_policy" "p" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "${var.what}:*", Resource = "*" }]
  })
}
"""
FILES = {
    "generated/p.json": ANY,
    "rules/all.policy": ANY,
    "limits/p.json": OPEN,
    "dump.json": DUMP,
    "stack/main.tf": MODULE,
    "p.json": ANY,
}
SETTINGS = {
    "nothing": "",
    "exclude": 'exclude = ["generated"]\n',
    "include": 'include = ["**/*.policy"]\n',
    "kinds": '[kinds]\n"limits/*.json" = "scp"\n',
    "aws-managed-policies": "aws-managed-policies = true\n",
    "terraform": '[terraform]\nvars = { what = "s3" }\n',
}


def as_pyproject(text: str) -> str:
    return "[tool.iamlint]\n" + text.replace("\n[", "\n[tool.iamlint.").replace(
        "[kinds]", "[tool.iamlint.kinds]"
    ).replace("[terraform]", "[tool.iamlint.terraform]")


def found(iamlint: Program, path: str, *more: str) -> set[tuple[object, ...]]:
    """Return the findings of a run, and the items it lists as not analysed."""
    report = json.loads(iamlint("check", path, "--output-format", "json", *more).out)
    return {
        (f["path"], tuple(f["policy"]["pointer"]), f["policy"]["kind"], f["rule"])
        for f in report["findings"]
    } | {(item["path"], item["reason"]) for item in report["not_analysed"]}


@pytest.mark.parametrize("above", ["", 'exclude = ["rules"]\nignore = ["all"]\n'])
@pytest.mark.parametrize("name", ["iamlint.toml", "pyproject.toml"])
@pytest.mark.parametrize("setting", SETTINGS)
def test_setting_counts_from_above_as_from_within(
    iamlint: Program, tmp_path: Path, setting: str, name: str, above: str
) -> None:
    text = SETTINGS[setting]
    write_files(tmp_path, {"iamlint.toml": above} if above else {})
    write_files(
        tmp_path / "a" / "sub",
        {**FILES, name: text if name == "iamlint.toml" else as_pyproject(text)},
    )

    within = found(iamlint, "a/sub")

    assert within
    assert found(iamlint, ".") == within
    assert found(iamlint, "a") == within
    assert (
        iamlint("check", ".", "--show-files").out == iamlint("check", "a/sub", "--show-files").out
    )


def test_setting_changes_what_is_found(iamlint: Program, tmp_path: Path) -> None:
    runs = []
    for setting, text in SETTINGS.items():
        write_files(tmp_path / setting, {**FILES, "iamlint.toml": text})
        rows = found(iamlint, setting)
        runs.append(frozenset((str(row[0]).removeprefix(setting), *row[1:]) for row in rows))

    assert len(set(runs)) == len(SETTINGS)


def test_options_count_below_every_configuration(iamlint: Program, tmp_path: Path) -> None:
    write_files(tmp_path / "sub", {**FILES, "iamlint.toml": 'include = ["**/*.policy"]\n'})
    write_files(tmp_path, {"iamlint.toml": "", "p.json": ANY})

    both = iamlint("check", ".", "--show-files").out.split()
    assert both == ["p.json", "sub/rules/all.policy"]
    assert iamlint("check", ".", "--show-files", "--exclude", "/sub/rules").out.split() == both[:1]
    assert iamlint("check", ".", "--show-files", "--exclude", "rules").out.split() == both[:1]
    assert {row[2] for row in found(iamlint, ".", "--kind", "resource")} == {"resource"}


def test_one_configuration_for_all_files_leaves_out_those_below(
    iamlint: Program, tmp_path: Path
) -> None:
    write_files(tmp_path / "sub", {"p.json": ANY, "iamlint.toml": 'exclude = ["*.json"]\n'})
    write_files(tmp_path, {"other.toml": ""})

    assert iamlint("check", ".", "--show-files").out == ""
    assert iamlint("--isolated", "check", ".", "--show-files").out == "sub/p.json\n"
    assert iamlint("--config", "other.toml", "check", ".", "--show-files").out == "sub/p.json\n"


def test_folder_that_is_excluded_from_above_is_not_entered(
    iamlint: Program, tmp_path: Path
) -> None:
    write_files(tmp_path, {"iamlint.toml": 'exclude = ["sub"]\n', "p.json": ANY})
    write_files(tmp_path / "sub", {"p.json": ANY, "iamlint.toml": ""})

    assert iamlint("check", ".", "--show-files").out == "p.json\n"


@pytest.mark.parametrize("seed", range(6))
def test_run_from_above_is_the_runs_of_all_configurations_together(
    iamlint: Program, tmp_path: Path, seed: int
) -> None:
    draw = random.Random(seed)  # noqa: S311 - repeatable
    folders = ["", "a", "a/b", "a/b/c", "d"]
    for folder in folders:
        chosen = draw.sample(["exclude", "include", "kinds"], draw.randrange(4))
        text = "".join(SETTINGS[name] for name in sorted(chosen))  # tables come last
        write_files(tmp_path / folder, {**FILES, **({"iamlint.toml": text} if chosen else {})})

    whole = found(iamlint, ".")

    for folder in folders:
        if (tmp_path / folder / "iamlint.toml").exists():
            within = found(iamlint, folder or ".")
            below = {row for row in whole if str(row[0]).startswith(f"{folder}/" if folder else "")}
            assert within == below
