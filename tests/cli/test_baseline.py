"""Baselines: known findings are ignored wherever they move, and stale entries are reported."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program, Result


FILE = "iamlint-baseline.json"
POLICY = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "Typo", "Effect": "Allow", "Action": "s3:GetObjcet", "Resource": "*"},
    {"Effect": "Allow", "Action": ["s3:GetObject", "iam:CreateUsr"], "Resource": "*"}
  ]
}
"""
MOVED = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"},
    {
      "Resource": "*",
      "Action": [
        "s3:GetObject",
        "iam:CreateUsr"
      ],
      "Effect": "Allow"
    },
    {"Sid": "Typo", "Resource": ["*"], "Action": ["s3:GetObjcet"], "Effect": "Allow"}
  ]
}
"""
ONLY = ("--select", "unknown-action,unused-ignore", "--output-format", "json")


@pytest.fixture
def known(iamlint: Program, tmp_path: Path) -> Path:
    """Return the baseline of a policy with two typing errors."""
    (tmp_path / "iamlint.toml").write_text('select = ["unknown-action", "unused-ignore"]\n')
    (tmp_path / "p.json").write_text(POLICY)
    assert iamlint("baseline", "create", "p.json").out == f"2 findings in {FILE}\n"
    return tmp_path


def suppressed(result: Result) -> list[str | None]:
    findings = json.loads(result.out)["findings"]
    return [f["suppressed"] and f["suppressed"]["where"] for f in findings]


def test_known_findings_are_ignored_and_counted(iamlint: Program, known: Path) -> None:  # noqa: ARG001
    result = iamlint("check", "p.json", "--baseline", FILE)

    assert (result.code, result.out) == (0, "no findings in 1 policy of 1 file; 2 ignored\n")
    listed = json.loads(iamlint("check", "p.json", "--baseline", FILE, *ONLY).out)
    assert [f["suppressed"] for f in listed["findings"]] == [
        {"reason": "known when the baseline was written", "where": FILE}
    ] * 2


def test_known_findings_are_known_after_moving_and_reformatting(
    iamlint: Program, known: Path
) -> None:
    (known / "p.json").write_text(MOVED)

    result = iamlint("check", "p.json", "--baseline", FILE, *ONLY)

    assert suppressed(result) == [FILE, FILE]


def test_known_findings_are_known_from_another_folder(
    iamlint: Program, known: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (known / ".git").mkdir()
    (known / FILE).unlink()
    iamlint("baseline", "create", "p.json")
    (known / "deep").mkdir()
    monkeypatch.chdir(known / "deep")

    result = iamlint("check", "../p.json", "--baseline", f"../{FILE}", *ONLY)

    assert suppressed(result) == [f"../{FILE}"] * 2


def test_same_fault_in_another_place_is_new(iamlint: Program, known: Path) -> None:
    more = '{"Sid": "New", "Effect": "Allow", "Action": "s3:GetObjcet", "Resource": "*"}'
    (known / "p.json").write_text(POLICY.replace('"Statement": [', f'"Statement": [{more},'))
    (known / "q.json").write_text(POLICY)

    result = iamlint("check", ".", "--baseline", FILE, *ONLY)

    assert result.code == 1
    assert suppressed(result) == [None, FILE, FILE, None, None]


def test_second_of_two_alike_is_new(iamlint: Program, known: Path) -> None:
    twice = POLICY.replace('"s3:GetObjcet"', '["s3:GetObjcet", "s3:GetObjcet"]')
    (known / "p.json").write_text(twice)

    result = iamlint("check", "p.json", "--baseline", FILE, *ONLY)

    assert suppressed(result) == [FILE, None, FILE]


def test_no_ignores_reports_known_findings(iamlint: Program, known: Path) -> None:  # noqa: ARG001
    result = iamlint("check", "p.json", "--baseline", FILE, "--no-ignores", *ONLY)

    assert (result.code, suppressed(result)) == (1, [None, None])


def test_show_lists_what_is_known_and_marks_what_is_not_found(
    iamlint: Program, known: Path
) -> None:
    (known / "p.json").write_text(POLICY.replace("Objcet", "Object"))

    rows = iamlint("baseline", "show").out.splitlines()

    assert [row.endswith(" (not found any more)") for row in rows] == [False, True, False]
    assert rows[0].startswith("p.json: [unknown-action] `iam:CreateUsr` matches no action")
    assert rows[-1] == "2 findings, 1 not found any more"


def test_prune_takes_out_what_is_not_found(iamlint: Program, known: Path) -> None:
    (known / "p.json").write_text(POLICY.replace("Objcet", "Object"))

    rows = iamlint("baseline", "prune").out.splitlines()

    assert "GetObjcet" in rows[0]
    assert rows[1] == f"1 removed, 1 left in {FILE}"
    entries = json.loads((known / FILE).read_text())["findings"]
    assert ["CreateUsr" in entry["message"] for entry in entries] == [True]


def test_file_that_is_gone_has_stale_entries(iamlint: Program, known: Path) -> None:
    (known / "p.json").rename(known / "q.json")

    assert iamlint("baseline", "prune").out.endswith(f"2 removed, 0 left in {FILE}\n")


def test_what_lies_elsewhere_or_was_not_asked_is_not_stale(iamlint: Program, known: Path) -> None:
    (known / "q.json").write_text(POLICY.replace("Objcet", "Object").replace("Usr", "User"))
    (known / "iamlint.toml").write_text('ignore = ["unknown-action"]\n')

    assert iamlint("baseline", "prune").out == f"0 removed, 2 left in {FILE}\n"
    (known / "iamlint.toml").write_text('select = ["unknown-action"]\n')
    assert iamlint("baseline", "prune", "q.json").out == f"0 removed, 2 left in {FILE}\n"


def test_update_knows_what_is_new_and_forgets_what_is_gone(iamlint: Program, known: Path) -> None:
    (known / "p.json").write_text(POLICY.replace("Objcet", "Objekt"))

    updated = iamlint("check", "p.json", "--baseline", FILE, "--update-baseline")

    assert (updated.code, updated.out) == (0, "no findings in 1 policy of 1 file; 2 ignored\n")
    entries = json.loads((known / FILE).read_text())["findings"]
    assert [entry["message"].split("`")[1] for entry in entries] == [
        "iam:CreateUsr",
        "s3:GetObjekt",
    ]


def test_update_of_one_file_keeps_what_is_known_of_others(iamlint: Program, known: Path) -> None:
    (known / "q.json").write_text(POLICY)

    iamlint("check", "q.json", "--baseline", FILE, "--update-baseline")

    entries = json.loads((known / FILE).read_text())["findings"]
    assert [entry["path"] for entry in entries] == ["p.json", "p.json", "q.json", "q.json"]


def test_update_makes_a_baseline_where_there_is_none(iamlint: Program, known: Path) -> None:
    written = (known / FILE).read_bytes()

    iamlint("check", ".", "--baseline", "new.json", "--update-baseline")

    assert (known / "new.json").read_bytes() == written


def test_finding_that_the_configuration_ignores_is_not_in_the_baseline(
    iamlint: Program, known: Path
) -> None:
    (known / FILE).unlink()
    with (known / "iamlint.toml").open("a") as config:
        config.write(
            '[[ignore-finding]]\nrule = "unknown-action"\nfile = "p.json"\nsid = "Typo"\n'
            'reason = "SEC-1"\n'
        )

    assert iamlint("baseline", "create").out == f"1 finding in {FILE}\n"


def test_create_overwrites_nothing(iamlint: Program, known: Path) -> None:
    written = (known / FILE).read_bytes()

    result = iamlint("baseline", "create", ".")

    assert result.code == 2
    assert f"`{FILE}` exists already" in result.err
    assert (known / FILE).read_bytes() == written


def test_create_refuses_when_something_cannot_be_read(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "binary.json").write_bytes(b'\x00\x01"Statement" "Effect" 2012-10-17')

    assert iamlint("baseline", "create", "binary.json").code == 2
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (None, "error: there is no baseline `x.json`\n"),
        ("{", "error: the baseline `x.json` cannot be read: "),
        ("[]", "error: `x.json` is not a baseline\n"),
        (
            '{"version": 2, "findings": []}',
            "error: the baseline `x.json` was written by another version",
        ),
        ('{"version": 1, "findings": [{"rule": "a"}]}', "error: `x.json` is not a baseline\n"),
        ('{"version": 1, "findings": [7]}', "error: `x.json` is not a baseline\n"),
        ('{"version": 1, "reason": 7, "findings": []}', "error: `x.json` is not a baseline\n"),
        (
            '{"version":1,"findings":[{"path":7,"rule":"r","message":"m","fingerprint":"f"}]}',
            "error: `x.json` is not a baseline\n",
        ),
        (
            '{"version": 1, "expires": "soon", "findings": []}',
            "error: the baseline `x.json` has `expires` `soon`, which is not a date\nhelp:",
        ),
    ],
)
def test_wrong_baseline_exits_2(
    iamlint: Program, tmp_path: Path, text: str | None, error: str
) -> None:
    (tmp_path / "p.json").write_text(POLICY)
    if text is not None:
        (tmp_path / "x.json").write_text(text)

    result = iamlint("check", "p.json", "--baseline", "x.json")

    assert result.code == 2
    assert result.err.startswith(error)


def test_update_without_a_baseline_exits_2(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(POLICY)

    assert iamlint("check", "p.json", "--update-baseline").code == 2


def edited(folder: Path, **members: object) -> list[dict[str, str]]:
    """Return the entries of the baseline after a change."""
    content = json.loads((folder / FILE).read_text()) | members
    (folder / FILE).write_text(json.dumps(content, indent=2))
    entries: list[dict[str, str]] = content["findings"]
    return entries


def complaints(result: Result) -> list[tuple[str, str, int]]:
    found = json.loads(result.out)["findings"]
    return [(f["rule"], f["path"], f["range"]["start"]["line"]) for f in found if f["path"] == FILE]


def test_what_is_not_found_any_more_is_reported_where_it_stands(
    iamlint: Program, known: Path
) -> None:
    (known / "p.json").write_text(POLICY.replace("Objcet", "Object"))

    result = iamlint("check", "p.json", "--baseline", FILE, *ONLY)

    assert (result.code, complaints(result)) == (1, [("unused-ignore", FILE, 6)])
    assert "`s3:GetObjcet`" in json.loads(result.out)["findings"][0]["message"]
    iamlint("baseline", "prune")
    assert iamlint("check", "p.json", "--baseline", FILE, *ONLY, "--exit-zero").code == 0
    assert complaints(iamlint("check", "p.json", "--baseline", FILE, *ONLY)) == []


def test_entry_of_a_file_that_is_gone_is_reported_by_who_looks_there(
    iamlint: Program, known: Path
) -> None:
    (known / "p.json").unlink()
    (known / "q.json").write_text(POLICY.replace("Objcet", "Object").replace("Usr", "User"))

    assert complaints(iamlint("check", "q.json", "--baseline", FILE, *ONLY)) == []
    assert len(complaints(iamlint("check", ".", "--baseline", FILE, *ONLY))) == 2


@pytest.mark.parametrize(
    "args", [("--ignore", "unknown-action"), ("--exclude", "p.json"), ("--no-ignores",)]
)
def test_entry_is_not_called_unused_when_nobody_looked(
    iamlint: Program, known: Path, args: tuple[str, ...]
) -> None:
    (known / "q.json").write_text(POLICY)
    (known / "p.json").write_text(POLICY.replace("Objcet", "Object").replace("Usr", "User"))

    assert complaints(iamlint("check", ".", "--baseline", FILE, *ONLY, *args)) == []


def test_entry_of_a_file_that_cannot_be_read_is_not_called_unused(
    iamlint: Program, known: Path
) -> None:
    (known / "p.json").write_bytes(b'\x00\x01"Statement" "Effect" 2012-10-17')

    assert complaints(iamlint("check", "p.json", "--baseline", FILE, *ONLY)) == []


def test_baseline_has_a_reason_and_may_have_a_last_day(iamlint: Program, known: Path) -> None:
    (known / FILE).unlink()
    iamlint("baseline", "create", "--reason", "before SEC-9", "--expires", "2999-12-31")

    content = json.loads((known / FILE).read_text())
    listed = json.loads(iamlint("check", "p.json", "--baseline", FILE, *ONLY).out)

    assert (content["reason"], content["expires"]) == ("before SEC-9", "2999-12-31")
    assert {f["suppressed"]["reason"] for f in listed["findings"]} == {"before SEC-9"}
    (known / FILE).unlink()
    assert iamlint("baseline", "create", "--reason", " ").code == 2
    assert iamlint("baseline", "create", "--expires", "soon").code == 2
    assert not (known / FILE).exists()


ALL = ("--select", "unknown-action,unused-ignore,expired-ignore,unexplained-ignore")


def test_last_day_of_the_file_holds_for_entries_without_their_own(
    iamlint: Program, known: Path
) -> None:
    entries = edited(known, expires="2020-01-01")
    entries[0]["expires"] = "2999-12-31"
    edited(known, findings=entries)

    result = iamlint("check", "p.json", "--baseline", FILE, *ONLY, *ALL)

    assert result.code == 1
    assert [rule for rule, _, _ in complaints(result)] == ["expired-ignore"]
    assert sorted(map(bool, suppressed(result))) == [False, False, True]
    shown = iamlint("baseline", "show").out.splitlines()
    assert [row.endswith("(until 2999-12-31)") for row in shown] == [True, False, False]


def test_file_without_a_reason_ignores_only_entries_with_their_own(
    iamlint: Program, known: Path
) -> None:
    entries = edited(known, reason="")
    entries[0]["reason"] = "SEC-9"
    edited(known, findings=entries)

    result = iamlint("check", "p.json", "--baseline", FILE, *ONLY, *ALL)

    assert [rule for rule, _, _ in complaints(result)] == ["unexplained-ignore"]
    assert sorted(map(bool, suppressed(result))) == [False, False, True]


def test_update_lengthens_nothing_and_keeps_reasons(iamlint: Program, known: Path) -> None:
    entries = edited(known, expires="2020-01-01", reason="SEC-8")
    entries[0] |= {"reason": "SEC-9", "expires": "2999-12-31"}
    edited(known, findings=entries)
    (known / "p.json").write_text(POLICY.replace("Objcet", "Objekt"))

    result = iamlint("check", "p.json", "--baseline", FILE, "--update-baseline", *ONLY, *ALL)

    content = json.loads((known / FILE).read_text())
    assert (content["expires"], content["reason"]) == ("2020-01-01", "SEC-8")
    assert [entry.get("reason") for entry in content["findings"]] == ["SEC-9", None]
    assert result.code == 1
    assert complaints(result) == [("expired-ignore", FILE, 7)]


def test_complaints_about_a_baseline_are_not_written_into_it(iamlint: Program, known: Path) -> None:
    (known / "p.json").write_text(POLICY.replace("Objcet", "Object"))

    result = iamlint("check", ".", "--baseline", FILE, "--update-baseline", *ONLY)

    assert (result.code, complaints(result)) == (0, [])
    assert len(json.loads((known / FILE).read_text())["findings"]) == 1


def test_entry_of_a_file_that_was_read_in_part_is_not_called_unused(
    iamlint: Program, tmp_path: Path
) -> None:
    heredoc = 'resource "aws_iam_policy" "x" {\n  policy = <<EOF\n' + POLICY + "EOF\n}\n"
    fine = POLICY.replace("Objcet", "Object").replace("Usr", "User")
    heredoc += heredoc.replace('"x"', '"y"').replace(POLICY, fine)
    (tmp_path / "main.tf").write_text(heredoc)
    assert iamlint("baseline", "create").code == 0
    (tmp_path / "main.tf").write_text(
        heredoc.replace('"s3:GetObject",', '"s3:GetObject"${var.x},', 1)
    )

    result = iamlint("check", ".", "--baseline", FILE, *ONLY)

    assert len(json.loads(result.out)["not_analysed"]) == 1
    assert complaints(result) == []


@pytest.mark.parametrize(
    "odd",
    [
        {"message": ""},
        {"fingerprint": ""},
        {"rule": ""},
        {"path": ""},
        {"path": "a" * 300},
        {"path": "a/" * 3000},
        {"path": "a\0b"},
        {"message": "\ud800"},
        {"path": "\ud800"},
        {"reason": ""},
        {"reason": "\n"},
    ],
    ids=lambda odd: ascii(odd)[:40],
)
def test_odd_entry_reads_the_same_after_an_update(
    odd: dict[str, str], iamlint: Program, known: Path
) -> None:
    content = json.loads((known / FILE).read_text())
    content["findings"].append({**content["findings"][0], "fingerprint": "0" * 16, **odd})
    (known / FILE).write_text(json.dumps(content))
    (known / "other").mkdir()
    (known / "other/p.json").write_text(POLICY)

    assert iamlint("check", ".", "--baseline", FILE).code in (0, 1)
    assert iamlint("check", "other", "--baseline", FILE, "--update-baseline").code == 0
    assert iamlint("baseline", "show", "--baseline", FILE).code == 0

    left = json.loads((known / FILE).read_text())["findings"]
    given = content["findings"][-1].items()
    assert {key: value for key, value in given if value or key != "reason"} in left
