"""`iamlint graph`: what is asked, its exit codes, what is compared, and where it writes."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from tests.revisions.sides.repo import SETTINGS, Repo
from tests.support.chains import (
    ABROAD,
    ADMINISTRATOR,
    HOME,
    Account,
    Principal,
    allow,
    role,
    trusts,
    user,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program

KIM, LEE, CI, ADMIN = user("kim"), user("lee"), role("ci"), role("admin")
ROOT = trusts(AWS=f"arn:aws:iam::{HOME}:root")
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
SECRET = f"arn:aws:secretsmanager:eu-west-1:{HOME}:secret:db-AbCdEf"
PARTNER = f"arn:aws:iam::{ABROAD}:root"
READS = allow("secretsmanager:GetSecretValue", SECRET)


def principals(*, lee: tuple[str, ...] = (), if_mfa: bool = False) -> Account:
    """Kim becomes `ci`, which becomes `admin`; Lee may do more actions on `ci`, if any."""
    trust = trusts(AWS=f"arn:aws:iam::{HOME}:root", If=MFA if if_mfa else None)
    return Account(
        (
            Principal(KIM, policies=((allow("sts:AssumeRole", CI),),)),
            Principal(LEE, policies=((allow([*lee, "s3:GetObject"], CI),),)),
            Principal(CI, policies=((allow("sts:AssumeRole", ADMIN),),), trust=(trust,)),
            Principal(ADMIN, attached=(ADMINISTRATOR,), trust=(ROOT,)),
        )
    )


@pytest.fixture
def chain(tmp_path: Path) -> Path:
    principals().write(tmp_path, "terraform")
    return tmp_path


@pytest.mark.usefixtures("chain")
def test_each_start_has_a_chain_with_its_places(iamlint: Program) -> None:
    result = iamlint("graph")

    assert (result.code, result.err) == (0, "")
    assert result.out == (
        "role/ci can become admin\n"
        "  assumes role/admin (admin)   by main.tf:25, main.tf:29\n"
        "user/kim can become admin\n"
        "  assumes role/ci              by main.tf:8, main.tf:20\n"
        "  assumes role/admin (admin)   by main.tf:25, main.tf:29\n"
        "no chain in these files: user/lee\n"
        "2 yes, 1 no; 1 administrator of 4 principals\n"
    )


@pytest.mark.usefixtures("chain")
def test_question_is_about_the_named_starts_and_end(iamlint: Program) -> None:
    arn = f"arn:aws:iam::{HOME}:user/kim"

    result = iamlint("graph", "--from", arn, "--from", "user/lee", "--to", "role/ci")

    assert result.out.splitlines() == [
        "user/kim can become role/ci",
        "  assumes role/ci   by main.tf:8, main.tf:20",
        "no chain in these files: user/lee",
        "1 yes, 1 no; 1 administrator of 4 principals",
    ]


def test_outsiders_are_those_that_trust_policies_name(iamlint: Program, tmp_path: Path) -> None:
    open_ = trusts(AWS=PARTNER)
    account = Account((Principal(ADMIN, attached=(ADMINISTRATOR,), trust=(open_,)), Principal(LEE)))
    account.write(tmp_path, "dump")

    result = iamlint("graph", "--from", "outsiders", "--fail-on", "sure")

    assert result.code == 1
    assert result.out.splitlines()[0] == f"{PARTNER} can become admin"


def test_actions_are_done_to_a_resource_at_the_end(iamlint: Program, tmp_path: Path) -> None:
    account = Account(
        (
            Principal(KIM, policies=((allow("sts:AssumeRole", CI),),)),
            Principal(CI, policies=((READS,),), trust=(ROOT,)),
        )
    )
    account.write(tmp_path, "terraform")

    result = iamlint("graph", "--to", SECRET, "--action", "secretsmanager:GetSecretValue")
    other = iamlint("graph", "--to", SECRET, "--action", "secretsmanager:DeleteSecret")

    assert [line.partition("   by ")[0] for line in result.out.splitlines()] == [
        f"role/ci can do secretsmanager:GetSecretValue on {SECRET}",
        f"  does secretsmanager:GetSecretValue on {SECRET}",
        f"user/kim can do secretsmanager:GetSecretValue on {SECRET}",
        f"  {'assumes role/ci':60}",
        f"  does secretsmanager:GetSecretValue on {SECRET}",
        f"taken for granted: `{SECRET}` has no resource policy",
        "2 yes; 0 administrators of 2 principals",
    ]
    assert other.out.splitlines()[0] == "no chain in these files: role/ci, user/kim"


@pytest.mark.parametrize(
    ("fail_on", "code"), [("sure", 0), ("conditional", 1), ("unknown", 1), ("never", 0)]
)
def test_conditional_chain_fails_only_if_asked(
    iamlint: Program, tmp_path: Path, fail_on: str, code: int
) -> None:
    principals(if_mfa=True).write(tmp_path, "terraform")
    question = ("graph", "--from", "user/kim", "--fail-on", fail_on)

    assert iamlint(*question).code == code


@pytest.mark.parametrize(
    ("fail_on", "code"), [("sure", 0), ("conditional", 0), ("unknown", 1), ("never", 0)]
)
def test_unknown_answer_fails_only_if_asked(
    iamlint: Program, tmp_path: Path, fail_on: str, code: int
) -> None:
    named = Principal(KIM, policies=((allow("sts:AssumeRole", "${unknown}"),),))
    account = Account((named, Principal(ADMIN, attached=(ADMINISTRATOR,), trust=(ROOT,))))
    account.write(tmp_path, "terraform")
    text = (tmp_path / "main.tf").read_text().replace("$${unknown}", "${var.role}")
    (tmp_path / "main.tf").write_text(text + 'variable "role" {}\n')

    result = iamlint("graph", "--from", "user/kim", "--fail-on", fail_on)

    assert result.code == code, result.out
    given = iamlint("graph", "--from", "user/kim", "--fail-on", fail_on, "--var", "role=x")
    assert (given.code, given.out.splitlines()[0]) == (0, "no chain in these files: user/kim")


@pytest.mark.usefixtures("chain")
def test_administrators_never_fail(iamlint: Program) -> None:
    fails = ("--fail-on", "unknown")

    assert iamlint("graph", "--from", "role/admin", *fails).code == 0
    assert iamlint("graph", "--from", "role/admin", "--to", SECRET, *fails).code == 0
    assert iamlint("graph", "--from", "role/ci", "--to", "role/ci", *fails).code == 0
    assert iamlint("graph", "--from", "role/ci", "--to", SECRET, *fails).code == 1


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (
            ("--from", "user/kam"),
            "error: there is no `user/kam`\nhelp: did you mean `user/kim`? known: `admin`, ",
        ),
        (
            ("--to", f"arn:aws:iam::{HOME}:role/none"),
            f"error: there is no `arn:aws:iam::{HOME}:role/none`\nhelp: known: `admin`, `role/",
        ),
        (
            ("--action", "s3:*"),
            "error: actions are done to a resource, but `admin` is not an ARN\nhelp: name the ARN",
        ),
        (
            ("--to", SECRET, "--action", "s3:GetObject"),
            (
                f"error: `s3:GetObject` matches no action that acts on `{SECRET}`\n"
                "help: check the ARN, or name `--action`\n"
            ),
        ),
        (
            ("-o", "xml:graph.xml"),
            "error: there is no output format `xml` of `iamlint graph`\n",
        ),
        (("nowhere",), "error: `nowhere` does not exist\n"),
        (("--var", "x=1"), "error: "),
        (("--fail-on", "yes"), "error: invalid value for `--fail-on`: `yes`; one of: sure,"),
    ],
)
@pytest.mark.usefixtures("chain")
def test_wrong_use_exits_2_with_what_to_do(
    iamlint: Program, words: tuple[str, ...], error: str
) -> None:
    result = iamlint("graph", *words)

    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(error)


def test_files_without_policies_exit_4(iamlint: Program) -> None:
    result = iamlint("-q", "graph")

    assert result.code == 4
    assert result.err == ("error: no policy was found\nhelp: name files or folders with policies\n")


def test_file_that_is_not_text_exits_2(iamlint: Program, chain: Path) -> None:
    (chain / "broken.json").write_bytes(b'{"Version": "2012-10-17", "Statement": "\xff"}')

    result = iamlint("graph", "--fail-on", "never")

    assert result.code == 2
    assert result.err == "error: broken.json: not UTF-8\n"
    assert result.out == (
        "unknown whether role/admin, role/ci, user/kim, user/lee can become admin\n"
        "not analysed: broken.json: not UTF-8\n"
        "4 unknown; 0 administrators of 4 principals; 1 place not analysed\n"
    )


def test_policy_that_cannot_be_read_leaves_answers_open(iamlint: Program, chain: Path) -> None:
    (chain / "roles" / "new").mkdir(parents=True)
    (chain / "roles" / "new" / "policy.json").write_text('{"Statement": [{"Effect": "Allow"')

    result = iamlint("graph", "--from", "role/new", "--fail-on", "unknown")

    assert result.code == 1
    assert result.err.startswith("warning: roles/new/policy.json:1: expected ")
    assert result.out.startswith("unknown whether role/new can become admin\n")


def test_path_limits_the_files(iamlint: Program, tmp_path: Path) -> None:
    for name in ("one", "two"):
        principals().write(tmp_path / name, "dump")
        (tmp_path / name / "iamlint.toml").unlink()
    (tmp_path / "iamlint.toml").write_text(f'account = "{HOME}"\n')

    found = [iamlint("graph", path) for path in ("one", "two/details.json")]

    assert {one.out.splitlines()[-1] for one in found} == {
        "2 yes, 1 no; 1 administrator of 4 principals"
    }
    assert "by one/details.json:" in found[0].out
    assert "by two/details.json:" in found[1].out


def test_paths_have_one_configuration(iamlint: Program, tmp_path: Path) -> None:
    for name in ("one", "two"):
        principals().write(tmp_path / name, "dump")

    result = iamlint("graph", "one", "two")

    assert result.code == 2
    assert result.err == (
        "error: the paths have several configurations: `one/iamlint.toml`, `two/iamlint.toml`\n"
        "help: name paths of one of them, or give one for all with `--config`\n"
    )


@pytest.mark.usefixtures("chain")
def test_quiet_run_prints_nothing_if_nothing_fails(iamlint: Program) -> None:
    assert iamlint("-q", "graph").out == ""
    assert iamlint("-q", "graph", "--fail-on", "sure").out.startswith("role/ci can become admin")


@pytest.mark.usefixtures("chain")
def test_answers_are_coloured_on_demand(iamlint: Program) -> None:
    assert "\x1b[31mrole/ci can become admin\x1b[0m" in iamlint("--color", "always", "graph").out
    assert "\x1b" not in iamlint("graph").out


def test_answers_are_written_to_files(iamlint: Program, chain: Path) -> None:
    result = iamlint("graph", "-o", "graph.json", "-o", "text:graph.log")

    assert (chain / "graph.log").read_text() == result.out
    value = json.loads((chain / "graph.json").read_text())
    assert [(one["from"], one["answer"]) for one in value["answers"]] == [
        ("role/ci", "yes"),
        ("user/kim", "yes"),
        ("user/lee", "no"),
    ]
    assert iamlint("graph", "-o", "nowhere/graph.json").err == (
        "error: `nowhere/graph.json` cannot be written: no such file or directory\n"
        "help: make the folder `nowhere` first\n"
    )


def test_alternatives_are_shown_on_demand(iamlint: Program, tmp_path: Path) -> None:
    other = role("other")
    passes = allow("sts:AssumeRole", ADMIN)
    account = Account(
        (
            Principal(KIM, policies=((allow("sts:AssumeRole", CI, other),),)),
            Principal(CI, policies=((passes,),), trust=(ROOT,)),
            Principal(other, policies=((passes,),), trust=(ROOT,)),
            Principal(ADMIN, attached=(ADMINISTRATOR,), trust=(ROOT,)),
        )
    )
    account.write(tmp_path, "terraform")

    one, two = (iamlint("graph", "--from", "user/kim", "--paths", number).out for number in "12")

    assert "  or\n" not in one
    assert two.count("  or\n") == 1
    assert "assumes role/ci " in two
    assert "assumes role/other " in two


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """Return a repository whose first commit has the chain."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "PRE_COMMIT"))]:
        monkeypatch.delenv(name)
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    made = Repo(tmp_path)
    principals().write(tmp_path, "terraform")
    made.commit({})
    return made


