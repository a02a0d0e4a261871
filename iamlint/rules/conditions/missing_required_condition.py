"""Flags grants that lack a condition which your organization demands.

The configuration lists in `[[require-condition]]` which actions need which keys, and why. A key
counts if a request without it fails, by the Allow or by a Deny, and if the condition does not
accept every value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.exempted import left_by_denies
from iamlint.grants.grants import Truth, is_denied, restricts, statement_grants
from iamlint.policy import wildcard
from iamlint.policy.action import parse_action
from iamlint.policy.grammar import Kind, OperatorFamily
from iamlint.rule import (
    Confidence,
    Family,
    Hit,
    Note,
    OwnAccounts,
    RequireCondition,
    Rule,
    RuleContext,
    Severity,
    bad,
    good,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.catalog import Catalog
    from iamlint.policy.at import At
    from iamlint.policy.model import Condition, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.allows or "Condition" in statement.opaque:
        return
    for demand in context.home.demands:
        found = list(_unmet(statement, demand, context))
        if not found:
            continue
        at, action, missing = found[0]
        keys = " and ".join(f"`{key}`" for key in missing)
        more = len({name for _, name, _ in found}) - 1
        others = f" and {more} more" if more else ""
        places = dict.fromkeys(place for place, _, _ in found if place != at)
        yield Hit(
            at,
            f"`{action}`{others} is granted without a condition on {keys}: {demand.reason}",
            help=f"add a condition on {keys} with the values that you allow",
            related=tuple(Note(place, "this entry lacks the condition too") for place in places),
            properties={"actions": [name for _, name, _ in found], "keys": list(missing)},
        )


def _unmet(
    statement: Statement, demand: RequireCondition, context: RuleContext
) -> Iterator[tuple[At, str, tuple[str, ...]]]:
    """Yield each action granted that lacks keys it can carry: where, which, and which keys."""
    for at, action in _granted(statement, demand, context.catalog):
        conditions = (*statement.conditions, *left_by_denies(context.policy, action))
        missing = tuple(
            key
            for key in demand.keys
            if _can_carry(action, key, context.catalog)
            and not any(_demands(condition, key) for condition in conditions)
        )
        if missing and not is_denied(context.policy, action):
            yield at, action, missing


def _granted(
    statement: Statement, demand: RequireCondition, catalog: Catalog
) -> Iterator[tuple[At, str]]:
    """Yield the actions that the demand and the statement have in common, where they are named."""
    for wanted in demand.actions:
        if statement.not_action is not None:
            for action in _names(wanted, catalog):
                if statement_grants(statement, action) is Truth.YES:
                    yield statement.not_action.at.of_key, action
        for entry in statement.actions:
            for action in _common(entry.known or "", wanted, catalog):
                yield entry.at, action


def _common(granted: str, wanted: str, catalog: Catalog) -> Iterator[str]:
    mine, theirs = parse_action(granted), parse_action(wanted)
    if mine is None or theirs is None or not mine.overlaps(theirs):
        return
    if not wildcard.is_wild(granted):
        yield granted
        return
    for action in _names(wanted, catalog):
        if mine.matches(action):
            yield action


def _names(wanted: str, catalog: Catalog) -> Iterator[str]:
    if not wildcard.is_wild(wanted):
        yield wanted
        return
    for action in catalog.expand(wanted):
        yield action.full_name


def _demands(condition: Condition, key: str) -> bool:
    if not wildcard.matches(key.lower(), condition.name) or not condition.needs_key:
        return False
    return condition.negated or condition.family is OperatorFamily.NULL or restricts(condition)


def _can_carry(action: str, key: str, catalog: Catalog) -> bool:
    """Return whether requests for the action can carry the key; global keys go with every request.

    A condition on a key that is never sent would take the grant away.
    """
    base = key.lower().partition("/")[0]
    fact = catalog.action(action)
    if fact is None or (base.startswith("aws:") and base not in _OF_SOME):
        return True
    return any(known.partition("/")[0] == base for known in catalog.keys_of(fact))


_OF_SOME = frozenset({"aws:requesttag", "aws:resourcetag", "aws:tagkeys"})
_HOME = OwnAccounts(
    demands=(
        RequireCondition(
            actions=("iam:PassRole",),
            keys=("iam:PassedToService",),
            reason="a role may be passed only to known services",
        ),
        RequireCondition(
            actions=("ec2:Create*", "ec2:RunInstances"),
            keys=("aws:RequestTag/team", "aws:RequestedRegion"),
            reason="new resources need a team tag, in a region of ours",
        ),
    )
)

RULE = Rule(
    name="missing-required-condition",
    family=Family.CONDITIONS,
    module=__name__,
    summary="a condition that your organization demands is missing",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=5.0,
    cwe=1220,
    kinds=frozenset({Kind.IDENTITY, Kind.RESOURCE, Kind.TRUST}),
    advice="add the condition that `[[require-condition]]` in the configuration demands",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#use-policy-conditions",
    ),
    when=("Allow", "own demands"),
    check=check,
    bad=(
        bad(
            "a role can be passed to any service",
            """
            {
              Effect: "Allow",
              Action: [
                "iam:GetRole",
                "iam:passrole", //!
              ],
              Resource: "arn:aws:iam::111122223333:role/web",
            }""",
            home=_HOME,
        ),
        bad(
            "a pattern includes the action, and any value passes",
            """
            {
              Effect: "Allow",
              Action: "iam:Pass*", //!
              Resource: "*",
              Condition: {StringLike: {"iam:PassedToService": "*"}},
            }""",
            home=_HOME,
        ),
        bad(
            "one of two keys is demanded, and a request may come without the other",
            """
            {
              Effect: "Allow",
              Action: "ec2:CreateVolume", //!
              Resource: "*",
              Condition: {
                StringEquals: {"aws:RequestedRegion": "eu-west-1"},
                StringEqualsIfExists: {"aws:RequestTag/team": "shop"},
              },
            }""",
            home=_HOME,
        ),
        bad(
            "`NotAction` includes the action",
            """
            {
              Effect: "Allow",
              NotAction: ["iam:Create*", "ec2:*"], //!
              Resource: "*",
            }""",
            home=_HOME,
        ),
    ),
    good=(
        good(
            "a condition names the service",
            """
            {
              Effect: "Allow",
              Action: "iam:PassRole",
              Resource: "*",
              Condition: {StringEquals: {"IAM:PassedToService": "ec2.amazonaws.com"}},
            }""",
            home=_HOME,
        ),
        good(
            "a Deny limits the service for all statements",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "iam:PassRole", Resource: "*"},
              {Effect: "Deny", Action: "iam:PassRole", Resource: "*", Condition: {
                StringNotEquals: {"iam:PassedToService": "ec2.amazonaws.com"},
              }},
            ]}""",
            home=_HOME,
        ),
        good(
            "a Deny blocks the action",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "iam:*", Resource: "*"},
              {Effect: "Deny", Action: "iam:Pass*", Resource: "*"},
            ]}""",
            home=_HOME,
        ),
        good(
            "the action never carries the tag of a request, and a condition names the region",
            """
            {
              Effect: "Allow",
              Action: "ec2:CreateDefaultSubnet",
              Resource: "*",
              Condition: {StringEquals: {"aws:RequestedRegion": "eu-west-1"}},
            }""",
            home=_HOME,
        ),
        good(
            "without `[[require-condition]]` nothing is missing",
            """{Effect: "Allow", Action: "iam:PassRole", Resource: "*"}""",
        ),
        good(
            "a Deny needs no condition",
            """{Effect: "Deny", Action: "iam:PassRole", Resource: "*"}""",
            home=_HOME,
        ),
    ),
)
