"""The users and roles in a dump, and the facts that it leaves open."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.account.ask.answer import Ruling
from iamlint.account.ask.sessions import Terms, session_of
from tests.account.holding_texts import BUCKET, HOME, OBJECT, allow, deny, policy

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.account.conftest import Open

ALLOWED, DENIED, DEPENDS = Ruling.ALLOWED, Ruling.DENIED, Ruling.DEPENDS
TEAM = {"Key": "team", "Value": "red"}
RED = {"StringEquals": {"aws:PrincipalTag/team": "red"}}
NOT_RED = {"StringNotEquals": {"aws:PrincipalTag/team": "red"}}
OWN = {"Null": {"aws:PrincipalTag/team": "true"}}
HOME_OF = {"Resource": f"{BUCKET}/${{aws:PrincipalTag/team}}/*"}
MISSING = object()


def user(tags: object, *statements: dict[str, object], **more: object) -> dict[str, object]:
    """Return a user as in the account's authorization details."""
    found = {
        "UserName": "u",
        "Arn": f"arn:aws:iam::{HOME}:user/u",
        "GroupList": [],
        "AttachedManagedPolicies": [],
        "UserPolicyList": [{"PolicyName": "p", "PolicyDocument": policy(*statements)}],
        "Tags": tags,
        **more,
    }
    return {name: value for name, value in found.items() if value is not MISSING}


def role(tags: object, *statements: dict[str, object]) -> dict[str, object]:
    found = {
        "RoleName": "r",
        "Arn": f"arn:aws:iam::{HOME}:role/r",
        "AttachedManagedPolicies": [],
        "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": policy(*statements)}],
        "Tags": tags,
    }
    return {name: value for name, value in found.items() if value is not MISSING}


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principaltag
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_UserDetail.html
@pytest.mark.parametrize(
    ("tags", "condition", "ruling"),
    [
        ([], RED, DENIED),
        ([], NOT_RED, ALLOWED),
        ([], OWN, ALLOWED),
        ([TEAM], RED, ALLOWED),
        ([TEAM], NOT_RED, DENIED),
        ([{"Key": "other", "Value": "red"}], RED, DENIED),
        ([{"Key": "Team", "Value": "red"}], RED, ALLOWED),
        (MISSING, RED, DEPENDS),
        (MISSING, NOT_RED, DEPENDS),
    ],
)
def test_user_has_the_tags_that_its_dump_lists_and_no_others(
    repository: Open, tags: object, condition: dict[str, object], ruling: Ruling
) -> None:
    one = user(tags, allow("s3:GetObject", Condition=condition))
    opened = repository({"dump.json": {"UserDetailList": [one]}})

    assert opened.account.ask(opened.subject("user/u"), ["s3:GetObject"], OBJECT).ruling is ruling


@pytest.mark.parametrize(
    ("tags", "path", "ruling"),
    [([], "red/k", DENIED), ([TEAM], "red/k", ALLOWED), (MISSING, "red/k", DEPENDS)],
)
def test_variable_of_a_tag_that_a_user_lacks_names_nothing(
    repository: Open, tags: object, path: str, ruling: Ruling
) -> None:
    one = user(tags, allow("s3:GetObject") | HOME_OF)
    opened = repository({"dump.json": {"UserDetailList": [one]}})
    answer = opened.account.ask(opened.subject("user/u"), ["s3:GetObject"], f"{BUCKET}/{path}")

    assert answer.ruling is ruling


# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
def test_session_of_a_role_may_have_tags_that_its_role_lacks(repository: Open) -> None:
    one = role([], allow("s3:GetObject", Condition=RED))
    opened = repository({"dump.json": {"RoleDetailList": [one]}})
    any_session = opened.subject("role/r")
    untagged = session_of(opened.account, any_session, Terms())
    tagged = session_of(opened.account, any_session, Terms(tags={"team": "red"}))
    asked = [any_session, untagged, tagged]

    rulings = [opened.account.ask(one, ["s3:GetObject"], OBJECT).ruling for one in asked]
    assert rulings == [DEPENDS, DENIED, ALLOWED]


# https://docs.aws.amazon.com/cli/latest/reference/iam/get-user.html
def test_user_that_is_asked_for_alone_may_have_tags_that_are_not_listed(repository: Open) -> None:
    own = {"UserName": "u", "PolicyName": "p"}
    files = {
        "user.json": {"User": {"UserName": "u", "Arn": f"arn:aws:iam::{HOME}:user/u"}},
        "p.json": {**own, "PolicyDocument": policy(allow("s3:GetObject", Condition=RED))},
    }
    opened = repository(files)

    answer = opened.account.ask(opened.subject("user/u"), ["s3:GetObject"], OBJECT)
    assert answer.ruling is DEPENDS
    assert answer.missing_keys == ("aws:PrincipalTag/team",)


