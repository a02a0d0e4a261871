"""What a dump of a whole account has and nothing uses: roles, groups and policies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.support.program import Program

RULES = "unused-role,empty-group,unattached-policy"
ACCOUNT = "111122223333"
NOW = "2026-06-01T00:00:00+00:00"
OLD = "2019-01-01T00:00:00+00:00"


def role(name: str, used: str | None, *, made: str = OLD, path: str = "/") -> dict[str, object]:
    return {
        "Path": path,
        "RoleName": name,
        "Arn": f"arn:aws:iam::{ACCOUNT}:role{path}{name}",
        "CreateDate": made,
        "RoleLastUsed": {"LastUsedDate": used, "Region": "eu-west-1"} if used else {},
    }


def group(name: str) -> dict[str, object]:
    return {"GroupName": name, "Arn": f"arn:aws:iam::{ACCOUNT}:group/{name}", "CreateDate": OLD}


def policy(name: str, attached: int, limited: int = 0) -> dict[str, object]:
    return {
        "PolicyName": name,
        "Arn": f"arn:aws:iam::{ACCOUNT}:policy/{name}",
        "AttachmentCount": attached,
        "PermissionsBoundaryUsageCount": limited,
    }


def user(name: str, *groups: str) -> dict[str, object]:
    arn = f"arn:aws:iam::{ACCOUNT}:user/{name}"
    return {"UserName": name, "Arn": arn, "CreateDate": NOW, "GroupList": list(groups)}


def dump(
    users: Sequence[object] = (),
    groups: Sequence[object] = (),
    roles: Sequence[object] = (),
    policies: Sequence[object] = (),
) -> dict[str, object]:
    return {
        "UserDetailList": [user("ann"), *users],
        "GroupDetailList": groups,
        "RoleDetailList": roles,
        "Policies": policies,
    }


FAULTY = dump(
    groups=[group("readers")],
    roles=[role("old", "2026-01-01T00:00:00+00:00"), role("never", None)],
    policies=[policy("shelf", 0)],
)
SOUND = dump(
    users=[user("bob", "readers")],
    groups=[group("readers")],
    roles=[
        role("busy", "2026-05-01T00:00:00+00:00"),
        role("new", None, made="2026-05-01T00:00:00+00:00"),
        # ScoutSuite's default rules report these, which people cannot change.
        role("AWSServiceRoleForSupport", None, path="/aws-service-role/support.amazonaws.com/"),
        role("AWSReservedSSO_x_0", None, path="/aws-reserved/sso.amazonaws.com/eu-west-1/"),
        {**role("unknown", None), "RoleLastUsed": None},
    ],
    policies=[policy("shelf", 1), policy("fence", 0, limited=2)],
)


def reported(iamlint: Program, details: object, *args: str) -> list[dict[str, object]]:
    with open("dump.json", "w", encoding="utf-8") as file:  # noqa: PTH123 - in the test's folder
        json.dump(details, file, indent=1)
    options = ("--select", RULES, "--output-format", "json")
    found: list[dict[str, object]] = json.loads(iamlint("check", "dump.json", *options, *args).out)[
        "findings"
    ]
    return found


def test_each_unused_thing_is_reported_at_what_says_so(iamlint: Program, tmp_path: Path) -> None:
    found = reported(iamlint, FAULTY)

    lines = (tmp_path / "dump.json").read_text().splitlines()
    at = [lines[f["range"]["start"]["line"] - 1].strip(" ,") for f in found]  # type: ignore[index]
    assert [(f["rule"], f["message"]) for f in found] == [
        ("empty-group", "group `readers` has no users"),
        ("unused-role", "role `old` was not assumed for 151 days"),
        ("unused-role", "role `never` has no use that AWS tracks, and is 2708 days old"),
        ("unattached-policy", "no user, group or role has the policy `shelf`"),
    ]
    assert at == [
        '"GroupName": "readers"',
        '"LastUsedDate": "2026-01-01T00:00:00+00:00"',
        '"RoleName": "never"',
        '"PolicyName": "shelf"',
    ]


def test_what_is_used_new_or_made_by_aws_is_not_reported(iamlint: Program) -> None:
    assert reported(iamlint, SOUND) == []


def test_groups_and_policies_need_all_lists_of_a_dump(iamlint: Program) -> None:
    """A dump with `--filter` lacks lists: what uses a group may be in one of them."""
    for name in ("UserDetailList", "RoleDetailList", "Policies"):
        part = {key: value for key, value in FAULTY.items() if key != name}
        rules = {f["rule"] for f in reported(iamlint, part, "--at", NOW)}
        assert rules <= {"unused-role"}, name


def test_groups_of_a_template_may_get_users_elsewhere(iamlint: Program, tmp_path: Path) -> None:
    """ScoutSuite's default rules report every group that has no users in what they read."""
    template = {"Resources": {"Readers": {"Type": "AWS::IAM::Group", "Properties": {}}}}
    (tmp_path / "t.json").write_text(json.dumps(template))

    out = iamlint("check", "t.json", "--select", RULES, "--output-format", "json").out
    assert json.loads(out)["findings"] == []


