"""Flags actions in a resource policy that do not apply to the resource it is attached to.

The policy of a bucket controls who may use the bucket and its objects. An action of another
service, or one of the whole account, does nothing there, and most services reject the policy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.actions._named import CHECKS, named_actions
from iamlint.rules.resources._attached import ATTACHED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.catalog import Catalog
    from iamlint.policy.action import ActionPattern
    from iamlint.policy.model import Statement
    from iamlint.rules.resources._attached import Attached


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    attached = ATTACHED.get(context.resource_type or "")
    if attached is None or statement.action is None:
        return
    for entry, pattern in named_actions(statement):
        if _is_outside(pattern, attached, context.catalog):
            yield Hit(
                entry.at,
                f"`{entry.text}` has no effect here: it does not apply to resources of type `{context.resource_type}`",
            )


def _is_outside(pattern: ActionPattern, attached: Attached, catalog: Catalog) -> bool:
    if not catalog.has_service(pattern.service):
        return False
    actions = catalog.expand(str(pattern))
    if pattern.service != attached.service:
        return bool(actions)
    return bool(actions) and not any(
        use.name.lower() in attached.actions for action in actions for use in action.resource_types
    )


RULE = Rule(
    name="action-outside-resource-type",
    family=Family.ACTIONS,
    module=__name__,
    summary="the action does not apply to the resource that the policy is attached to",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("UNSUPPORTED_ACTION_IN_POLICY",),
    kinds=frozenset({Kind.RESOURCE}),
    advice="grant the action in an identity policy, or in the policy of a resource it applies to",
    sources=(
        CHECKS,
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html",
    ),
    when=("Action", " | ".join(f"on {one}" for one in ATTACHED)),
    check=check,
    of_use=True,
    bad=(
        bad(
            "an action of KMS in the policy of a bucket",
            """
            {Effect: "Allow", Principal: "*", Resource: "arn:aws:s3:::b/*", Action: [
              "s3:GetObject",
              "kms:Decrypt", //!
            ]}""",
            kind=Kind.RESOURCE,
            resource_type="AWS::S3::Bucket",
        ),
        bad(
            "an action of the whole account",
            """
            {Effect: "Allow", Principal: "*", Resource: "arn:aws:s3:::b",
              Action: "s3:ListAllMyBuckets", //!
            }""",
            kind=Kind.RESOURCE,
            resource_type="AWS::S3::Bucket",
        ),
        bad(
            "backups are not actions of a table's policy",
            """
            {Effect: "Deny", Principal: "*", Resource: "*", Action: [
              "dynamodb:Get*",
              "dynamodb:DescribeBackup", //!
            ]}""",
            kind=Kind.RESOURCE,
            resource_type="AWS::DynamoDB::Table",
        ),
    ),
    good=(
        good(
            "all actions of the service",
            """
            {Effect: "Allow", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::b/*"}""",
            kind=Kind.RESOURCE,
            resource_type="AWS::S3::Bucket",
        ),
        good(
            "it is not known which resource the policy is attached to",
            """
            {Effect: "Allow", Principal: "*", Action: "kms:Decrypt", Resource: "*"}""",
            kind=Kind.RESOURCE,
        ),
    ),
)
