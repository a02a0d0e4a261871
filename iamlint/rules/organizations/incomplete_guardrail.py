"""Flags policies that limit others and protect something from one action, not from its sibling.

If a boundary cannot be deleted but replaced, a principal puts a weaker one in its place, and a trail
that cannot be stopped ends when it is deleted. The pairs are those that AWS denies together in its own
examples, or documents as two ways to the same effect. If only an action that weakens the protection is left, it is a note.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.grants.grants import Truth, grants, statement_grants
from iamlint.policy.action import parse_action
from iamlint.policy.grammar import Kind
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.catalog import Catalog
    from iamlint.policy.model import Entry, Policy, Statement

_GUIDE: Final = (
    "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples"
)
_CONTROLS: Final = (
    "https://docs.aws.amazon.com/controltower/latest/controlreference/mandatory-controls.html"
)

_FEW: Final = 5
"""Actions of a pattern that is about one thing; `iam:Delete*` is about many."""


@dataclass(frozen=True, slots=True)
class Guardrail:
    """What a Deny of one of the actions `meant` protects, and the actions that undo or weaken it."""

    protects: str
    meant: tuple[str, ...]
    undone_by: tuple[str, ...]
    source: str
    weakened_by: tuple[str, ...] = ()

    @property
    def service(self) -> str:
        return self.meant[0].partition(":")[0]


def _of_either(protects: str, actions: tuple[str, ...], source: str, *weaker: str) -> Guardrail:
    """Return a guardrail that each of the actions undoes."""
    return Guardrail(protects, actions, actions, source, weaker)


GUARDRAILS: Final = (
    _of_either(
        "the boundaries of roles",
        ("iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary"),
        f"{_GUIDE}_general.html",
    ),
    _of_either(
        "the boundaries of users",
        ("iam:DeleteUserPermissionsBoundary", "iam:PutUserPermissionsBoundary"),
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
    ),
    _of_either(
        "trails",
        ("cloudtrail:StopLogging", "cloudtrail:DeleteTrail"),
        _CONTROLS,
        "cloudtrail:UpdateTrail",
        "cloudtrail:PutEventSelectors",
    ),
    _of_either(
        "the recorder of AWS Config",
        ("config:StopConfigurationRecorder", "config:DeleteConfigurationRecorder"),
        f"{_GUIDE}_config.html",
    ),
    _of_either(
        "GuardDuty",
        ("guardduty:DeleteDetector", "guardduty:UpdateDetector"),
        f"{_GUIDE}_guardduty.html",
    ),
    _of_either(
        "Macie",
        ("macie2:DisableMacie", "macie2:UpdateMacieSession"),
        "https://docs.aws.amazon.com/macie/latest/user/macie-suspend-disable.html",
    ),
    _of_either(
        "alarms",
        ("cloudwatch:DeleteAlarms", "cloudwatch:DisableAlarmActions"),
        f"{_GUIDE}_cloudwatch.html",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:SetAlarmState",
    ),
    # A rule can be deleted only after its targets were removed:
    # https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteRule.html
    Guardrail(
        "rules of EventBridge",
        ("events:DeleteRule", "events:DisableRule", "events:RemoveTargets"),
        ("events:DisableRule", "events:RemoveTargets"),
        _CONTROLS,
        ("events:PutRule", "events:PutTargets"),
    ),
    Guardrail(
        "log groups",
        ("logs:DeleteLogGroup", "logs:DeleteLogStream"),
        ("logs:DeleteLogGroup",),
        f"{_GUIDE}_vpc.html",
        ("logs:DeleteLogStream",),
    ),
)


def check(policy: Policy, context: RuleContext) -> Iterator[Hit]:
    denies = [statement for statement in policy.statements if statement.denies]
    services = {_service(entry) for deny in denies for entry in deny.actions}
    for guardrail in GUARDRAILS:
        if guardrail.service not in services:
            continue
        meant = next(
            (entry for deny in denies for entry in _meant(guardrail, deny, context.catalog)), None
        )
        missing = [action for action in guardrail.undone_by if _is_left(action, policy)]
        weaker = [action for action in guardrail.weakened_by if _is_left(action, policy)]
        # AWS's tutorial forbids to update trails, and leaves the selectors of events.
        is_weak = bool(weaker) and len(weaker) == len(guardrail.weakened_by)
        if meant is not None and (missing or is_weak):
            yield _hit(guardrail, meant, missing, weaker)


def _hit(guardrail: Guardrail, meant: Entry, missing: list[str], weaker: list[str]) -> Hit:
    names = " and ".join(f"`{action}`" for action in missing or weaker)
    effect = "which has the same effect" if missing else "which can make them useless"
    return Hit(
        meant.at,
        f"this Deny protects {guardrail.protects} from `{meant.text}`, but not from {names}, {effect}",
        help=f"deny {', '.join(f'`{action}`' for action in missing + weaker)} too",
        severity=None if missing else Severity.NOTE,
    )


def _meant(guardrail: Guardrail, deny: Statement, catalog: Catalog) -> Iterator[Entry]:
    """Yield the entries of a Deny that name one of the actions, and few others."""
    for entry in deny.actions:
        pattern = parse_action(entry.known or "")
        if pattern is None or pattern.service != guardrail.service:
            continue
        if any(map(pattern.matches, guardrail.meant)) and len(catalog.expand(str(pattern))) <= _FEW:
            yield entry


def _is_left(action: str, policy: Policy) -> bool:
    """Return whether no Deny is about an action, and no list of Allows leaves it out.

    A Deny under conditions counts. One of nearly everything does not, such as a lock of regions.
    A boundary has to allow the action without a condition, which often demands one boundary.
    """
    for statement in policy.statements:
        if statement.denies and statement_grants(statement, action) is not Truth.NO:
            is_of_all = statement.not_action is not None or _names_all_services(statement, action)
            if not (is_of_all and statement.conditions):
                return False
    if policy.kind is Kind.BOUNDARY:
        return grants(policy, action).answer is Truth.YES
    allows = any(not statement.denies for statement in policy.statements)
    return not allows or bool(grants(policy, action))


def _names_all_services(statement: Statement, action: str) -> bool:
    """Return whether a statement names an action only by a pattern of services."""
    patterns = [parse_action(entry.known or "") for entry in statement.actions]
    return statement.action is not None and all(
        pattern is not None and (is_wild(pattern.service) or not pattern.matches(action))
        for pattern in patterns
    )


def _service(entry: Entry) -> str:
    return (entry.known or "").partition(":")[0].lower()


RULE = Rule(
    name="incomplete-guardrail",
    family=Family.ORGANIZATIONS,
    module=__name__,
    summary="a policy that limits others denies an action, and leaves one that has the same effect",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=5.0,
    cwe=693,
    kinds=frozenset({Kind.SCP, Kind.BOUNDARY}),
    advice="deny the other actions too",
    sources=tuple(dict.fromkeys(guardrail.source for guardrail in GUARDRAILS)),
    when=("Deny", "Action"),
    check_policy=check,
    bad=(
        bad(
            "a boundary can be replaced",
            """
            {
              Effect: "Deny", Resource: "*",
              Action: [
                "iam:DeleteRolePermissionsBoundary", //!
                "iam:DeleteUser",
              ],
              Condition: {ArnNotLike: {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}},
            }""",
            kind=Kind.SCP,
        ),
        bad(
            "a trail can be deleted, although regions are limited",
            """
            {Version: "2012-10-17", Statement: [
              {
                Effect: "Deny", Resource: "*",
                Action: "cloudtrail:Stop*", //!
              },
              {
                Effect: "Deny", NotAction: "iam:*", Resource: "*",
                Condition: {StringNotEquals: {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}},
              },
            ]}""",
            kind=Kind.SCP,
        ),
        bad(
            "a trail can be sent to another bucket",
            """
            {
              Effect: "Deny", Resource: "*",
              Action: [
                "cloudtrail:DeleteTrail", //!
                "cloudtrail:StopLogging",
              ],
            }""",
            kind=Kind.SCP,
        ),
        bad(
            "a detector can be suspended",
            """
            {
              Effect: "Deny", Resource: "*",
              Action: [
                "organizations:LeaveOrganization",
                "guardduty:DeleteDetector", //!
              ],
            }""",
            kind=Kind.SCP,
        ),
        bad(
            "Macie can be suspended",
            """
            {
              Effect: "Deny", Resource: "*",
              Action: "macie2:DisableMacie", //!
              Condition: {ArnNotLike: {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}},
            }""",
            kind=Kind.SCP,
        ),
        bad(
            "a boundary that allows the rest",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "*", Resource: "*"},
              {
                Effect: "Deny", Resource: "*",
                Action: "iam:DeleteUserPermissionsBoundary", //!
              },
            ]}""",
            kind=Kind.BOUNDARY,
        ),
    ),
    good=(
        good(
            "AWS's example for a boundary: users get this one only",
            """
            {Version: "2012-10-17", Statement: [
              {
                Effect: "Allow", Action: ["iam:CreateUser", "iam:PutUserPermissionsBoundary"], Resource: "*",
                Condition: {StringEquals: {"iam:PermissionsBoundary": "arn:aws:iam::111122223333:policy/fence"}},
              },
              {Effect: "Deny", Action: "iam:DeleteUserPermissionsBoundary", Resource: "*"},
            ]}""",
            kind=Kind.BOUNDARY,
        ),
        good(
            "AWS's example for the roles of administrators",
            """
            {
              Effect: "Deny", Resource: "arn:aws:iam::*:role/admin",
              Action: [
                "iam:AttachRolePolicy", "iam:DeleteRole", "iam:DeleteRolePermissionsBoundary",
                "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:PutRolePermissionsBoundary",
                "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole",
                "iam:UpdateRoleDescription",
              ],
            }""",
            kind=Kind.SCP,
        ),
        good(
            "AWS's tutorial",
            """
            {
              Effect: "Deny", Resource: "*",
              Action: [
                "cloudtrail:AddTags", "cloudtrail:CreateTrail", "cloudtrail:DeleteTrail",
                "cloudtrail:RemoveTags", "cloudtrail:StartLogging", "cloudtrail:StopLogging",
                "cloudtrail:UpdateTrail",
              ],
            }""",
            kind=Kind.SCP,
        ),
        good(
            "AWS's example for AWS Config",
            """
            {
              Effect: "Deny", Resource: "*",
              Action: [
                "config:DeleteConfigRule", "config:DeleteConfigurationRecorder",
                "config:DeleteDeliveryChannel", "config:StopConfigurationRecorder",
              ],
            }""",
            kind=Kind.SCP,
        ),
        good(
            "Macie can be neither disabled nor suspended",
            """
            {Effect: "Deny", Action: ["macie2:Disable*", "macie2:UpdateMacieSession"], Resource: "*"}""",
            kind=Kind.SCP,
        ),
        good(
            "another statement allows only one boundary",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Deny", Action: "iam:DeleteUserPermissionsBoundary", Resource: "*"},
              {
                Effect: "Deny", Action: ["iam:CreateUser", "iam:PutUserPermissionsBoundary"], Resource: "*",
                Condition: {StringNotLike: {"iam:PermissionsBoundary": "arn:aws:iam::*:policy/fence"}},
              },
            ]}""",
            kind=Kind.SCP,
        ),
        good(
            "a list of Allows leaves the other action out",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: ["ec2:*", "cloudtrail:StopLogging"], Resource: "*"},
              {Effect: "Deny", Action: "cloudtrail:StopLogging", Resource: "*"},
            ]}""",
            kind=Kind.SCP,
        ),
        good(
            "all writing is denied, by pattern",
            """
            {Effect: "Deny", Action: ["iam:Create*", "iam:Delete*", "config:Delete*"], Resource: "*"}""",
            kind=Kind.SCP,
        ),
        good(
            "an identity may not be allowed the other action",
            """
            {Effect: "Deny", Action: "cloudtrail:StopLogging", Resource: "*"}""",
        ),
    ),
)
