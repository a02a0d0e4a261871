"""`iamlint check --fix` and related options: the written files, the others, the exit codes."""

from __future__ import annotations

import errno
import json
import os
from typing import TYPE_CHECKING

import pytest

from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity
from iamlint.rule.fix import Applicability, Fix, Reword
from iamlint.rules import BUILTIN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from iamlint.policy.model import Statement
    from tests.support.program import Program


BAD = """{
  "Statement": [
    {
      "Effect": "allow",
      "Action": ["s3:GetObject", "s3:PutObjcet", "s3:getobject"],
      "Resource": "arn:aws:s3:::b/*"
    }
  ]
}
"""
SAFE = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["s3:GetObject", "s3:PutObjcet"],
      "Resource": "arn:aws:s3:::b/*"
    }
  ]
}
"""
UNSAFE = SAFE.replace("PutObjcet", "PutObject")


@pytest.mark.parametrize(
    ("text", "number"), [(BAD, "2 findings"), (SAFE, "1 finding"), (UNSAFE, "0 findings")]
)
def test_unsafe_fixes_alone_change_nothing_and_say_what_is_missing(
    iamlint: Program, tmp_path: Path, text: str, number: str
) -> None:
    (tmp_path / "p.json").write_text(text)

    result = iamlint("check", "p.json", "--unsafe-fixes")

    assert (tmp_path / "p.json").read_text() == text
    assert result.err == f"note: {number} can be fixed: `--unsafe-fixes` needs `--fix`\n"
    assert iamlint("check", "p.json").err == ""


def test_fix_mends_what_is_safe_reports_the_rest_and_counts(
    iamlint: Program, tmp_path: Path
) -> None:
    (tmp_path / "p.json").write_text(BAD)

    result = iamlint("check", "--fix", "--output-format", "concise")

    assert (tmp_path / "p.json").read_text() == SAFE
    assert result.code == 1
    assert [line.split()[1] for line in result.out.splitlines()[:1]] == ["error[unknown-action]"]
    assert result.err == ("fixed 3 findings in 1 file\n1 fix more with `--unsafe-fixes`\n")


def test_second_fix_changes_nothing(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(BAD)
    iamlint("check", "--fix", "--unsafe-fixes")
    (tmp_path / "p.json").chmod(0o400)  # to be written it would have to be replaced
    before = (tmp_path / "p.json").stat()

    result = iamlint("check", "--fix", "--unsafe-fixes", "--exit-non-zero-on-fix")

    assert (result.code, result.err) == (0, "")
    assert (tmp_path / "p.json").read_text() == UNSAFE
    assert (tmp_path / "p.json").stat().st_ino == before.st_ino


def test_diff_shows_the_change_and_changes_nothing(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(BAD)

    result = iamlint("check", "--diff")

    assert result.code == 1
    assert result.out.startswith("--- p.json\n+++ p.json\n@@ -1,8 +1,9 @@\n")
    assert '-      "Effect": "allow",\n+      "Effect": "Allow",\n' in "".join(
        line for line in result.out.splitlines(keepends=True) if "Effect" in line
    )
    assert result.err == ("would fix 3 findings in 1 file\n1 fix more with `--unsafe-fixes`\n")
    assert (tmp_path / "p.json").read_text() == BAD


def test_diff_of_nothing_exits_0(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(UNSAFE)

    assert iamlint("check", "--diff") == type(iamlint("check", "--diff"))(0, "", "")


def test_fix_only_reports_nothing_and_exits_0(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(BAD)

    result = iamlint("check", "--fix-only")

    assert (result.code, result.out) == (0, "")
    assert (tmp_path / "p.json").read_text() == SAFE


def test_exit_non_zero_on_fix_tells_that_a_file_changed(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(BAD)

    assert iamlint("check", "--fix-only", "--exit-non-zero-on-fix").code == 1


def test_mode_line_ends_and_byte_order_mark_stay(iamlint: Program, tmp_path: Path) -> None:
    file = tmp_path / "p.json"
    file.write_bytes(b"\xef\xbb\xbf" + BAD.replace("\n", "\r\n").encode())
    file.chmod(0o640)

    iamlint("check", "--fix")

    assert file.read_bytes() == b"\xef\xbb\xbf" + SAFE.replace("\n", "\r\n").encode()
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["p.json"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_owner_stays_when_root_fixes(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(BAD)
    os.chown(tmp_path / "p.json", 1234, 1235)

    iamlint("check", "--fix")

    stat = (tmp_path / "p.json").stat()
    assert (stat.st_uid, stat.st_gid, (tmp_path / "p.json").read_text()) == (1234, 1235, SAFE)


@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace"])
def test_file_stays_whole_when_it_cannot_be_written(
    iamlint: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    (tmp_path / "p.json").write_text(BAD)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(step, full)
    result = iamlint("check", "--fix")

    assert result.code == 2
    assert result.err == "error: `p.json` cannot be written: no space left on device\n"
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("p.json", BAD)]


def test_ignored_finding_is_not_fixed(iamlint: Program, tmp_path: Path) -> None:
    text = 'Statement:\n- Sid: "" # iamlint: ignore[empty-sid] ours\n  Effect: Allow\n'
    text = f'Version: "2012-10-17"\n{text}  Action: s3:GetObject\n  Resource: "*"\n'
    (tmp_path / "p.yaml").write_text(text)

    assert iamlint("check", "--fix").err == ""
    assert (tmp_path / "p.yaml").read_text() == text


def test_file_behind_a_symbolic_link_is_not_written(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "p.json").write_text(BAD)
    (tmp_path / "link.json").symlink_to(tmp_path / "real" / "p.json")

    result = iamlint("check", "--fix", "link.json")

    assert (tmp_path / "real" / "p.json").read_text() == BAD
    assert (tmp_path / "link.json").is_symlink()
    assert "is not fixed" in result.err


def test_file_outside_of_the_repository_is_not_written(
    iamlint: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "p.json").write_text(BAD)
    monkeypatch.chdir(tmp_path / "here")

    result = iamlint("check", "--fix", "../p.json")

    assert (tmp_path / "p.json").read_text() == BAD
    assert "it is outside of" in result.err


def test_file_that_changed_meanwhile_is_not_overwritten(
    iamlint: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from iamlint.linter import apply_fixes as module  # noqa: PLC0415 - only to come in between

    (tmp_path / "p.json").write_text(BAD)
    fix = module.fix

    def slow(*args: object, **options: object) -> object:
        fixed = fix(*args, **options)  # type: ignore[arg-type]
        (tmp_path / "p.json").write_text("{}")
        return fixed

    monkeypatch.setattr("iamlint.cli.show_fixes.fix", slow)
    result = iamlint("check", "--fix")

    assert result.code == 2
    assert "changed while it was fixed" in result.err
    assert (tmp_path / "p.json").read_text() == "{}"


def test_fix_that_does_not_help_exits_3_names_its_rule_and_writes_nothing(
    iamlint: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(statement: Statement, ask: RuleContext) -> Iterator[Hit]:  # noqa: ARG001 - as all checks
        at = statement.resources[0].at
        fix = Fix(Applicability.EQUIVALENT, "write another", (Reword(at, "arn:aws:s3:::other"),))
        yield Hit(at, "never content", fix=fix)

    rule = Rule(
        name="never-content",
        family=Family.HYGIENE,
        module=__name__,
        summary="finds fault with everything",
        severity=Severity.NOTE,
        confidence=Confidence.HIGH,
        advice="",
        sources=(),
        check=check,
        bad=(),
        good=(),
    )
    monkeypatch.setattr("iamlint.rules.BUILTIN", (*BUILTIN, rule))
    (tmp_path / "p.json").write_text(SAFE)
    (tmp_path / "q.json").write_text(BAD)

    result = iamlint("check", "--fix")

    assert result.code == 3
    assert "`never-content` does not remove its finding in p.json:7" in result.err
    assert (tmp_path / "p.json").read_text() == SAFE
    assert (tmp_path / "q.json").read_text() == BAD


def test_two_wrong_names_for_one_element_do_not_become_one(
    iamlint: Program, tmp_path: Path
) -> None:
    text = UNSAFE.replace('"Resource": ', '"Resouce": "arn:aws:s3:::a", "Resources": ')
    (tmp_path / "p.json").write_text(text)

    iamlint("check", "--fix")

    fixed = (tmp_path / "p.json").read_text()
    assert fixed == text.replace('"Resouce"', '"Resource"')


def test_standard_input_is_not_fixed_in_its_place(
    iamlint: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io  # noqa: PLC0415 - the only one

    class Input:
        buffer = io.BytesIO(BAD.encode())

    monkeypatch.setattr("sys.stdin", Input)

    assert iamlint("check", "--fix", "-").code == 2


TWICE = '{"effect": "Deny", "effect": "Allow", "Action": "s3:Get*", "Resource": "*"}'
IN_JSON = f'{{"Version": "2012-10-17", "Statement": [{TWICE}]}}'
IN_HCL = f"""\
resource "aws_iam_policy" "x" {{
  policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = {TWICE}
  }})
}}
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("p.json", IN_JSON),
        ("p.json", json.dumps({"PolicyDocument": IN_JSON})),
        ("p.json5", f"{{Version: '2012-10-17', Statement: {TWICE}}}"),
        ("p.yaml", f"Version: '2012-10-17'\nStatement: {TWICE}\n"),
        ("main.tf", IN_HCL),
    ],
)
def test_name_that_stands_twice_in_one_object_is_not_changed(
    name: str, text: str, iamlint: Program, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text)

    result = iamlint("check", name, "--fix", "--unsafe-fixes", "--select", "unknown-element")

    assert (result.code, result.err) == (1, "")
    assert (tmp_path / name).read_text() == text
