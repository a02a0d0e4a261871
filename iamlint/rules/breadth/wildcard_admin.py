"""Flags identity policies that grant every action on every resource.

A principal with such a policy is an administrator: it can change any policy, including the limits
set for it, so every other statement beside it has no effect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import (
    Confidence,
    Controls,
    Family,
    Hit,
    Note,
    Rule,
    RuleContext,
    Severity,
    bad,
    good,
)
from iamlint.rules.breadth._contained import are_contained
from iamlint.rules.breadth._reach import administrator, narrowing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    found = administrator(statement, context.policy)
    if found is None:
        return
    action, resource = found
    held = narrowing(statement)
    but = f", restricted only by `{held.key}`" if held else ""
    is_contained = are_contained(context.holders)
    what = _CONTAINED if is_contained else "makes every principal with this policy an administrator"
    yield Hit(
        action.at,
        f"`{action.text}` on `{resource.text}` {what}{but}",
        related=(Note(resource.at, "on every resource"),),
        severity=Severity.NOTE if is_contained or held or "Condition" in statement.opaque else None,
    )


_CONTAINED = "grants all that the limits of every principal with this policy leave"


RULE = Rule(
    name="wildcard-admin",
    family=Family.BREADTH,
    module=__name__,
    summary="the policy grants every action on every resource",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=9.5,
    cwe=250,
    kinds=frozenset({Kind.IDENTITY}),
    controls=Controls(cis=("1.16",), cis_7=("2.14",), fsbp=("IAM.1",)),
    implies=frozenset({Family.BREADTH, Family.ESCALATION, Family.HYGIENE}),
    advice="list the actions that are needed; `iamlint expand` shows the actions of a pattern",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    ),
    when=("Allow", "every action", "wild resource"),
    check=check,
    bad=(
        bad(
            "everything everywhere",
            """
            {
              Effect: "Allow",
              Action: "*", //!
              Resource: "*",
            }""",
        ),
        bad(
            "other spellings of the same, beside other actions",
            """
            {
              Effect: "Allow",
              Action: [
                "s3:GetObject",
                "*:*", //!
              ],
              Resource: "arn:aws:*:*:*:*",
            }""",
        ),
        bad(
            "a Deny of a part leaves an administrator of the rest",
            """
            {Version: "2012-10-17", Statement: [
              {
                Effect: "Allow",
                Action: "*", //!
                Resource: "*",
              },
              {Effect: "Deny", Action: "s3:DeleteBucket", Resource: "*"},
            ]}""",
        ),
        bad(
            "a Deny without MFA does not limit callers with MFA",
            """
            {Version: "2012-10-17", Statement: [
              {
                Effect: "Allow",
                Action: ["*"], //!
                Resource: ["*"],
              },
              {Effect: "Deny", NotAction: "iam:*", Resource: "*", Condition: {
                BoolIfExists: {"aws:MultiFactorAuthPresent": "false"},
              }},
            ]}""",
        ),
        bad(
            "a condition lowers it to a note, since in one region it is still everything",
            """
            {
              Effect: "Allow",
              Action: "*", //!
              Resource: "*",
              Condition: {StringEquals: {"aws:RequestedRegion": "eu-west-1"}},
            }""",
        ),
    ),
    good=(
        good(
            "a Deny does not grant anything",
            """{Effect: "Deny", Action: "*", Resource: "*"}""",
        ),
        good(
            "every action on one bucket",
            """
            {Effect: "Allow", Action: "*", Resource: ["arn:aws:s3:::shelf", "arn:aws:s3:::shelf/*"]}
            """,
        ),
        good(
            "the same policy denies it all again",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "*", Resource: "*"},
              {Effect: "Deny", Action: "*", Resource: "*"},
            ]}""",
        ),
        good(
            "a Deny leaves only what it lists",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "*", Resource: "*"},
              {Effect: "Deny", NotAction: ["s3:GetObject", "s3:ListBucket"], Resource: "*"},
            ]}""",
        ),
        good(
            "an SCP grants nothing",
            """{Effect: "Allow", Action: "*", Resource: "*"}""",
            kind=Kind.SCP,
        ),
        good(
            "a permissions boundary grants nothing",
            """{Effect: "Allow", Action: "*", Resource: "*"}""",
            kind=Kind.BOUNDARY,
        ),
        good(
            "the `*` of a resource policy is the one resource it belongs to",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:iam::111122223333:role/owner"},
              Action: "*",
              Resource: "*",
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
)
