"""Every path of escalation: open on the least policy, closed without a part of it."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import pytest

from iamlint.catalog import Catalog
from iamlint.catalog.escalation import Band, EscalationPath, escalation
from iamlint.catalog.overlay import PATH_SERVICES
from iamlint.errors import InternalError
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.policy.grammar import Kind
from iamlint.rule import Example
from iamlint.rule.finding import Family, Finding, Severity
from iamlint.rules import BUILTIN
from iamlint.rules.escalation._paths import SCORES
from iamlint.testing.examples import document

PATHS = escalation().paths
SPELLED = escalation().spelled
RULES = tuple(
    rule for rule in BUILTIN if rule.family is Family.ESCALATION and not rule.access_analyzer
)
EACH = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.id)
NEEDS = [(path, at) for path in PATHS for at in range(len(path.needs))]
EACH_NEED = pytest.mark.parametrize(
    ("path", "at"), NEEDS, ids=[f"{path.id}-{path.needs[at][0]}" for path, at in NEEDS]
)
ELSEWHERE = "arn:aws:s3:::shelf/*"

Statement = dict[str, Any]


@cache
def catalog() -> Catalog:
    return Catalog.open()


def allow(actions: object, resource: object = "*", **condition: object) -> Statement:
    statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


def deny(actions: object, resource: object = "*", **condition: object) -> Statement:
    return {**allow(actions, resource, **condition), "Effect": "Deny"}


def least(path: EscalationPath) -> list[Statement]:
    """One statement a need, each of the first action that will do."""
    return [allow(SPELLED[need[0]]) for need in path.needs]


def found(*statements: Statement, kind: Kind = Kind.IDENTITY) -> list[Finding]:
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    settings = CheckOptions(rules=RULES, catalog=catalog())
    results = list(check_documents([document(Example("", text, kind=kind))], settings))
    assert not [item for item in results if isinstance(item, InternalError)]
    return [item for item in results if isinstance(item, Finding)]


def open_paths(*statements: Statement) -> set[object]:
    """Return the strongest reported paths; those that they imply are inside them."""
    return {finding.properties["path"] for finding in found(*statements)}


def reported(path: EscalationPath) -> EscalationPath:
    """Return the path that a finding names: one that gives more by fewer actions contains it."""
    ways = (path, *(one for one in PATHS if one.id in path.implies))
    return max(ways, key=lambda one: (one.band, one.rule == "self-escalation"))


def open_or_implied(*statements: Statement) -> set[object]:
    """The paths reported, and those inside them."""
    inside = (finding.properties["implied"] for finding in found(*statements))
    return open_paths(*statements).union(*inside)  # type: ignore[arg-type]


@EACH
def test_the_least_policy_is_one_finding_of_the_path_and_its_actions(path: EscalationPath) -> None:
    (finding,) = found(*least(path))
    strongest = reported(path)

    assert path.id in open_or_implied(*least(path))
    assert finding.rule == strongest.rule
    assert finding.properties["path"] == strongest.id
    assert finding.properties["actions"] == [SPELLED[need[0]] for need in strongest.needs]
    assert finding.pointer == ("Statement", 0, "Action")
    assert finding.security_severity == SCORES[strongest.band]
    assert len(finding.related) == len(strongest.needs) - 1


@EACH
def test_what_is_granted_besides_lowers_nothing(path: EscalationPath) -> None:
    (finding,) = found(*least(path))
    for more in PATHS:
        if more.band >= path.band or path.id not in more.implies:
            continue
        worst = max(found(*least(more)), key=lambda one: one.security_severity or 0)
        assert worst.rule == finding.rule
        assert worst.security_severity == finding.security_severity


@EACH
def test_each_action_of_a_choice_will_do(path: EscalationPath) -> None:
    for at, need in enumerate(path.needs):
        for action in need:
            statements = least(path)
            statements[at] = allow(SPELLED[action].upper())
            assert open_paths(*statements) == {reported(path).id}


@EACH_NEED
def test_path_is_closed_without_one_of_its_actions(path: EscalationPath, at: int) -> None:
    statements = least(path)
    del statements[at]

    assert path.id not in open_paths(*statements)


@EACH_NEED
def test_path_is_closed_when_one_of_its_actions_is_denied(path: EscalationPath, at: int) -> None:
    denied = [SPELLED[action] for action in path.needs[at]]

    assert path.id not in open_paths(*least(path), deny(denied))
    assert path.id not in open_paths(*least(path), deny("*"))


@EACH_NEED
def test_path_is_closed_when_an_action_is_granted_on_nothing_of_its_own(
    path: EscalationPath, at: int
) -> None:
    statements = least(path)
    statements[at] = allow(SPELLED[path.needs[at][0]], ELSEWHERE)

    assert path.id not in open_paths(*statements)


@EACH
def test_a_deny_elsewhere_or_under_a_condition_leaves_the_path_open(path: EscalationPath) -> None:
    actions = [SPELLED[need[0]] for need in path.needs]
    elsewhere = deny(actions, ELSEWHERE)
    without_mfa = deny(actions, Bool={"aws:MultiFactorAuthPresent": "false"})

    assert open_paths(*least(path), elsewhere, without_mfa) == {reported(path).id}


@EACH
def test_a_condition_that_does_not_close_lowers_the_band_by_one(path: EscalationPath) -> None:
    statements = least(path)
    for statement in statements:
        statement["Condition"] = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    (finding,) = found(*statements)

    assert finding.properties["path"] == reported(path).id
    assert finding.security_severity == SCORES[Band(max(Band.LOW, reported(path).band - 1))]


@pytest.mark.parametrize(
    "path", [path for path in PATHS if path.services], ids=lambda path: path.id
)
def test_a_passed_role_closes_by_service_and_by_role(path: EscalationPath) -> None:
    def passing(resource: str, operator: str, services: list[str]) -> set[object]:
        condition = {operator: {"iam:PassedToService": services}}
        return open_paths(allow("iam:PassRole", resource, **condition), *least(path)[1:])

    theirs = list(path.services)
    assert passing("*", "StringEquals", theirs) == {path.id}
    assert passing("arn:aws:iam::111122223333:role/*", "StringLike", ["*"]) == {path.id}
    assert passing("*", "StringNotEquals", ["useless.amazonaws.com"]) == {path.id}
    assert path.id not in passing("*", "StringEquals", ["useless.amazonaws.com"])
    assert path.id not in passing("*", "StringEqualsIfExists", ["useless.amazonaws.com"])
    assert path.id not in passing("*", "StringNotLike", theirs)
    assert path.id not in passing("arn:aws:iam::111122223333:role/one", "StringEquals", theirs)
    assert path.id not in passing("arn:aws:iam::111122223333:user/*", "StringEquals", theirs)


@pytest.mark.parametrize(
    ("path", "key"),
    [(path, key) for path in PATHS for key in path.closed_by if key != "iam:PassedToService"],
    ids=lambda one: one if isinstance(one, str) else one.id,
)
def test_a_closing_key_closes_with_a_wanted_value_only(path: EscalationPath, key: str) -> None:
    key = key.replace("*", "team")
    statements = least(path)
    at = _where(path, key)
    statements[at]["Condition"] = {"StringLike": {key: "shop"}}
    assert path.id not in open_paths(*statements)

    statements[at]["Condition"] = {"StringLike": {key: "*"}}
    assert path.id in open_or_implied(*statements)

    statements[at]["Condition"] = {"StringLikeIfExists": {key: "shop"}}
    assert path.id in open_or_implied(*statements)


def _where(path: EscalationPath, key: str) -> int:
    facts = [catalog().action(need[0]) for need in path.needs]
    return next(n for n, fact in enumerate(facts) if fact and catalog().may_carry(fact, key))


def test_harmless_managed_policies_close_and_those_of_aws_at_large_do_not() -> None:
    def attaching(operator: str, policy: str) -> set[object]:
        condition = {operator: {"iam:PolicyARN": policy}}
        return open_paths(allow("iam:AttachRolePolicy", "*", **condition))

    assert attaching("ArnEquals", "arn:aws:iam::aws:policy/ReadOnlyAccess") == set()
    assert attaching("ArnLike", "arn:aws:iam::111122223333:policy/app/*") == set()
    for policy in ("arn:aws:iam::aws:policy/*", "arn:aws:iam::aws:policy/AdministratorAccess"):
        assert attaching("ArnLike", policy) == {"iam-attach-role-policy"}
    not_admin = attaching("ArnNotEquals", "arn:aws:iam::aws:policy/AdministratorAccess")
    assert not_admin == {"iam-attach-role-policy"}


def test_the_own_user_closes_credentials_and_is_the_escalation_of_policies() -> None:
    own = "arn:aws:iam::*:user/${aws:username}"
    credentials = [
        *("iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile"),
        *("iam:CreateServiceSpecificCredential", "iam:EnableMFADevice"),
    ]

    assert open_paths(allow(credentials, own)) == set()
    assert open_paths(allow("iam:PutUserPolicy", own)) == {"iam-put-user-policy"}
    assert open_paths(allow("iam:AttachUserPolicy", own)) == {"iam-attach-user-policy"}
    boundary = open_paths(allow("iam:DeleteUserPermissionsBoundary", own))
    assert boundary == {"iam-delete-user-permissions-boundary"}


def test_some_names_of_many_are_one_band_lower_and_passing_them_is_a_note() -> None:
    some = "arn:aws:iam::111122223333:role/app-*"
    (finding,) = found(allow("iam:PassRole", some), allow("ec2:RunInstances"))

    assert finding.severity is Severity.NOTE
    assert finding.security_severity == SCORES[Band.MEDIUM]


def test_each_entry_that_helps_is_named_once() -> None:
    (finding,) = found(allow(["lambda:*", "s3:GetObject", "iam:PassRole"]))

    assert finding.rule == "passed-role-escalation"
    (related,) = finding.related
    assert related.pointer == ("Statement", 0, "Action", 0)
    assert related.message == "this grants `lambda:CreateFunction` and `lambda:InvokeFunction`"


def test_both_actions_must_be_able_to_hit_one_role() -> None:
    writes = allow("iam:PutRolePolicy", "arn:aws:iam::111122223333:role/one")
    same = allow("sts:AssumeRole", "arn:aws:iam::111122223333:role/one")
    other = allow("sts:AssumeRole", "arn:aws:iam::111122223333:role/other")

    assert open_paths(writes, same) == {"iam-put-role-policy+assume"}
    assert open_paths(writes, other) == {"iam-put-role-policy"}


def test_a_pattern_is_one_finding_of_the_strongest_path_that_lists_the_rest() -> None:
    (finding,) = found(allow(["iam:*", "s3:GetObject"]))
    implied, others = finding.properties["implied"], finding.properties["others"]

    assert finding.pointer == ("Statement", 0, "Action", 0)
    assert finding.properties["path"] == "iam-create-policy-version"
    assert isinstance(implied, list)
    assert isinstance(others, list)
    assert {"iam-put-role-policy", "iam-create-access-key"} <= {*implied, *others}


def test_a_few_paths_are_told_one_by_one_and_many_of_one_rule_and_statement_as_one() -> None:
    few = ["iam:CreateAccessKey", "iam:CreateLoginProfile", "sts:AssumeRole"]
    many = [*few, "iam:UpdateLoginProfile"]

    assert len(found(allow(few))) == 3
    (finding,) = found(allow(many))
    assert finding.properties["path"] == "iam-create-access-key"
    assert finding.properties["others"] == [
        *("iam-create-login-profile", "iam-update-login-profile", "sts-assume-role")
    ]
    assert [related.pointer[-1] for related in finding.related] == [1, 2, 3]
    assert len(found(*map(allow, many))) == 4


def test_an_administrator_and_what_only_limits_have_no_paths() -> None:
    assert found(allow("*")) == []
    for kind in (Kind.BOUNDARY, Kind.SCP, Kind.SESSION):
        assert found(allow("iam:*"), kind=kind) == []


def test_all_but_a_list_is_reported_where_it_makes_an_administrator() -> None:
    but_s3 = {"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}
    but_iam = {**but_s3, "NotAction": ["iam:*", "organizations:*", "account:*"]}

    assert open_paths(but_s3) == {"iam-create-policy-version"}
    assert open_paths(but_iam) == set()


@EACH
def test_every_action_of_a_path_exists(path: EscalationPath) -> None:
    actions = [SPELLED[action] for need in path.needs for action in need]

    assert [
        a for a in actions if (known := catalog().action(a)) and known.full_name == a
    ] == actions


@EACH
def test_every_closing_key_is_sent_with_an_action_of_its_path(path: EscalationPath) -> None:
    facts = [catalog().action(action) for need in path.needs for action in need]
    keys = {key for fact in facts if fact for key in catalog().keys_of(fact)}

    for key in path.closed_by:
        prefix = key.lower().removesuffix("*")
        assert any(known.startswith(prefix) for known in keys), key


@pytest.mark.parametrize(
    "path", [path for path in PATHS if path.one == "named"], ids=lambda path: path.id
)
def test_a_principal_named_in_full_is_a_note_of_the_strict_rule(path: EscalationPath) -> None:
    (need,) = path.needs
    kind = "role" if "Role" in SPELLED[need[0]] else "user"
    one = f"arn:aws:iam::111122223333:{kind}/x"

    for action in need:
        (finding,) = found(allow(SPELLED[action], one))
        assert (finding.rule, finding.severity) == ("named-principal-takeover", Severity.NOTE)
        assert finding.properties["principals"] == [one]
        assert not found(allow(SPELLED[action], one), deny(SPELLED[action], f"{one[:-1]}*"))
    own = {"user": "arn:aws:iam::*:user/${aws:username}", "role": ELSEWHERE}[kind]
    assert not found(allow(SPELLED[need[0]], own))


def test_what_a_stronger_path_contains_is_not_reported_again() -> None:
    one = "arn:aws:iam::111122223333:user/x"

    (finding,) = found(allow("iam:PutUserPolicy", one), allow("iam:CreateAccessKey", one))

    assert finding.rule == "principal-takeover"


def test_the_file_is_whole() -> None:
    text = files("iamlint.catalog").joinpath("escalation.json").read_text(encoding="utf-8")
    data = json.loads(text)
    ids = [path.id for path in PATHS]

    assert len(set(ids)) == len(ids) == 136
    quiet = {"named-principal-takeover"}
    of_one_policy = {rule.name for rule in RULES if rule.check_policy is not None}
    assert {path.rule for path in PATHS} == of_one_policy - quiet
    assert {implied for path in PATHS for implied in path.implies} <= set(ids)
    assert {*escalation().by_service} == PATH_SERVICES
    assert {name.lower() for name in data["targets"]} <= set(SPELLED)
    assert all(path.gain or path.services for path in PATHS)
    assert all(entry["sources"] or entry.get("derived") for entry in data["paths"])
    named = {source.split()[0] for entry in data["paths"] for source in entry["sources"]}
    assert named == set(data["sources"])
