"""The configurations that count; none loosens a check without a trace."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.loading import write_files

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program


ADMIN = (
    '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
)
OFF = 'ignore = ["all"]\n'


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a policy in a folder, and a policy above that does not belong to it."""
    folder = tmp_path / "repository"
    write_files(folder, {"sub/p.json": ADMIN, "p.json": ADMIN})
    (folder / ".git").mkdir()
    write_files(tmp_path, {"outside.json": ADMIN})
    monkeypatch.chdir(folder)
    return folder


NESTED = {
    "ignores all": (OFF, {"rules": ["wildcard-admin"]}, "1 rule off"),
    "selects nothing": ("select = []\n", {"rules": ["wildcard-admin"]}, "1 rule off"),
    "lowers": (
        '[severity]\nwildcard-admin = "note"\n',
        {"severities": ["wildcard-admin"]},
        "1 severity lowered",
    ),
    "says the kind": (
        'exclude = ["x"]\n[kinds]\n"*.json" = "scp"\n',
        {"settings": ["exclude", "kinds"]},
        "`exclude` and `kinds` set",
    ),
    "leaves out": ('exclude = ["*"]\n', {"settings": ["exclude"]}, "`exclude` set"),
    "is another account": (
        'account = "444455556666"\n',
        {"settings": ["account"]},
        "`account` set",
    ),
}


@pytest.mark.parametrize("name", NESTED)
@pytest.mark.parametrize("path", [".", "sub/p.json"])
def test_what_a_configuration_below_switches_off_is_counted(
    iamlint: Program, repository: Path, name: str, path: str
) -> None:
    text, off, words = NESTED[name]
    write_files(repository, {"sub/iamlint.toml": text})
    args: tuple[str, ...] = ("check", path, "--select", "wildcard-admin")
    if "rules" in off:
        write_files(repository, {"iamlint.toml": 'select = ["wildcard-admin"]\n'})
        args = args[:2]

    output = json.loads(iamlint(*args, "--output-format", "json").out)
    lines = iamlint(*args, "--output-format", "jsonl").out.splitlines()
    summary = iamlint(*args).out.splitlines()[-1]

    empty = {"path": "sub/iamlint.toml", "rules": [], "severities": [], "settings": []}
    assert output["switched_off"] == json.loads(lines[-1])["switched_off"] == [{**empty, **off}]
    assert f"; {words} by sub/iamlint.toml" in summary


@pytest.mark.parametrize("path", [".", "sub/p.json", "sub"])
def test_configuration_that_loosens_nothing_is_not_told_of(
    iamlint: Program, repository: Path, path: str
) -> None:
    write_files(repository, {"sub/iamlint.toml": 'fail-on = "error"\n' + OFF * (path == "sub")})

    result = iamlint("check", path, "--output-format", "json")

    assert "switched_off" not in json.loads(result.out)


def test_summary_names_three_configurations_and_counts_the_others(
    iamlint: Program, repository: Path
) -> None:
    write_files(repository, {f"{name}/iamlint.toml": 'exclude = ["x"]\n' for name in "abcde"})

    summary = iamlint("check", ".").out.splitlines()[-1]

    assert summary.endswith(
        "; `exclude` set by a/iamlint.toml; `exclude` set by b/iamlint.toml; "
        "`exclude` set by c/iamlint.toml; and by 2 further configurations"
    )


def test_demand_that_a_configuration_below_drops_is_counted(
    iamlint: Program, repository: Path
) -> None:
    demand = '[[require-condition]]\nactions = ["*"]\nkeys = ["aws:x"]\nreason = "so"\n'
    write_files(repository, {"iamlint.toml": demand, "sub/iamlint.toml": ""})

    output = json.loads(iamlint("check", ".", "--output-format", "json").out)

    assert [off["settings"] for off in output["switched_off"]] == [["require-condition"]]


@pytest.mark.parametrize("path", [".", "sub/p.json"])
def test_without_nested_configurations_the_one_above_counts(
    iamlint: Program, repository: Path, path: str
) -> None:
    write_files(repository, {"sub/iamlint.toml": OFF + 'exclude = ["*"]\n'})
    args: tuple[str, ...] = ("check", path, "--select", "default", "--output-format", "json")

    loose = json.loads(iamlint(*args).out)
    strict = json.loads(iamlint(*args, "--no-nested-config").out)

    def rules(output: dict[str, list[dict[str, str]]]) -> set[str]:
        return {f["rule"] for f in output["findings"] if f["path"] == "sub/p.json"}

    assert rules(loose) == set()
    assert "wildcard-admin" in rules(strict)
    assert "switched_off" not in strict


def test_folder_named_has_its_configuration_also_without_nested_ones(
    iamlint: Program, repository: Path
) -> None:
    write_files(repository, {"sub/iamlint.toml": OFF})

    assert iamlint("check", "sub", "--no-nested-config").code == 0


@pytest.mark.parametrize("order", [["sub/p.json", "p.json"], ["p.json", "sub/p.json"]])
def test_no_configuration_below_loosens_the_gate(
    iamlint: Program, repository: Path, order: list[str]
) -> None:
    write_files(repository, {"sub/iamlint.toml": 'fail-on = "error"\n'})

    assert iamlint("check", *order).code == 1
    assert iamlint("check", "sub/p.json").code == 1


def test_strictest_of_several_named_folders_is_the_gate(iamlint: Program, repository: Path) -> None:
    write_files(repository, {"sub/iamlint.toml": 'fail-on = "error"\n', "other/p.json": ADMIN})

    assert iamlint("check", "sub").code == 0
    assert iamlint("check", "sub", "other").code == 1


