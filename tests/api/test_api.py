"""The functions for scripts: their results, and the mistakes that raise."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from iamlint import (
    Kind,
    Policy,
    ReadError,
    UsageError,
    Verdict,
    build_request,
    evaluate,
    lint,
    parse_policy,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

WIDE = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
IGNORE = """
select = ["wildcard-admin", "expired-ignore"]

[[ignore-finding]]
rule = "wildcard-admin"
file = "p.json"
reason = "SEC-1"
expires = 2027-03-31
"""
USER = "arn:aws:iam::111122223333:user/ana"
ROLE = "arn:aws:iam::111122223333:role/admin"
OBJECT = "arn:aws:s3:::b/k"
GET = build_request(USER, "s3:GetObject", OBJECT)
ASSUME = build_request(USER, "sts:AssumeRole", ROLE)
TRUST = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Principal": {"AWS": USER}, "Action": "sts:AssumeRole"},
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with one policy."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.json").write_text(WIDE)
    return tmp_path


def rules(**options: object) -> list[str]:
    return [finding.rule for finding in lint(**options).open]  # type: ignore[arg-type]


def statement(effect: str, action: str, **more: object) -> Mapping[str, object]:
    members = {"Effect": effect, "Action": action, "Resource": "*", **more}
    return {"Version": "2012-10-17", "Statement": [members]}


def policy(effect: str, action: str, kind: str = "identity") -> Policy:
    return parse_policy(statement(effect, action), kind)


def test_lint_reads_the_nearest_configuration_again_each_time(folder: Path) -> None:
    assert "wildcard-admin" in rules()

    (folder / "iamlint.toml").write_text(IGNORE)

    assert rules(today=date(2027, 3, 31)) == []
    assert rules(today=date(2027, 4, 1), ignore=["expired-ignore"]) == ["wildcard-admin"]
    assert "expired-ignore" in rules(today=date(2027, 4, 1))


def test_lint_reads_the_configuration_that_is_named_for_every_path(folder: Path) -> None:
    (folder / "other.toml").write_text('select = ["syntax"]\n')
    (folder / "iamlint.toml").write_text("fial = 1\n")

    assert rules(paths=folder / "p.json", config="other.toml") == []


def test_paths_start_where_the_script_says(folder: Path) -> None:
    (folder / "below").mkdir()
    (folder / "below" / "q.json").write_text(WIDE)

    assert {finding.path for finding in lint("q.json", here="below").open} == {"q.json"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"paths": []}, "no path was given"),
        ({"paths": ""}, "`` is not a path"),
        ({"paths": ["p.json", "-"]}, "`-` is not a path"),
        ({"select": []}, "`select` names no rule"),
        ({"select": "wildcrad-admin"}, "there is no rule, family or tag `wildcrad-admin`"),
        ({"profile": "stirct"}, "`stirct` is not a value for `profile`"),
        ({"kind": "acl"}, "`acl` is not a value for `kind`"),
        ({"config": "none.toml"}, "cannot be read"),
        ({"jobs": 0}, "`jobs` is at least 1, not 0"),
    ],
)
def test_options_of_lint_that_are_wrong_raise(options: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        rules(**options)


def test_path_that_is_too_long_raises() -> None:
    with pytest.raises(ReadError, match="does not exist"):
        lint("a" * 300)


def test_path_to_nothing_raises() -> None:
    with pytest.raises(ReadError):
        lint("none")


def test_plugin_of_a_configuration_runs_only_when_it_is_allowed(folder: Path) -> None:
    (folder / "iamlint.toml").write_text('plugins = ["json"]\n')

    with pytest.raises(UsageError, match="names plugins, and a plugin runs code"):
        lint("p.json")
    assert lint("p.json", allow_plugins=True).policies == 1
    assert lint("p.json", config="iamlint.toml").policies == 1


def test_text_and_plain_data_are_the_same_policy() -> None:
    data = {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"},
    }

    assert parse_policy(WIDE, "identity") == parse_policy(data, Kind.IDENTITY)


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (WIDE, []),
        ("{", ["expected a key, found the end of the text"]),
        ('{"Version": "2012-10-17"}', ["the policy has no `Statement`, so AWS rejects it"]),
        (WIDE.replace("Allow", "Alow"), ["`Alow` is not a valid `Effect`"]),
        (WIDE.replace('"*"}}', '"*",}}'), ["trailing comma"]),
    ],
)
def test_problems_are_what_is_wrong_with_a_policy(text: str, messages: list[str]) -> None:
    found = [problem.message for problem in parse_policy(text, "identity").problems]

    assert len(found) == len(messages)
    assert all(message in one for message, one in zip(messages, found, strict=True))


def test_policy_that_is_not_plain_data_raises() -> None:
    with pytest.raises(UsageError, match="the policy is not plain JSON data"):
        parse_policy({"Statement": {1, 2}}, "identity")


@pytest.mark.parametrize(
    ("policies", "levels", "verdict"),
    [
        ([], {}, Verdict.IMPLICITLY_DENIED),
        ([policy("Allow", "s3:*")], {}, Verdict.ALLOWED),
        ([policy("Allow", "s3:*"), policy("Deny", "s3:Get*")], {}, Verdict.EXPLICITLY_DENIED),
        ([policy("Allow", "s3:*"), policy("Allow", "ec2:*", "boundary")], {}, "implicitly_denied"),
        ([policy("Allow", "s3:*"), policy("Allow", "ec2:*", "session")], {}, "implicitly_denied"),
        ([policy("Allow", "*")], {"scp": [[policy("Allow", "*", "scp")]]}, "allowed"),
        ([policy("Allow", "*")], {"scp": [[policy("Allow", "*", "scp")], []]}, "implicitly_denied"),
        ([policy("Allow", "${X}:*")], {}, Verdict.UNDETERMINED),
    ],
)  # fmt: skip
def test_each_policy_applies_as_its_kind_says(
    policies: list[Policy], levels: dict[str, list[list[Policy]]], verdict: str
) -> None:
    request = build_request(USER, "s3:GetObject", OBJECT)

    assert evaluate(request, policies, **levels).verdict == verdict


def test_resource_control_policies_apply_to_the_services_that_have_them() -> None:
    members = {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"},
    }
    rcp = [[parse_policy(members, "rcp")]]
    allow = [policy("Allow", "*")]

    assert evaluate(build_request(USER, "s3:GetObject", OBJECT), allow, rcp=rcp).allowed is False
    assert evaluate(build_request(USER, "ec2:DescribeVpcs"), allow, rcp=rcp).allowed is True


def test_deciding_statement_names_the_policy_that_was_passed() -> None:
    allow = policy("Allow", "s3:*")
    decision = evaluate(
        build_request(USER, "s3:GetObject", OBJECT), [policy("Allow", "x:*"), allow]
    )

    assert [one.label for one in decision.deciding] == [allow]


def test_request_has_the_keys_that_aws_adds_and_those_that_are_given() -> None:
    conditions = {"StringEquals": {"aws:username": "ana"}, "Bool": {"aws:SecureTransport": "true"}}
    allow = parse_policy(statement("Allow", "s3:*", Condition=conditions), "identity")
    context = {"aws:SecureTransport": True}

    assert evaluate(build_request(USER, "s3:GetObject", OBJECT, context=context), [allow]).allowed
    assert not evaluate(build_request(USER, "s3:GetObject", OBJECT), [allow]).allowed


def test_role_is_assumed_by_its_trust_policy() -> None:
    request = build_request(USER, "sts:AssumeRole", ROLE)

    assert evaluate(request, [parse_policy(TRUST, "trust")]).verdict is Verdict.ALLOWED


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: build_request("ana", "s3:GetObject"), "`request.principal` is not a principal"),
        (lambda: build_request(USER, "GetObject"), "must have the form `service:Name`"),
        (lambda: build_request(USER, "s3:GetObject", "b"), "`request.resource` is not an ARN"),
        (lambda: build_request(USER, "s3:GetObject", role_path="x"), "principal_role_path"),
        (lambda: evaluate(ASSUME, [parse_policy(TRUST, "resource")]), "of kind `resource`"),
        (lambda: evaluate(GET, [parse_policy(TRUST, "trust")]), "of kind `trust`"),
        (lambda: evaluate(GET, [policy("Allow", "*", "scp")]), "of kind `scp` have levels"),
        (lambda: evaluate(GET, [], rcp=[[policy("Allow", "*")]]), "is not of kind `rcp`"),
        (lambda: evaluate(GET, [policy("Allow", "*", "boundary")] * 2), "at most one boundary"),
        (lambda: evaluate(GET, [policy("Alow", "*")]), "`Alow` is not a valid `Effect`"),
        (lambda: evaluate(GET, [parse_policy("{", "identity")]), "is not valid"),
    ],
)  # fmt: skip
def test_question_that_is_wrong_raises(call: Callable[[], object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        call()