# https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
@pytest.mark.parametrize(
    ("groups", "own", "ruling"),
    [
        ([], allow("s3:GetObject"), ALLOWED),
        ([], allow("s3:PutObject"), DENIED),
        (["dev"], deny("s3:GetObject"), DENIED),
        (["dev"], allow("s3:GetObject"), DEPENDS),
        (["dev"], allow("s3:PutObject"), DEPENDS),
    ],
)
def test_dump_without_groups_answers_what_needs_none(
    repository: Open, groups: list[str], own: dict[str, object], ruling: Ruling
) -> None:
    other = user([], allow("s3:GetObject"), UserName="o", Arn=f"arn:aws:iam::{HOME}:user/o")
    dump = {"UserDetailList": [user([], own, GroupList=groups), other]}
    opened = repository({"dump.json": dump})
    answers = [
        opened.account.ask(opened.subject(f"user/{name}"), ["s3:GetObject"], OBJECT)
        for name in ("u", "o")
    ]

    assert [answer.ruling for answer in answers] == [ruling, ALLOWED]
    assert "`group dev`" in answers[0].reason or ruling is not DEPENDS


def described() -> dict[str, object]:
    """Return a role and a user who may do all, and whose other policies are unknown."""
    everything = policy(allow("*"))
    return {
        "role.json": {"Role": {"RoleName": "r", "Arn": f"arn:aws:iam::{HOME}:role/r"}},
        "rp.json": {"RoleName": "r", "PolicyName": "p", "PolicyDocument": everything},
        "user.json": {"User": {"UserName": "u", "Arn": f"arn:aws:iam::{HOME}:user/u"}},
        "up.json": {"UserName": "u", "PolicyName": "p", "PolicyDocument": everything},
    }


DENY_ALL = {"PolicyName": "AWSDenyAll", "PolicyArn": "arn:aws:iam::aws:policy/AWSDenyAll"}
READ = {"PolicyName": "ReadOnlyAccess", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}


# https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedRolePolicies.html
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListEntitiesForPolicy.html
@pytest.mark.parametrize(
    ("output", "of_role", "of_user"),
    [
        ({"AttachedPolicies": [DENY_ALL]}, DEPENDS, DEPENDS),
        ({"AttachedPolicies": [READ]}, ALLOWED, ALLOWED),
        ({"AttachedPolicies": []}, ALLOWED, ALLOWED),
        ({"PolicyRoles": [{"RoleName": "r"}], "PolicyUsers": []}, DEPENDS, ALLOWED),
        ({"PolicyRoles": [], "PolicyUsers": [{"UserName": "u"}]}, ALLOWED, DEPENDS),
    ],
)
def test_list_that_names_one_side_of_a_link_leaves_open_the_other(
    repository: Open, output: dict[str, object], of_role: Ruling, of_user: Ruling
) -> None:
    opened = repository({**described(), "list.json": output})
    asked = [opened.subject("role/r"), opened.subject("user/u")]

    rulings = [opened.account.ask(one, ["s3:GetObject"], OBJECT).ruling for one in asked]
    assert rulings == [of_role, of_user]


@pytest.mark.parametrize(
    "around",
    [
        lambda dump: dump,
        lambda dump: [dump],
        lambda dump: {"account": HOME, "details": dump},
        lambda dump: {"pages": [{"n": 1, "page": dump}]},
        lambda dump: {"Roles": [], "details": dump},
    ],
)
def test_output_says_the_same_wherever_a_script_puts_it(
    repository: Open, around: Callable[[object], object]
) -> None:
    dump = {"RoleDetailList": [role([], allow("*")) | {"AttachedManagedPolicies": [DENY_ALL]}]}
    opened = repository({"dump.json": around(dump)})

    answer = opened.account.ask(opened.subject("role/r"), ["s3:GetObject"], OBJECT)
    assert answer.ruling is DENIED
    assert not any("not described completely" in text for text in answer.assumptions)


# https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetRepositoryPolicy.html
# https://docs.aws.amazon.com/efs/latest/APIReference/API_DescribeFileSystemPolicy.html
@pytest.mark.parametrize(
    ("output", "action", "on"),
    [
        (
            {"registryId": HOME, "repositoryName": "shop", "policyText": "{}"},
            "ecr:PutImage",
            f"arn:aws:ecr:eu-west-1:{HOME}:repository/{{}}",
        ),
        (
            {"FileSystemId": "shop", "Policy": "{}"},
            "elasticfilesystem:ClientWrite",
            f"arn:aws:elasticfilesystem:eu-west-1:{HOME}:file-system/{{}}",
        ),
    ],
)
def test_policy_stands_on_the_resource_that_its_output_names(
    repository: Open, output: dict[str, object], action: str, on: str
) -> None:
    forbids = json.dumps(policy({"Effect": "Deny", "Principal": "*", "Action": action}))
    named = {name: forbids if value == "{}" else value for name, value in output.items()}
    opened = repository({"d.json": {"RoleDetailList": [role([], allow("*"))]}, "o.json": named})
    who = opened.subject("role/r")

    rulings = [
        opened.account.ask(who, [action], on.format(name)).ruling for name in ("shop", "other")
    ]
    assert rulings == [DENIED, ALLOWED]
