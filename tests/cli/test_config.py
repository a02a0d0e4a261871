"""`iamlint config`: a start, what is in force and where it comes from, and the schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program


def test_each_value_names_its_source(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "iamlint.toml").write_text('fail-on = "error"\n')

    shown = json.loads(iamlint("config", "show", "--output-format", "json").out)

    assert shown["fail-on"] == {"value": "error", "source": "iamlint.toml"}
    assert shown["account"] == {"value": None, "source": "default"}


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
    assert shown["fail-on"] == {"value": "warning", "source": "default"}
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
