"""Messages that depend on more than the text at fault, and those that must not."""

from __future__ import annotations

import pytest

from iamlint.catalog import Catalog
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.policy.grammar import Kind
from iamlint.rule import Example, OwnAccounts
from iamlint.rule.finding import Family, Finding, Severity
from iamlint.rules import BUILTIN
from iamlint.rules.actions import unknown_action
from iamlint.testing.examples import document

_OTHERS = (Family.RESOURCES, Family.ESCALATION, Family.ORGANIZATIONS, Family.QUOTAS)
RULES = tuple(rule for rule in BUILTIN if rule.family not in _OTHERS)
NO_HOME = OwnAccounts()


def only(rule: str, text: str, kind: Kind = Kind.IDENTITY, home: OwnAccounts = NO_HOME) -> Finding:
    options = {one.name: one.options() for one in RULES if one.options}
    settings = CheckOptions(RULES, Catalog.open(), home, options=options)
    (found,) = (
        item
        for item in check_documents([document(Example("", text, kind=kind))], settings)
        if isinstance(item, Finding) and item.rule == rule
    )
    return found


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        (
            "s3:GetObj\u0435ct",
            "U+0435 in it cannot be part of an action; did you mean `s3:GetObject`?",
        ),
        ("s3:\uff0a", "U+FF0A in it cannot be part of an action"),
    ],
)
def test_letter_that_looks_like_another_is_named(name: str, wanted: str) -> None:
    found = only("unknown-action", f'{{Effect: "Allow", Action: "{name}", Resource: "*"}}')

    assert found.help == wanted


@pytest.mark.parametrize(
    ("others", "wanted"),
    [
        ("s3:GetObject", "did you mean `firehose:PutRecord`?"),
        ("Firehose:putrecord", unknown_action.RULE.advice),
    ],
)
def test_action_that_is_in_the_list_is_not_what_was_meant(others: str, wanted: str) -> None:
    listed = f'["{others}", "firehose:PutRecords"]'
    found = only("unknown-action", f'{{Effect: "Allow", Action: {listed}, Resource: "*"}}')

    assert (found.help, bool(found.fix)) == (wanted, wanted.startswith("did"))


@pytest.mark.parametrize(
    ("others", "wanted"),
    [
        ("eu-west-1", "did you mean `us-east-1` or `us-west-1`?"),
        ("us-east-1", "did you mean `us-west-1` or `us-west-2`?"),
    ],
)
def test_region_that_is_in_the_list_is_not_what_was_meant(others: str, wanted: str) -> None:
    tested = f'{{StringEquals: {{"aws:RequestedRegion": ["{others}", "us-est-1"]}}}}'
    found = only(
        "unknown-requested-region",
        f'{{Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {tested}}}',
    )

    assert found.help == wanted


def test_action_of_an_operation_that_is_in_the_list_is_named() -> None:
    listed = '["s3:ListBucket", "s3:ListObjectsV2"]'
    found = only("unknown-action", f'{{Effect: "Allow", Action: {listed}, Resource: "*"}}')

    operation = "this is the name of an API operation; its action is `s3:ListBucket`"
    wanted = f"{operation}, which is in the list already"
    assert (found.help, found.fix) == (wanted, None)


def test_long_list_of_exceptions_is_cut() -> None:
    listed = ", ".join(f'"s3:Get{name}"' for name in ("Object", "BucketAcl", "BucketTagging", "X"))
    found = only("allow-not-action", f'{{Effect: "Allow", NotAction: [{listed}], Resource: "*"}}')

    assert found.message == (
        "this grants every action except `s3:GetObject`, `s3:GetBucketAcl`, `s3:GetBucketTagging` "
        "and 1 more, also future ones"
    )


def test_empty_list_of_exceptions_grants_everything() -> None:
    found = only("allow-not-action", '{Effect: "Allow", NotAction: [], Resource: "*"}')

    assert found.message == "this grants every action"


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("allow-not-action", '{Effect: "Allow", NotAction: ["s3:*", "*"], Resource: "*"}'),
        ("allow-not-resource", '{Effect: "Allow", Action: "s3:*", NotResource: "*"}'),
    ],
)
def test_exception_of_everything_is_a_note_that_nothing_is_granted(rule: str, text: str) -> None:
    found = only(rule, text)

    assert found.severity is Severity.NOTE
    assert found.message == "this grants nothing, because the exception covers everything"


def test_provider_is_shown_as_the_policy_spells_it() -> None:
    host = "oidc.eks.eu-west-1.amazonaws.com/id/A1B2"
    provider = f"arn:aws:iam::111122223333:oidc-provider/{host}"
    found = only(
        "oidc-without-condition",
        f'{{Effect: "Allow", Principal: {{Federated: "{provider}"}},'
        ' Action: "sts:AssumeRoleWithWebIdentity"}',
        Kind.TRUST,
    )

    assert found.help == f'add `"StringEquals": {{"{host}:sub": "…", "{host}:aud": "…"}}`'


