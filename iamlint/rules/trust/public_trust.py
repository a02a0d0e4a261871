"""Flags roles that every AWS account can assume.

`{"AWS": "*"}` in a trust policy means any principal of any account that knows the role's name. An
external id beside it is a shared secret, not an identity: anyone who learns it can assume the role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.audience import Audience, audience
from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules._home import is_idle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.allows or statement.principal is None or statement.principal.bare:
        return  # AWS refuses the bare `*`: `bare-wildcard-in-trust`.
    everyone = next((p for p in statement.principals if p.is_everyone), None)
    if everyone is None or audience(statement, context.policy) is not Audience.EVERYONE:
        return
    if is_idle(statement, context):
        return
    keys = list(dict.fromkeys(f"`{c.key}`" for c in statement.conditions))
    verb = "do" if len(keys) > 1 else "does"
    yield Hit(
        everyone.at,
        "principals of every AWS account can assume this role"
        + (f": {', '.join(keys)} {verb} not stop strangers" if keys else ""),
    )


RULE = Rule(
    name="public-trust",
    family=Family.TRUST,
    module=__name__,
    summary="every AWS account can assume the role",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=9.6,
    cwe=284,
    kinds=frozenset({Kind.TRUST}),
    advice="list the accounts or roles, or add a condition on `aws:PrincipalOrgID` with `StringEquals`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous",
    ),
    when=("Allow", "everyone"),
    check=check,
    bad=(
        bad(
            "no condition at all",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "*", //!
              },
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "`*` in a list, with a shared secret",
            """
            {
              Effect: "Allow",
              Principal: {AWS: [
                "111122223333",
                "*", //!
              ]},
              Action: "sts:AssumeRole",
              Condition: {StringEquals: {"sts:ExternalId": "shelf"}},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "callers without an organization pass as well",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "*", //!
              },
              Action: "sts:AssumeRole",
              Condition: {StringEqualsIfExists: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "the account of the ARN is a wildcard",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "*", //!
              },
              Action: "sts:AssumeRole",
              Condition: {ArnLike: {"aws:PrincipalArn": "arn:aws:iam::*:role/deployer"}},
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "one organization",
            """
            {Effect: "Allow", Principal: {AWS: "*"}, Action: "sts:AssumeRole", Condition: {
              StringEquals: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
            }}""",
            kind=Kind.TRUST,
        ),
        good(
            "roles of one account, found by their ARN",
            """
            {Effect: "Allow", Principal: {AWS: "*"}, Action: "sts:AssumeRole", Condition: {
              ArnLike: {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/ci-*"},
            }}""",
            kind=Kind.TRUST,
        ),
        good(
            "an account is not everyone",
            """{Effect: "Allow", Principal: {AWS: "111122223333"}, Action: "sts:AssumeRole"}""",
            kind=Kind.TRUST,
        ),
        good(
            "a Deny blocks strangers",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Principal: {AWS: "*"}, Action: "sts:AssumeRole"},
              {Effect: "Deny", Principal: {AWS: "*"}, Action: "sts:AssumeRole", Condition: {
                StringNotEquals: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
              }},
            ]}""",
            kind=Kind.TRUST,
        ),
        good(
            "AWS rejects the bare `*`, which is another finding",
            """{Effect: "Allow", Principal: "*", Action: "sts:AssumeRole"}""",
            kind=Kind.TRUST,
        ),
        good(
            "everyone is denied",
            """{Effect: "Deny", Principal: {AWS: "*"}, Action: "sts:TagSession"}""",
            kind=Kind.TRUST,
        ),
    ),
)
