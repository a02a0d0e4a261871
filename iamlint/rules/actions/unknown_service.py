"""Flags actions whose prefix is no service.

The entry matches no action. Prefixes often differ from the service's name: Step Functions is
`states`, CloudWatch Logs is `logs`, Application Load Balancing is `elasticloadbalancing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rule import Ask, Confidence, Family, Hit, Rule, Severity, bad, good
from iamlint.rules.actions._named import CHECKS, REFERENCE, named_actions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, ask: Ask) -> Iterator[Hit]:
    for entry, pattern in named_actions(statement):
        if ask.catalog.has_service(pattern.service):
            continue
        near = ask.catalog.close_services(pattern.service)
        yield Hit(
            entry.at,
            f"`{entry.text}`: no service had the prefix `{pattern.service}` on {ask.catalog.date}",
            help=f"did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else None,
        )


RULE = Rule(
    name="unknown-service",
    family=Family.ACTIONS,
    module=__name__,
    summary="an action of a service that does not exist matches nothing",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("INVALID_SERVICE_IN_ACTION",),
    advice="use the service's prefix; update the catalog if the service is newer",
    sources=(CHECKS, REFERENCE),
    check=check,
    bad=(
        bad(
            "a misspelt prefix",
            """
            {Effect: "Allow", Resource: "*", Action: [
              "s3:GetObject",
              "lamda:InvokeFunction", //!
            ]}""",
        ),
        bad(
            "the service's name instead of its prefix, with a wildcard",
            """
            {Effect: "Deny", Resource: "*",
              NotAction: "stepfunctions:*", //!
            }""",
        ),
    ),
    good=(
        good(
            "letter case does not matter",
            """
            {Effect: "Allow", Action: "Lambda:InvokeFunction", Resource: "*"}""",
        ),
        good(
            "a service that AWS retired and still accepts",
            """
            {Effect: "Allow", Action: "zocalo:*", Resource: "*"}""",
        ),
        good(
            "a lone wildcard names no service",
            """
            {Effect: "Allow", Action: "*", Resource: "*"}""",
        ),
    ),
)
