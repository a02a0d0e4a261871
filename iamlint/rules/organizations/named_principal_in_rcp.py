"""Flags resource control policies that name principals.

Such a policy applies to everyone who uses a resource of the organization: `Principal` must be `*`,
and exceptions are conditions. `{"AWS": "*"}` means the same and is not reported, because it is not
known whether AWS rejects it.
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
    if statement.not_principal:
        yield Hit(
            statement.not_principal.at.of_key,
            "AWS rejects `NotPrincipal` in a resource control policy",
        )
    named = [p for p in statement.principals if p.entry.known is not None and not p.is_everyone]
    if statement.principal and named:
        message = f"AWS rejects a principal other than `*` in a resource control policy: `{named[0].text}`"
        yield Hit(statement.principal.at, message)


RULE = Rule(
    name="named-principal-in-rcp",
    family=Family.ORGANIZATIONS,
    module=__name__,
    summary="AWS rejects a principal other than `*` in a resource control policy",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("RCP_SYNTAX_ERROR_PRINCIPAL",),
    kinds=frozenset({Kind.RCP}),
    advice="write `*`, and exempt principals with a condition on `aws:PrincipalArn` or `aws:PrincipalAccount`",
    sources=(SYNTAX,),
    when=("Principal | NotPrincipal",),
    check=check,
    bad=(
        bad(
            "an account",
            """
            {
              Effect: "Deny", Action: "s3:*", Resource: "*",
              Principal: {AWS: "123456789012"}, //!
            }""",
            kind=Kind.RCP,
        ),
        bad(
            "all but a role",
            """
            {
              Effect: "Deny", Action: "s3:*", Resource: "*",
              NotPrincipal: {AWS: "arn:aws:iam::123456789012:role/admin"}, //!
            }""",
            kind=Kind.RCP,
        ),
    ),
    good=(
        good(
            "everyone, but for a role",
            """
            {
              Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*",
              Condition: {
                ArnNotLikeIfExists: {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/admin"},
                BoolIfExists: {"aws:PrincipalIsAWSService": "false"},
              },
            }""",
            kind=Kind.RCP,
        ),
        good(
            "a bucket policy can name principals",
            """
            {Effect: "Deny", Principal: {AWS: "123456789012"}, Action: "s3:*", Resource: "arn:aws:s3:::b/*"}""",
            kind=Kind.RESOURCE,
        ),
    ),
)
