"""Flags `aws:VpceAccount`, `aws:VpceOrgID` and `aws:VpceOrgPaths` for services without them.

Only some services send whose VPC endpoint a request came through. For the others the key is absent:
a Deny with `StringNotEquals` blocks everyone, and an Allow grants nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.action import parse_action
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS, GLOBAL_KEYS
from iamlint.rules.conditions._lists import DATE, VPCE_EXCEPTION, VPCE_SERVICES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        services = VPCE_SERVICES.get(condition.name)
        if services is None or "Action" in statement.opaque:
            continue
        outside = _outside(statement, services)
        if outside:
            yield Hit(
                condition.at,
                f"requests for {outside} do not always carry `{condition.key}` (as of {DATE}); without it the condition always fails or always holds",
            )


def _outside(statement: Statement, services: frozenset[str]) -> str | None:
    """Return the statement's actions that are outside of the services, if any are."""
    if statement.not_action is not None:
        return "all actions that `NotAction` includes"
    for entry in statement.actions:
        pattern = parse_action(entry.known or "")
        if pattern and (pattern.service not in services or str(pattern) == VPCE_EXCEPTION.lower()):
            return f"`{entry.text}`"
    return None


RULE = Rule(
    name="vpce-key-with-unsupported-service",
    family=Family.CONDITIONS,
    module=__name__,
    summary="some of these services never send the key, so the condition always fails or always holds there",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    access_analyzer=("USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES",),
    advice="limit the statement to services that send the key",
    sources=(CHECKS, GLOBAL_KEYS),
    when=(" | ".join(f"key {one}" for one in VPCE_SERVICES),),
    check=check,
    bad=(
        bad(
            "every service",
            """
            {Effect: "Deny", Action: "*", Resource: "*", Condition: {
              StringNotEquals: {"aws:VpceAccount": "123456789012"}, //!
            }}""",
        ),
        bad(
            "one service of several",
            """
            {Effect: "Deny", Action: ["s3:*", "ec2:*"], Resource: "*", Condition: {
              StringNotEqualsIfExists: {"aws:VpceOrgID": "o-a1b2c3d4e5"}, //!
            }}""",
        ),
        bad(
            "all services but one",
            """
            {Effect: "Allow", NotAction: "s3:GetObject", Resource: "*", Condition: {
              "ForAnyValue:StringLike": {"aws:VpceOrgPaths": "o-a1b2c3d4e5/*"}, //!
            }}""",
        ),
        bad(
            "passing a role",
            """
            {Effect: "Allow", Action: "iam:PassRole", Resource: "*", Condition: {
              StringEquals: {"aws:VpceAccount": "123456789012"}, //!
            }}""",
        ),
    ),
    good=(
        good(
            "a service that sends it",
            """
            {Effect: "Deny", Action: "s3:*", Resource: "*", Condition: {
              StringNotEquals: {"aws:VpceAccount": "123456789012"},
            }}""",
        ),
        good(
            "a service that sends one of the keys",
            """
            {Effect: "Allow", Action: "sqs:SendMessage", Resource: "*", Condition: {
              StringEquals: {"aws:VpceOrgID": "o-a1b2c3d4e5"},
            }}""",
        ),
        good(
            "a key that all services send",
            """
            {Effect: "Allow", Action: "*", Resource: "*", Condition: {
              StringEquals: {"aws:SourceVpce": "vpce-12345678"},
            }}""",
        ),
    ),
)
