"""Results of earlier runs: the same bytes sooner, and never where anything has changed."""

from __future__ import annotations

import json
import shutil
from datetime import date
from typing import TYPE_CHECKING

import pytest

from iamlint.catalog.location import BUNDLED
from iamlint.errors import BrokenPart, InternalError
from iamlint.linter import parts
from iamlint.linter.lint_options import LintOptions
from iamlint.linter.part import PartResult, check_part
from iamlint.linter.pipeline import lint
from iamlint.plugins.extensions import load_extensions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from iamlint.load import Loaded
    from tests.support.program import Program, Result

ADMIN = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}
MODULE = """
variable "action" {}
resource "aws_iam_policy" "p" {
  name   = "p"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = var.action, Resource = "*" }]
  })
}
"""
CALL = """
module "m" {
  source = "../module"
  action = "%s"
}
"""
PADDING = " " * 120_000


@pytest.fixture
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Write a policy that is large enough, a module and its call, and a template."""
    for name in ("live", "module"):
        (tmp_path / name).mkdir()
    (tmp_path / "admin.json").write_text(json.dumps(ADMIN) + PADDING)
    (tmp_path / "module" / "main.tf").write_text(MODULE)
    (tmp_path / "live" / "main.tf").write_text(CALL % "s3:GetObject")
    return tmp_path


@pytest.fixture
def check(iamlint: Program, cache: Path, files: Path) -> Callable[..., Result]:
    def run(*args: str) -> Result:
        return iamlint("check", *args, "--cache-dir", str(cache), "--output-format", "json")

    assert files.is_dir()
    return run


@pytest.fixture
def never_again(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Break every check of a file, once it is called."""

    def broken(*_: object) -> object:
        raise AssertionError("a file was checked again")

    return lambda: monkeypatch.setattr(parts, "check_part", broken)


@pytest.mark.parametrize("format_", ["full", "json", "sarif", "html", "junit", "concise"])
def test_second_run_gives_the_same_bytes_without_a_check(
    check: Callable[..., Result], format_: str, never_again: Callable[[], None]
) -> None:
    first = check(".", "--output-format", format_)
    without = check(".", "--output-format", format_, "--no-cache")
    never_again()

    second = check(".", "--output-format", format_)

    assert second == first == without
    assert first.code == 1


