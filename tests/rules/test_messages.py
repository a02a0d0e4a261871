"""What messages say where the text at fault alone would not tell."""

from __future__ import annotations

import pytest

from iamlint.catalog import Catalog
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.policy.grammar import Kind
from iamlint.rule import Example
from iamlint.rule.finding import Finding, Severity
from iamlint.rules import actions, breadth, conditions, trust
from iamlint.rules.actions import unknown_action
from iamlint.testing.examples import document

RULES = (*actions.RULES, *breadth.RULES, *conditions.RULES, *trust.RULES)


def only(rule: str, text: str, kind: Kind = Kind.IDENTITY) -> Finding:
    options = {one.name: one.options() for one in RULES if one.options}
    settings = CheckOptions(RULES, Catalog.open(), options=options)
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
