"""SCPs that do nothing, are too many or bind everyone: in folders, configurations and templates."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.loading import write_files

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program

RULES = "scp-without-effect,too-many-scps,locked-out-administrator,account-without-scp"
ACCOUNT = "111122223333"


def policy(effect: str, *actions: str, **more: object) -> str:
    statement = {"Effect": effect, "Action": list(actions), "Resource": "*", **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


FULL = policy("Allow", "*")
DENY = policy("Deny", "organizations:LeaveOrganization")
LIST = policy("Allow", "s3:*", "ec2:*")


def found(iamlint: Program, folder: Path, files: dict[str, str]) -> list[tuple[str, str]]:
    """Return the rule and the file of each finding of a run over a folder."""
    write_files(folder, files)
    out = iamlint("check", ".", "--select", RULES, "--output-format", "json").out
    report = json.loads(out)
    assert not [one for one in report["not_analysed"] if "not checked by" in one["reason"]]
    return [(one["rule"], one["path"]) for one in report["findings"]]


def folders(**policies: str) -> dict[str, str]:
    """Return files: `root_x` is the policy `x` of the root, `own_x` that of the account."""
    ways = {"root": "organization/scp", "own": f"organization/{ACCOUNT}/scp"}
    files = {"iamlint.toml": f'account = "{ACCOUNT}"\n'}
    for name, text in policies.items():
        level, _, rest = name.partition("_")
        files[f"{ways[level]}/{rest}.json"] = text
    return files


def declared(**policies: str) -> dict[str, str]:
    """Return the same with `[organization-policies]`."""
    levels: dict[str, list[str]] = {"root": [], "own": []}
    files = {}
    for name, text in policies.items():
        levels[name.partition("_")[0]].append(f"{name}.json")
        files[f"{name}.json"] = text
    scp = json.dumps([levels["root"], levels["own"]])
    files["iamlint.toml"] = f'account = "{ACCOUNT}"\n[organization-policies]\nscp = {scp}\n'
    return files


@pytest.mark.parametrize("written", [folders, declared])
def test_an_account_without_an_scp_is_reported_at_what_allows_everything(
    iamlint: Program, tmp_path: Path, written: object
) -> None:
    assert callable(written)
    faulty = found(iamlint, tmp_path, written(root_FullAWSAccess=FULL, own_FullAWSAccess=FULL))

    ((rule, path),) = faulty
    assert rule == "account-without-scp"
    assert "own" in path or ACCOUNT in path


@pytest.mark.parametrize("written", [folders, declared])
def test_a_guardrail_anywhere_above_an_account_is_enough(
    iamlint: Program, tmp_path: Path, written: object
) -> None:
    assert callable(written)
    assert found(iamlint, tmp_path, written(root_stay=DENY, own_FullAWSAccess=FULL)) == []


@pytest.mark.parametrize("written", [folders, declared])
def test_a_second_policy_that_allows_everything_has_no_effect(
    iamlint: Program, tmp_path: Path, written: object
) -> None:
    assert callable(written)
    rules = found(
        iamlint,
        tmp_path,
        written(root_stay=DENY, own_FullAWSAccess=FULL, own_everything=FULL),
    )

    ((rule, path),) = rules
    assert (rule, path.endswith("everything.json")) == ("scp-without-effect", True)


@pytest.mark.parametrize("written", [folders, declared])
def test_one_policy_that_replaces_full_access_has_an_effect(
    iamlint: Program, tmp_path: Path, written: object
) -> None:
    assert callable(written)
    assert found(iamlint, tmp_path, written(root_stay=DENY, own_everything=FULL)) == []


@pytest.mark.parametrize("written", [folders, declared])
@pytest.mark.parametrize(
    ("action", "rules"), [("iam:CreateUser", ["scp-without-effect"]), ("s3:DeleteBucket", [])]
)
def test_a_deny_beside_a_list_needs_what_the_list_allows(
    iamlint: Program, tmp_path: Path, written: object, action: str, rules: list[str]
) -> None:
    assert callable(written)
    files = written(own_list=LIST, own_deny=policy("Deny", action))

    assert [rule for rule, _ in found(iamlint, tmp_path, files)] == rules


ATTACHED = """
resource "aws_organizations_policy" "p%(number)s" {
  name    = "p%(number)s"
  type    = "%(type)s"
  content = jsonencode(%(policy)s)
}
resource "aws_organizations_policy_attachment" "p%(number)s" {
  policy_id = aws_organizations_policy.p%(number)s.id
  target_id = %(target)s
}
"""
UNIT = """
resource "aws_organizations_organizational_unit" "unit" {
  name      = "unit"
  parent_id = "r-abcd"
}
"""
OF_UNIT = "aws_organizations_organizational_unit.unit.id"
RCP = policy("Deny", "s3:DeleteBucket", Principal="*")


def module(count: int, text: str = DENY, type_: str = "SERVICE_CONTROL_POLICY") -> str:
    parts = {"type": type_, "policy": text, "target": OF_UNIT}
    return UNIT + "".join(ATTACHED % {"number": number, **parts} for number in range(count))


def template(count: int, text: str = DENY, type_: str = "SERVICE_CONTROL_POLICY") -> str:
    resources: dict[str, object] = {
        "Unit": {
            "Type": "AWS::Organizations::OrganizationalUnit",
            "Properties": {"Name": "unit", "ParentId": "r-abcd"},
        }
    }
    for number in range(count):
        resources[f"P{number}"] = {
            "Type": "AWS::Organizations::Policy",
            "Properties": {
                "Name": f"p{number}",
                "Type": type_,
                "TargetIds": [{"Ref": "Unit"}],
                "Content": json.loads(text),
            },
        }
    return json.dumps({"Resources": resources}, indent=1)


@pytest.mark.parametrize(("name", "written"), [("main.tf", module), ("t.json", template)])
@pytest.mark.parametrize(
    ("count", "text", "type_", "expected"),
    [
        (11, DENY, "SERVICE_CONTROL_POLICY", 1),
        (10, DENY, "SERVICE_CONTROL_POLICY", 0),
        (6, RCP, "RESOURCE_CONTROL_POLICY", 1),
        (5, RCP, "RESOURCE_CONTROL_POLICY", 0),
    ],
)
def test_more_policies_of_a_unit_than_aws_attaches(
    iamlint: Program,
    tmp_path: Path,
    name: str,
    written: object,
    count: int,
    text: str,
    type_: str,
    expected: int,
) -> None:
    assert callable(written)
    rules = [rule for rule, _ in found(iamlint, tmp_path, {name: written(count, text, type_)})]

    assert rules == ["too-many-scps"] * expected


@pytest.mark.parametrize(("name", "written"), [("main.tf", module), ("t.json", template)])
def test_a_policy_of_a_unit_that_allows_everything_has_no_effect(
    iamlint: Program, tmp_path: Path, name: str, written: object
) -> None:
    assert callable(written)
    rules = [rule for rule, _ in found(iamlint, tmp_path, {name: written(1, FULL)})]

    assert rules == ["scp-without-effect"]


def test_units_are_at_most_five_levels_deep(iamlint: Program, tmp_path: Path) -> None:
    units = "/".join("abcdef")
    files = folders(root_stay=DENY) | {f"organization/{units}/{ACCOUNT}/scp/own.json": DENY}

    assert [rule for rule, _ in found(iamlint, tmp_path, files)] == ["too-many-scps"]


def test_units_of_five_levels_are_in_order(iamlint: Program, tmp_path: Path) -> None:
    units = "/".join("abcde")
    files = folders(root_stay=DENY) | {f"organization/{units}/{ACCOUNT}/scp/own.json": DENY}

    assert found(iamlint, tmp_path, files) == []


def test_a_run_over_some_files_does_not_know_what_others_allow(
    iamlint: Program, tmp_path: Path
) -> None:
    files = folders(own_list=LIST, own_deny=policy("Deny", "iam:CreateUser"), own_x=LIST)
    write_files(tmp_path, files)
    some = [f"organization/{ACCOUNT}/scp/{name}.json" for name in ("list", "deny")]
    options = ("--select", "scp-without-effect", "--output-format", "json")

    assert len(json.loads(iamlint("check", ".", *options).out)["findings"]) == 1
    assert json.loads(iamlint("check", *some, *options).out)["findings"] == []


ROLE = {"roles/break-glass/all.json": FULL}
ALLOWED = '[rules.unlisted-administrator]\nallowed = ["role/break-glass"]\n'
EXCEPT = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/break-glass"}}


@pytest.mark.parametrize(
    ("guardrail", "allowed", "rules"),
    [
        (policy("Deny", "cloudtrail:StopLogging"), ALLOWED, ["locked-out-administrator"]),
        (policy("Deny", "cloudtrail:StopLogging"), "", []),
        (policy("Deny", "cloudtrail:StopLogging", Condition=EXCEPT), ALLOWED, []),
        (policy("Deny", "cloudtrail:StopLogging", "iam:*", Condition=EXCEPT), ALLOWED, []),
    ],
)
def test_the_role_of_the_list_gets_past_a_guardrail(
    iamlint: Program, tmp_path: Path, guardrail: str, allowed: str, rules: list[str]
) -> None:
    files = folders(root_guardrail=guardrail) | ROLE
    files["iamlint.toml"] += allowed

    assert [rule for rule, _ in found(iamlint, tmp_path, files)] == rules


def test_limits_that_are_known_in_part_are_not_reported(iamlint: Program, tmp_path: Path) -> None:
    files = {
        "main.tf": UNIT
        + ATTACHED
        % {
            "number": 0,
            "type": "SERVICE_CONTROL_POLICY",
            "policy": '{Version = "2012-10-17", Statement = var.statements}',
            "target": OF_UNIT,
        }
        + 'variable "statements" {\n  type = any\n}\n'
    }

    assert found(iamlint, tmp_path, files) == []


def test_folders_without_the_account_are_not_a_fault(iamlint: Program, tmp_path: Path) -> None:
    files = {
        f"organization/{ACCOUNT}/scp/FullAWSAccess.json": FULL,
        "organization/444455556666/scp/stay.json": DENY,
    }
    assert found(iamlint, tmp_path, files) == []
