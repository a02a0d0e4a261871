"""Items not analysed are listed, with the reason and the policy; the exit code shows them too."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.support.program import Program, Result


GRANT = {"Effect": "Allow", "Action": "s3:GetObjekt", "Resource": "arn:aws:s3:::shelf/*"}
POLICY = {"Version": "2012-10-17", "Statement": [GRANT]}
ROLE = {
    "Type": "AWS::IAM::ManagedPolicy",
    "Properties": {"PolicyDocument": POLICY},
    "Metadata": {"aws:cdk:path": "Shop/Reader/Resource"},
}
TEMPLATE = json.dumps({"Resources": {"Reader": ROLE}})
OPEN = 'variable "text" {}\nresource "aws_iam_policy" "p" {\n  policy = var.text\n}\n'


def checked(files: Mapping[str, str], iamlint: Program, folder: Path, *args: str) -> Result:
    for path, text in {".git/HEAD": "", **files}.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return iamlint("check", str(folder), *args)


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"main.tf": OPEN}, 2),
        ({"t.yaml": "{% if a %}\nStatement:\n{% endif %}: [Effect"}, 2),
        ({"stack.json": '{"Statement": [{"Effect": "Deny", "Action": "Update:*", "Resource": "*",'
          ' "Principal": "*"}]}'}, 4),
        ({"main.tf": "locals {}\n"}, 4),
        ({"main.tf": OPEN, "p.json": json.dumps(POLICY).replace("Objekt", "Object")}, 0),
    ],
    ids=["unknown", "templated", "not of IAM", "nothing", "some"],
)  # fmt: skip
def test_folder_whose_policies_could_all_not_be_read_is_an_error(
    files: dict[str, str], code: int, iamlint: Program, tmp_path: Path
) -> None:
    assert checked(files, iamlint, tmp_path).code == code


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        ({"file": "./x/read.yaml"}, "another tool inserts the text of `./x/read.yaml` here"),
        ({"$ref": "a/b.json"}, "another tool inserts the text of `a/b.json` here"),
        ({"file": "read"}, None),
        ({"Statment": "a/b.json"}, "another tool inserts the text of `a/b.json` here"),
        ({"Statement": "a/b.json"}, None),
        ({"Version": "b.json"}, None),
        ({"file": "a.json", "Version": "2012-10-17"}, None),
    ],
)  # fmt: skip
def test_path_in_place_of_a_policy_is_what_another_tool_replaces(
    policy: dict[str, str], reason: str | None, iamlint: Program, tmp_path: Path
) -> None:
    resource = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": policy}}
    text = json.dumps({"Resources": {"Reader": resource}})
    said = json.loads(checked({"t.json": text}, iamlint, tmp_path, "--output-format", "json").out)

    assert [item["reason"] for item in said["not_analysed"]] == ([reason] if reason else [])
    assert bool(said["findings"]) is not bool(reason)


def test_policy_that_is_left_out_has_its_name(iamlint: Program, tmp_path: Path) -> None:
    result = checked({"main.tf": OPEN}, iamlint, tmp_path, "--output-format", "json")

    (item,) = json.loads(result.out)["not_analysed"]
    assert (item["policy"], item["reason"]) == (
        "aws_iam_policy.p: resource.aws_iam_policy.p.policy",
        "`${var.text}` is not known",
    )


def test_string_with_a_broken_policy_is_listed(iamlint: Program, tmp_path: Path) -> None:
    broken = json.dumps(POLICY)[:-1]
    files = {"notes.json": json.dumps({"about": {"text": broken}})}

    result = checked(files, iamlint, tmp_path, "--output-format", "json")

    (item,) = json.loads(result.out)["not_analysed"]
    assert (result.code, item["policy"]) == (2, "about.text")


@pytest.mark.parametrize("ignored", [True, False])
def test_output_of_cdk_that_git_ignores_is_listed(
    ignored: bool,  # noqa: FBT001 - a parameter of pytest
    iamlint: Program,
    tmp_path: Path,
) -> None:
    files = {"cdk.json": "{}", "cdk.out/Shop.template.json": TEMPLATE}
    files[".gitignore"] = "cdk.out/\n" if ignored else ""

    result = checked(files, iamlint, tmp_path)

    assert result.code == (4 if ignored else 1)
    assert ("output of CDK, which git ignores: `iamlint check" in result.err) is ignored


def test_app_of_cdk_without_output_is_listed(iamlint: Program, tmp_path: Path) -> None:
    result = checked({"cdk.json": "{}"}, iamlint, tmp_path)

    assert (result.code, "`cdk synth` writes its policies" in result.err) == (4, True)


@pytest.mark.parametrize(
    "files",
    [
        {"cdk.json": "{}", "p.json": json.dumps(POLICY)},
        {"a/cdk.json": "{}"},
        {"a/cdk.json": "{}", "b/p.json": json.dumps(POLICY)},
    ],
    ids=["beside a policy", "in a folder that is not named", "in a folder without policies"],
)
def test_app_of_cdk_among_others_is_not_listed(
    files: dict[str, str], iamlint: Program, tmp_path: Path
) -> None:
    result = checked(files, iamlint, tmp_path)

    assert "cdk synth" not in result.out + result.err


def test_finding_in_output_of_cdk_names_the_construct(iamlint: Program, tmp_path: Path) -> None:
    files = {"cdk.out/Shop.template.json": TEMPLATE}

    text = checked(files, iamlint, tmp_path).out
    found = json.loads(checked(files, iamlint, tmp_path, "--output-format", "json").out)

    assert "= construct: Shop/Reader/Resource\n" in text
    assert {f["policy"]["construct"] for f in found["findings"]} == {"Shop/Reader/Resource"}