def conditioned(effect: str, operator: str, key: str, values: str) -> str:
    condition = f'Condition: {{{operator}: {{"{key}": {values}}}}}'
    return f'{{Effect: "{effect}", Action: "s3:*", Resource: "*", {condition}}}'


@pytest.mark.parametrize(
    ("rule", "operator", "key", "values", "wanted"),
    [
        (
            "private-ip-address",
            "IpAddress",
            "aws:SourceIp",
            '"10.0.0.1"',
            "so `aws:SourceIp` never",
        ),
        (
            "private-ip-address",
            "IpAddress",
            "aws:SourceIp",
            '["10.0.0.1", "203.0.113.1"]',
            "so this value never matches",
        ),
        (
            "unknown-variable",
            "StringEquals",
            "aws:PrincipalTag/a",
            '"${aws:usrname}"',
            "has no value, so this text matches nothing:",
        ),
        (
            "unknown-variable",
            "StringEquals",
            "aws:PrincipalTag/a",
            "\"${aws:usrname, 'x'}\"",
            "always has its default value:",
        ),
        (
            "duplicate-condition-value",
            "StringEquals",
            "aws:PrincipalTag/a",
            '["a", "a"]',
            "`a` appears again under `aws:PrincipalTag/a`, so this one has no effect",
        ),
        (
            "duplicate-condition-value",
            "StringEquals",
            "aws:PrincipalTag/a",
            '["a", "a", "b", "b"]',
            "`a` and 1 more value appear again under `aws:PrincipalTag/a`, so these have no effect",
        ),
    ],
)
def test_effect_of_a_condition_is_that_of_its_operator_and_values(
    rule: str, operator: str, key: str, values: str, wanted: str
) -> None:
    found = only(
        rule, f'{{Version: "2012-10-17", Statement: {conditioned("Deny", operator, key, values)}}}'
    )

    assert wanted in found.message


@pytest.mark.parametrize(
    ("principal", "wanted"),
    [
        ("NotPrincipal: {}", "`NotPrincipal` is an empty object, which most services reject"),
        (
            'Principal: {AWS: [], Service: "s3.amazonaws.com"}',
            "`AWS` is an empty list, so it names no principal",
        ),
    ],
)
def test_empty_principal_is_reported_only_for_itself(principal: str, wanted: str) -> None:
    text = f'{{Effect: "Allow", {principal}, Action: "s3:*", Resource: "*"}}'

    assert only("empty-principal", text, Kind.RESOURCE).message == wanted


def not_principal(name: str) -> str:
    listed = f'NotPrincipal: {{AWS: "arn:aws:iam::111122223333:{name}"}}'
    return f'{{Effect: "Deny", {listed}, Action: "s3:*", Resource: "*"}}'


@pytest.mark.parametrize(
    ("rule", "one", "other"),
    [
        (
            "invalid-boolean",
            conditioned("Allow", "Bool", "aws:SecureTransport", '"yes"'),
            conditioned("Allow", "Null", "aws:SourceVpc", '"yes"'),
        ),
        (
            "private-ip-address",
            conditioned("Allow", "IpAddress", "aws:SourceIp", '"10.0.0.1"'),
            conditioned("Deny", "NotIpAddress", "aws:SourceIp", '"10.0.0.1"'),
        ),
        (
            "foreign-organization",
            conditioned("Allow", "StringEquals", "aws:PrincipalOrgID", '"o-zzzzzzzzzz"'),
            conditioned("Deny", "StringNotEquals", "aws:PrincipalOrgID", '"o-zzzzzzzzzz"'),
        ),
        ("deny-not-principal", not_principal("role/a"), not_principal("user/b")),
    ],
)
def test_place_that_statements_share_has_one_message(rule: str, one: str, other: str) -> None:
    home = OwnAccounts(organization="o-a1b2c3d4e5")

    messages = {only(rule, text, Kind.RESOURCE, home).message for text in (one, other)}

    assert len(messages) == 1


def test_same_sid_has_one_message_in_policies_of_each_kind() -> None:
    one = 'Sid: "a", Effect: "Deny", Principal: "*", Action: "s3:Get*", Resource: "*"'
    text = f'{{Version: "2012-10-17", Statement: [{{{one}}}, {{{one.replace("Get", "Put")}}}]}}'

    messages = {
        only("duplicate-sid", text, kind).message for kind in (Kind.IDENTITY, Kind.RESOURCE)
    }

    assert messages == {"2 statements have the `Sid` `a`, which IAM rejects"}
