"""Flags principals that have all rights by an attached policy of AWS.

`AdministratorAccess` grants everything, and with `IAMFullAccess` a principal can give itself any
rights. No file contains the text of such a policy, so the finding is at the attachment. As a
permissions boundary, such a policy only limits, and grants nothing.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from iamlint.catalog.escalation import escalation
from iamlint.catalog.managed_policies import managed_policy
from iamlint.fast_dataclass import replace
from iamlint.grants.carried import as_carried
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy
from iamlint.rule import (
    AccountContext,
    AttachedPolicy,
    BesideContent,
    Confidence,
    Controls,
    Family,
    Hit,
    Rule,
    RuleContext,
    Severity,
    bad,
    good,
)
from iamlint.rules.escalation import self_escalation
from iamlint.rules.escalation._candidates import actions_in
from iamlint.rules.escalation._principals import who_have
from iamlint.rules.escalation._together import alone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Policy


def check(attached: AttachedPolicy, context: AccountContext) -> Iterator[Hit]:
    policy = _wide_policy(attached.name)
    if policy is None:
        return
    policy = as_carried(policy, context.catalog)
    beside = BesideContent(holders=attached.holders)
    asked = RuleContext(policy, context.catalog, context.home, None, beside)
    strongest = next(_as_inline(policy, asked), None)
    if strongest is not None:
        who = who_have([link.holder for link in attached.links])
        name = attached.name.rpartition("/")[2]
        yield replace(
            strongest,
            message=f"{who} `{name}`: {strongest.message}",
            related=(),
            properties={**strongest.properties, "policy": name},
            severity=Severity.NOTE
            if attached.name.startswith(_OF_SERVICES)
            else strongest.severity,
        )


def _as_inline(policy: Policy, context: RuleContext) -> Iterator[Hit]:
    """Yield what the same text is reported for in a file, the strongest first."""
    # Few policies of AWS are that wide.
    from iamlint.rules.breadth import allow_not_action, wildcard_admin  # noqa: PLC0415

    for statement in policy.statements:
        yield from wildcard_admin.check(statement, context)
    for hit in alone(self_escalation.NAME)(policy, context):
        if hit.severity is not Severity.NOTE:
            yield hit
    for statement in policy.statements:
        yield from allow_not_action.check(statement, context)


@lru_cache(maxsize=256)
def _wide_policy(name: str) -> Policy | None:
    """Return a policy that may grant all rights; most of AWS's do not, and need no parsing."""
    found = managed_policy(name)
    if found is None or actions_in(found.value).isdisjoint(_levers()):
        return None
    return parse_policy(found.value, Kind.IDENTITY)


def _levers() -> set[str]:
    """Return the actions by which a principal gives itself rights."""
    paths = (path for path in escalation().paths if path.rule == self_escalation.NAME)
    return {action for path in paths for need in path.needs for action in need}


# AWS writes these for the roles of its services, and its guides say to attach them.
_OF_SERVICES = "service-role/"

_ROLE = """
resource "aws_iam_role" "ci" {
  name               = "ci"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
"""
_ATTACHED = """
resource "aws_iam_role_policy_attachment" "ci" {
  role       = aws_iam_role.ci.name
  policy_arn = "arn:aws:iam::aws:policy/%s"%s
}
"""

RULE = Rule(
    name="attached-administrator-access",
    family=Family.ESCALATION,
    module=__name__,
    summary="an attached policy of AWS gives the principal all rights",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=9.5,
    cwe=250,
    kinds=frozenset({Kind.IDENTITY}),
    controls=Controls(cis=("1.16",), cis_7=("2.14",)),
    implies=frozenset({Family.HYGIENE}),
    advice="attach a policy with the actions that are needed",
    sources=(
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AdministratorAccess.html",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/IAMFullAccess.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    ),
    check_attachment=check,
    bad=(
        bad(
            "a role of a module",
            _ROLE + _ATTACHED % ("AdministratorAccess", " //!"),
            file="main.tf",
        ),
        bad(
            "a user who can attach any policy to itself",
            """
            Resources:
              Robin:
                Type: AWS::IAM::User
                Properties:
                  ManagedPolicyArns:
                    - arn:aws:iam::aws:policy/ReadOnlyAccess
                    - !Sub arn:${AWS::Partition}:iam::aws:policy/IAMFullAccess //!
            """,
            file="template.yaml",
        ),
        bad(
            "all rights but those of IAM are a note",
            _ROLE + _ATTACHED % ("PowerUserAccess", " //!"),
            file="main.tf",
        ),
    ),
    good=(
        good(
            "a permissions boundary grants nothing",
            _ROLE.replace(
                '"ci"\n  assume',
                '"ci"\n  permissions_boundary = "arn:aws:iam::aws:policy/AdministratorAccess"\n  assume',
            ),
            file="main.tf",
        ),
        good(
            "all of one service",
            _ROLE + _ATTACHED % ("AmazonS3FullAccess", ""),
            file="main.tf",
        ),
        good(
            "a policy of the account that has the name of one of AWS",
            _ROLE + (_ATTACHED % ("AdministratorAccess", "")).replace("::aws:", "::111122223333:"),
            file="main.tf",
        ),
    ),
)
