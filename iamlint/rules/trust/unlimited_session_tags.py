"""Notes foreign principals that may set session tags of their choice.

If `aws:PrincipalTag` controls access, anyone who sets the tags of a session decides what the
session may do. A foreign account that may call `sts:TagSession` sets them freely, unless the trust
policy lists the tags and their values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.arn import account_of
from iamlint.policy.grammar import Kind, PrincipalType
from iamlint.rule import (
    Confidence,
    Family,
    Hit,
    OwnAccounts,
    Profile,
    Rule,
    RuleContext,
    Severity,
    bad,
    good,
)
from iamlint.rules.trust._federation import allows_action

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not allows_action(statement, "sts:TagSession") or "Condition" in statement.opaque:
        return
    if any(_limits_tags(condition.name) for condition in statement.conditions):
        return
    for principal in statement.principals:
        account = account_of(principal.entry.known or "")
        foreign = context.home.is_known and account is not None and not context.home.trusts(account)
        if principal.type is PrincipalType.AWS and foreign:
            yield Hit(
                principal.at,
                f"`{principal.text}` chooses the tags of its sessions freely, and so the access that depends on tags",
            )


def _limits_tags(key: str) -> bool:
    return key in ("aws:tagkeys", "sts:transitivetagkeys") or key.startswith("aws:requesttag/")


RULE = Rule(
    name="unlimited-session-tags",
    family=Family.TRUST,
    module=__name__,
    summary="a foreign principal chooses its session tags, and so the access that depends on them",
    severity=Severity.NOTE,
    profile=Profile.STRICT,
    confidence=Confidence.LOW,
    security_severity=3.4,
    cwe=266,
    kinds=frozenset({Kind.TRUST}),
    advice="list the tags with `aws:TagKeys` and `aws:RequestTag`, or remove `sts:TagSession`",
    sources=("https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html",),
    when=("Allow", "principal AWS", "own accounts", "action sts:TagSession"),
    check=check,
    bad=(
        bad(
            "a foreign account",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "999988887777", //!
              },
              Action: ["sts:AssumeRole", "sts:TagSession"],
              Condition: {StringEquals: {"sts:ExternalId": "7f1c0b4e-55a2"}},
            }""",
            kind=Kind.TRUST,
            home=OwnAccounts(account="111122223333"),
        ),
        bad(
            "a foreign role",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "arn:aws:iam::999988887777:role/ci", //!
              },
              Action: "sts:TagSession",
            }""",
            kind=Kind.TRUST,
            home=OwnAccounts(account="111122223333"),
        ),
    ),
    good=(
        good(
            "a list of tags",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "999988887777"},
              Action: ["sts:AssumeRole", "sts:TagSession"],
              Condition: {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}},
            }""",
            kind=Kind.TRUST,
            home=OwnAccounts(account="111122223333"),
        ),
        good(
            "the own account",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "111122223333"},
              Action: ["sts:AssumeRole", "sts:TagSession"],
            }""",
            kind=Kind.TRUST,
            home=OwnAccounts(account="111122223333"),
        ),
        good(
            "a service that needs tags",
            """
            {
              Effect: "Allow",
              Principal: {Service: "pods.eks.amazonaws.com"},
              Action: ["sts:AssumeRole", "sts:TagSession"],
            }""",
            kind=Kind.TRUST,
            home=OwnAccounts(account="111122223333"),
        ),
    ),
)
