"""What a question does not ask about is not read, and changes nothing: dumps of AWS's own tools."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iamlint.account.ask.answer import Ruling
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy
from iamlint.policy.plain import is_plain
from tests.account.holding_texts import BUCKET, HOME, OBJECT, allow, deny, policy, trust

if TYPE_CHECKING:
    from types import FrameType

    from iamlint.repository import Repository
    from iamlint.text.source import Value
    from tests.account.conftest import Open

READ = policy(allow("s3:GetObject", f"{BUCKET}/*"))
REFUSED = policy({"Effect": "Allow", "Action": "s3:GetObject"})
BY_EC2 = trust({"Service": "ec2.amazonaws.com"})
POLICY = f"arn:aws:iam::{HOME}:policy/read"


def role(name: str, inline: object = READ, **more: object) -> dict[str, object]:
    return {
        "Path": "/",
        "RoleName": name,
        "Arn": f"arn:aws:iam::{HOME}:role/{name}",
        "AssumeRolePolicyDocument": BY_EC2,
        "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": inline}],
        "AttachedManagedPolicies": [],
        **more,
    }


def managed(arn: str, document: object) -> dict[str, object]:
    version = {"Document": document, "VersionId": "v1", "IsDefaultVersion": True}
    return {"PolicyName": arn.rpartition("/")[2], "Arn": arn, "PolicyVersionList": [version]}


def names(opened: Repository) -> list[str]:
    """Return the principals whose policies wait."""
    return [str(one.ref) for one in opened.loaded.postponed]


def test_only_the_policies_of_the_principal_in_question_are_found(repository: Open) -> None:
    roles = [role(name) for name in ("a", "b", "c")]
    opened = repository({"dump.json": {"RoleDetailList": roles}})
    parsed: list[object] = []

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code is parse_policy.__code__:
            parsed.append(frame.f_locals["value"])

    assert names(opened) == ["role/a", "role/b", "role/c"]
    assert opened.loaded.documents == ()
    sys.setprofile(note)
    try:
        answer = opened.account.ask(opened.subject("role/b"), ["s3:GetObject"], OBJECT)
    finally:
        sys.setprofile(None)
    assert answer.ruling is Ruling.ALLOWED
    assert parsed.count(READ) == 1


@pytest.mark.parametrize("mark", ["properties", "apiVersion", "urn:pulumi:x"])
def test_dump_with_a_word_of_another_format_waits_too(repository: Open, mark: str) -> None:
    roles = [
        role("a", Tags=[{"Key": "team", "Value": mark}]),
        role("b", policy(allow(f"s3:{mark}"))),
    ]
    opened = repository({"dump.json": {"RoleDetailList": roles}})

    assert names(opened)[:1] == ["role/a"]


def test_whole_has_all_policies_in_their_order(repository: Open) -> None:
    roles = [role("a"), role("b", REFUSED), role("c")]
    opened = repository({"dump.json": {"RoleDetailList": roles}})

    assert names(opened) == ["role/a", "role/c"]
    assert [d.pointer[1:3] for d in opened.documents] == [
        (index, name)
        for index in range(3)
        for name in ("AssumeRolePolicyDocument", "RolePolicyList")
    ]


# A policy that AWS refuses, and one whose text is no JSON.
@pytest.mark.parametrize("inline", [REFUSED, '{"Statement": [{"Effect": "Allow"'])
def test_faulty_policy_of_another_principal_is_reported(repository: Open, inline: object) -> None:
    opened = repository({"dump.json": {"RoleDetailList": [role("a"), role("b", inline)]}})

    (unread,) = opened.account.accounts.unread
    assert unread.place.startswith("dump.json:")
    assert names(opened) == ["role/a"]


@pytest.mark.parametrize("member", ["AttachedManagedPolicies", "PermissionsBoundary"])
def test_faulty_managed_policy_of_another_principal_is_reported(
    repository: Open, member: str
) -> None:
    attached = {
        "AttachedManagedPolicies": [{"PolicyName": "read", "PolicyArn": POLICY}],
        "PermissionsBoundary": {"PermissionsBoundaryArn": POLICY},
    }
    roles = [role("a"), role("b", **{member: attached[member]})]
    dump = {"RoleDetailList": roles, "Policies": [managed(POLICY, REFUSED)]}
    opened = repository({"dump.json": dump})

    assert len(opened.account.accounts.unread) == 1
    assert names(opened) == ["role/a", "role/b"]


@pytest.mark.parametrize(
    "other",
    [
        {"second.json": {"RoleDetailList": [role("a")]}},
        {"roles/a/more.json": policy(deny("s3:*"))},
        {"list.json": {"PolicyRoles": [{"RoleName": "a"}]}},
    ],
    ids=["dump", "folder", "list"],
)
def test_principal_that_other_files_are_about_is_read_with_them(
    repository: Open, other: dict[str, object]
) -> None:
    opened = repository({"dump.json": {"RoleDetailList": [role("a")]}, **other})

    assert names(opened) == []


@pytest.mark.parametrize(
    "declared",
    ['[principals."role/a"]\n', '[principals."role/x"]\npolicies = ["dump.json#p"]\n'],
    ids=["by its name", "by the file"],
)
def test_principal_that_the_configuration_is_about_is_read_with_it(
    repository: Open, declared: str
) -> None:
    dump = {"RoleDetailList": [role("a")]}
    opened = repository({"dump.json": dump}, f'account = "{HOME}"\n{declared}')

    assert names(opened) == []


@pytest.mark.parametrize("folder", [f"accounts/{HOME}", "roles/a", "organization/unit"])
def test_dump_whose_folder_says_more_is_read_as_a_whole(repository: Open, folder: str) -> None:
    opened = repository({f"{folder}/dump.json": {"RoleDetailList": [role("a")]}})

    assert names(opened) == []


_TEXTS = st.sampled_from(["Allow", "Deny", "s3:*", "*", "2012-10-17", "x", "aws:a", "Fn::Sub", ""])
_VALUES: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.booleans() | st.integers(0, 1) | _TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_TEXTS, inner, max_size=2),
    max_leaves=4,
)
_OPERATORS = st.sampled_from(
    ["StringEquals", "Null", "NullIfExists", "ForAnyValue:StringLike", "StringIs", "Ref"]
)
_STRINGS: st.SearchStrategy[Value] = _TEXTS
_LISTS: st.SearchStrategy[Value] = st.lists(_STRINGS, max_size=2)
_KEYS: st.SearchStrategy[Value] = st.dictionaries(_TEXTS, _LISTS | _VALUES, max_size=2)
_CONDITIONS: st.SearchStrategy[Value] = st.dictionaries(_OPERATORS, _KEYS)
_ELEMENTS: dict[str, st.SearchStrategy[Value]] = {
    "Effect": st.sampled_from(["Allow", "Deny", "allow"]),
    "Action": st.sampled_from(["s3:*", ["s3:GetObject"], []]),
    "Resource": st.sampled_from(["*", ["arn:aws:s3:::b"], []]),
    "Principal": st.sampled_from(["*", {"AWS": "*"}, {"AWS": []}, {"Aws": "x"}, {}, []]),
    "Condition": _CONDITIONS,
    "Sid": _TEXTS,
    "NotAction": st.just("s3:*"),
}


@st.composite
def policies(draw: st.DrawFn) -> Value:
    """Return a policy in which at most a few elements are odd."""
    odd = draw(st.sampled_from([None, *_ELEMENTS]))
    kept = draw(st.sets(st.sampled_from([*_ELEMENTS]), min_size=3))
    statement: Value = {name: draw(_VALUES if name == odd else _ELEMENTS[name]) for name in kept}
    written: Value = draw(st.sampled_from([statement, [statement]]))
    more = draw(st.just({}) | st.dictionaries(_TEXTS, _VALUES, max_size=1))
    return {"Version": "2012-10-17", "Statement": written, **more}


@given(policies(), st.sampled_from([Kind.IDENTITY, Kind.TRUST]))
def test_plain_policy_has_no_problem_that_aws_refuses(value: Value, kind: Kind) -> None:
    problems = parse_policy(value, kind).problems

    assert not is_plain(value, kind) or all(problem.is_accepted(kind) for problem in problems)


@pytest.mark.parametrize(("value", "kind"), [(READ, Kind.IDENTITY), (BY_EC2, Kind.TRUST)])
def test_usual_policy_is_plain(value: Value, kind: Kind) -> None:
    assert is_plain(value, kind)
