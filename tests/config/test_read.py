"""Configuration files: the values that are read, and the errors for wrong ones."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from iamlint.account.build.declared import DeclaredPrincipal
from iamlint.config import nearest, read
from iamlint.config.select import rule_options, rule_severities
from iamlint.errors import UsageError
from iamlint.policy.grammar import Kind
from iamlint.rule import RequireCondition
from iamlint.rule.finding import Profile, Severity
from iamlint.rules import BUILTIN

if TYPE_CHECKING:
    from pathlib import Path

FULL = """
include = ["policies/**/*.json"]
exclude = ["**/node_modules/**"]
select = ["default"]
ignore = ["breadth"]
profile = "strict"
fail-on = "error"
account = "111122223333"
partition = "aws-cn"
organization = "o-a1b2c3d4e5"
trusted-accounts = ["444455556666"]
aws-managed-policies = true

[kinds]
"policies/scp/*.json" = "scp"

[severity]
"wildcard-service" = "error"

[rules.role-trusts-foreign-account]
allowed-accounts = ["444455556666"]

[[require-condition]]
actions = ["iam:PassRole"]
keys = ["iam:PassedToService"]
reason = "a role may be passed only to known services"

[[ignore-finding]]
rule = "pass-role-to-any-role"
file = "policies/deployer.json"
sid = "PassAnyRole"
reason = "break-glass role, SEC-12"
expires = 2027-03-31

[principals."role/deployer"]
policies = ["policies/deployer.json", "arn:aws:iam::aws:policy/ReadOnlyAccess"]
trust = "policies/trust/deployer.json"
boundary = "policies/boundary.json"
tags = { team = "platform" }

[resources."arn:aws:s3:::artifacts"]
policy = "policies/artifacts-bucket.json"

[organization-policies]
scp = [["policies/scp/root.json"], ["policies/scp/workloads.json"]]
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    nearest.cache_clear()


def test_every_key_is_read(tmp_path: Path) -> None:
    path = tmp_path / "iamlint.toml"
    path.write_text(FULL)

    config = read(path)

    assert config.include == ("policies/**/*.json",)
    assert config.exclude == ("**/node_modules/**",)
    assert config.ignore == ("breadth",)
    assert (config.profile, config.fail_on) == (Profile.STRICT, Severity.ERROR)
    assert (config.account, config.partition) == ("111122223333", "aws-cn")
    assert config.organization == "o-a1b2c3d4e5"
    assert config.trusted_accounts == ("444455556666",)
    assert config.aws_managed_policies is True
    assert config.kinds == {"policies/scp/*.json": Kind.SCP}
    assert config.severity == {"wildcard-service": Severity.ERROR}
    assert config.rules == {"role-trusts-foreign-account": {"allowed-accounts": ["444455556666"]}}
    assert config.require_condition == (
        RequireCondition(
            ("iam:PassRole",),
            ("iam:PassedToService",),
            "a role may be passed only to known services",
        ),
    )
    assert config.principals == {
        "role/deployer": DeclaredPrincipal(
            "role/deployer",
            ("policies/deployer.json", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
            "policies/trust/deployer.json",
            "policies/boundary.json",
            {"team": "platform"},
        )
    }
    assert config.resources["arn:aws:s3:::artifacts"].policy == "policies/artifacts-bucket.json"
    assert config.organization_policies.scp == (
        ("policies/scp/root.json",),
        ("policies/scp/workloads.json",),
    )


def test_ignore_knows_its_line_and_file(tmp_path: Path) -> None:
    path = tmp_path / "iamlint.toml"
    path.write_text(FULL)

    (ignore,) = read(path).ignore_finding

    assert ignore.file == f"{tmp_path.as_posix()}/policies/deployer.json"
    assert (ignore.path, ignore.range.start.line) == ("iamlint.toml", 29)
    assert (ignore.rule, ignore.sid) == ("pass-role-to-any-role", "PassAnyRole")
    assert ignore.expires == date(2027, 3, 31)


def test_nearest_file_above_counts(tmp_path: Path) -> None:
    below = tmp_path / "team" / "policies"
    below.mkdir(parents=True)
    (tmp_path / "iamlint.toml").write_text('account = "111122223333"\n')
    (tmp_path / "team" / "iamlint.toml").write_text('fail-on = "note"\n')

    config = nearest(below)

    assert (config.account, config.fail_on) == (None, Severity.NOTE)


def test_pyproject_counts_with_its_table_only(tmp_path: Path) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text('[tool.iamlint]\naccount = "111122223333"\n')
    (tmp_path / "a" / "pyproject.toml").write_text('[project]\nname = "x"\n')

    assert nearest(below).account == "111122223333"


@pytest.mark.parametrize(
    "text",
    [
        'tool.iamlint.account = "111122223333"',
        '[tool]\niamlint = {account = "111122223333"}',
        '[tool."iamlint"]\naccount = "111122223333"',
        '[ tool . iamlint ]\naccount = "111122223333"',
    ],
)
def test_pyproject_counts_however_its_table_is_written(text: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(text)

    assert nearest(tmp_path).account == "111122223333"


@pytest.mark.parametrize(
    "text",
    [
        "# [tool.iamlint]\n",
        'x = ["iamlint"{{ more }}]',
        "[tool.iamlint-x]\nselect = 1\n",
        'tool = "[tool.iamlint]"\n',
    ],
)
def test_pyproject_without_the_table_hides_none_above(text: str, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "iamlint.toml").write_text('account = "111122223333"\n')
    (tmp_path / "a" / "pyproject.toml").write_text(text)

    assert nearest(tmp_path / "a", top=tmp_path).account == "111122223333"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[tool.iamlint]]\nselect = []", "pyproject.toml:1: `iamlint` must be a table"),
        ("[tool]\niamlint = 1", "pyproject.toml:2: `iamlint` must be a table"),
        ("tool = 1", "pyproject.toml:1: `tool` must be a table"),
    ],
)
def test_settings_of_pyproject_that_are_not_a_table_are_an_error(
    text: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / "pyproject.toml").write_text(text)

    with pytest.raises(UsageError) as error:
        read(tmp_path / "pyproject.toml", tmp_path)

    assert error.value.message == message


