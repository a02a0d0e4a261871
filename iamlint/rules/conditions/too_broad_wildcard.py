"""Flags wildcards in keys whose values must be complete.

An account, an organization or a VPC has one id: anyone whose id begins with `1234` meets `1234*`.
Subjects of identity providers need enough text before each wildcard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog import is_federation_key
from iamlint.policy.grammar import Kind, OperatorFamily
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS, GLOBAL_KEYS, is_wild_string
from iamlint.rules.conditions._openness import too_open
from iamlint.rules.trust._federation import is_of_no_token
from iamlint.rules.trust._tenants import is_broad_subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        if not is_wild_string(condition) or _is_fixed_by_another(statement, condition):
            continue
        if is_federation_key(condition.key) and is_of_no_token(statement, condition):
            continue
        for entry in condition.values:
            reason = too_open(condition.key, entry.known or "", "*?")
            # The rules of trust report which subjects get in, under the same code.
            if reason and not is_broad_subject(statement, condition, entry):
                yield Hit(
                    entry.at,
                    f"other values can also match `{entry.text}` in `{condition.key}`: {reason}",
                )


def _is_fixed_by_another(statement: Statement, condition: Condition) -> bool:
    """Return whether another condition on the key, which has to hold as well, leaves nothing open."""
    return any(_is_closed(other) for other in statement.conditions if other.name == condition.name)


def _is_closed(condition: Condition) -> bool:
    operator = condition.operator
    if operator is None or operator.family is not OperatorFamily.STRING or operator.negated:
        return False
    marks = "*?" if operator.wildcards else ""
    return bool(condition.values) and not any(
        entry.known is None or too_open(condition.key, entry.known, marks)
        for entry in condition.values
    )


RULE = Rule(
    name="too-broad-wildcard",
    family=Family.CONDITIONS,
    module=__name__,
    summary="strangers whose id also matches the wildcard meet the condition",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    security_severity=7.0,
    cwe=625,
    access_analyzer=("WILDCARD_USAGE_TOO_PERMISSIVE",),
    advice="write the complete value",
    sources=(CHECKS, GLOBAL_KEYS),
    when=("like", "wild value"),
    check=check,
    bad=(
        bad(
            "the beginning of an account id",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {"aws:SourceAccount": "1234*"}, //!
            }}""",
        ),
        bad(
            "any organization, in one value of a list",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {"aws:PrincipalOrgID": [
                "o-a1b2c3d4e5",
                "o-*", //!
              ]},
            }}""",
        ),
        bad(
            "any owner of a repository",
            """
            {Effect: "Allow", Action: "sts:AssumeRoleWithWebIdentity", Resource: "*", Condition: {
              StringLike: {"token.actions.githubusercontent.com:sub": "repo:*"}, //!
            }}""",
        ),
        bad(
            "any name, where another test leaves as much open",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {"aws:PrincipalOrgID": "o-*"}, //!
              StringNotLike: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
            }}""",
        ),
        bad(
            "the beginning of a role id",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {"aws:userid": "AROA*"}, //!
            }}""",
        ),
    ),
    good=(
        good(
            "the value of a tag",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {"aws:ResourceTag/team": "a*"},
            }}""",
        ),
        good(
            "the complete id",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {"aws:SourceAccount": "123456789012"},
            }}""",
        ),
        good(
            "another test of the key has the whole id",
            """
            {Effect: "Allow", Action: "sts:AssumeRoleWithWebIdentity", Resource: "*", Condition: {
              StringLike: {"token.actions.githubusercontent.com:sub": "*:*/shop:*"},
              "ForAllValues:StringLike": {"token.actions.githubusercontent.com:sub": "repo:acme/*"},
            }}""",
        ),
        good(
            "a claim of another provider than the one that is trusted",
            """
            {
              Effect: "Allow",
              Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/AAAA"},
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {StringLike: {
                "oidc.eks.eu-west-1.amazonaws.com/id/BBBB:sub": "system:serviceaccount:*:*",
              }},
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "any session of a role",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {"aws:userid": ["AROAEXAMPLEID:*", "*:ann"]},
            }}""",
        ),
        good(
            "enough of the subject is fixed",
            """
            {Effect: "Allow", Action: "sts:AssumeRoleWithWebIdentity", Resource: "*", Condition: {
              StringLike: {"token.actions.githubusercontent.com:sub": "repo:acme/shop:*"},
            }}""",
        ),
    ),
)
