"""Flags actions of services that resource control policies do not apply to.

Only some services check these policies; for the others a statement has no effect, so AWS rejects
it. `*` alone is allowed only in the `Allow` of `RCPFullAWSAccess`. A wildcard inside the name of a
service is not reported, because it is not known whether AWS rejects it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Confidence, Family, Hit, Rule, Severity, bad, good
from iamlint.rules.organizations._resource_control import SYNTAX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement
    from iamlint.rule import RuleContext


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for entry in statement.actions:
        text = entry.known or ""
        prefix, colon, _ = text.lower().partition(":")
        if text == "*" and statement.denies:
            yield Hit(
                entry.at,
                "AWS rejects a Deny of `*` in a resource control policy",
                "name the services",
            )
        elif not colon or is_wild(prefix) or not context.catalog.has_service(prefix):
            continue  # Other rules report what is not an action.
        elif prefix not in context.catalog.rcp_services():
            message = (
                f"resource control policies do not apply to `{prefix}`, so AWS rejects this policy"
            )
            help_ = f"remove it; the list of services is that of {context.catalog.rcp_date}"
            yield Hit(entry.at, message, help_)


RULE = Rule(
    name="unsupported-action-in-rcp",
    family=Family.ORGANIZATIONS,
    module=__name__,
    summary="AWS rejects actions that resource control policies do not apply to",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("RCP_SYNTAX_ERROR_ACTION",),
    kinds=frozenset({Kind.RCP}),
    advice="remove the action; for your own principals use a service control policy",
    sources=(SYNTAX,),
    when=("Action",),
    check=check,
    bad=(
        bad(
            "a service that does not take part",
            """
            {
              Effect: "Deny", Principal: "*", Resource: "*",
              Action: [
                "s3:*",
                "ec2:*", //!
              ],
            }""",
            kind=Kind.RCP,
        ),
        bad(
            "everything at once",
            """
            {
              Effect: "Deny", Principal: "*", Resource: "*",
              Action: "*", //!
            }""",
            kind=Kind.RCP,
        ),
    ),
    good=(
        good(
            "services that take part",
            """
            {Effect: "Deny", Principal: "*", Action: ["s3:*", "kms:De*", "STS:AssumeRole"], Resource: "*"}""",
            kind=Kind.RCP,
        ),
        good(
            "the full access that AWS attaches",
            """
            {Effect: "Allow", Principal: "*", Action: "*", Resource: "*"}""",
            kind=Kind.RCP,
        ),
    ),
)
