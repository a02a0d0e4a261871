"""Which unit of one side is which one of the other: by name, address, place, git or meaning."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from iamlint.revisions.diff import diff_pairs
from iamlint.revisions.matched import MOST_PAIRS
from iamlint.revisions.sides.opening import open_pairs
from tests.revisions.conftest import brief
from tests.revisions.written import READ, SEND, WRITE, Role, in_folders, in_template, policy, trust

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.revisions.conftest import Difference
    from tests.revisions.written import Texts

APP = Role()
TRUST = "trust policy of"
EC2 = trust({"Service": "ec2.amazonaws.com"})
WIDER = {**READ, "Resource": "*"}


def nameless(*blocks: str, says: Mapping[str, object] = READ) -> str:
    """Return a template whose roles get their names from AWS."""
    properties = {
        "AssumeRolePolicyDocument": EC2,
        "Policies": [{"PolicyName": "own", "PolicyDocument": policy(says)}],
    }
    one = {"Type": "AWS::IAM::Role", "Properties": properties}
    return json.dumps({"Resources": dict.fromkeys(blocks, one)})


def test_a_logical_id_names_a_role_in_its_own_template(diff: Difference) -> None:
    old = {"a.json": nameless("Worker"), "b.json": nameless("Worker", says=WRITE)}
    found = diff(old, {**old, "b.json": nameless("Worker", says=SEND)})
    assert [(c.subject, c.path, c.status, c.text) for c in found.changes] == [
        ("role/Worker", "b.json", "changed", "statement `Send` added, statement `Write` removed")
    ]
    assert found.unchanged == 3


def test_a_template_with_the_same_logical_id_is_a_new_role(diff: Difference) -> None:
    old = {"a.json": nameless("Worker")}
    found = diff(old, {**old, "b.json": nameless("Worker", says=SEND)})
    assert [(c.subject, c.path, c.status) for c in found.changes] == [
        ("role/Worker", "b.json", "new"),
        ("trust policy of role/Worker", "b.json", "new"),
    ]
    assert found.unchanged == 2


def module_of(says: Mapping[str, object]) -> str:
    trusted, held = json.dumps(EC2), json.dumps(policy(says))
    return f"""
