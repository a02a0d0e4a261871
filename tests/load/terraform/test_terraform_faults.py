"""A misspelt action is reported on its exact characters, in every place of a module for one."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from iamlint.config import Config
from iamlint.linter.lint_options import LintOptions
from iamlint.linter.pipeline import lint
from iamlint.plugins.extensions import load_extensions

if TYPE_CHECKING:
    from pathlib import Path

    from iamlint.rule.finding import Finding

FAULT = "s3:GetObjct"
STATEMENT = '{Effect = "Allow", Action = "s3:GetObjct", Resource = "*"}'
JSON = '{"Statement": [{"Effect": "Allow", "Action": "s3:GetObjct", "Resource": "*"}]}'
ATTACHED = 'resource "aws_iam_policy" "x" {\n  policy = %s\n}\n'


def found(folder: Path, monkeypatch: pytest.MonkeyPatch, *paths: str) -> list[Finding]:
    monkeypatch.chdir(folder)
    request = LintOptions(paths=paths or (".",), today=date(2026, 1, 1), select=("unknown-action",))
    return list(lint(request, load_extensions(Config(root=folder))).findings)


def characters(finding: Finding, folder: Path) -> str:
    text = (folder / finding.path).read_text(encoding="utf-8")
    return text[finding.range.start.offset : finding.range.end.offset]


DATA_SOURCE = """
data "aws_iam_policy_document" "x" {
  statement {
    actions   = ["s3:PutObject", "s3:GetObjct"]
    resources = ["*"]
  }
}
"""
CASES = {
    "data source": {"main.tf": DATA_SOURCE},
    "jsonencode": {"main.tf": ATTACHED % f"jsonencode({{Statement = [{STATEMENT}]}})"},
    "heredoc": {"main.tf": ATTACHED % f"<<EOT\n\n  {JSON}\nEOT\n"},
    "heredoc after an interpolation": {
        "main.tf": ATTACHED
        % (
            '<<-EOT\n    {"Statement": [{"Sid": "é${var.x}", "Effect": "Allow",\n'
            '      "Action": ["s3:PutObject", "s3:GetObjct"], "Resource": "${var.y}"}]}\n    EOT\n'
        )
    },
    "string with escapes": {"main.tf": ATTACHED % json.dumps(JSON)},
    "local of another file": {
        "main.tf": ATTACHED % "jsonencode(local.policy)",
        "locals.tf": f"locals {{\n  policy = {{Statement = [{STATEMENT}]}}\n}}\n",
    },
    "value of a local": {
        "main.tf": ATTACHED
        % 'jsonencode({Statement = [{Effect = "Allow", Action = local.a, Resource = "*"}]})',
        "locals.tf": 'locals {\n  a = ["s3:PutObject", "s3:GetObjct"]\n}\n',
    },
    "file": {"main.tf": ATTACHED % 'file("${path.module}/p.txt")', "p.txt": f"\n{JSON}\n"},
    "template file": {
        "main.tf": ATTACHED % 'templatefile("p.tftpl", {x = var.x})',
        "p.tftpl": JSON.replace('"*"', '"${x}"'),
    },
    "merged data source of another file": {
        "main.tf": ATTACHED
        % "data.aws_iam_policy_document.all.json"
        + 'data "aws_iam_policy_document" "all" {\n'
        "  override_policy_documents = [data.aws_iam_policy_document.x.json]\n}\n",
        "other.tf": DATA_SOURCE,
    },
    "json form": {
        "main.tf.json": json.dumps({"resource": {"aws_iam_policy": {"x": {"policy": JSON}}}})
    },
    "plan": {
        "plan.json": json.dumps(
            {
                "format_version": "1.2",
                "resource_changes": [
                    {
                        "address": "aws_iam_policy.x",
                        "type": "aws_iam_policy",
                        "change": {"before": {"policy": JSON}, "after": {"policy": JSON}},
                    }
                ],
            },
            indent=1,
        )
    },
}


@pytest.mark.parametrize("case", CASES)
def test_fault_is_reported_on_its_own_characters(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in CASES[case].items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    (finding,) = found(tmp_path, monkeypatch)

    assert finding.message.startswith("`s3:GetObjct` matches no action that `s3` had on ")
    assert characters(finding, tmp_path).strip('\\"') == FAULT
    assert FAULT in (tmp_path / finding.path).read_text(encoding="utf-8")


def test_fault_of_a_computed_value_stands_at_its_expression(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "main.tf").write_text(
        ATTACHED
        % 'jsonencode({Statement = {Effect = "Allow", Resource = "*", Action = "s3:${local.a}"}})'
        + 'locals {\n  a = "GetObjct"\n}\n'
    )

    (finding,) = found(tmp_path, monkeypatch)

    assert characters(finding, tmp_path) == '"s3:${local.a}"'


@pytest.mark.parametrize(
    "expression",
    [
        f"format({json.dumps(JSON.replace('*', '%s') + ' ')}, var.x)",
        f"join({json.dumps(', ')}, [{json.dumps(JSON[:30])}, {json.dumps(JSON[32:])}])",
        f"replace({json.dumps(JSON)}, {json.dumps('*')}, {json.dumps('x')})",
    ],
)
def test_fault_in_a_text_that_is_computed_stands_at_its_expression(
    expression: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "main.tf").write_text(ATTACHED % expression)

    (finding,) = found(tmp_path, monkeypatch)

    assert characters(finding, tmp_path) == expression


def test_comment_ignores_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = DATA_SOURCE.replace(
        '"s3:GetObjct"]', '"s3:GetObjct"] # iamlint: ignore[unknown-action] not yet known'
    )
    (tmp_path / "main.tf").write_text(text)

    (finding,) = found(tmp_path, monkeypatch)

    assert finding.suppressed is not None
    assert finding.suppressed.reason == "not yet known"


def test_part_that_two_policies_share_is_reported_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "main.tf").write_text(
        DATA_SOURCE
        + "".join(
            f'data "aws_iam_policy_document" "{name}" {{\n'
            "  source_policy_documents = [data.aws_iam_policy_document.x.json]\n}\n"
            for name in ("one", "two")
        )
    )

    assert len(found(tmp_path, monkeypatch)) == 1


def test_file_is_worked_out_with_the_files_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in CASES["value of a local"].items():
        (tmp_path / name).write_text(text)
    (tmp_path / "more.tf").write_text(ATTACHED.replace('"x"', '"y"') % f"<<EOT\n{JSON}\nEOT\n")

    assert [finding.path for finding in found(tmp_path, monkeypatch, "main.tf")] == ["locals.tf"]


def test_policy_of_a_file_that_a_module_reads_is_no_second_policy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "main.tf").write_text(
        'resource "aws_sns_topic_policy" "x" {\n  policy = file("policy.json")\n}\n'
    )
    (tmp_path / "policy.json").write_text(JSON)

    (finding,) = found(tmp_path, monkeypatch)

    assert (finding.path, finding.policy.kind) == ("policy.json", "resource")