def test_only_what_is_new_is_reported_and_fails(iamlint: Program, repo: Repo) -> None:
    same = iamlint("graph", "--against", "HEAD", "--fail-on", "sure")
    principals(lee=("sts:AssumeRole",)).write(repo.top, "terraform")
    more = iamlint("graph", "--against", "HEAD", "--fail-on", "sure")

    assert (same.code, same.err) == (0, "")
    assert same.out == (
        "0 new and 0 gone since HEAD; 2 yes, 1 no; 1 administrator of 4 principals\n"
    )
    assert more.code == 1
    assert more.out.splitlines() == [
        "user/lee can become admin (new)",
        "  assumes role/ci              by main.tf:16, main.tf:20",
        "  assumes role/admin (admin)   by main.tf:25, main.tf:29",
        "1 new and 0 gone since HEAD; 3 yes; 1 administrator of 4 principals",
    ]


def test_what_is_gone_is_reported(iamlint: Program, repo: Repo) -> None:
    principals(lee=("sts:AssumeRole",)).write(repo.top, "terraform")
    repo.commit({}, branch="wide")
    principals().write(repo.top, "terraform")

    result = iamlint("graph", "--against", "wide", "--fail-on", "unknown")

    assert (result.code, result.out.splitlines()) == (
        0,
        [
            "gone: user/lee to admin: was yes, now no",
            "0 new and 1 gone since wide; 2 yes, 1 no; 1 administrator of 4 principals",
        ],
    )


