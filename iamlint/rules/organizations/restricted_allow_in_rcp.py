"""Flags `Allow` in a resource control policy for less than everything.

Resource control policies only limit. AWS accepts only the `Allow` of `RCPFullAWSAccess`, for all
resources and without a condition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Rule, Severity, bad, good
from iamlint.rules.organizations._resource_control import SYNTAX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement
    from iamlint.rule import RuleContext


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.allows:
        return
    narrow = next((entry for entry in statement.resources if entry.known not in (None, "*")), None)
    if narrow:
        yield Hit(
            narrow.at, "AWS rejects an `Allow` of only some resources in a resource control policy"
        )
    elif statement.not_resource:
        at = statement.not_resource.at.of_key
        yield Hit(at, "AWS rejects `NotResource` in an `Allow` of a resource control policy")
    elif statement.conditions:
        at = statement.conditions[0].operator_at
        yield Hit(at, "AWS rejects a condition in an `Allow` of a resource control policy")


RULE = Rule(
    name="restricted-allow-in-rcp",
    family=Family.ORGANIZATIONS,
    module=__name__,
    summary="AWS rejects an `Allow` for less than everything in a resource control policy",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("RCP_SYNTAX_ERROR_ALLOW",),
    kinds=frozenset({Kind.RCP}),
    advice="write a `Deny` of the forbidden requests instead",
    sources=(SYNTAX,),
    check=check,
    bad=(
        bad(
            "one bucket",
            """
            {
              Effect: "Allow", Principal: "*", Action: "s3:*",
              Resource: "arn:aws:s3:::b", //!
            }""",
            kind=Kind.RCP,
        ),
        bad(
            "under a condition",
            """
            {
              Effect: "Allow", Principal: "*", Action: "*", Resource: "*",
              Condition: {
                Bool: {"aws:SecureTransport": "true"}, //!
              },
            }""",
            kind=Kind.RCP,
        ),
    ),
    good=(
        good(
            "the full access that AWS attaches",
            """
            {Effect: "Allow", Principal: "*", Action: "*", Resource: "*"}""",
            kind=Kind.RCP,
        ),
        good(
            "a deny may be about one bucket",
            """
            {
              Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::b",
              Condition: {Bool: {"aws:SecureTransport": "false"}},
            }""",
            kind=Kind.RCP,
        ),
    ),
)