ELSEWHERE = {
    "template.yaml": """
Resources:
  Readers:
    Type: AWS::IAM::Group
    Properties: {GroupName: readers}
  Shelf:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::a/*"}
""",
    "main.tf": """
resource "aws_iam_group" "readers" {
  name = "readers"
}
resource "aws_iam_policy" "shelf" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::a/*" }]
  })
}
""",
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_a_template_makes_may_be_used_elsewhere(
    iamlint: Program, tmp_path: Path, name: str
) -> None:
    """ScoutSuite's default rules report every group without users."""
    (tmp_path / name).write_text(ELSEWHERE[name])
    out = iamlint("check", name, "--profile", "strict", "--output-format", "json").out

    assert json.loads(out)["findings"] == []


def test_groups_need_the_groups_of_each_user(iamlint: Program, tmp_path: Path) -> None:
    known, unknown = user("bob"), user("eve")
    del unknown["GroupList"]
    for name, users in (("known", [known]), ("unknown", [known, unknown])):
        text = json.dumps(dump(users=users, groups=[group("readers")]))
        (tmp_path / f"{name}.json").write_text(text)
    options = ("check", "--profile", "strict", "--select", "empty-group")

    assert "empty-group" in iamlint(*options, "known.json").out
    assert "empty-group" not in iamlint(*options, "unknown.json").out


def test_identity_of_a_role_survives_a_new_dump(iamlint: Program) -> None:
    later = dump(
        groups=[group("others"), group("readers")],
        roles=[role("busy", NOW), role("never", None), role("old", "2026-01-02T00:00:00+00:00")],
        policies=[policy("shelf", 0)],
    )
    before = {f["message"].split("`")[1]: f["fingerprint"] for f in reported(iamlint, FAULTY)}  # type: ignore[attr-defined]
    after = {f["message"].split("`")[1]: f["fingerprint"] for f in reported(iamlint, later)}  # type: ignore[attr-defined]

    assert len(set(before.values())) == len(before)
    assert {name: after[name] for name in before} == before


@pytest.mark.parametrize(
    ("args", "count"),
    [((), 0), (("--profile", "strict"), 1), (("--at", "2027-06-01T00:00:00Z"), 1)],
)
def test_threshold_and_time_decide(iamlint: Program, args: tuple[str, ...], count: int) -> None:
    details = dump(roles=[role("reports", "2026-03-20T00:00:00+00:00")])

    assert len(reported(iamlint, details, *args)) == count


def test_allowed_roles_may_be_unused(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "iamlint.toml").write_text(
        f'[rules.unused-role]\nallowed = ["role/nev*", "arn:aws:iam::{ACCOUNT}:role/old"]\n'
    )
    assert [f["rule"] for f in reported(iamlint, FAULTY)] == ["empty-group", "unattached-policy"]