def test_names_that_one_side_has_are_known(iamlint: Program, repo: Repo) -> None:
    text = (repo.top / "main.tf").read_text()
    repo.write({"main.tf": text.replace('name = "kim"', 'name = "pat"')})
    question = ("graph", "--against", "HEAD", "--to", "role/ci")

    result = iamlint(*question, "--from", "user/kim", "--from", "user/pat")

    assert result.out.splitlines() == [
        "user/pat can become role/ci (new)",
        "  assumes role/ci   by main.tf:8, main.tf:20",
        "gone: user/kim to role/ci: was yes, now no",
        "1 new and 1 gone since HEAD; 1 yes; 1 administrator of 4 principals",
    ]
    assert iamlint(*question, "--from", "user/none").code == 2
    assert iamlint("graph", "--against", "HEAD", "--to", "user/pat").code == 0


def test_revision_is_read_from_git_alone(iamlint: Program, repo: Repo) -> None:
    repo.write({"main.tf": ""})
    repo.commit({})

    gone = iamlint("graph", "--against", "HEAD~1")
    none = iamlint("graph", "--against", "HEAD")

    assert (gone.code, none.code) == (0, 4)
    assert gone.out.splitlines()[:2] == [
        "gone: role/ci to admin: was yes, now no",
        "gone: user/kim to admin: was yes, now no",
    ]


def test_path_limits_both_sides(iamlint: Program, repo: Repo) -> None:
    for name in ("one", "two"):
        principals().write(repo.top / name, "dump")
        (repo.top / name / "iamlint.toml").unlink()
    repo.commit({"main.tf": ""})
    principals(lee=("sts:AssumeRole",)).write(repo.top / "two", "dump")
    (repo.top / "two" / "iamlint.toml").unlink()

    one, two = (iamlint("graph", path, "--against", "HEAD") for path in ("one", "two"))

    assert one.out.startswith("0 new and 0 gone")
    assert two.out.startswith("user/lee can become admin (new)\n")


@pytest.mark.parametrize("name", ["main.tf", "nothing"])
@pytest.mark.usefixtures("repo")
def test_only_a_revision_can_be_compared_with(iamlint: Program, name: str) -> None:
    result = iamlint("graph", "--against", name)

    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"error: `{name}` is ")
