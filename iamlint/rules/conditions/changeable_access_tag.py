"""Flags access by the tag of a resource where the same principal can set the tag.

A statement that allows actions only on resources with a certain tag does not restrict a principal
that can put the tag on any other resource: it sets the tag, then uses the resource.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from iamlint.catalog import AccessLevel
from iamlint.grants.grants import (
    Truth,
    is_denied,
    restricts,
    statement_covers_resource,
    statement_grants,
)
from iamlint.policy.action import parse_action
from iamlint.policy.grammar import Kind
from iamlint.policy.memory import remember
from iamlint.policy.steps import spend
from iamlint.policy.wildcard import is_wild
from iamlint.rule import (
    Confidence,
    Family,
    Hit,
    Note,
    Profile,
    Rule,
    RuleContext,
    Severity,
    bad,
    good,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.catalog import Catalog
    from iamlint.policy.model import Condition, Policy, Statement


def check(policy: Policy, context: RuleContext) -> Iterator[Hit]:
    for held in policy.statements:
        for condition in held.conditions if held.allows else ():
            tag = _tag(condition)
            if tag is None or not restricts(condition):
                continue
            setter = next(_setters(policy, held, tag, context), None)
            if setter is not None:
                statement, action = setter
                yield Hit(
                    condition.at,
                    f"access depends on the tag `{tag}`, which the same principal can set on any resource "
                    f"with `{action}`",
                    related=(Note(statement.at, "this statement allows it to set the tag"),),
                )
                break


def _tag(condition: Condition) -> str | None:
    head, slash, tag = condition.key.partition("/")
    is_set_by_aws = tag.lower().startswith("aws:")
    return tag if slash and head.lower().endswith(":resourcetag") and not is_set_by_aws else None


def _setters(
    policy: Policy, held: Statement, tag: str, context: RuleContext
) -> Iterator[tuple[Statement, str]]:
    """Yield each other Allow that sets the tag freely where the held statement acts."""
    services = {p.service for e in held.actions if (p := parse_action(e.known or ""))}
    actions = [name for service in sorted(services) for name in _tagging(context.catalog, service)]
    spend(len(policy.statements))
    for other in policy.statements:
        if (
            other is held
            or not other.allows
            or remember(other, _minds_tags)
            or _grants_all(other, held)
        ):
            continue
        for action in actions:
            granted = statement_grants(other, action) is Truth.YES
            if granted and _meets(other, held) and not is_denied(policy, action):
                yield other, action


@lru_cache(maxsize=512)
def _tagging(catalog: Catalog, service: str) -> tuple[str, ...]:
    """Return the actions of a service that put tags on what exists."""
    known = None if is_wild(service) else catalog.service(service)
    return tuple(
        f"{service}:{action.name}"
        for action in (known.actions.values() if known else ())
        if action.access_level is AccessLevel.TAGGING
        and not action.name.lower().startswith(_REMOVING)
    )


def _minds_tags(statement: Statement) -> bool:
    """Return whether a condition of any sort holds the tagging back; quiet when in doubt."""
    return "Condition" in statement.opaque or any(
        restricts(c) or c.name == "aws:tagkeys" or c.negated for c in statement.conditions
    )


def _grants_all(other: Statement, held: Statement) -> bool:
    """Return whether the other statement gives the same anyway, so that nothing is gained by a tag."""
    return all(statement_grants(other, e.known or "") is Truth.YES for e in held.actions)


def _meets(other: Statement, held: Statement) -> bool:
    return any(
        statement_covers_resource(other, entry.pattern) is not Truth.NO for entry in held.resources
    )


_REMOVING = ("untag", "remove", "delete")


RULE = Rule(
    name="changeable-access-tag",
    family=Family.CONDITIONS,
    module=__name__,
    summary="access depends on a tag that the same principal can set on any resource",
    severity=Severity.WARNING,
    profile=Profile.STRICT,
    confidence=Confidence.MEDIUM,
    security_severity=5.4,
    cwe=863,
    kinds=frozenset({Kind.IDENTITY}),
    advice="limit the tagging action to the same tag: `aws:RequestTag` and `aws:ResourceTag`, or `aws:TagKeys`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html",
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html",
    ),
    when=("Allow", "key *:resourcetag/*"),
    check_policy=check,
    bad=(
        bad(
            "instances of a team, and any tag on any instance",
            """
            {Version: "2012-10-17", Statement: [
              {
                Effect: "Allow",
                Action: ["ec2:StartInstances", "ec2:StopInstances"],
                Resource: "*",
                Condition: {StringEquals: {
                  "aws:ResourceTag/team": "shop", //!
                }},
              },
              {Effect: "Allow", Action: "ec2:CreateTags", Resource: "*"},
            ]}""",
            kind=Kind.IDENTITY,
        ),
        bad(
            "the key of the service, and a pattern over its actions",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: ["secretsmanager:Tag*", "secretsmanager:List*"], Resource: "*"},
              {
                Effect: "Allow",
                Action: "secretsmanager:GetSecretValue",
                Resource: "*",
                Condition: {StringEquals: {
                  "secretsmanager:ResourceTag/team": "${aws:PrincipalTag/team}", //!
                }},
              },
            ]}""",
            kind=Kind.IDENTITY,
        ),
    ),
    good=(
        good(
            "tags only while creating",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "ec2:StopInstances", Resource: "*", Condition: {StringEquals: {"aws:ResourceTag/team": "shop"}}},
              {Effect: "Allow", Action: "ec2:CreateTags", Resource: "*", Condition: {StringEquals: {"ec2:CreateAction": "RunInstances"}}},
            ]}""",
            kind=Kind.IDENTITY,
        ),
        good(
            "a Deny of the tag",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "ec2:StopInstances", Resource: "*", Condition: {StringEquals: {"aws:ResourceTag/team": "shop"}}},
              {Effect: "Allow", Action: "ec2:CreateTags", Resource: "*"},
              {Effect: "Deny", Action: "ec2:CreateTags", Resource: "*"},
            ]}""",
            kind=Kind.IDENTITY,
        ),
        good(
            "tags of other resources",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "ec2:StopInstances", Resource: "arn:aws:ec2:*:*:instance/*", Condition: {StringEquals: {"aws:ResourceTag/team": "shop"}}},
              {Effect: "Allow", Action: "ec2:CreateTags", Resource: "arn:aws:ec2:*:*:volume/*"},
            ]}""",
            kind=Kind.IDENTITY,
        ),
        good(
            "only the tag",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {StringEquals: {"aws:ResourceTag/team": "shop"}},
            }""",
            kind=Kind.IDENTITY,
        ),
    ),
)
