"""Flags grants, on every resource, of actions that stop, redirect or shorten logs and alerts.

An attacker who can stop the trail can act unseen afterwards. Trails and detectors are the most
serious; alarms, rules and log groups, which applications manage themselves, are a note.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog.sensitive import Sensitive
from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Profile, Rule, RuleContext, Severity, bad, good
from iamlint.rules.breadth._sensitive import sensitive_hits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    yield from sensitive_hits(statement, context, Sensitive.LOGGING, "stop or hide logs or alarms")


RULE = Rule(
    name="broad-log-tampering",
    family=Family.BREADTH,
    module=__name__,
    summary="the principal can stop logs and detections of every resource",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    profile=Profile.STRICT,
    security_severity=7.5,
    cwe=732,
    kinds=frozenset({Kind.IDENTITY}),
    advice="name the resources in `Resource`, and deny it for trails and detectors",
    sources=(
        "https://stratus-red-team.cloud/attack-techniques/AWS/",
        "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
    ),
    when=("Allow", "Action", "wild resource"),
    check=check,
    bad=(
        bad(
            "any trail",
            """
            {
              Effect: "Allow",
              Action: "cloudtrail:StopLogging", //!
              Resource: "*",
            }""",
        ),
        bad(
            "log groups are a note",
            """
            {
              Effect: "Allow",
              Action: [
                "logs:CreateLogGroup",
                "logs:DeleteLogGroup", //!
              ],
              Resource: "*",
            }""",
        ),
    ),
    good=(
        good(
            "the resource is named",
            """
            {Effect: "Allow", Action: "logs:DeleteLogGroup",
              Resource: "arn:aws:logs:eu-west-1:111122223333:log-group:/shop/*"}""",
        ),
        good(
            "a condition narrows it",
            """
            {Effect: "Allow", Action: "cloudtrail:StopLogging", Resource: "*", Condition: {
              StringEquals: {"aws:ResourceTag/team": "shop"},
            }}""",
        ),
        good(
            "a Deny blocks it",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "cloudtrail:StopLogging", Resource: "*"},
              {Effect: "Deny", Action: "cloudtrail:StopLogging", Resource: "*"},
            ]}""",
        ),
        good(
            "a boundary grants nothing",
            """
            {Effect: "Allow", Action: "cloudtrail:StopLogging", Resource: "*"}""",
            kind=Kind.BOUNDARY,
        ),
    ),
)
