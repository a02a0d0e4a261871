"""Files and folders that the user may not read are listed, and all others are read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from iamlint.load import LoadOptions, load
from iamlint.load.find.tree import FileTree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from iamlint.load.find.tree import Children

POLICY = '{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "a:b"}}'
TEMPLATE = """
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  P: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: %s}}
  S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: %s}}
"""
INCLUDE = "{Fn::Transform: {Name: AWS::Include, Parameters: {Location: fragment.yaml}}}"
FILES = {
    ".gitignore": "ignored.json\n",
    "ignored.json": POLICY,
    "main.tf": (
        'variable "x" {}\n'
        'module "m" {\n  source = "./m"\n}\n'
        'resource "aws_iam_policy" "p" {\n  policy = file("policies/p.json")\n}\n'
        'resource "aws_iam_policy" "x" {\n  policy = jsonencode({ Statement = var.x })\n}\n'
    ),
    "terraform.tfvars": "x = []\n",
    "m/m.tf": f'resource "aws_iam_policy" "m" {{\n  policy = jsonencode({POLICY})\n}}\n',
    "policies/p.json": POLICY,
    "policies/q.json": POLICY,
    "parent.yaml": TEMPLATE % (INCLUDE, "child.yaml"),
    "child.yaml": TEMPLATE % (POLICY, "https://example.com/x.yaml"),
    "fragment.yaml": POLICY,
}
CALLED, READ, MADE = (
    "m/m.tf module.m.aws_iam_policy.m",
    "policies/p.json aws_iam_policy.p",
    "main.tf aws_iam_policy.x",
)
ALL = {CALLED, READ, MADE, "policies/q.json ", "fragment.yaml P", "child.yaml P"}
"""All policies of `FILES`, and which resources hold them."""

DENIED = "cannot be read: permission denied"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def forbid(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that makes a file or a folder unreadable, for any user of the test."""

    def forbidden(name: str) -> None:
        read, children = FileTree.read, FileTree.children

        def check(place: str) -> None:
            if place == os.path.realpath(folder / name):
                raise PermissionError(13, "Permission denied")

        def read_of(self: FileTree, place: str, limit: int) -> bytes:
            check(place)
            return read(self, place, limit)

        def children_of(self: FileTree, place: str) -> Children:
            check(place)
            return children(self, place)

        monkeypatch.setattr(FileTree, "read", read_of)
        monkeypatch.setattr(FileTree, "children", children_of)

    return forbidden


def said(folder: Path, *names: str) -> tuple[set[str], set[str]]:
    """Return the policies that are found, and the listed items."""
    paths = [folder / name for name in names]
    loaded = load(paths or [folder], LoadOptions(root=folder, here=folder))
    found = {f"{d.path} {d.attachment.address or ''}" for d in loaded.documents}
    return found, {f"{item.path}: {item.reason}" for item in loaded.not_analysed}


@pytest.mark.parametrize(
    ("name", "lost", "found", "listed"),
    [
        (".gitignore", set(), {"ignored.json "}, set()),
        ("ignored.json", set(), set(), set()),
        (
            "main.tf",
            {CALLED, READ, MADE},
            {"m/m.tf aws_iam_policy.m", "policies/p.json "},
            {f"main.tf: {DENIED}"},
        ),
        (
            "terraform.tfvars",
            set(),
            set(),
            {
                f"terraform.tfvars: {DENIED}",
                "terraform.tfvars: `terraform.tfvars` cannot be read",
                "main.tf: `${var.x}` is not known",
            },
        ),
        ("m/m.tf", {CALLED}, set(), {f"m/m.tf: {DENIED}"}),
        ("m", {CALLED}, set(), {f"m: folder {DENIED}"}),
        (
            "policies/p.json",
            {READ},
            set(),
            {f"policies/p.json: {DENIED}", "main.tf: `policies/p.json` cannot be read"},
        ),
        ("policies", {"policies/q.json "}, set(), {f"policies: folder {DENIED}"}),
        ("parent.yaml", {"fragment.yaml P"}, {"fragment.yaml "}, {f"parent.yaml: {DENIED}"}),
        (
            "child.yaml",
            {"child.yaml P"},
            set(),
            {
                f"child.yaml: {DENIED}",
                "parent.yaml: nested template `child.yaml`, which cannot be read",
            },
        ),
        (
            "fragment.yaml",
            {"fragment.yaml P"},
            set(),
            {
                f"fragment.yaml: {DENIED}",
                "parent.yaml: fragment `fragment.yaml`, which cannot be read",
            },
        ),
    ],
)
def test_what_may_not_be_read_is_listed_and_all_else_is_found(
    name: str,
    lost: set[str],
    found: set[str],
    listed: set[str],
    folder: Path,
    forbid: Callable[[str], None],
) -> None:
    assert said(folder) == (ALL, set())

    forbid(name)

    assert said(folder) == (ALL - lost | found, listed)


@pytest.mark.parametrize(
    ("named", "name", "found", "listed"),
    [
        ("main.tf", "", {READ, MADE}, set()),
        ("main.tf", "m", {READ, MADE}, set()),
        ("main.tf", "m/m.tf", {READ, MADE}, set()),
        ("main.tf", "policies/p.json", {MADE}, {"main.tf: `policies/p.json` cannot be read"}),
        ("main.tf", "main.tf", set(), {f"main.tf: {DENIED}"}),
        ("m/m.tf", "", {CALLED}, set()),
        ("m/m.tf", "main.tf", {"m/m.tf aws_iam_policy.m"}, set()),
        ("policies/p.json", "", {READ}, set()),
        ("policies/p.json", "main.tf", {"policies/p.json "}, set()),
        ("policies/p.json", "policies/p.json", set(), {f"policies/p.json: {DENIED}"}),
        ("parent.yaml", "", {"fragment.yaml P"}, set()),
        (
            "parent.yaml",
            "child.yaml",
            {"fragment.yaml P"},
            {"parent.yaml: nested template `child.yaml`, which cannot be read"},
        ),
        ("child.yaml", "", {"child.yaml P"}, set()),
        ("child.yaml", "parent.yaml", {"child.yaml P"}, set()),
        ("child.yaml", "child.yaml", set(), {f"child.yaml: {DENIED}"}),
    ],
)
def test_named_file_is_read_without_relatives_that_may_not_be_read(
    named: str,
    name: str,
    found: set[str],
    listed: set[str],
    folder: Path,
    forbid: Callable[[str], None],
) -> None:
    if name:
        forbid(name)

    assert said(folder, named) == (found, listed)
