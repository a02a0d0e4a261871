"""Flags `Allow` in a resource control policy, unless it is `RCPFullAWSAccess`.

Resource control policies only limit. AWS accepts only the `Allow` of `RCPFullAWSAccess`, which is
attached everywhere: one statement, for all actions and resources, and without a condition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Rule, Severity, bad, good
from iamlint.rules.organizations._resource_control import SYNTAX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Policy, Statement
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
    else:
        yield from _not_of_aws(statement, context.policy)


def _not_of_aws(statement: Statement, policy: Policy) -> Iterator[Hit]:
    """Yield what AWS documents alone: its validator is not known to report it."""
    narrow = next((entry for entry in statement.actions if entry.known not in (None, "*")), None)
    if narrow:
        message = "AWS rejects an `Allow` of only some actions in a resource control policy"
        yield Hit(narrow.at, message, access_analyzer="")
    elif any(not other.is_open and other is not statement for other in policy.statements):
        message = "AWS rejects an `Allow` beside other statements of a resource control policy"
        help_ = "remove it: `RCPFullAWSAccess` is attached everywhere and allows everything"
        yield Hit(statement.at / "Effect", message, help_, access_analyzer="")


RULE = Rule(
    name="restricted-allow-in-rcp",
    family=Family.ORGANIZATIONS,
    module=__name__,
    summary="AWS rejects an `Allow` in a resource control policy other than `RCPFullAWSAccess`",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("RCP_SYNTAX_ERROR_ALLOW",),
    kinds=frozenset({Kind.RCP}),
    advice="write a `Deny` of the forbidden requests instead",
    sources=(SYNTAX,),
    when=("Allow",),
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
        bad(
            "some services, on every resource",
            """
            {
              Effect: "Allow", Principal: "*", Resource: "*",
              Action: [
                "s3:*", //!
                "sts:*",
              ],
            }""",
            kind=Kind.RCP,
            access_analyzer="",
        ),
        bad(
            "everything, beside a Deny",
            """
            {
              Version: "2012-10-17",
              Statement: [
                {
                  Effect: "Allow", //!
                  Principal: "*", Action: "*", Resource: "*",
                },
                {
                  Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*",
                  Condition: {Bool: {"aws:SecureTransport": "false"}},
                },
              ],
            }""",
            kind=Kind.RCP,
            access_analyzer="",
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
            "a service control policy may allow some services",
            """
            {Effect: "Allow", Action: ["s3:*", "sts:*"], Resource: "*"}""",
            kind=Kind.SCP,
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