def test_pyproject_with_the_table_that_is_not_toml_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.iamlint]\nselect = [\n")

    with pytest.raises(UsageError, match=r"pyproject\.toml: "):
        nearest(tmp_path)


@pytest.mark.parametrize("name", ["none.toml", "."])
def test_extend_of_what_is_not_a_file_is_an_error_with_its_line(name: str, tmp_path: Path) -> None:
    (tmp_path / "iamlint.toml").write_text(f'\nextend = "{name}"\n')

    with pytest.raises(UsageError) as error:
        read(tmp_path / "iamlint.toml", tmp_path)

    assert error.value.message == f"iamlint.toml:2: `{name}` is not a file that can be read"


def test_extend_gives_what_the_file_does_not_say(tmp_path: Path) -> None:
    base = 'account = "111122223333"\nfail-on = "note"\naws-managed-policies = true\n'
    (tmp_path / "base.toml").write_text(base)
    (tmp_path / "iamlint.toml").write_text('extend = "base.toml"\nfail-on = "error"\n')
    (tmp_path / "off.toml").write_text('extend = "base.toml"\naws-managed-policies = false\n')

    config = read(tmp_path / "iamlint.toml")

    assert (config.account, config.fail_on) == ("111122223333", Severity.ERROR)
    assert config.aws_managed_policies is True
    assert read(tmp_path / "off.toml").aws_managed_policies is False


def test_extend_in_a_circle_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('extend = "b.toml"\n')
    (tmp_path / "b.toml").write_text('extend = "a.toml"\n')

    with pytest.raises(UsageError) as error:
        read(tmp_path / "a.toml", tmp_path)

    assert error.value.message == "b.toml:1: `a.toml` leads back to this file"


WRONG = [
    ("account = 1", 1, "`account` must be a string", None),
    ('kinds = "scp"', 1, "`kinds` must be a table", None),
    (
        'ignore-finding = "x"',
        1,
        "`ignore-finding` must be a list of tables",
        "write [[ignore-finding]]",
    ),
    (
        "require-condition = {}",
        1,
        "`require-condition` must be a list of tables",
        "write [[require-condition]]",
    ),
    (
        "[organization-policies]\nx = 1",
        2,
        "unknown key `x` in `organization-policies`",
        "keys: accounts, rcp, scp",
    ),
    (
        "[organization-policies]\nscp = [[1]]",
        2,
        "`scp` must be a list of levels, each a list of files",
        None,
    ),
    (
        '[principals."role/x"]\nmax-session-duration = "1h"',
        2,
        "`max-session-duration` must be a whole number",
        None,
    ),
    (
        "[terraform.vars]\nx = { days = [2027-03-31] }",
        2,
        "`x` has a date in it",
        "write it in quotes",
    ),
    ('fail_on = "error"', 1, "unknown key `fail_on`", "did you mean `fail-on`?"),
    (
        '\nfail-on = "high"',
        2,
        "`high` is not a value for `fail-on`",
        "one of: note, warning, error",
    ),
    ('fail-on = "eror"', 1, "`eror` is not a value for `fail-on`", "did you mean `error`?"),
    ("aws-managed-policies = 1", 1, "`aws-managed-policies` must be true or false", None),
    ('select = "all"', 1, "`select` must be a list of strings", 'write select = ["…"]'),
    ('account = "1234"', 1, "`1234` is not an account id", "an account id has 12 digits"),
    (
        '[kinds]\n"a.json" = "trus"',
        2,
        "`trus` is not a value for `a.json`",
        "did you mean `trust`?",
    ),
    (
        '[[ignore-finding]]\nrule = "a"\nfile = "b"\nexpires = "2027-01-01"',
        4,
        "`expires` must be a date",
        "write it without quotes: 2027-03-31",
    ),
    (
        '[[ignore-finding]]\nrule = "a"\nfile = "b"\n\n[[ignore-finding]]\nrule = "a"\nfiel = "b"',
        5,
        "`ignore-finding` needs `file`",
        None,
    ),
    (
        '[principals."role/x"]\npolicy = ["a"]',
        2,
        "unknown key `policy` in `role/x`",
        "keys: boundary, groups, max-session-duration, path, policies, tags, trust",
    ),
]


@pytest.mark.parametrize(("text", "line", "message", "help_"), WRONG, ids=lambda v: str(v)[:40])
def test_wrong_configuration_names_file_line_and_remedy(
    tmp_path: Path, text: str, line: int, message: str, help_: str | None
) -> None:
    (tmp_path / "iamlint.toml").write_text(text)

    with pytest.raises(UsageError) as caught:
        read(tmp_path / "iamlint.toml")

    assert (caught.value.message, caught.value.help) == (f"iamlint.toml:{line}: {message}", help_)


def test_text_that_is_no_toml_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "iamlint.toml").write_text("a = \n")

    with pytest.raises(UsageError, match=r"iamlint\.toml.*line 1"):
        read(tmp_path / "iamlint.toml")


@pytest.mark.parametrize(
    ("given", "message", "help_"),
    [
        (
            {"unknown-acton": {}},
            "`[rules.unknown-acton]` does not match a rule",
            "did you mean `unknown-action`?",
        ),
        (
            {"not-a-rule-at-all": {}},
            "`[rules.not-a-rule-at-all]` does not match a rule",
            "`iamlint rule --all` lists the rules",
        ),
        (
            {"unknown-action": {"colour": 1}},
            "`unknown-action` has no option `colour`",
            "its options: none",
        ),
    ],
)
def test_option_of_no_rule_is_wrong_use(
    given: dict[str, dict[str, object]], message: str, help_: str
) -> None:
    with pytest.raises(UsageError) as caught:
        rule_options(BUILTIN, given)

    assert (caught.value.message, caught.value.help) == (message, help_)


def test_severity_of_a_name_that_no_rule_has_is_an_error() -> None:
    with pytest.raises(UsageError) as caught:
        rule_severities(BUILTIN, {"wildcard-servise": Severity.NOTE})

    assert (caught.value.message, caught.value.help) == (
        "`severity.wildcard-servise` does not match a rule",
        "did you mean `wildcard-service`?",
    )
