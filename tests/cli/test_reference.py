"""`[[reference]]` in the configuration: what `iamlint check` reports about wider policies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program

TOML = '[[reference]]\npolicy = "most.json"\nfiles = ["policies/**"]\n'


def policy(actions: str, resources: str = "*", effect: str = "Allow") -> dict[str, object]:
    statement = {"Effect": effect, "Action": actions, "Resource": resources}
    return {"Version": "2012-10-17", "Statement": [statement]}


def found(iamlint: Program, folder: Path, toml: str = TOML, **files: object) -> list[str]:
    """Return what is reported of files, whose paths are written with `__` for `/`."""
    (folder / "iamlint.toml").write_text(toml)
    for name, content in files.items():
        place = folder / f"{name.replace('__', '/')}.json"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(content, indent=1))
    result = iamlint("check", "--select", "wider-than-reference", "--output-format", "json")
    report = json.loads(result.out)
    lines = [
        f"{f['path']}:{f['range']['start']['line']}: {f['message']}" for f in report["findings"]
    ]
    return lines + [f"{item['path']}: {item['reason']}" for item in report["not_analysed"]]


def test_each_statement_that_allows_more_is_reported(iamlint: Program, tmp_path: Path) -> None:
    lines = found(
        iamlint,
        tmp_path,
        most=policy("s3:Get*"),
        policies__less=policy("s3:GetObject"),
        policies__team__more=policy("s3:*Object", "arn:aws:s3:::shelf/*"),
        other=policy("s3:*"),
    )

    assert lines == [
        ("policies/team/more.json:4: `s3:DeleteObject` on `arn:aws:s3:::shelf/x` is allowed, "
        "but not by `most.json`")
    ]  # fmt: skip


def test_policies_of_other_kinds_are_not_compared(iamlint: Program, tmp_path: Path) -> None:
    trust = policy("sts:AssumeRole")
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"AWS": "111122223333"},
    }
    trust["Statement"] = [statement]

    assert found(iamlint, tmp_path, most=policy("s3:Get*"), policies__trust=trust) == []


def test_value_that_is_not_known_is_not_passed_over(iamlint: Program, tmp_path: Path) -> None:
    most = policy("s3:Get*", "arn:aws:s3:::shelf/*")
    mine = policy("s3:GetObject", "arn:aws:s3:::${Bucket}/*")

    assert found(iamlint, tmp_path, most=most, policies__p=mine) == [
        ("policies/p.json: it is not known if it allows more than `most.json`: `${Bucket}` may "
        "name the resource, for `s3:GetObject`: not checked by `wider-than-reference`")
    ]  # fmt: skip
    code = iamlint("check", "--select", "wider-than-reference", "--fail-on-not-analysed").code
    assert code == 2


def test_reference_that_is_not_read_is_not_passed_over(iamlint: Program, tmp_path: Path) -> None:
    (line,) = found(iamlint, tmp_path, policies__p=policy("s3:*"))

    assert "the reference `most.json` is not among the files that were read" in line


@pytest.mark.parametrize(
    ("toml", "error"),
    [
        ('[[reference]]\npolicy = "most.json"', "`reference` needs `files`"),
        (f'{TOML}kind = "identiy"', "`identiy` is not a value for `kind`"),
        (f'{TOML}file = "x"', "unknown key `file` in `reference`"),
    ],
)
def test_wrong_reference_is_an_error(
    iamlint: Program, tmp_path: Path, toml: str, error: str
) -> None:
    (tmp_path / "iamlint.toml").write_text(toml)
    (tmp_path / "p.json").write_text(json.dumps(policy("s3:*")))
    result = iamlint("check")

    assert result.code == 2
    assert error in result.err
