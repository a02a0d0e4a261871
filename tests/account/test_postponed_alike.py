"""Questions about a dump are answered as if all of it were read at once."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iamlint.account.ask.who_can import ask_everybody
from iamlint.config import Config
from iamlint.repository import open_repository
from tests.account.holding_texts import HOME, allow, policy, trust
from tests.support.examples import examples

if TYPE_CHECKING:
    from iamlint.account.ask.who_can import Who
    from iamlint.repository import Repository

    Entry = dict[str, Any]

_BUCKETS = ("arn:aws:s3:::a/*", "arn:aws:s3:::a/x", "arn:aws:s3:::b/*", "*", "arn:aws:s3*")
_ODD = ("arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::<NAME>/*")
_QUEUES = (f"arn:aws:sqs:eu-west-1:{HOME}:q", "arn:aws:sqs:*:*:*", "*")
_REGION = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
_TEAM = {"StringEquals": {"aws:PrincipalTag/team": "red"}}
_POLICIES = [f"arn:aws:iam::{HOME}:policy/{name}" for name in ("p", "q", "r", "gone")]
_AWS = [f"arn:aws:iam::aws:policy/{name}" for name in ("AmazonS3ReadOnlyAccess", "None")]
_QUESTIONS = (
    ("s3:GetObject", "arn:aws:s3:::a/x"),
    ("s3:GetObject", "arn:aws:s3:::a/*"),
    ("s3:GetObject", None),
    ("s3:*", "arn:aws:s3:::b/y"),
    ("sqs:SendMessage", _QUEUES[0]),
    ("sts:AssumeRole", f"arn:aws:iam::{HOME}:role/r0"),
    ("kms:Decrypt", f"arn:aws:kms:eu-west-1:{HOME}:key/k"),
)


@st.composite
def statements(draw: st.DrawFn) -> Entry:
    service = draw(st.sampled_from(["s3", "sqs", "*", "kms"]))
    actions = {"s3": ["s3:GetObject", "s3:Get*", "S3:*"], "sqs": ["sqs:SendMessage", "sqs:*"]}
    named = actions.get(service, ["*", "kms:Decrypt", "<SERVICE>:GetObject"])
    resources = _QUEUES if service == "sqs" else (*_BUCKETS, *_ODD)
    one: Entry = {
        "Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"])),
        "Action": draw(st.sampled_from([*named, named])),
        "Resource": draw(st.sampled_from(resources)),
    }
    conditions = draw(st.sampled_from([None, None, _REGION, _TEAM]))
    return one if conditions is None else {**one, "Condition": conditions}


_POLICY = st.lists(statements(), min_size=1, max_size=2).map(lambda found: policy(*found))


@st.composite
def entries(draw: st.DrawFn, kind: str, number: int) -> Entry:
    name = f"{kind[0].lower()}{number}"
    inline = draw(st.lists(_POLICY, max_size=1))
    held = draw(st.lists(st.sampled_from([*_POLICIES, *_AWS]), max_size=2, unique=True))
    found: Entry = {
        "Path": "/",
        f"{kind}Name": name,
        "Arn": f"arn:aws:iam::{HOME}:{kind.lower()}/{name}",
        f"{kind}PolicyList": [{"PolicyName": "i", "PolicyDocument": one} for one in inline],
        "AttachedManagedPolicies": [{"PolicyName": "m", "PolicyArn": arn} for arn in held],
    }
    if kind != "Group" and (bound := draw(st.sampled_from([None, None, *_POLICIES]))):
        found["PermissionsBoundary"] = {"PermissionsBoundaryArn": bound}
    if kind == "User":
        found["GroupList"] = draw(st.lists(st.sampled_from(["g0", "g1", "gone"]), max_size=2))
    if kind == "Role":
        found["AssumeRolePolicyDocument"] = trust({"AWS": f"arn:aws:iam::{HOME}:root"})
        found["Tags"] = [{"Key": "team", "Value": draw(st.sampled_from(["red", "blue"]))}]
    return found


@st.composite
def dumps(draw: st.DrawFn) -> Entry:
    versions = [[{"Document": draw(_POLICY), "IsDefaultVersion": True}] for _ in range(3)]
    listed = zip(_POLICIES, versions, strict=False)
    return {
        "UserDetailList": [draw(entries("User", n)) for n in range(3)],
        "GroupDetailList": [draw(entries("Group", n)) for n in range(2)],
        "RoleDetailList": [draw(entries("Role", n)) for n in range(4)],
        "Policies": [{"PolicyName": "m", "Arn": a, "PolicyVersionList": v} for a, v in listed],
    }


def opened(folder: Path, dump: Entry) -> Repository:
    (folder / "dump.json").write_text(json.dumps(dump))
    return open_repository(Config(root=folder))


def with_more(dump: Entry) -> Entry:
    """Return a dump whose entries have a member that AWS does not write: none of them can wait."""
    return {
        name: [{**one, "More": 1} if name != "Policies" else one for one in listed]
        for name, listed in dump.items()
    }


def lines(who: Who) -> object:
    found = (who.allowed, who.denied, who.undetermined)
    return [{name: answer.line for name, answer in group.items()} for group in found]


@settings(max_examples=examples(60), deadline=None)
@given(dumps(), st.sampled_from(_QUESTIONS))
def test_answers_are_those_of_an_account_read_at_once(
    dump: Entry, question: tuple[str, str | None]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        later, whole = opened(Path(name), dump), opened(Path(name), with_more(dump))

    assert (len(later.loaded.postponed), whole.loaded.postponed) == (9, ())
    assert later.account.accounts.unread == whole.account.accounts.unread
    one, other = (ask_everybody(r.account, *question) for r in (later, whole))
    assert one.assumptions == other.assumptions
    assert lines(one) == lines(other)


def role(name: str, *inline: Entry, **more: object) -> Entry:
    return {
        "Path": "/",
        "RoleName": name,
        "Arn": f"arn:aws:iam::{HOME}:role/{name}",
        "AssumeRolePolicyDocument": trust({"Service": "ec2.amazonaws.com"}),
        "RolePolicyList": [{"PolicyName": "i", "PolicyDocument": policy(*inline)}],
        "AttachedManagedPolicies": [],
        **more,
    }


def user(name: str, **more: object) -> Entry:
    arn = f"arn:aws:iam::{HOME}:user/{name}"
    return {"Path": "/", "UserName": name, "Arn": arn, "AttachedManagedPolicies": [], **more}


def attached(arn: str) -> Entry:
    return {"AttachedManagedPolicies": [{"PolicyName": "m", "PolicyArn": arn}]}


OTHER = allow("sqs:ListQueues")
SEND, QUEUE = "sqs:SendMessage", _QUEUES[0]
_SPEAKING: dict[str, Entry] = {
    "the action": role("b", allow(SEND)),
    "another letter case": role("b", allow("SQS:sendmessage")),
    "a pattern": role("b", allow("sqs:Send*")),
    "any service": role("b", allow("*:SendMessage")),
    "placeholder as action": role("b", allow("sqs:<NAME>")),
    "placeholder as resource": role("b", allow(SEND, f"arn:aws:sqs:REGION:{HOME}:q")),
    "variable in a resource": role("b", allow(SEND, f"{QUEUE[:-1]}${{aws:PrincipalTag/q}}")),
    "short resource": role("b", allow(SEND, "arn:aws:sqs")),
    "region of another queue": role("b", allow(SEND, f"{QUEUE}2", Condition=_REGION)),
    "managed policy": role("b", OTHER, **attached(_POLICIES[0])),
    "managed policy that is nowhere": role("b", OTHER, **attached(_POLICIES[3])),
    "managed policy of AWS": role(
        "b", OTHER, **attached("arn:aws:iam::aws:policy/AmazonSQSFullAccess")
    ),
    "boundary": role("b", OTHER, PermissionsBoundary={"PermissionsBoundaryArn": _POLICIES[0]}),
}


@pytest.mark.parametrize("entry", _SPEAKING.values(), ids=_SPEAKING)
def test_principal_that_may_say_something_is_asked(tmp_path: Path, entry: Entry) -> None:
    """The others before it are silent and alike, and the rest of them are not read."""
    silent = [role("a", OTHER), role("a2", allow(SEND, f"{QUEUE}2"))]
    version = {"Document": policy(allow(SEND, Condition=_REGION)), "IsDefaultVersion": True}
    managed = {"PolicyName": "m", "Arn": _POLICIES[0], "PolicyVersionList": [version]}
    dump = {"RoleDetailList": [*silent, entry], "Policies": [managed]}
    later = ask_everybody(opened(tmp_path, dump).account, SEND, QUEUE)
    whole = ask_everybody(opened(tmp_path, with_more(dump)).account, SEND, QUEUE)

    assert later.assumptions == whole.assumptions
    assert lines(later) == lines(whole)


def test_member_of_a_group_that_speaks_is_asked(tmp_path: Path) -> None:
    group = {
        "Path": "/",
        "GroupName": "g",
        "Arn": f"arn:aws:iam::{HOME}:group/g",
        "GroupPolicyList": [{"PolicyName": "i", "PolicyDocument": policy(allow(SEND))}],
        "AttachedManagedPolicies": [],
    }
    users = [user("a"), user("b", GroupList=["g"]), user("c", GroupList=["gone"]), user("d")]
    dump = {"UserDetailList": users, "GroupDetailList": [group]}
    who = ask_everybody(opened(tmp_path, dump).account, SEND, QUEUE)

    assert sorted(who.allowed) == ["user/b"]
    assert sorted(who.undetermined) == ["user/c"]
    assert sorted(who.denied) == ["user/a", "user/d"]


def test_silent_principals_are_read_when_their_reasons_are_asked_for(tmp_path: Path) -> None:
    roles = [role(name, OTHER) for name in ("a", "b", "c")]
    repository = opened(tmp_path, {"RoleDetailList": roles})
    who = ask_everybody(repository.account, SEND, QUEUE)
    found = {id(answer) for answer in who.denied.values()}

    assert len(who.denied) == len(found) == 3
    assert who.denied["role/c"] is who.denied["role/c"]
    assert "nothing in the identity policies allows it" in who.why("role/c")


def test_what_is_assumed_of_a_silent_policy_is_in_the_answer(tmp_path: Path) -> None:
    entry = role("b", OTHER, **attached("arn:aws-cn:iam::aws:policy/AmazonS3ReadOnlyAccess"))
    dump = json.dumps({"RoleDetailList": [role("a", OTHER), entry]}).replace(
        "arn:aws:", "arn:aws-cn:"
    )
    (tmp_path / "dump.json").write_text(dump)
    repository = open_repository(Config(root=tmp_path, partition="aws-cn"))
    who = ask_everybody(repository.account, SEND, f"arn:aws-cn:sqs:cn-north-1:{HOME}:q")

    assert len(repository.loaded.postponed) == len(who.denied) == 2
    assert any("AmazonS3ReadOnlyAccess" in note for note in who.assumptions)
