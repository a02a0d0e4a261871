"""Flags grants of every action, or every action of a service, on some resources.

Such a grant includes deleting the resource, changing who has access to it, and actions that AWS adds
later. Resource policies are reported too: the principals get all of that on this resource. The rule
skips the account that owns the resource, which default policies of AWS name in this way, and
services whose actions are all of one sort, such as the use of an API.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.grants.grants import is_denied
from iamlint.policy.arn import account_of, parse_arn
from iamlint.policy.grammar import Kind, PrincipalType
from iamlint.rule import (
    Confidence,
    Family,
    Hit,
    Note,
    OwnAccounts,
    Profile,
    Rule,
    Severity,
    bad,
    good,
)
from iamlint.rules.breadth._reach import (
    every_resource,
    exceptions_of_denies,
    is_left_whole,
    is_whole_service,
    names_every_action,
    narrowing,
)
from iamlint.rules.exposure._owners import is_foreign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Entry, Principal, Statement
    from iamlint.rule import RuleContext

_FUNCTION: Final = "AWS::Lambda::Function"
"""`function-permission-beyond-invoke` reports more about these."""


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    found = [entry for entry in statement.actions if names_every_action(entry)]
    if not found or not statement.allows or narrowing(statement) or _has_unknown(statement):
        return
    grants = _on_this_resource if context.policy.kind is Kind.RESOURCE else _on_some_resources
    wide = [entry for entry in found if grants(entry, statement, context)]
    if not wide:
        return
    first, *others = wide
    who = _who(statement, context)
    yield Hit(
        first.at,
        f"`{first.text}` grants {who} every action{' of the service' * bool(is_whole_service(first))} on "
        + ("this resource" if statement.principal else "these resources")
        + ", also those that AWS adds later",
        related=tuple(Note(entry.at, f"`{entry.text}` does the same") for entry in others),
    )


def _has_unknown(statement: Statement) -> bool:
    return statement.has_more_conditions or "Condition" in statement.opaque


def _on_some_resources(entry: Entry, statement: Statement, context: RuleContext) -> bool:
    """Return whether an identity policy grants an entry in whole on resources that it lists."""
    service = is_whole_service(entry)
    if every_resource(statement, service or "*") or not any(
        parse_arn(one.pattern) for one in statement.resources
    ):
        return False  # Other rules report every resource.
    return _is_wide(entry, context) and any(
        not is_denied(context.policy, f"{service}:*" if service else "*", one.pattern)
        for one in statement.resources
    )


def _on_this_resource(entry: Entry, statement: Statement, context: RuleContext) -> bool:
    """Return whether a resource policy grants an entry in whole to more than the owner."""
    if context.resource_type == _FUNCTION or not _is_wide(entry, context):
        return False
    return any(not _is_owner(one, context) for one in statement.principals)


def _is_owner(principal: Principal, context: RuleContext) -> bool:
    """Return whether a principal is the account of the resource; it is not if it may be foreign."""
    if principal.type is not PrincipalType.AWS:
        return False
    text = principal.entry.pattern
    arn = parse_arn(text)
    if arn is not None and arn.resource != "root":
        return False
    account = account_of(text)
    return not principal.is_everyone and not (account and is_foreign(account, context))


def _is_wide(entry: Entry, context: RuleContext) -> bool:
    """Return whether the actions are of several sorts, and no Deny leaves but a list of them."""
    service = is_whole_service(entry)
    if not service:
        return not any(exceptions_of_denies(context.policy))
    known = context.catalog.service(service)
    levels = {action.access_level for action in known.actions.values()} if known else ()
    return len(levels) > 1 and is_left_whole(context.policy, service)


def _who(statement: Statement, context: RuleContext) -> str:
    if statement.principal is None:
        return "the principal"
    one = next(one for one in statement.principals if not _is_owner(one, context))
    return "everyone" if one.is_everyone else f"`{one.text}`"


RULE = Rule(
    name="every-action-on-resource",
    family=Family.BREADTH,
    module=__name__,
    summary="the policy grants every action, or all of a service, on some resources",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    profile=Profile.STRICT,
    security_severity=4.0,
    cwe=250,
    kinds=frozenset({Kind.IDENTITY, Kind.RESOURCE}),
    implies=frozenset({Family.BREADTH}),
    advice="list the actions that are needed; `iamlint expand` shows the actions of a pattern",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
        "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html",
    ),
    when=("Allow", "every action"),
    check=check,
    bad=(
        bad(
            "all of S3 on one bucket",
            """
            {
              Effect: "Allow",
              Action: "s3:*", //!
              Resource: ["arn:aws:s3:::shelf", "arn:aws:s3:::shelf/*"],
            }""",
        ),
        bad(
            "every action on a table",
            """
            {
              Effect: "Allow",
              Action: [
                "dynamodb:GetItem",
                "*", //!
              ],
              Resource: "arn:aws:dynamodb:eu-west-1:111122223333:table/cart",
            }""",
        ),
        bad(
            "all of SQS for one role, in the policy of a queue",
            """
            {
              Effect: "Allow", Principal: {AWS: "arn:aws:iam::111122223333:role/app"},
              Action: "SQS:*", //!
              Resource: "arn:aws:sqs:eu-west-1:111122223333:jobs",
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "another account beside the owner of a key",
            """
            {
              Effect: "Allow",
              Principal: {AWS: ["arn:aws:iam::111122223333:root", "arn:aws:iam::999988887777:root"]},
              Action: "kms:*", //!
              Resource: "*",
            }""",
            kind=Kind.RESOURCE,
            home=OwnAccounts(account="111122223333"),
        ),
    ),
    good=(
        good(
            "the default policy of a key",
            """
            {
              Effect: "Allow", Principal: {AWS: "arn:aws:iam::111122223333:root"},
              Action: "kms:*", Resource: "*",
            }""",
            kind=Kind.RESOURCE,
            resource_type="AWS::KMS::Key",
        ),
        good(
            "the statement of the owner that the console writes for a queue",
            """
            {
              Effect: "Allow", Principal: {AWS: "111122223333"}, Action: "SQS:*",
              Resource: "arn:aws:sqs:eu-west-1:111122223333:jobs",
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "all ways to call an API are one sort of action",
            """
            {
              Effect: "Allow", Principal: {AWS: "arn:aws:iam::111122223333:role/app"},
              Action: "execute-api:*", Resource: "execute-api:/*",
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "a list of actions",
            """
            {
              Effect: "Allow", Action: ["s3:GetObject*", "s3:PutObject"],
              Resource: "arn:aws:s3:::shelf/*",
            }""",
        ),
        good(
            "a Deny of every action",
            """
            {
              Effect: "Deny", Principal: "*", Action: "s3:*",
              Resource: ["arn:aws:s3:::shelf", "arn:aws:s3:::shelf/*"],
              Condition: {Bool: {"aws:SecureTransport": "false"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "another rule reports every resource",
            """
            {Effect: "Allow", Action: "s3:*", Resource: "arn:aws:s3:::*"}""",
        ),
    ),
)
