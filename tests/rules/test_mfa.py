"""What each condition on multi-factor authentication is worth, under an Allow and under a Deny.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.catalog import Catalog
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.policy.grammar import Kind
from iamlint.rule import Example
from iamlint.rule.finding import Finding
from iamlint.rules import BUILTIN
from iamlint.testing.examples import document

if TYPE_CHECKING:
    from collections.abc import Sequence

PRESENT = "aws:MultiFactorAuthPresent"
AGE = "aws:MultiFactorAuthAge"
RULES = tuple(rule for rule in BUILTIN if "mfa" in rule.name or rule.name.startswith("contradict"))

ALLOW = {
    "a device": ({"Bool": {PRESENT: "true"}}, None),
    "a device, if the key is there": ({"BoolIfExists": {PRESENT: "true"}}, "optional-mfa"),
    "the presence of the key": ({"Null": {PRESENT: "false"}}, "optional-mfa"),
    "the presence of the key, as a boolean": ({"Null": {PRESENT: False}}, "optional-mfa"),
    "the presence of the key beside another": (
        {"Null": {PRESENT: "false"}, "StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
        "optional-mfa",
    ),
    "the presence of the key, and a young age if there is one": (
        {"Null": {PRESENT: "false"}, "NumericLessThanIfExists": {AGE: "3600"}},
        "optional-mfa",
    ),
    "the presence of the key, and a device": (
        {"Null": {PRESENT: "false"}, "Bool": {PRESENT: "true"}},
        None,
    ),
    "the presence of the key, and a device if it is there": (
        {"Null": {PRESENT: "false"}, "BoolIfExists": {PRESENT: "true"}},
        None,
    ),
    "the presence of an age": ({"Null": {AGE: "false"}}, None),
    "the presence of both": ({"Null": {AGE: "false", PRESENT: "false"}}, None),
    "a young age": ({"NumericLessThan": {AGE: "3600"}}, None),
    "a young age, if there is one": ({"NumericLessThanIfExists": {AGE: "3600"}}, "optional-mfa"),
    "no device": ({"Bool": {PRESENT: "false"}}, "inverted-mfa"),
    "the absence of the key": ({"Null": {PRESENT: "true"}}, "inverted-mfa"),
}
DENY = {
    "no device": ({"BoolIfExists": {PRESENT: "false"}}, None),
    "no device, where the key is there": ({"Bool": {PRESENT: "false"}}, "leaky-mfa-deny"),
    "the absence of the key": ({"Null": {PRESENT: "true"}}, "leaky-mfa-deny"),
    "the absence of an age": ({"Null": {AGE: "true"}}, None),
    "an old age, or none": ({"NumericGreaterThanIfExists": {AGE: "3600"}}, None),
    "an old age": ({"NumericGreaterThan": {AGE: "3600"}}, "leaky-mfa-deny"),
    "an age that is as old": ({"NumericGreaterThanEquals": {AGE: 3600}}, "leaky-mfa-deny"),
    "an old age from elsewhere": (
        {"NumericGreaterThan": {AGE: "60"}, "NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}},
        "leaky-mfa-deny",
    ),
    "an old age of a role": (
        {
            "NumericGreaterThan": {AGE: "60"},
            "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"},
        },
        "leaky-mfa-deny",
    ),
    "an old age of those with a device": (
        {"NumericGreaterThan": {AGE: "60"}, "Bool": {PRESENT: "true"}},
        None,
    ),
    "what never holds": (
        {"Bool": {PRESENT: "false"}, "Null": {PRESENT: "true"}},
        "contradicting-conditions",
    ),
    "another text than true": ({"StringNotEquals": {PRESENT: "true"}}, None),
    "a device": ({"Bool": {PRESENT: "true"}}, "inverted-mfa"),
}
TOGETHER: dict[str, tuple[Sequence[tuple[str, object]], set[str]]] = {
    "keys and sessions": (
        [("Deny", {"Bool": {PRESENT: "false"}}), ("Deny", {"Null": {PRESENT: "true"}})],
        set(),
    ),
    "sessions twice": (
        [("Deny", {"Bool": {PRESENT: "false"}})] * 2,
        {"leaky-mfa-deny"},
    ),
    "sessions, and all": (
        [("Deny", {"Bool": {PRESENT: "false"}}), ("Deny", {"BoolIfExists": {PRESENT: "false"}})],
        set(),
    ),
    "old ages, and all": (
        [("Deny", {"NumericGreaterThan": {AGE: "60"}}), ("Deny", {"Null": {AGE: "true"}})],
        set(),
    ),
    "old ages, and keys": (
        [("Deny", {"NumericGreaterThan": {AGE: "60"}}), ("Deny", {"Null": {PRESENT: "true"}})],
        {"leaky-mfa-deny"},
    ),
    "old ages, and an Allow of those with a device": (
        [("Deny", {"NumericGreaterThan": {AGE: "60"}}), ("Allow", {"Bool": {PRESENT: "true"}})],
        set(),
    ),
    "old ages, and an Allow of all": (
        [
            ("Deny", {"NumericGreaterThan": {AGE: "60"}}),
            ("Allow", {"Bool": {PRESENT: "true"}}),
            ("Allow", {}),
        ],
        {"leaky-mfa-deny"},
    ),
}


def reported(statements: Sequence[tuple[str, object]], **more: object) -> set[str]:
    """Return the rules on MFA that report statements of these effects and conditions."""
    written = [
        {"Effect": effect, "Action": "ec2:StopInstances", "Resource": "*", "Condition": given}
        | more
        for effect, given in statements
    ]
    text = json.dumps({"Version": "2012-10-17", "Statement": written})
    kind = Kind.TRUST if "Principal" in more else Kind.IDENTITY
    options = CheckOptions(rules=RULES, catalog=Catalog.open())
    found = check_documents([document(Example("", text, kind))], options)
    return {item.rule for item in found if isinstance(item, Finding)}


@pytest.mark.parametrize(("condition", "rule"), ALLOW.values(), ids=ALLOW)
def test_allow_with(condition: object, rule: str | None) -> None:
    assert reported([("Allow", condition)]) == ({rule} if rule else set())


@pytest.mark.parametrize(("condition", "rule"), DENY.values(), ids=DENY)
def test_deny_of(condition: object, rule: str | None) -> None:
    assert reported([("Deny", condition)]) == ({rule} if rule else set())


@pytest.mark.parametrize(("statements", "rules"), TOGETHER.values(), ids=TOGETHER)
def test_statements_count_together(
    statements: Sequence[tuple[str, object]], rules: set[str]
) -> None:
    assert reported(statements) == rules


@pytest.mark.parametrize("condition", [{"Null": {PRESENT: "false"}}, {"Null": {AGE: "false"}}])
def test_presence_of_a_key_is_never_demanded_of_a_machine(condition: object) -> None:
    of = {"Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}

    assert reported([("Allow", condition)], **of) == {"mfa-of-machine"}
