"""Actions for which AWS made a condition key that keeps them from being turned against the account.

State of 2026-11. Only keys that the action sends are listed; a test asks the catalog.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.grants.grants import Truth, denials, is_denied, restricts, statement_grants
from iamlint.policy.action import parse_action
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Entry, Policy, Statement


@dataclass(frozen=True, slots=True)
class Guard:
    """`risk` is what happens without a test of one of the `keys`; `advice` is the test to add."""

    actions: tuple[str, ...]
    keys: tuple[str, ...]
    risk: str
    advice: str
    gravity: float
    source: str

    @property
    def service(self) -> str:
        return self.actions[0].partition(":")[0]


GUARDS: Final = (
    Guard(
        ("sts:AssumeRoot",),
        ("sts:TaskPolicyArn",),
        "the caller can do every task as the root user of a member account",
        '"ArnEquals": {"sts:TaskPolicyArn": "arn:aws:iam::aws:policy/root-task/…"}',
        6.4,
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-enable-root-access.html",
    ),
)
ADVISED: Final = (
    Guard(
        ("ram:CreateResourceShare", "ram:UpdateResourceShare"),
        ("ram:RequestedAllowsExternalPrincipals", "ram:AllowsExternalPrincipals"),
        "the caller can share resources with accounts outside the organization",
        '"Bool": {"ram:RequestedAllowsExternalPrincipals": "false"}',
        5.6,
        "https://docs.aws.amazon.com/ram/latest/userguide/iam-policies.html",
    ),
    Guard(
        ("lambda:AddPermission",),
        ("lambda:Principal", "lambda:FunctionUrlAuthType"),
        "the caller can open the function to anyone",
        '"StringEquals": {"lambda:Principal": "…"}',
        5.2,
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html",
    ),
    Guard(
        ("lambda:CreateFunctionUrlConfig", "lambda:UpdateFunctionUrlConfig"),
        ("lambda:FunctionUrlAuthType",),
        "the caller can give the function a URL that works without signing in",
        '"StringEquals": {"lambda:FunctionUrlAuthType": "AWS_IAM"}',
        5.2,
        "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
    ),
    Guard(
        ("kms:CreateGrant",),
        (
            "kms:GrantIsForAWSResource",
            "kms:GranteePrincipal",
            "kms:GranteeServicePrincipal",
            "kms:GrantOperations",
            "kms:GrantConstraintType",
            "kms:ViaService",
        ),
        "the caller can grant the use of the key to anyone",
        '"Bool": {"kms:GrantIsForAWSResource": "true"}',
        5.0,
        "https://docs.aws.amazon.com/kms/latest/developerguide/grant-authorization.html",
    ),
    Guard(
        ("iam:CreateServiceSpecificCredential",),
        ("iam:ServiceSpecificCredentialServiceName", "iam:ServiceSpecificCredentialAgeDays"),
        "the caller can create credentials that do not expire, for every service that supports them",
        '"StringEquals": {"iam:ServiceSpecificCredentialServiceName": "…"}',
        4.4,
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_service-specific-creds.html",
    ),
    Guard(
        ("sts:GetWebIdentityToken",),
        ("sts:IdentityTokenAudience",),
        "the caller can get tokens of this account for any audience",
        '"ForAnyValue:StringEquals": {"sts:IdentityTokenAudience": "…"}',
        3.6,
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound.html",
    ),
    Guard(
        ("ssm:StartSession",),
        ("ssm:SessionDocumentAccessCheck", "ssm:DocumentType", "ssm:DocumentCategories"),
        "the caller can start sessions with any document, including port forwarding",
        '"BoolIfExists": {"ssm:SessionDocumentAccessCheck": "true"}',
        3.8,
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-sessiondocumentaccesscheck.html",
    ),
    Guard(
        ("ec2:RunInstances",),
        ("ec2:MetadataHttpTokens",),
        "the caller can start instances whose metadata can be read without a token",
        '"StringEquals": {"ec2:MetadataHttpTokens": "required"}',
        3.4,
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html",
    ),
)


def find_unguarded(
    statement: Statement, policy: Policy, guards: tuple[Guard, ...]
) -> Iterator[Hit]:
    """Yield the actions that a statement names and lets pass without a test of their keys."""
    services = {guard.service for guard in guards}
    for entry in statement.actions:
        service = entry.text.partition(":")[0].lower()
        for guard in guards if service in services else ():
            if guard.service != service:
                continue
            action = next((a for a in guard.actions if _names(entry, a)), None)
            if action is None or _is_guarded(statement, policy, guard, action):
                continue
            yield Hit(
                entry.at,
                f"{guard.risk}: `{entry.text}` is allowed without a condition on `{guard.keys[0]}`",
                help=f"add `{guard.advice}`",
                security_severity=guard.gravity,
            )


def _names(entry: Entry, action: str) -> bool:
    """Return whether the action is named, maybe by a pattern; `kms:*` names more than this."""
    pattern = parse_action(entry.known or "")
    return (
        pattern is not None
        and not is_wild(pattern.service)
        and not is_wild(pattern.name[:3])
        and pattern.matches(action)
    )


def _is_guarded(statement: Statement, policy: Policy, guard: Guard, action: str) -> bool:
    keys = {key.lower() for key in guard.keys}
    if "Condition" in statement.opaque or is_denied(policy, action):
        return True
    if any(c.name in keys and (restricts(c) or c.if_exists) for c in statement.conditions):
        return True
    return any(
        statement_grants(deny, action) is Truth.YES
        and any(condition.name in keys for condition in deny.conditions)
        for deny in denials(policy).all
    )
