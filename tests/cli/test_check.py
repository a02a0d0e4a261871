"""`iamlint check`: exit codes, streams, and what each option changes."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

from iamlint.load import json_yaml
from iamlint.report.formats import BUILTIN as FORMATS
from iamlint.rule import Confidence, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rule.finding import Family
from iamlint.rules import BUILTIN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from iamlint.load import File, Item
    from iamlint.policy.model import Statement
    from tests.support.program import Program


GOOD = """{
  "Version": "2012-10-17",
  "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
}
"""
UNKNOWN = GOOD.replace("s3:GetObject", "s3:GetObjcet")
UNGUARDED = """{
  "Version": "2012-10-17",
  "Statement": {
    "Sid": "Tags", "Effect": "Allow", "Action": "ec2:CreateTags",
    "Resource": "arn:aws:ec2:*:*:instance/*",
    "Condition": {"ForAllValues:StringEquals": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/"}}
  }
}
"""


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add a rule that raises."""

    def check(statement: Statement, ask: RuleContext) -> Iterator[Hit]:  # noqa: ARG001
        raise ZeroDivisionError("so it goes")

    rule = Rule(
        name="always-broken",
        family=Family.HYGIENE,
        module=__name__,
        summary="breaks",
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        advice="fix it",
        sources=(),
        check=check,
        bad=(bad("none", "{}"),),
        good=(good("none", "{}"),),
    )
    monkeypatch.setattr("iamlint.rules.BUILTIN", (*BUILTIN, rule))


def test_clean_policy_exits_0_and_counts_what_was_read(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "good.json").write_text(GOOD)

    result = iamlint("check", "good.json")

    assert (result.code, result.out, result.err) == (0, "no findings in 1 policy of 1 file\n", "")


def test_finding_exits_1_and_goes_to_stdout(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text(UNKNOWN)

    result = iamlint("check", "bad.json", "--output-format", "concise")

    assert result.code == 1
    assert result.out.startswith("bad.json:3:46: error[unknown-action] ")
    assert result.err == ""


def test_finding_below_fail_on_exits_0_and_is_reported(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(UNGUARDED)

    result = iamlint("check", "p.json", "--fail-on", "error", "--output-format", "concise")

    assert result.code == 0
    assert "warning[unguarded-for-all-values]" in result.out


def test_exit_zero_reports_and_exits_0(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text(UNKNOWN)

    result = iamlint("check", "bad.json", "--exit-zero")

    assert result.code == 0
    assert "unknown-action" in result.out


def test_path_to_nothing_exits_2_and_names_it(iamlint: Program) -> None:
    result = iamlint("check", "missing.json")

    assert (result.code, result.out) == (2, "")
    assert "missing.json" in result.err


def test_unreadable_file_exits_2_and_is_named(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "binary.json").write_bytes(b'\x00\x01"Statement" "Effect" 2012-10-17')

    result = iamlint("check", "binary.json")

    assert result.code == 2
    assert "error: binary.json: " in result.err


@pytest.mark.usefixtures("broken")
def test_broken_rule_exits_3_and_names_rule_and_file(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "good.json").write_text(GOOD)

    result = iamlint("check", "good.json")

    assert result.code == 3
    broke = (
        "error: good.json: rule `always-broken` broke: ZeroDivisionError: so it goes (test_check"
    )
    assert broke in result.err
    assert "1 rule broke" in result.out


def test_broken_loader_exits_3_names_loader_and_file_and_spares_the_others(
    iamlint: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def items(file: File) -> Iterator[Item]:
        if file.path == "odd.json":
            raise ZeroDivisionError("so it goes")
        return search(file)

    (tmp_path / "bad.json").write_text(UNKNOWN)
    (tmp_path / "odd.json").write_text(GOOD)
    search = json_yaml.read
    monkeypatch.setattr(json_yaml, "read", items)

    result = iamlint("check", ".", "--output-format", "concise")

    assert result.code == 3
    assert "error: odd.json: loader `json_yaml` broke: ZeroDivisionError: so it goes" in result.err
    assert result.out.startswith("bad.json:3:")
    assert "1 loader broke" in result.out


def test_what_nobody_foresaw_exits_3_and_says_where(
    iamlint: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def summary(*_: object) -> str:
        raise ZeroDivisionError("so it goes")

    (tmp_path / "bad.json").write_text(UNKNOWN)
    monkeypatch.setattr("iamlint.report.concise.summary", summary)

    result = iamlint("check", ".", "--output-format", "concise")

    assert (result.code, result.out) == (3, "")
    assert result.err.startswith("error: iamlint broke: ZeroDivisionError: so it goes (test_check")


def test_folder_without_a_policy_exits_4(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text("{}")

    assert iamlint("check").code == 4
    assert iamlint("check", ".").code == 4


def test_file_without_a_policy_exits_0_as_a_hook_hands_over_any_json(
    iamlint: Program, tmp_path: Path
) -> None:
    (tmp_path / "package-lock.json").write_text('{"name": "x", "lockfileVersion": 3}')

    assert iamlint("check", "package-lock.json").code == 0


@pytest.mark.parametrize("format_", FORMATS)
def test_output_format_does_not_change_the_exit_code(
    iamlint: Program, tmp_path: Path, format_: str
) -> None:
    (tmp_path / "bad.json").write_text(UNKNOWN)

    assert iamlint("check", "bad.json", "--output-format", format_).code == 1


def test_unknown_output_format_exits_2_with_a_hint(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "good.json").write_text(GOOD)

    result = iamlint("check", "good.json", "--output-format", "jsn")

    assert result.code == 2
    assert result.err == ("error: there is no output format `jsn`\nhelp: did you mean `json`?\n")


def test_select_and_ignore_choose_rules(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text(UNKNOWN)

    assert iamlint("check", "bad.json", "--select", "conditions").code == 0
    assert iamlint("check", "bad.json", "--select", "conditions,unknown-action").code == 1
    assert iamlint("check", "bad.json", "--ignore", "unknown-action").code == 0
    assert iamlint("check", "bad.json", "--ignore", "actions").code == 0


def test_unknown_selector_exits_2_with_a_hint(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "good.json").write_text(GOOD)

    result = iamlint("check", "good.json", "--select", "unknown-acton")

    assert result.code == 2
    assert result.err == (
        "error: there is no rule, family or tag `unknown-acton`\n"
        "help: did you mean `unknown-action`?\n"
    )


def test_output_writes_files_beside_stdout(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text(UNKNOWN)

    result = iamlint("check", "bad.json", "-o", "json:out.json", "-o", "list.txt")

    assert json.loads((tmp_path / "out.json").read_text())["summary"]["error"] == 1
    assert (tmp_path / "list.txt").read_text() == result.out


def test_standard_input_is_a_policy_with_a_name(
    iamlint: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(UNKNOWN.encode())))

    result = iamlint("check", "-", "--stdin-filename", "p.json", "--output-format", "concise")

    assert result.code == 1
    assert result.out.startswith("p.json:3:46: error[unknown-action]")


def test_command_line_beats_environment_beats_file(
    iamlint: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "p.json").write_text(UNGUARDED)
    (tmp_path / "iamlint.toml").write_text('fail-on = "error"\n')
    assert iamlint("check", "p.json").code == 0

    monkeypatch.setenv("IAMLINT_FAIL_ON", "warning")
    assert iamlint("check", "p.json").code == 1
    assert iamlint("check", "p.json", "--fail-on", "error").code == 0


def test_isolated_reads_no_configuration(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(UNGUARDED)
    (tmp_path / "iamlint.toml").write_text('ignore = ["unguarded-for-all-values"]\n')

    assert iamlint("check", "p.json").code == 0
    assert iamlint("--isolated", "check", "p.json").code == 1


def test_each_file_has_the_nearest_configuration(iamlint: Program, tmp_path: Path) -> None:
    for folder in ("strict", "lax"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "p.json").write_text(UNGUARDED)
    (tmp_path / "lax" / "iamlint.toml").write_text('ignore = ["unguarded-for-all-values"]\n')

    result = iamlint("check", ".", "--output-format", "json")

    assert [f["path"] for f in json.loads(result.out)["findings"]] == ["strict/p.json"]


def test_severity_of_a_rule_is_the_configurations(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(UNGUARDED)
    (tmp_path / "iamlint.toml").write_text('[severity]\nunguarded-for-all-values = "note"\n')

    result = iamlint("check", "p.json", "--output-format", "concise")

    assert result.code == 0
    assert "note[unguarded-for-all-values]" in result.out


def test_min_severity_hides_but_counts(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(UNGUARDED)

    result = iamlint("check", "p.json", "--min-severity", "error")

    assert result.out == "no findings in 1 policy of 1 file; 1 below `error`\n"


def test_show_files_lists_what_would_be_read(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(GOOD)
    (tmp_path / "b.txt").write_text(GOOD)

    result = iamlint("check", ".", "--show-files")

    assert (result.code, result.out) == (0, "a.json\n")


def test_show_files_counts_links_if_more_is_asked(iamlint: Program, tmp_path: Path) -> None:
    module = (
        'variable "role" {}\n'
        'resource "aws_iam_role" "app" {\n  name = "app"\n}\n'
        'resource "aws_iam_role_policy_attachment" "known" {\n'
        "  role       = aws_iam_role.app.name\n"
        '  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"\n}\n'
        'resource "aws_iam_role_policy_attachment" "open" {\n'
        "  role       = var.role\n"
        '  policy_arn = "arn:aws:iam::aws:policy/AWSDenyAll"\n}\n'
    )
    (tmp_path / "main.tf").write_text(module)

    result = iamlint("-v", "check", ".", "--show-files")

    assert result.code == 0
    assert result.out == (
        "main.tf\n"
        "links: 2, not known: 1\n"
        "  main.tf:9: attached policy: `${var.role}` is not known\n"
    )


def test_path_without_a_command_hints_at_check(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()

    result = iamlint("policies")

    assert result.code == 2
    assert "help: to lint it: `iamlint check policies`" in result.err


def test_two_runs_give_the_same_bytes(iamlint: Program, tmp_path: Path) -> None:
    for name in ("b.json", "a.json", "c.yaml"):
        (tmp_path / name).write_text(UNKNOWN)

    first = iamlint("check", ".", "--output-format", "json")

    assert first == iamlint("check", ".", "--output-format", "json")
    assert [f["path"] for f in json.loads(first.out)["findings"]] == ["a.json", "b.json", "c.yaml"]


def test_policies_that_aws_manages_are_checked_when_the_configuration_says_so(
    iamlint: Program, tmp_path: Path
) -> None:
    says = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObjekt"}}'
    (tmp_path / "dump.json").write_text(
        '{"Policies": [{"PolicyName": "Own", "Arn": "arn:aws:iam::aws:policy/Own",\n'
        f'"PolicyVersionList": [{{"IsDefaultVersion": true, "Document": {says}}}]}}]}}'
    )
    off = iamlint("check", "dump.json", "--select", "unknown-action")
    (tmp_path / "iamlint.toml").write_text("aws-managed-policies = true\n")
    on = iamlint("check", "dump.json", "--select", "unknown-action")

    assert (off.code, on.code) == (0, 1)
    assert "`: policies that AWS manages (1): `aws-managed-policies = true`" in off.out
    assert "dump.json:2:" in on.out


@pytest.mark.parametrize("text", ["", "{}", "An error occurred (AccessDenied)", "{"])
@pytest.mark.parametrize(
    ("args", "code", "level"), [((), 2, "error"), (("--stdin-filename", "p.json"), 0, "note")]
)
def test_input_without_a_policy_is_refused_unless_it_has_the_name_of_a_file(
    iamlint: Program,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    args: tuple[str, ...],
    code: int,
    level: str,
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    result = iamlint("check", "-", *args)

    assert (result.code, result.err) == (code, f"{level}: standard input contains no policy\n")


LEFT_OUT = 'resource "aws_iam_policy" "a" {\n  policy = var.policy\n}\nvariable "policy" {}\n'


@pytest.mark.parametrize("place", ["option", "configuration"])
@pytest.mark.parametrize("module", ["", LEFT_OUT], ids=["whole", "gap"])
def test_gate_fails_where_a_policy_may_be_left_out(
    module: str, place: str, iamlint: Program, tmp_path: Path
) -> None:
    (tmp_path / "p.json").write_text(GOOD)
    (tmp_path / "main.tf").write_text(module)
    if place == "configuration":
        (tmp_path / "iamlint.toml").write_text("fail-on-not-analysed = true\n")
    option = ["--fail-on-not-analysed"] if place == "option" else []

    result = iamlint("check", ".", *option)

    assert (result.code, result.err) == (
        (
            2,
            (
                "error: 1 place that may contain a policy could not be analysed\n"
                "help: each `not analysed` line gives the reason; "
                "`exclude` files without policies\n"
            ),
        )
        if module
        else (0, "")
    )