variable "wide" {{}}
resource "aws_iam_role" "r" {{
  assume_role_policy = jsonencode({trusted})
}}
resource "aws_iam_role_policy" "p" {{
  role   = aws_iam_role.r.name
  policy = jsonencode({held})
}}
"""


def test_roles_of_a_module_that_is_called_twice_have_an_address_each(diff: Difference) -> None:
    calls = "".join(f'module "{name}" {{ source = "./m" }}\n' for name in "ab")
    found = diff(
        {"main.tf": calls, "m/main.tf": module_of(READ)},
        {"main.tf": calls, "m/main.tf": module_of(WIDER)},
    )
    assert [(c.address, c.path, c.line, c.status) for c in found.changes] == [
        ("module.a.aws_iam_role.r", "m/main.tf", 3, "changed"),
        ("module.b.aws_iam_role.r", "m/main.tf", 3, "changed"),
    ]


def test_git_finds_a_role_in_a_file_with_another_name(diff: Difference) -> None:
    found = diff(
        {"a.json": nameless("Worker")},
        {"b.json": nameless("Worker", says=WIDER)},
        {"a.json": "b.json"},
    )
    assert brief(found) == [
        "role/Worker (identity) changed wider: moved from a.json, statement `Read` reworded",
        "trust policy of role/Worker (trust) moved equivalent: moved from a.json",
    ]


def test_a_role_that_says_the_same_elsewhere_has_moved(diff: Difference) -> None:
    found = diff({"a.json": nameless("Worker")}, {"b.json": nameless("Job")})
    assert [(c.subject, c.status, c.text) for c in found.changes] == [
        ("role/Job", "moved", "was `role/Worker`, moved from a.json"),
        (f"{TRUST} role/Job", "moved", f"was `{TRUST} role/Worker`, moved from a.json"),
    ]


def test_a_role_that_means_the_same_elsewhere_has_moved(diff: Difference) -> None:
    same = {**READ, "Action": ["s3:GetObject", "s3:GetObject"]}
    found = diff({"a.json": nameless("Worker")}, {"b.json": nameless("Job", says=same)})
    assert [(c.subject, c.status) for c in found.changes] == [
        ("role/Job", "moved"),
        ("trust policy of role/Job", "moved"),
    ]


def test_few_units_are_compared_by_their_meaning(diff: Difference, asked: list[object]) -> None:
    blocks = [f"R{number}" for number in range(30)]
    other = nameless(*(f"N{number}" for number in range(30)), says=WRITE)
    found = diff({"a.json": nameless(*blocks)}, {"b.json": other})
    assert {c.status for c in found.changes} == {"new", "gone"}
    assert len(asked) == MOST_PAIRS + len(found.changes)


def test_a_role_of_another_account_is_another_role(diff: Difference) -> None:
    old, new = "accounts/444455556666/roles/app/p.json", "accounts/777788889999/roles/app/p.json"
    found = diff({old: policy(READ)}, {new: policy(READ)}, {old: new})
    assert [(c.account, c.status, c.comparison.relation) for c in found.changes] == [
        ("777788889999", "new", "wider"),
        ("444455556666", "gone", "narrower"),
    ]


def test_a_place_in_a_list_does_not_name_a_role(diff: Difference) -> None:
    found = diff({"dump.json": dump("a", "b")}, {"dump.json": dump("c", "b")})
    assert [(c.subject, c.status) for c in found.changes if c.kind == "trust"] == [
        ("trust policy of role/c", "new"),
        ("trust policy of role/a", "gone"),
    ]


def dump(*names: str) -> object:
    return {
        "UserDetailList": [],
        "GroupDetailList": [],
        "Policies": [],
        "RoleDetailList": [
            {
                "Path": "/",
                "RoleName": name,
                "RoleId": f"AROA{name.upper() * 17}",
                "Arn": f"arn:aws:iam::111122223333:role/{name}",
                "CreateDate": "2024-01-01T00:00:00+00:00",
                "AssumeRolePolicyDocument": EC2,
                "InstanceProfileList": [],
                "RolePolicyList": [
                    {"PolicyName": "own", "PolicyDocument": policy(WRITE if name == "c" else READ)}
                ],
                "AttachedManagedPolicies": [],
                "Tags": [],
            }
            for name in names
        ],
    }


def test_a_policy_that_gets_a_holder_is_not_gone(diff: Difference) -> None:
    def files(roles: list[str]) -> Texts:
        properties = {"Roles": roles, "PolicyDocument": policy(SEND)}
        managed = {"Type": "AWS::IAM::ManagedPolicy", "Properties": properties}
        return {**in_folders(APP), "t.json": {"Resources": {"P": managed}}}

    assert brief(diff(files([]), files(["app"]))) == [
        "role/app (identity) changed wider: statement `Send` added"
    ]


def test_the_policies_of_a_group_are_those_of_its_members(diff: Difference) -> None:
    def files(one: Mapping[str, object]) -> Texts:
        return {"groups/dev/p.json": policy(one), "iamlint.toml": MEMBER}

    found = diff(files(READ), files(WRITE))
    assert [c.subject for c in found.changes] == ["user/ann"]
    found = diff({"groups/ops/p.json": policy(READ)}, {"groups/ops/p.json": policy(WRITE)})
    assert [c.subject for c in found.changes] == ["group/ops"]


MEMBER = 'account = "111122223333"\n[principals."user/ann"]\ngroups = ["dev"]\n'


def test_a_configuration_may_name_the_account_later(diff: Difference) -> None:
    files = {**in_folders(APP), **in_template(replace(APP, name="web"))}
    found = diff({**files, "iamlint.toml": ""}, files)
    assert brief(found) == []
    assert found.unchanged == 4


def test_a_configuration_may_give_a_policy_to_a_principal(diff: Difference) -> None:
    files: Texts = {"p.json": policy(SEND)}
    toml = 'account = "111122223333"\n[principals."user/ann"]\npolicies = ["p.json"]\n'
    found = diff(files, {**files, "iamlint.toml": toml})
    assert brief(found) == ["user/ann (identity) new wider"]


def test_two_files_are_compared_whatever_they_are_called(tmp_path: Path) -> None:
    for name, says in (("old.json", policy(READ)), ("new.json", policy(READ, WRITE))):
        (tmp_path / name).write_text(json.dumps(says))
    found = diff_pairs(open_pairs("old.json", "new.json", here=tmp_path))
    assert brief(found) == ["None (identity) changed wider: statement `Write` added"]
    assert (found.old, found.new) == ("old.json", "new.json")


def test_two_templates_in_two_files_are_compared_role_by_role(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(nameless("One", "Two"))
    (tmp_path / "b.json").write_text(nameless("One", says=WIDER))
    found = diff_pairs(open_pairs("a.json", "b.json", here=tmp_path))
    assert [(c.subject, c.status) for c in found.changes] == [
        ("role/One", "changed"),
        ("role/Two", "gone"),
        ("trust policy of role/Two", "gone"),
    ]
    assert found.unchanged == 1


def test_the_pairs_of_several_configurations_are_one_comparison(tmp_path: Path) -> None:
    for side, says in (("old", READ), ("new", WIDER)):
        for account, folder in (("111122223333", "one"), ("444455556666", "two")):
            place = tmp_path / side / folder / "roles" / "app"
            place.mkdir(parents=True)
            (place / "policy.json").write_text(json.dumps(policy(says)))
            toml = tmp_path / side / folder / "iamlint.toml"
            toml.write_text(f'account = "{account}"\n')
    pairs = [open_pairs(f"old/{name}", f"new/{name}", here=tmp_path)[0] for name in ("one", "two")]
    found = diff_pairs(pairs)
    assert [(c.account, c.comparison.relation) for c in found.changes] == [
        ("111122223333", "wider"),
        ("444455556666", "wider"),
    ]


def test_a_policy_alone_is_compared_alone(diff: Difference) -> None:
    found = diff({"p.json": policy(READ)}, {"p.json": policy(READ, WRITE)})
    assert brief(found) == ["None (identity) changed wider: statement `Write` added"]
    moved = diff({"p.json": policy(READ)}, {"q.json": policy(READ)}, {"p.json": "q.json"})
    assert brief(moved) == ["None (identity) moved equivalent: moved from p.json"]