def test_result_of_another_day_counts_unless_an_ignore_has_expired(
    files: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (files / "iamlint.toml").write_text(
        '[[ignore-finding]]\nrule = "wildcard-admin"\nfile = "admin.json"\n'
        'reason = "SEC-1"\nexpires = 2026-11-03\n'
    )
    checked: list[date] = []

    def noted(
        loads: list[Loaded], beside: list[Loaded], asked: LintOptions, *rest: object
    ) -> object:
        checked.append(asked.today)
        return check_part(loads, beside, asked, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(parts, "check_part", noted)
    days = [date(2026, 11, day) for day in (1, 2, 3, 4, 5, 3)]
    open_ = []
    for day in days:
        request = LintOptions((".",), day, here=files, cache=cache)
        run = lint(request, load_extensions(request.scopes.base(".")))
        open_.append("wildcard-admin" in {f.rule for f in run.open})

    assert checked == [days[0], days[3], days[5]]
    assert open_ == [False, False, False, True, True, False]


CHANGES: dict[str, Callable[[Path], object]] = {
    "the content": lambda at: (at / "admin.json").write_text(PADDING + json.dumps(ADMIN)),
    "another file": lambda at: (at / "new.json").write_text(json.dumps(ADMIN)),
    "a file that is gone": lambda at: (at / "live" / "main.tf").unlink(),
    "a configuration": lambda at: (at / "iamlint.toml").write_text('ignore = ["wildcard-admin"]\n'),
    "a nested configuration": lambda at: (at / "live" / "iamlint.toml").write_text(
        'account = "111122223333"\n'
    ),
    "what git ignores": lambda at: (at / ".gitignore").write_text("admin.json\n"),
    "a value of a module": lambda at: (at / "live" / "main.tf").write_text(CALL % "*"),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("paths", [["."], ["module", "admin.json"]])
def test_any_change_is_seen(
    check: Callable[..., Result], files: Path, change: str, paths: list[str]
) -> None:
    check(*paths)
    CHANGES[change](files)

    assert check(*paths) == check(*paths, "--no-cache")


@pytest.mark.parametrize(
    "options",
    [
        ["--profile", "strict"],
        ["--ignore", "wildcard-admin"],
        ["--kind", "scp"],
        ["--var", "action=*"],
        ["--no-ignores"],
        ["--exclude", "admin.json"],
    ],
)
def test_another_question_is_not_answered_by_the_first(
    check: Callable[..., Result], options: list[str]
) -> None:
    check(".")

    assert check(".", *options) == check(".", *options, "--no-cache")


def test_file_that_is_not_a_result_counts_for_nothing(
    check: Callable[..., Result], cache: Path
) -> None:
    first = check(".")
    for kept in cache.iterdir():
        for content in ("", "[]", "[1,[],[],[]]", "nonsense", '[1, 2, {"a": 1}, null]'):
            kept.write_text(content)
            assert check(".") == first


def test_broken_rule_is_asked_again(
    check: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    result = PartResult(broken=(InternalError(BrokenPart.RULE, "r", "f", "e"),))
    monkeypatch.setattr(parts, "check_part", lambda *_: result)

    assert check(".").code == 3
    assert [*cache.iterdir()] == []


@pytest.mark.parametrize("options", [["--no-cache"], ["--isolated"]])
def test_nothing_is_kept_without_a_cache(
    iamlint: Program,
    files: Path,
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    before = ["--isolated"] if options == ["--isolated"] else []
    after = [] if before else options

    iamlint(*before, "check", str(files), *after)

    assert [*cache.iterdir()] == []


def test_cache_of_the_user_is_used_unless_it_is_checked(
    iamlint: Program, files: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for home, kept in ((cache, True), (files / "cache", False)):
        monkeypatch.setenv("XDG_CACHE_HOME", str(home))
        iamlint("check", ".")
        assert (home / "iamlint").exists() is kept


def test_cache_in_a_checked_repository_is_refused(iamlint: Program, files: Path) -> None:
    done = iamlint("check", "admin.json", "--cache-dir", str(files))

    assert (done.code, done.out) == (2, "")
    assert "is in a repository that is checked" in done.err


def test_one_account_of_many_is_checked_again_when_it_changes(
    iamlint: Program, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dump(account: str, action: str) -> None:
        statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        inline = [{"PolicyName": "p", "PolicyDocument": policy}]
        arn = f"arn:aws:iam::{account}:role/app"
        role = {"RoleName": "app", "Arn": arn, "RolePolicyList": inline}
        (tmp_path / f"{account}.json").write_text(json.dumps({"RoleDetailList": [role]}) + PADDING)

    def run(*more: str) -> Result:
        options = ("--output-format", "json", "--jobs", "1", "--cache-dir", str(cache))
        return iamlint("check", ".", *options, *more)

    checked: list[str] = []

    def noted(loads: list[Loaded], *rest: object) -> PartResult:
        checked.extend(path for loaded in loads for path in loaded.paths)
        return check_part(loads, *rest)  # type: ignore[arg-type]

    for account in ("111122223333", "111122224444", "111122225555"):
        dump(account, "*")
    run()
    monkeypatch.setattr(parts, "check_part", noted)
    dump("111122224444", "s3:*")
    dump("111122226666", "s3:*")

    second = run()

    assert checked == ["111122224444.json", "111122226666.json"]
    assert second == run("--no-cache")


SCP = """
resource "aws_organizations_policy" "p" {
  content = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Action = "%s", Resource = "*" }]
  })
}
resource "aws_organizations_policy_attachment" "a" {
  policy_id = aws_organizations_policy.p.id
  target_id = "%s"
}
"""


def test_account_depends_on_the_policies_of_the_organization(
    iamlint: Program, tmp_path: Path, cache: Path
) -> None:
    def run(*more: str) -> Result:
        return iamlint("check", ".", "--output-format", "json", "--cache-dir", str(cache), *more)

    for account in ("111122223333", "111122224444"):
        statement = {"Effect": "Allow", "Action": "iam:PutRolePolicy", "Resource": "*"}
        inline = [{"PolicyName": "p", "PolicyDocument": {**ADMIN, "Statement": [statement]}}]
        arn = f"arn:aws:iam::{account}:role/app"
        role = {"RoleName": "app", "Arn": arn, "RolePolicyList": inline}
        (tmp_path / f"{account}.json").write_text(json.dumps({"RoleDetailList": [role]}) + PADDING)
    (tmp_path / "scp.tf").write_text(SCP % ("*", "111122223333"))
    limited = run()
    (tmp_path / "scp.tf").write_text(SCP % ("s3:*", "111122223333"))

    assert run() == run("--no-cache") != limited


@pytest.mark.parametrize("given", ["option", "configuration"])
def test_content_of_a_file_of_values_counts(
    iamlint: Program, files: Path, cache: Path, given: str
) -> None:
    def run(*more: str) -> Result:
        options = ["--var-file", "v.tfvars"] if given == "option" else []
        return iamlint("check", ".", "--cache-dir", str(cache), *options, *more)

    (files / "live" / "main.tf").unlink()
    if given == "configuration":
        (files / "iamlint.toml").write_text('[terraform]\nvar-files = ["v.tfvars"]\n')
    (files / "v.tfvars").write_text('action = "s3:GetObject"\n')
    first = run()
    (files / "v.tfvars").write_text('action = "*"\n')

    assert run() == run("--no-cache") != first


@pytest.mark.parametrize("content", ["", 'extend = "../base.toml"\n'])
def test_configuration_of_files_that_are_only_related_counts(
    iamlint: Program, files: Path, cache: Path, content: str
) -> None:
    def run(*more: str) -> Result:
        return iamlint("check", "module", "admin.json", "--cache-dir", str(cache), *more)

    (files / ".git").mkdir()
    (files / "live" / "main.tf").write_text(CALL % "iam:*")
    (files / "base.toml").write_text('exclude = ["main.tf"]\n')
    (files / "live" / "iamlint.toml").write_text(content or 'exclude = ["main.tf"]\n')
    first = run()
    (files / "base.toml").write_text("")
    (files / "live" / "iamlint.toml").write_text(content)

    assert run() == run("--no-cache") != first


def test_content_of_the_catalog_of_the_user_counts(
    iamlint: Program, files: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = cache / "catalog"
    shutil.copytree(BUNDLED, catalog)
    monkeypatch.setenv("IAMLINT_CATALOG", str(catalog))
    policy = json.dumps(ADMIN).replace('"Action": "*"', '"Action": "s3:GetObject"')
    (files / "get.json").write_text(policy)
    before = iamlint("check", ".", "--cache-dir", str(cache))
    text = (catalog / "s3.json").read_text()
    (catalog / "s3.json").write_text(text.replace('"GetObject"', '"GetObjekt"'))

    after = iamlint("check", ".", "--cache-dir", str(cache))

    assert after == iamlint("check", ".", "--no-cache") != before


def test_resumed_run_checks_only_what_is_new(
    iamlint: Program, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "admin.json").write_text(json.dumps(ADMIN))
    checked: list[str] = []

    def noted(loads: list[Loaded], *rest: object) -> PartResult:
        checked.extend(path for loaded in loads for path in loaded.paths)
        return check_part(loads, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(parts, "check_part", noted)
    first = iamlint("check", "admin.json", "--resume", str(cache))
    second = iamlint("check", "admin.json", "--resume", str(cache))

    assert second == first
    assert checked == ["admin.json"]


@pytest.mark.parametrize(
    "options",
    [
        ["--resume", "../x", "--cache-dir", "../x"],
        ["--resume", "../x", "--no-cache"],
        ["--part", "1/2", "--scheduler", "local:2"],
        ["--scheduler", "local:2", "--scheduler-file", "x"],
    ],
)
def test_two_ways_at_once_are_an_error(iamlint: Program, files: Path, options: list[str]) -> None:
    done = iamlint("check", str(files), *options)

    assert (done.code, done.out) == (2, "")
    assert "cannot be used together" in done.err
