"""Dumps of an account: policies that are checked, only read, or reported once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.load import LoadOptions, NotAnalysed, load
from iamlint.load.find import files
from iamlint.load.unread import signs

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
            "dump.json",
            ("Policies",),
            "version of a managed policy that is not its default version (5)",
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
        "version of a managed policy that is not its default version (5)"
    ]


def test_one_alone_is_told_with_its_own_place(dump: Path) -> None:
    dump.write_text(json.dumps({"Policies": [managed("ReadOnlyAccess", versions=2)]}))
    loaded = load(["."], LoadOptions())
    where = ("Policies", 0, "PolicyVersionList")

    assert loaded.not_analysed == (
        NotAnalysed(
            "dump.json",
            (*where, 1, "Document"),
            "version of a managed policy that is not its default version",
        ),
        NotAnalysed(
            "dump.json",
            (*where, 0, "Document"),
            "policies that AWS manages (1): `aws-managed-policies = true` in the configuration "
            "checks them",
        ),
    )


def items(folder: Path, name: str, text: object) -> list[tuple[object, ...]]:
    """Return the items in one file of a folder, in a short form."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text if isinstance(text, str) else json.dumps(text))
    loaded = load([folder], LoadOptions(root=folder))
    found: list[tuple[object, ...]] = [(*d.pointer, d.kind.value) for d in loaded.documents]
    return [*found, *((*n.pointer, n.reason) for n in loaded.not_analysed)]


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("policies/ReadOnlyAccess", json.dumps(SAYS), [("identity",)]),
        ("policies/README", "Statement and Effect: [", []),
        ("other/ReadOnlyAccess", json.dumps(SAYS), []),
        ("policies/v1.2", json.dumps(SAYS), []),
        ("policies/empty", "", []),
        ("readme.md", f"```json\n{json.dumps(SAYS)}\n```\n", []),
    ],
)
def test_file_without_suffix_is_read_where_policies_are_kept(
    tmp_path: Path, name: str, data: str, found: list[tuple[object, ...]]
) -> None:
    assert items(tmp_path, name, data) == found


def test_markdown_that_is_asked_for_is_said_not_to_be_read(tmp_path: Path) -> None:
    path = tmp_path / "readme.md"
    path.write_text(f"```json\n{json.dumps(SAYS)}\n```\n")
    loaded = load([path], LoadOptions(root=tmp_path))

    assert [(n.reason, n.unreadable) for n in loaded.not_analysed] == [
        ("Markdown, whose policies iamlint does not read", True)
    ]


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        ([{"effect": "Allow", "action": ["s3:*"], "resource": ["*"]}], True),
        ([{"actions": ["s3:*"], "resources": ["*"]}], True),
        ([{"notActions": ["s3:*"], "principals": []}], True),
        ([{"actions": ["s3:*"]}], True),
        ([{"effect": "Allow"}], True),
        ({"actions": ["s3:*"], "resources": ["*"]}, True),
        ([{"sid": "x"}, {"effect": "Deny"}], True),
        ([], False),
        ([{"action": "approve"}], False),
        ([{"effect": "NoSchedule"}], False),
    ],
)
def test_policy_in_the_words_of_another_tool_is_left_out_and_no_broken_one(
    tmp_path: Path, statements: object, *, found: bool
) -> None:
    value = {"a": {"policy": {"statements": statements}}, "PolicyDocument": "none"}

    listed = items(tmp_path, "a.json", value)

    assert [place for *place, _ in listed] == ([["a", "policy"]] if found else [])


STATEMENT = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ([STATEMENT, STATEMENT], [("identity",)]),
        ([{**STATEMENT, "Principal": "*"}], [("resource",)]),
        ({"custom": [STATEMENT]}, [("custom", "identity")]),
        ([STATEMENT, {"Effect": "Allow"}], [(0, signs.STATEMENT)]),
        ([{**STATEMENT, "Effect": "Maybe"}], []),
        ([{"Effect": "Allow", "Principal": "*", "Resource": "*"}], []),
        ([], []),
    ],
)
def test_statements_without_a_policy_around_them_are_one(
    tmp_path: Path, value: object, found: list[tuple[object, ...]]
) -> None:
    assert items(tmp_path, "a.json", value) == found


def test_standardised_column_alone_is_read(tmp_path: Path) -> None:
    assert items(tmp_path, "rows.json", [{"name": "b", "policy_std": SAYS}]) == [
        (0, "policy_std", "identity")
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("%7B" + "%22Statement%22%3A" * 50_000, id="keys without end"),
        pytest.param("%7B%22Statement%22" + "+" * 500_000, id="spaces"),
        pytest.param("%7BStatement" + "%" * 500_000, id="escapes of nothing"),
        pytest.param("%7B%22Statement%22%3A" + "%5B" * 50_000, id="depth"),
        pytest.param('{\\"Statement\\": ' + "[" * 50_000, id="depth without quotes"),
    ],
)
def test_encoded_text_that_is_no_policy_is_a_broken_one_where_policies_belong(
    tmp_path: Path, text: str
) -> None:
    assert items(tmp_path, "a.json", {"PolicyDocument": text}) == [("PolicyDocument", "identity")]


def test_dump_of_fifty_megabytes_is_read_where_it_is_asked_for_and_else_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:*"}
    roles = [
        {
            "RoleName": f"r{number}",
            "Description": "x" * 25_000,
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        }
        for number in range(2_000)
    ]
    text = json.dumps({"RoleDetailList": roles})
    (tmp_path / "dump.json").write_text(text)

    asked, found = load(["dump.json"], LoadOptions()), load(["."], LoadOptions())

    assert len(text) > 50_000_000
    assert [d.attachment.names for d in asked.documents] == [(f"role/r{n}",) for n in range(2_000)]
    assert asked.not_analysed == ()
    assert asked.documents[-1].written == json.dumps(roles[-1]["AssumeRolePolicyDocument"])
    assert [d.attachment for d in found.documents] == [d.attachment for d in asked.documents]
    assert found.not_analysed == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "start",
    ['{"UserDetailList": [], ', '{"version": 1, "configurationItems" : [], '],
)
def test_a_large_file_that_starts_as_a_dump_is_read_in_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: str, encoding: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(files, "MAX_WALKED", 1000)
    policy = '{"PolicyDocument": {"Version": "2012-10-17", "Statement": []}}'
    text = f'{start}"x": [{policy}], "rest": "{"-" * 1000}"}}'
    (tmp_path / "dump.json").write_text(text, encoding=encoding)
    (tmp_path / "other.json").write_text(text.replace("List", "Liste").replace("Items", "Item"))

    loaded = load(["."], LoadOptions())

    assert [d.path for d in loaded.documents] == ["dump.json"]
    reason = "larger than 1,000 bytes: name it under `include` to have it read"
    assert loaded.not_analysed == (NotAnalysed("other.json", (), reason),)