@pytest.mark.parametrize("command", [("check", "."), ("check", "sub"), ("check", "sub/p.json")])
def test_configuration_above_the_repository_does_not_count(
    iamlint: Program, repository: Path, command: tuple[str, ...]
) -> None:
    write_files(repository.parent, {"iamlint.toml": OFF})

    assert iamlint(*command).code == 1
    assert iamlint("--config", "../iamlint.toml", *command).code == 0


@pytest.mark.parametrize("name", ["iamlint.toml", "pyproject.toml"])
@pytest.mark.parametrize("path", [".", "sub", "sub/deep", "sub/deep/p.json"])
def test_without_a_repository_nothing_above_the_current_folder_counts(
    iamlint: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, path: str
) -> None:
    off = OFF if name == "iamlint.toml" else "[tool.iamlint]\n" + OFF
    write_files(tmp_path, {"here/sub/deep/p.json": ADMIN, f"here/{name}": off})
    monkeypatch.chdir(tmp_path / "here")
    assert iamlint("check", path).code == 0

    (tmp_path / "here" / name).rename(tmp_path / name)
    assert iamlint("check", path).code == 1


@pytest.mark.parametrize("path", ["../other", "../other/p.json"])
def test_without_a_repository_the_current_folder_does_not_configure_others(
    iamlint: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    files = {"here/iamlint.toml": OFF, "iamlint.toml": OFF, "other/p.json": ADMIN}
    write_files(tmp_path, files)
    monkeypatch.chdir(tmp_path / "here")
    assert iamlint("check", path).code == 1

    write_files(tmp_path, {"other/iamlint.toml": OFF})
    assert iamlint("check", path).code == 0


def test_configuration_above_counts_inside_of_the_repository(
    iamlint: Program, repository: Path
) -> None:
    write_files(repository, {"iamlint.toml": OFF})

    assert iamlint("check", "sub").code == 0
    assert iamlint("check", "sub/p.json").code == 0


def test_repository_in_a_repository_has_the_configuration_of_the_named_folder(
    iamlint: Program, repository: Path
) -> None:
    write_files(repository, {"iamlint.toml": OFF, "sub/.git": "gitdir: ../.git/modules/sub\n"})

    assert iamlint("check", ".").code == 0
    assert iamlint("check", "sub").code == 1


def test_repository_in_a_repository_loosens_no_check_of_a_named_file(
    iamlint: Program, repository: Path
) -> None:
    write_files(repository, {"sub/iamlint.toml": OFF, "sub/.git": "gitdir: ../.git/modules/sub\n"})

    assert " off by sub/iamlint.toml" in iamlint("check", "sub/p.json").out
    assert iamlint("check", "sub/p.json", "--no-nested-config").code == 1


@pytest.mark.parametrize("kind", ["link to itself", "folder", "device", "not UTF-8"])
def test_configuration_that_is_no_file_or_cannot_be_read_hides_nothing(
    iamlint: Program, repository: Path, kind: str
) -> None:
    place = repository / "sub" / "iamlint.toml"
    if kind == "link to itself":
        place.symlink_to("iamlint.toml")
    elif kind == "folder":
        place.mkdir()
    elif kind == "device":
        place.symlink_to("/dev/zero")
    else:
        place.write_bytes(b"\xff")

    result = iamlint("check", ".", "--select", "wildcard-admin", "--output-format", "concise")

    assert result.code == (2 if kind == "not UTF-8" else 1)
    assert ("sub/p.json:" in result.out) is (kind != "not UTF-8")


@pytest.mark.parametrize(
    "text", ['extend = "\\u0000"\n', '[principals."role/a"]\npolicies = ["a\\u0000b"]\n']
)
def test_name_that_no_file_has_breaks_nothing(
    iamlint: Program, repository: Path, text: str
) -> None:
    write_files(repository, {"sub/iamlint.toml": text})

    assert iamlint("check", ".").code in (1, 2)


OUTSIDE = {
    "extend": 'extend = "../outside.toml"\n',
    "policies": '[principals."role/a"]\npolicies = ["../outside.json"]\n',
    "trust": '[principals."role/a"]\ntrust = "sub/../../outside.json"\n',
    "boundary": '[principals."role/a"]\nboundary = "link.json"\n',
    "resource": '[resources."arn:aws:s3:::b"]\npolicy = "../outside.json"\n',
    "organization": '[organization-policies]\nscp = [["../outside.json"]]\n',
    "var-files": '[terraform]\nvar-files = ["../outside.tfvars"]\n',
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_configuration_names_no_file_outside_of_the_repository(
    iamlint: Program, repository: Path, name: str
) -> None:
    (repository / "link.json").symlink_to(repository.parent / "outside.json")
    write_files(repository.parent, {"outside.toml": OFF, "outside.tfvars": 'a = "b"\n'})
    write_files(repository, {"iamlint.toml": OUTSIDE[name]})

    for command in (("check", "."), ("who-can", "s3:GetObject")):
        result = iamlint(*command)
        assert (result.code, result.out) == (2, "")
        assert "is outside of the repository\nhelp: name a file of the repository" in result.err


def test_link_to_a_configuration_outside_does_not_count(iamlint: Program, repository: Path) -> None:
    write_files(repository.parent, {"iamlint.toml": OFF})
    (repository / "iamlint.toml").symlink_to("../iamlint.toml")

    assert iamlint("check", ".").err == (
        "error: `iamlint.toml` is a link that leads out of the repository\n"
        "help: `--config iamlint.toml` reads it\n"
    )
    assert iamlint("--config", "iamlint.toml", "check", ".").code == 0


def test_configuration_that_the_user_names_may_name_any_file(
    iamlint: Program, repository: Path
) -> None:
    write_files(repository.parent, {"outside.toml": OFF})
    write_files(repository, {"own.toml": OUTSIDE["extend"]})

    assert iamlint("--config", "own.toml", "check", ".").code == 0
