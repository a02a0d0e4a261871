"""Flags actions whose requests never carry the key of a condition, beside others that do.

Only requests for `iam:PassRole` carry `iam:PassedToService`, and only requests to list a bucket
carry `s3:prefix`. A request for another action of the statement lacks the key: an `Allow` that needs
it never allows the action, and a `Deny` never denies it. A `Deny` with a negated operator always
denies it, because an absent key does not have the value.

A request may be about several resources, and AWS checks each of them with keys of its own. A request
to start an instance carries `ec2:InstanceType` for the instance, and not for the image and the subnet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.catalog import AccessLevel
from iamlint.policy.action import parse_action
from iamlint.policy.grammar import Kind
from iamlint.policy.steps import spend
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Confidence, Family, Hit, Note, Rule, RuleContext, Severity, bad, good
from iamlint.rules.actions._lacking import KeyOfSome, Lack, asking_in, lack_of
from iamlint.rules.actions._named import CHECKS, REFERENCE, written_actions
from iamlint.rules.resources._judgement import arns_of
from iamlint.rules.resources._templates import fits, templates_of_action

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.catalog import Catalog
    from iamlint.policy.action import ActionPattern
    from iamlint.policy.model import Entry, Statement
    from iamlint.rules.resources._templates import PreparedArn

_READING: Final = frozenset({AccessLevel.LIST, AccessLevel.READ})
_WELL_LISTED: Final = frozenset(
    {
        *("cloudformation", "dynamodb", "ec2", "ecs", "elasticloadbalancing", "iam", "kms"),
        *("lambda", "rds", "s3", "secretsmanager", "sns", "sqs", "sts"),
    }
)
# Which keys AWS's validator looks at is not published, and in practice it passes most.
_VALIDATED: Final = {
    "ec2:createaction": "ec2:createtags",
    "iam:awsservicename": "iam:createservicelinkedrole",
    "iam:passedtoservice": "iam:passrole",
    "sts:externalid": "sts:assumerole",
}


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if statement.effect is None or not statement.actions or not statement.conditions:
        return
    asking = list(asking_in(statement, context))
    if not asking:
        return
    found = _lacks(statement, asking)
    lacking = [pattern for pattern, lack in found.values() if lack]
    if not lacking:
        return
    idle = _idle_resources(statement, found.values(), context.catalog)
    for entry in statement.actions:
        pattern, lack = found.get(entry.text, (None, None))
        if pattern is None or lack is None:
            continue
        severity = _severity(pattern, lack, statement, idle, context.catalog)
        if severity is not None:
            yield _hit(entry, lack, severity)


def _lacks(
    statement: Statement, asking: list[KeyOfSome]
) -> dict[str, tuple[ActionPattern, Lack | None]]:
    """Return what each entry of `Action` names, and what follows from the first of the conditions."""
    found: dict[str, tuple[ActionPattern, Lack | None]] = {}
    for _, text in written_actions(statement):
        pattern = parse_action(text)
        if pattern is not None and text not in found:
            lacks = (lack_of(pattern, text, one) for one in asking)
            found[text] = pattern, next((lack for lack in lacks if lack), None)
    return found


def _idle_resources(
    statement: Statement, found: Iterable[tuple[ActionPattern, Lack | None]], catalog: Catalog
) -> list[PreparedArn]:
    """Return the resources for which only actions are named whose requests lack the key."""
    arns = list(arns_of(statement, catalog))
    for pattern, lack in found if arns else ():
        if lack is None:
            arns = [arn for arn in arns if not _applies(pattern, arn, catalog)]
    return arns


def _applies(pattern: ActionPattern, arn: PreparedArn, catalog: Catalog) -> bool:
    actions = () if is_wild(pattern.service) else catalog.expand(str(pattern))
    spend(len(actions))
    return not actions or any(
        fits(made, arn)
        for action in actions
        for made in templates_of_action(catalog, action.full_name)
    )


def _severity(
    pattern: ActionPattern,
    lack: Lack,
    statement: Statement,
    idle: list[PreparedArn],
    catalog: Catalog,
) -> Severity | None:
    """Return how bad it is; None where a list is merely longer than it needs to be.

    An Allow that never allows an action is a note: another policy may allow it, and AWS's own
    examples name actions that only read beside the one that a key is about.
    """
    if lack.types or not lack.condition.needs_key:
        return Severity.NOTE if statement.allows else Severity.WARNING
    actions = catalog.expand(str(pattern))
    own = f"{pattern.service}:"
    # The reference of a service that is not as widely used lacks the keys of some actions.
    is_listed = pattern.service in _WELL_LISTED or any(
        key.startswith(own) for action in actions for key in catalog.keys_of(action)
    )
    is_own = lack.condition.name.startswith(own) and is_listed
    if statement.denies:
        return Severity.WARNING if is_own else None
    is_validated = _is_validated(lack, statement) and not is_wild(pattern.name)
    reads = all(action.access_level in _READING for action in actions)
    if is_validated and not reads:
        return Severity.ERROR
    if any(_applies(pattern, arn, catalog) for arn in idle):
        return Severity.WARNING
    is_meant = (is_own or is_validated) and not is_wild(pattern.name)
    return Severity.NOTE if is_meant else None


def _is_validated(lack: Lack, statement: Statement) -> bool:
    owner = _VALIDATED.get(lack.condition.name)
    return owner is not None and any(_names(other, owner) for other in statement.actions)


def _hit(entry: Entry, lack: Lack, severity: Severity) -> Hit:
    return Hit(
        entry.at,
        lack.message,
        help=lack.help,
        related=(Note(lack.condition.at, "the condition on this key"),),
        severity=severity,
        access_analyzer=None if severity is Severity.ERROR else "",
    )


def _names(entry: Entry, action: str) -> bool:
    pattern = parse_action(entry.known or "")
    return pattern is not None and pattern.matches(action)


RULE = Rule(
    name="action-without-condition-key",
    family=Family.ACTIONS,
    module=__name__,
    summary="requests for the action never carry the key of a condition, so the statement never or always applies to it",
    severity=Severity.ERROR,
    confidence=Confidence.MEDIUM,
    access_analyzer=("UNSUPPORTED_ACTION_FOR_CONDITION_KEY",),
    advice="move the action to a statement without the condition",
    sources=(
        CHECKS,
        REFERENCE,
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
    ),
    when=("Allow | Deny", "Action", "key of some requests"),
    check=check,
    bad=(
        bad(
            "starting an instance carries no passed service",
            """
            {Effect: "Allow", Resource: "*", Action: [
              "iam:PassRole",
              "ec2:RunInstances", //!
            ], Condition: {StringEquals: {"iam:PassedToService": "ec2.amazonaws.com"}}}""",
        ),
        bad(
            "a session of a federated user has no external id",
            """
            {Effect: "Allow", Resource: "*", Action: [
              "sts:AssumeRole",
              "sts:GetFederationToken", //!
            ], Condition: {StringEquals: {"sts:ExternalId": "x"}}}""",
        ),
        bad(
            "reading carries no prefix",
            """
            {Effect: "Allow", Resource: ["arn:aws:s3:::shelf", "arn:aws:s3:::shelf/*"], Action: [
              "s3:ListBucket",
              "s3:GetObject", //!
            ], Condition: {StringLike: {"s3:prefix": "home/*"}}}""",
            access_analyzer="",
        ),
        bad(
            "a Deny that leaves reading open",
            """
            {Effect: "Deny", Resource: "*", Action: [
              "s3:ListBucket",
              "s3:Get*", //!
            ], Condition: {StringLike: {"s3:prefix": "secret/*"}}}""",
            access_analyzer="",
        ),
        bad(
            "the image and the subnet of an instance have no tags of the request",
            """
            {Effect: "Allow", Resource: "*",
              Action: "ec2:RunInstances", //!
              Condition: {StringEquals: {"aws:RequestTag/team": "shop"}},
            }""",
            access_analyzer="",
        ),
        bad(
            "no instance can be started: images have no instance type",
            """
            {Effect: "Deny", Resource: "*",
              Action: "ec2:RunInstances", //!
              Condition: {StringNotEquals: {"ec2:InstanceType": "t3.micro"}},
            }""",
            kind=Kind.SCP,
            access_analyzer="",
        ),
        bad(
            "most of what EC2 does is not about instances",
            """
            {Effect: "Deny", Resource: "*",
              Action: "ec2:*", //!
              Condition: {StringNotEquals: {"ec2:InstanceType": ["t3.micro", "t3.small"]}},
            }""",
            kind=Kind.SCP,
            access_analyzer="",
        ),
    ),
    good=(
        good(
            "only the action that carries the key",
            """
            {Effect: "Allow", Action: "iam:PassRole", Resource: "*", Condition: {
              StringEquals: {"iam:PassedToService": "ec2.amazonaws.com"},
            }}""",
        ),
        good(
            "IfExists lets the others pass",
            """
            {Effect: "Allow", Action: ["iam:PassRole", "ec2:RunInstances"], Resource: "*",
              Condition: {StringEqualsIfExists: {"iam:PassedToService": "ec2.amazonaws.com"}}}""",
        ),
        good(
            "a pattern that includes an action with the key",
            """
            {Effect: "Allow", Action: ["iam:PassRole", "s3:*"], Resource: "*", Condition: {
              StringLike: {"s3:prefix": "home/*"},
            }}""",
        ),
        good(
            "tagging a session needs its own action in the same request",
            """
            {Effect: "Allow", Principal: {AWS: "123456789012"},
              Action: ["sts:AssumeRole", "sts:TagSession"],
              Condition: {StringEquals: {"sts:ExternalId": "x"}}}""",
            kind=Kind.TRUST,
        ),
        good(
            "another statement allows the image, the network and the subnet",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "ec2:RunInstances", Resource: "*", Condition: {
                StringEquals: {"aws:RequestTag/team": "shop"},
              }},
              {Effect: "Allow", Action: "ec2:RunInstances", Resource: [
                "arn:aws:ec2:*::image/*",
                "arn:aws:ec2:*:*:subnet/*",
                "arn:aws:ec2:*:*:security-group/*",
              ]},
            ]}""",
        ),
        good(
            "a Deny about instances alone",
            """
            {Effect: "Deny", Action: "ec2:RunInstances", Resource: "arn:aws:ec2:*:*:instance/*",
              Condition: {StringNotEquals: {"ec2:InstanceType": "t3.micro"}}}""",
            kind=Kind.SCP,
        ),
        good(
            "a Deny of one type on everything",
            """
            {Effect: "Deny", Action: "ec2:*", Resource: "*", Condition: {
              StringEquals: {"ec2:InstanceType": "p5.48xlarge"},
            }}""",
            kind=Kind.SCP,
        ),
        good(
            "a key that all requests to EC2 carry",
            """
            {Effect: "Deny", Action: "ec2:*", Resource: "*", Condition: {
              StringNotEquals: {"ec2:Region": "eu-west-1"},
            }}""",
            kind=Kind.SCP,
        ),
    ),
)
