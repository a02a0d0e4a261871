"""Flags conditions on values that the caller can choose.

`aws:UserAgent` and `aws:Referer` are headers of the request, so the sender can write anything in
them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind, PrincipalType
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS, GLOBAL_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        if condition.name == "aws:useragent" or (
            condition.name == "aws:referer" and not _by_services(statement)
        ):
            yield Hit(
                condition.at,
                f"the caller chooses the value of `{condition.key}`, so the condition does not stop an attacker",
            )


def _by_services(statement: Statement) -> bool:
    """Return whether only services may call: some put an account id into `aws:Referer`."""
    principals = statement.principals
    return bool(principals) and all(p.type is PrincipalType.SERVICE for p in principals)


RULE = Rule(
    name="untrustworthy-condition-key",
    family=Family.CONDITIONS,
    module=__name__,
    summary="the caller chooses the value of the key, so the condition does not stop an attacker",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    security_severity=5.0,
    cwe=807,
    access_analyzer=("UNTRUSTWORTHY_CONDITION_KEY",),
    advice="use a key that AWS sets, such as `aws:PrincipalArn` or `aws:SourceVpce`",
    sources=(CHECKS, GLOBAL_KEYS),
    when=("key aws:useragent | key aws:referer",),
    check=check,
    bad=(
        bad(
            "the name of an application",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {"aws:UserAgent": "*MyApp*"}, //!
            }}""",
        ),
        bad(
            "the page that the request comes from",
            """
            {Effect: "Deny", Action: "s3:GetObject", Resource: "*", Condition: {
              StringNotLike: {"aws:Referer": "https://example.com/*"}, //!
            }}""",
        ),
    ),
    good=(
        good(
            "SES puts the account into the header",
            """
            {Effect: "Allow", Principal: {Service: "ses.amazonaws.com"}, Action: "s3:PutObject", Resource: "*", Condition: {
              StringEquals: {"aws:Referer": "123456789012"},
            }}""",
            kind=Kind.RESOURCE,
        ),
        good(
            "a key that AWS sets",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              ArnLike: {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/app"},
            }}""",
        ),
    ),
)
