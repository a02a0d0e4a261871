"""Flags organizations other than your own that get access.

A condition on the id of an organization limits access to your own accounts. If the id is another
one, left from an example or an acquisition, all accounts of strangers in it get access.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.late_pattern import late_pattern
from iamlint.policy.grammar import Kind, OperatorFamily
from iamlint.rule import (
    Confidence,
    Family,
    Hit,
    OwnAccounts,
    Rule,
    RuleContext,
    Severity,
    bad,
    good,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    own = context.home.organization
    if own is None:
        return
    for condition in statement.conditions:
        if condition.name not in KEYS or not _spares(statement, condition):
            continue
        for entry in condition.values:
            organization = (entry.known or "").partition("/")[0]
            if _ID.fullmatch(organization) and organization != own:
                yield Hit(
                    entry.at,
                    f"`{organization}` is not your organization `{own}`, but this condition trusts all its accounts",
                )


def _spares(statement: Statement, condition: Condition) -> bool:
    """Return whether the listed organizations are let in: wanted by an Allow, spared by a Deny."""
    if condition.family is not OperatorFamily.STRING:
        return False
    return (statement.allows and not condition.negated) or (statement.denies and condition.negated)


KEYS = frozenset(
    {
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:vpceorgid",
        "aws:vpceorgpaths",
    }
)
# https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
_ID = late_pattern(r"o-[a-z0-9]{10,32}")


RULE = Rule(
    name="foreign-organization",
    family=Family.EXPOSURE,
    module=__name__,
    summary="all accounts of another organization get access",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=6.2,
    cwe=732,
    kinds=frozenset({Kind.RESOURCE, Kind.TRUST, Kind.RCP, Kind.ENDPOINT}),
    advice="write the id of your own organization",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid",
    ),
    when=("own organization", " | ".join(f"key {one}" for one in sorted(KEYS))),
    check=check,
    bad=(
        bad(
            "everyone of another organization",
            """
            {
              Effect: "Allow",
              Principal: "*",
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {StringEquals: {"aws:PrincipalOrgID": [
                "o-a1b2c3d4e5",
                "o-zzzzzzzzzz", //!
              ]}},
            }""",
            kind=Kind.RESOURCE,
            home=OwnAccounts(organization="o-a1b2c3d4e5"),
        ),
        bad(
            "a Deny that exempts another organization",
            """
            {
              Effect: "Deny",
              Principal: "*",
              Action: "s3:*",
              Resource: "*",
              Condition: {
                StringNotEqualsIfExists: {
                  "aws:PrincipalOrgID": "o-zzzzzzzzzz", //!
                },
                BoolIfExists: {"aws:PrincipalIsAWSService": "false"},
              },
            }""",
            home=OwnAccounts(organization="o-a1b2c3d4e5"),
            kind=Kind.RCP,
        ),
    ),
    good=(
        good(
            "the own organization, by a path",
            """
            {
              Effect: "Allow",
              Principal: "*",
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/*"}},
            }""",
            kind=Kind.RESOURCE,
            home=OwnAccounts(organization="o-a1b2c3d4e5"),
        ),
        good(
            "the own organization is not known",
            """
            {
              Effect: "Allow",
              Principal: "*",
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {StringEquals: {"aws:PrincipalOrgID": "o-zzzzzzzzzz"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "a Deny of another organization",
            """
            {
              Effect: "Deny",
              Principal: "*",
              Action: "s3:*",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {StringEquals: {"aws:PrincipalOrgID": "o-zzzzzzzzzz"}},
            }""",
            kind=Kind.RESOURCE,
            home=OwnAccounts(organization="o-a1b2c3d4e5"),
        ),
    ),
)
