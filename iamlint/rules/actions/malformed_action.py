"""Flags action entries that are not of the form `service:Name`.

Such an entry matches no action: an `Allow` with it grants nothing, and a `Deny` with it blocks
nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.action import parse_action
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.actions._named import CHECKS, written_actions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for entry, text in written_actions(statement):
        if parse_action(text) is not None:
            continue
        # AWS documents no code of its own for these; which of the two it gives is not confirmed.
        prefix, colon, _ = text.partition(":")
        known = colon and context.catalog.has_service(prefix)
        yield Hit(
            entry.at,
            f"`{text}` matches no action: {_reason(text)}",
            access_analyzer="INVALID_ACTION" if known else "INVALID_SERVICE_IN_ACTION",
        )


def _reason(text: str) -> str:
    if not text:
        return "it is empty"
    if any(char.isspace() for char in text):
        return "it contains white space"
    if "," in text:
        return "it contains a comma, and each action must be a separate string"
    if ":" not in text:
        return "it has no service"
    return "the service is missing" if text.startswith(":") else "the name is missing"


RULE = Rule(
    name="malformed-action",
    family=Family.ACTIONS,
    module=__name__,
    summary="an action that is not `service:Name` matches nothing",
    severity=Severity.ERROR,
    confidence=Confidence.MEDIUM,
    access_analyzer=("INVALID_SERVICE_IN_ACTION", "INVALID_ACTION"),
    advice="write `service:Name`, such as `s3:GetObject`, one string per action",
    sources=(
        CHECKS,
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html",
    ),
    when=("malformed action",),
    check=check,
    bad=(
        bad(
            "the service is forgotten",
            """
            {Effect: "Allow", Action: [
              "GetObject", //!
              "s3:PutObject",
            ], Resource: "*"}""",
        ),
        bad(
            "two actions in one string",
            """
            {Effect: "Allow", Resource: "*",
              Action: "s3:GetObject,s3:PutObject", //!
            }""",
            access_analyzer="INVALID_ACTION",
        ),
        bad(
            "a blank is part of the name",
            """
            {Effect: "Deny", Resource: "*", NotAction: [
              "s3:Get Object", //!
            ]}""",
            access_analyzer="INVALID_ACTION",
        ),
    ),
    good=(
        good(
            "a lone wildcard is every action",
            """
            {Effect: "Deny", Action: "*", Resource: "*"}""",
        ),
        good(
            "letter case does not matter",
            """
            {Effect: "Allow", Action: "S3:getobject", Resource: "*"}""",
        ),
    ),
)
