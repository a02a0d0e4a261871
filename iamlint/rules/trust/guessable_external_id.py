"""Notes external ids that another customer could guess.

A third party uses the external id to separate its customers. An attacker who poses as you can guess
or look up an account id, a word or a few characters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.arn import is_account_id
from iamlint.policy.grammar import Kind, PrincipalType
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.trust._federation import ASSUME_ROLE, allows_action

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not allows_action(statement, ASSUME_ROLE):
        return
    if all(p.type is PrincipalType.SERVICE for p in statement.principals):
        return  # AWS's services send the id of the account that they act for.
    for condition in statement.conditions:
        if condition.name != "sts:externalid" or not condition.needs_key:
            continue
        for entry in condition.values:
            text = entry.known
            if not text or "$" in text or "{" in text or is_wild(text):
                continue  # Wildcards are `weak-external-id`.
            if is_account_id(text):
                yield Hit(
                    entry.at,
                    "an account id is not a secret, so other customers can guess this external id",
                )
            elif len(text) < SHORTEST:
                yield Hit(
                    entry.at, f"`{text}` is short, so other customers can guess this external id"
                )


SHORTEST = 8


RULE = Rule(
    name="guessable-external-id",
    family=Family.TRUST,
    module=__name__,
    summary="another customer can guess the external id",
    severity=Severity.NOTE,
    confidence=Confidence.LOW,
    security_severity=2.5,
    cwe=330,
    kinds=frozenset({Kind.TRUST}),
    advice="use the id that the third party generates, such as a UUID",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html",
    ),
    when=("Allow", "action sts:AssumeRole", "key sts:externalid"),
    check=check,
    bad=(
        bad(
            "an account id",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "999988887777"},
              Action: "sts:AssumeRole",
              Condition: {StringEquals: {
                "sts:ExternalId": "111122223333", //!
              }},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "a word",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "999988887777"},
              Action: "sts:AssumeRole",
              Condition: {StringEquals: {
                "sts:ExternalId": "test", //!
              }},
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "a random value",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "999988887777"},
              Action: "sts:AssumeRole",
              Condition: {StringEquals: {"sts:ExternalId": "7f1c0b4e-55a2-4c8e-9d3f-1a2b3c4d5e6f"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "a service of AWS sends the account it acts for",
            """
            {
              Effect: "Allow",
              Principal: {Service: "firehose.amazonaws.com"},
              Action: "sts:AssumeRole",
              Condition: {StringEquals: {"sts:ExternalId": "111122223333"}},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "a value filled in later",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "999988887777"},
              Action: "sts:AssumeRole",
              Condition: {StringEquals: {"sts:ExternalId": "${ID}"}},
            }""",
            kind=Kind.TRUST,
        ),
    ),
)
