"""Flags wildcards in the service part of an action or of an ARN.

`code*:List*` includes services that the author did not think of, and services that AWS will name
like that in future.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.action import parse_action
from iamlint.policy.arn import split_arn
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.actions._named import CHECKS, written_actions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement

_SERVICE = 2


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for entry, text in written_actions(statement):
        pattern = parse_action(text)
        if text != "*" and pattern and is_wild(pattern.service):
            yield Hit(
                entry.at,
                f"`{text}` includes every service that matches `{pattern.service}`, also future ones",
            )
    element = statement.resource_element
    for entry in element.entries if element else ():
        service = _service_of(entry.known or "")
        # Whether AWS reports a service field that is `*` alone is not known: it is let pass.
        if service.strip("*") and is_wild(service):
            yield Hit(
                entry.at,
                f"`{entry.text}` includes every service that matches `{service}`, also future ones",
            )


def _service_of(arn: str) -> str:
    fields = split_arn(arn) if is_wild(arn) and arn.startswith("arn:") else []
    return fields[_SERVICE] if len(fields) > _SERVICE + 1 else ""


RULE = Rule(
    name="wildcard-in-service-name",
    family=Family.ACTIONS,
    module=__name__,
    summary="a wildcard in the service part includes services that you do not mean, also future ones",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    access_analyzer=("WILDCARD_IN_SERVICE_NAME",),
    advice="write the service name, one entry for each service",
    sources=(CHECKS,),
    when=("wild service",),
    check=check,
    bad=(
        bad(
            "the beginning of several prefixes",
            """
            {Effect: "Allow", Resource: "*", Action: [
              "s3:Get*",
              "code*:List*", //!
            ]}""",
        ),
        bad(
            "any service, in a Deny too",
            """
            {Effect: "Deny", Resource: "*",
              Action: "*:Delete*", //!
            }""",
        ),
        bad(
            "the service field of an ARN",
            """
            {Effect: "Allow", Action: "codebuild:*",
              Resource: "arn:aws:*code*::111122223333:*", //!
            }""",
        ),
    ),
    good=(
        good(
            "everything is meant to be everything",
            """
            {Effect: "Allow", Action: "*", Resource: "*"}""",
        ),
        good(
            "wildcards in all other parts",
            """
            {Effect: "Allow", Action: "s3:*", Resource: "arn:*:s3:::*"}""",
        ),
    ),
)
