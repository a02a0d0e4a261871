"""Dumps of an account: what is checked, what is only read, and what is told once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.load import LoadOptions, NotAnalysed, load

if TYPE_CHECKING:
    from pathlib import Path

HOME = "111122223333"
SAYS = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def managed(name: str, owner: str = "aws", *, versions: int = 1) -> dict[str, object]:
    listed = [{"Document": SAYS, "VersionId": f"v{versions}", "IsDefaultVersion": True}]
    listed += [
        {"Document": SAYS, "VersionId": f"v{number}", "IsDefaultVersion": False}
        for number in range(1, versions)
    ]
    arn = f"arn:aws:iam::{owner}:policy/{name}"
    return {"PolicyName": name, "Arn": arn, "PolicyVersionList": listed}


@pytest.fixture
def dump(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    policies = [
        managed("deploy", HOME, versions=4),
        managed("ReadOnlyAccess", versions=2),
        managed("job-function/Billing"),
        managed("limits", HOME, versions=2),
    ]
    path = tmp_path / "dump.json"
    path.write_text(json.dumps({"Policies": policies}))
    return path


@pytest.mark.usefixtures("dump")
def test_policies_that_aws_manages_are_told_of_once_and_not_checked() -> None:
    loaded = load(["."], LoadOptions())

    assert [d.name for d in loaded.documents] == ["deploy", "limits"]
    assert [d.name for d in loaded.of_aws] == ["ReadOnlyAccess", "job-function/Billing"]
    assert loaded.not_analysed == (
        NotAnalysed(
            "dump.json", ("Policies",), "version of a managed policy that is not in force (5)"
        ),
        NotAnalysed(
            "dump.json",
            ("Policies",),
            "policies that AWS manages (2): `aws-managed-policies = true` in the configuration "
            "checks them",
        ),
    )


@pytest.mark.usefixtures("dump")
def test_switch_checks_policies_that_aws_manages_like_others() -> None:
    loaded = load(["."], LoadOptions(aws_managed_policies=True))

    assert [d.name for d in loaded.documents] == [
        *("deploy", "ReadOnlyAccess", "job-function/Billing", "limits"),
    ]
    assert loaded.of_aws == ()
    assert [n.reason for n in loaded.not_analysed] == [
        "version of a managed policy that is not in force (5)"
    ]


def test_one_alone_is_told_with_its_own_place(dump: Path) -> None:
    dump.write_text(json.dumps({"Policies": [managed("ReadOnlyAccess", versions=2)]}))
    loaded = load(["."], LoadOptions())
    where = ("Policies", 0, "PolicyVersionList")

    assert loaded.not_analysed == (
        NotAnalysed(
            "dump.json", (*where, 1, "Document"), "version of a managed policy that is not in force"
        ),
        NotAnalysed(
            "dump.json",
            (*where, 0, "Document"),
            "policies that AWS manages (1): `aws-managed-policies = true` in the configuration "
            "checks them",
        ),
    )
