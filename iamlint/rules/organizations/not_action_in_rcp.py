"""Flags `NotAction` in a resource control policy: AWS rejects it there."""

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
    if statement.not_action:
        yield Hit(
            statement.not_action.at.of_key, "AWS rejects `NotAction` in a resource control policy"
        )


RULE = Rule(
    name="not-action-in-rcp",
    family=Family.ORGANIZATIONS,
    module=__name__,
    summary="AWS rejects `NotAction` in a resource control policy",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("RCP_SYNTAX_ERROR_NOTACTION",),
    kinds=frozenset({Kind.RCP}),
    advice="list the actions to deny in `Action`",
    sources=(SYNTAX,),
    when=("NotAction",),
    check=check,
    bad=(
        bad(
            "all but reading",
            """
            {
              Effect: "Deny", Principal: "*", Resource: "*",
              NotAction: "s3:Get*", //!
            }""",
            kind=Kind.RCP,
        ),
        bad(
            "a list",
            """
            {
              Effect: "Deny", Principal: "*", Resource: "*",
              NotAction: [ //!
                "s3:Get*", "s3:List*",
              ],
            }""",
            kind=Kind.RCP,
        ),
    ),
    good=(
        good(
            "`Action`",
            """
            {Effect: "Deny", Principal: "*", Action: "s3:Put*", Resource: "*"}""",
            kind=Kind.RCP,
        ),
        good(
            "a service control policy accepts it",
            """
            {Effect: "Deny", NotAction: "s3:Get*", Resource: "*"}""",
            kind=Kind.SCP,
        ),
    ),
)
