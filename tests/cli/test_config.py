"""`iamlint config`: a start, what is in force and where it comes from, and the schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.loading import write_files

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program


FILES = {
    "base.toml": 'fail-on = "error"\nprofile = "strict"\nselect = ["trust"]\n'
    'region = "eu-west-1"\npartition = "aws"\n'
    'trusted-accounts = ["444455556666"]\n[severity]\nunused-ignore = "note"\n',
    "iamlint.toml": 'extend = "base.toml"\nregion = "us-east-1"\n'
    'organization = "o-a1b2c3d4e5"\nignore = ["unused-ignore"]\n'
    'trusted-accounts = ["111122223333"]\n[severity]\nmissing-version = "error"\n',
    "sub/pyproject.toml": '[tool.iamlint]\nfail-on = "note"\n',
}
VARIABLES = {"IAMLINT_SELECT": "syntax,escalation", "IAMLINT_IGNORE": ""}
BOTH = "base.toml, iamlint.toml"


@pytest.mark.parametrize(
    ("args", "key", "value", "source"),
    [
        ((), "account", None, "default"),
        ((), "partition", "aws", "base.toml"),  # the same as the default
        ((), "fail-on", "error", "base.toml"),
        ((), "region", "us-east-1", "iamlint.toml"),
        ((), "organization", "o-a1b2c3d4e5", "iamlint.toml"),
        ((), "severity", {"unused-ignore": "note", "missing-version": "error"}, BOTH),
        ((), "select", ["syntax", "escalation"], "IAMLINT_SELECT"),
        ((), "ignore", ["unused-ignore"], "iamlint.toml"),  # an empty variable gives nothing
        (("sub",), "fail-on", "note", "sub/pyproject.toml"),
        (("sub",), "region", None, "default"),
        (("--config", "base.toml"), "region", "eu-west-1", "base.toml"),
        (("--isolated",), "region", None, "default"),
        (("--isolated",), "select", ["syntax", "escalation"], "IAMLINT_SELECT"),
    ],
)
def test_each_value_names_its_source(
    iamlint: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    args: tuple[str, ...],
    key: str,
    value: object,
    source: str,
) -> None:
    write_files(tmp_path, FILES)
    for name, text in VARIABLES.items():
        monkeypatch.setenv(name, text)

    shown = json.loads(iamlint("config", "show", *args, "--output-format", "json").out)

    assert shown[key] == {"value": value, "source": source}
    assert f"{key} = {json.dumps(value)}  # {source}\n" in iamlint("config", "show", *args).out


def test_each_variable_that_gives_a_key_is_shown(
    iamlint: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {
        "select": ("IAMLINT_SELECT", "trust", ["trust"]),
        "ignore": ("IAMLINT_IGNORE", "trust", ["trust"]),
        "profile": ("IAMLINT_PROFILE", "strict", "strict"),
        "fail-on": ("IAMLINT_FAIL_ON", "error", "error"),
    }
    for variable, text, _ in given.values():
        monkeypatch.setenv(variable, text)

    shown = json.loads(iamlint("config", "show", "--output-format", "json").out)

    assert {key: one for key, one in shown.items() if one["source"] != "default"} == {
        key: {"value": value, "source": variable} for key, (variable, _, value) in given.items()
    }
    monkeypatch.setenv("IAMLINT_FAIL_ON", "never")
    assert iamlint("config", "show").code == 2


def test_rules_that_need_more_than_a_path_are_named(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "iamlint.toml").write_text('profile = "strict"\n')
    (tmp_path / ".git").mkdir()
    (tmp_path / "sub").mkdir()

    name = "passed-role-escalation"
    *_, last = iamlint("config", "show", "sub").out.splitlines()
    assert last.startswith(
        "# `sub` is not all of `.`, so these rules may not report "
        "what several policies do together: "
    )
    assert f"`{name}`" in last
    assert name not in iamlint("config", "show").out

    of_account = '"escalation", "locked-out-administrator"'
    (tmp_path / "iamlint.toml").write_text(f"ignore = [{of_account}]\n")

    assert "together" not in iamlint("config", "show", "sub").out


def test_wrong_configuration_exits_2(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "iamlint.toml").write_text("fial-on = 1\n")

    result = iamlint("config", "show")

    assert result.code == 2
    assert result.err == (
        "error: iamlint.toml:1: unknown key `fial-on`\nhelp: did you mean `fail-on`?\n"
    )


def test_init_writes_a_configuration_that_is_read(iamlint: Program, tmp_path: Path) -> None:
    assert iamlint("config", "init").code == 0

    written = (tmp_path / "iamlint.toml").read_text(encoding="utf-8")
    shown = json.loads(iamlint("config", "show", "--output-format", "json").out)
    assert written.startswith("#:schema https://")
    assert shown["fail-on"] == {"value": "warning", "source": "iamlint.toml"}
    assert iamlint("config", "show").code == 0


def test_every_line_that_init_comments_out_can_be_used(iamlint: Program, tmp_path: Path) -> None:
    iamlint("config", "init")
    path = tmp_path / "iamlint.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    used = [line.removeprefix("# ") for line in lines if line.endswith(("]", '"', "31"))]
    path.write_text("\n".join(used), encoding="utf-8")

    shown = json.loads(iamlint("config", "show", "--output-format", "json").out)

    assert shown["account"]["value"] == "111122223333"
    assert shown["kinds"]["value"] == {"policies/scp/*.json": "scp"}
    assert shown["ignore-finding"]["value"][0]["rule"] == "wildcard-admin"


def test_init_overwrites_nothing(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "iamlint.toml").write_text('fail-on = "error"\n')

    result = iamlint("config", "init")

    assert (result.code, result.err) == (2, "error: `iamlint.toml` exists already\n")
    assert (tmp_path / "iamlint.toml").read_text() == 'fail-on = "error"\n'


def test_schema_is_printed(iamlint: Program) -> None:
    schema = json.loads(iamlint("config", "schema").out)

    assert "fail-on" in schema["properties"]
    assert "wildcard-admin" in schema["definitions"]["rule"]["enum"]


REPORT = """user,arn,password_enabled,mfa_active,access_key_1_active
ann,arn:aws:iam::111122223333:user/ann,true,true,false
bob,arn:aws:iam::111122223333:user/bob,true,true,false
"""


def test_sources_of_rules_are_counted_or_their_commands_named(
    iamlint: Program, tmp_path: Path
) -> None:
    (tmp_path / "iamlint.toml").write_text(
        'select = ["old-access-key", "expired-server-certificate"]\n'
    )
    (tmp_path / "report.csv").write_text(REPORT)

    assert iamlint("config", "show", "--sources").out.splitlines() == [
        ("expired-server-certificate: nothing to check without `aws iam list-server-certificates`"),
        "old-access-key: credential report (2)",
    ]
    shown = json.loads(iamlint("config", "show", "--sources", "--output-format", "json").out)
    assert shown["expired-server-certificate"][0] == {
        "kind": "server certificate",
        "subjects": 0,
        "command": "aws iam list-server-certificates",
    }
    assert shown["old-access-key"][1]["subjects"] == 2


def test_rules_with_the_same_sources_share_a_line(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "iamlint.toml").write_text(
        'select = ["root-in-use", "several-roles-in-profile", "unused-credential"]\n'
    )
    template = "Resources:\n  A:\n    Type: AWS::IAM::AccessKey\n"
    (tmp_path / "template.yaml").write_text(template)

    assert iamlint("config", "show", "--sources").out.splitlines() == [
        "root-in-use, unused-credential: nothing to check without `aws iam get-credential-report`",
        "several-roles-in-profile: resources of templates or modules (1)",
    ]


def test_rules_about_policies_have_no_sources(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "iamlint.toml").write_text('select = ["wildcard-admin"]\n')

    assert iamlint("config", "show", "--sources").out == ""
