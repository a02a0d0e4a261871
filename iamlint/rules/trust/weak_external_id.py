"""Flags external ids that do not protect the role.

An external id prevents that a third party uses your role for another of its customers. This works
only if the role demands the id, and demands one value: with a pattern, or an operator that passes
without it, other customers get access.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind, Quantifier
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.trust._federation import ASSUME_ROLE, allows_action

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not allows_action(statement, ASSUME_ROLE):
        return
    tests = [c for c in statement.conditions if c.name == "sts:externalid"]
    if any(condition.needs_key and not any(_faults(condition)) for condition in tests):
        return
    for condition in tests:
        yield from _faults(condition)


def _faults(condition: Condition) -> Iterator[Hit]:
    if condition.quantifier is Quantifier.ALL or condition.operator is None or condition.negated:
        return  # `ForAllValues:` is found by `unguarded-for-all-values`.
    if condition.if_exists:
        yield Hit(condition.at, "a caller without an external id passes this condition")
        return
    for entry in condition.values:
        if condition.operator.wildcards and is_wild(entry.text):
            yield Hit(entry.at, f"`{entry.text}` also matches external ids of other customers")
        elif entry.known == "":
            yield Hit(entry.at, "an empty external id does not stop any customer")


RULE = Rule(
    name="weak-external-id",
    family=Family.TRUST,
    module=__name__,
    summary="the external id does not stop other customers of the third party",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=6.5,
    cwe=441,
    kinds=frozenset({Kind.TRUST}),
    advice="use one exact value with `StringEquals`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html",
    ),
    when=("Allow", "action sts:AssumeRole", "key sts:externalid"),
    check=check,
    bad=(
        bad(
            "any external id passes",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "999988887777"},
              Action: "sts:AssumeRole",
              Condition: {StringLike: {
                "sts:ExternalId": "*", //!
              }},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "no external id passes as well",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "999988887777"},
              Action: "sts:AssumeRole",
              Condition: {StringEqualsIfExists: {
                "sts:ExternalId": "7f1c0b4e-55a2", //!
              }},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "one pattern of two values",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "999988887777"},
              Action: "sts:AssumeRole",
              Condition: {StringLike: {"sts:ExternalId": [
                "7f1c0b4e-55a2",
                "shelf-*", //!
              ]}},
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "one exact value",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "999988887777"},
              Action: "sts:AssumeRole",
              Condition: {StringEquals: {"sts:ExternalId": "7f1c0b4e-55a2"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "two exact values while one replaces the other",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "999988887777"},
              Action: "sts:AssumeRole",
              Condition: {StringLike: {"sts:ExternalId": ["7f1c0b4e-55a2", "9d3f1a2b-3c4d"]}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "a pattern beside an exact demand",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "999988887777"},
              Action: "sts:AssumeRole",
              Condition: {
                StringEquals: {"sts:ExternalId": "7f1c0b4e-55a2"},
                StringLike: {"sts:externalid": "7f1c*"},
              },
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "a Deny of callers with a wrong one",
            """
            {
              Effect: "Deny",
              Principal: {AWS: "999988887777"},
              Action: "sts:AssumeRole",
              Condition: {StringNotLike: {"sts:ExternalId": "shelf-*"}},
            }""",
            kind=Kind.TRUST,
        ),
    ),
)
