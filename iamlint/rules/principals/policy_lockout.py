"""Flags resource policies that no principal can change or remove.

A Deny for everyone has priority over every Allow, also for administrators. Two Denies whose exceptions
cannot be met together have the same effect. The policy of a KMS key must itself allow a principal to
change it, since policies of IAM do not count without that.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

from iamlint.grants.apart import are_apart
from iamlint.grants.contradiction import contradicts
from iamlint.grants.exempted import opposite
from iamlint.grants.grants import (
    Truth,
    condition_always_holds,
    condition_can_hold,
    statement_grants,
)
from iamlint.policy.arn import account_of
from iamlint.policy.at import At
from iamlint.policy.grammar import Kind, PrincipalType
from iamlint.rule import (
    Confidence,
    Family,
    Hit,
    Note,
    OwnAccounts,
    Rule,
    RuleContext,
    Severity,
    bad,
    good,
)
from iamlint.rules.principals._changes import CHANGES, KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Policy, Principal, Statement
    from iamlint.rules.principals._changes import Changes

_KEY_POLICIES: Final = (
    "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html"
)
_MOST: Final = 20
"""Denies that are compared with each other; of more, some lock-outs go unseen."""


def check(policy: Policy, context: RuleContext) -> Iterator[Hit]:
    changes = CHANGES.get(context.resource_type or "")
    if changes is None:
        return
    severity = None if context.resource_type == KEY else Severity.WARNING
    blocked = [_blocking(policy, action, changes) for action in changes.actions]
    if all(blocked):
        first, *others = dict.fromkeys(deny for denies in blocked for deny in denies)
        yield Hit(
            (first.action_element or first).at,
            _message(others),
            help=f"exempt an administrator by `aws:PrincipalArn`; {changes.effect}",
            related=tuple(Note(deny.at, "this Deny belongs to it") for deny in others),
            severity=severity,
        )
    elif context.resource_type == KEY and context.is_whole and _is_closed(policy, context):
        yield Hit(
            At(()),
            "this key policy does not allow anyone `kms:PutKeyPolicy`, so the key cannot be managed",
            help=f"allow `kms:*` to the root of the account, as the default key policy does; {changes.effect}",
        )


def _message(others: list[Statement]) -> str:
    if others:
        return "no request escapes all of these Denies, so no user or role can change or remove this policy"
    return "this Deny applies to everyone, so no user or role can change or remove this policy"


def _blocking(policy: Policy, action: str, changes: Changes) -> tuple[Statement, ...]:
    """Return the Denies that together block an action for everyone; none if one is left out."""
    found: list[tuple[Statement, Condition]] = []
    for deny in policy.statements:
        if not _is_of_everyone(deny, changes) or statement_grants(deny, action) is not Truth.YES:
            continue
        tests = [c for c in deny.conditions if not condition_always_holds(c, policy)]
        if not tests:
            return (deny,)
        left = opposite(tests[0]) if len(tests) == 1 and not tests[0].quantifier else None
        if left is not None and len(found) < _MOST:
            found.append((deny, left))
    for (one, first), (other, second) in combinations(found, 2):
        if contradicts(first, second) or are_apart(first, second):
            return (one, other)
    return ()


def _is_of_everyone(deny: Statement, changes: Changes) -> bool:
    """Return whether a Deny is surely there, for everyone and on the resource itself."""
    if not deny.denies or deny.is_open or deny.has_more_conditions or deny.not_resource:
        return False
    if not any(principal.is_everyone for principal in deny.principals):
        return False
    texts = [entry.pattern for entry in deny.resources]
    return deny.resource is None or any(
        text == "*" or (text.startswith("arn:") and not any(p in text for p in changes.parts))
        for text in texts
    )


def _is_closed(policy: Policy, context: RuleContext) -> bool:
    """Return whether no Allow may be one for a principal of the account to change a key policy."""
    if not policy.statements or "Statement" in policy.opaque:
        return False
    return not any(_may_change(statement, policy, context) for statement in policy.statements)


def _may_change(statement: Statement, policy: Policy, context: RuleContext) -> bool:
    action = CHANGES[KEY].actions[0]
    if not statement.allows:
        return not statement.denies
    if statement_grants(statement, action) is Truth.NO:
        return False
    if not all(_may_hold(condition, policy, context) for condition in statement.conditions):
        return False
    if statement.principal is None or "Principal" in statement.opaque:
        return True
    return any(_may_be_own(principal, context.home) for principal in statement.principals)


def _may_hold(condition: Condition, policy: Policy, context: RuleContext) -> bool:
    action = context.catalog.action(CHANGES[KEY].actions[0])
    is_carried = action is None or context.catalog.may_carry(action, condition.key)
    return condition_can_hold(condition, policy) and (is_carried or not condition.needs_key)


def _may_be_own(principal: Principal, home: OwnAccounts) -> bool:
    """Return whether a principal may be of the account of the key, the only one that counts."""
    if principal.type is not PrincipalType.AWS:
        return False
    account = account_of(principal.text)
    return account is None or not home.is_known or home.trusts(account)


RULE = Rule(
    name="policy-lockout",
    family=Family.PRINCIPALS,
    module=__name__,
    summary="no principal can change or remove the policy of a resource",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    kinds=frozenset({Kind.RESOURCE}),
    advice="leave an administrator the right to change the policy",
    sources=(*dict.fromkeys(change.source for change in CHANGES.values()), _KEY_POLICIES),
    when=(" | ".join(f"on {one}" for one in CHANGES),),
    check_policy=check,
    bad=(
        bad(
            "a key that one role may use",
            """
            { //!
              Version: "2012-10-17",
              Statement: [{
                Effect: "Allow", Resource: "*",
                Principal: {AWS: "arn:aws:iam::111122223333:role/app"},
                Action: ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*"],
              }],
            }""",
            kind=Kind.RESOURCE,
            resource_type=KEY,
        ),
        bad(
            "only another account may change the key policy",
            """
            { //!
              Version: "2012-10-17",
              Statement: [
                {Effect: "Allow", Principal: {AWS: "arn:aws:iam::444455556666:root"}, Action: "kms:*", Resource: "*"},
                {Effect: "Allow", Principal: {Service: "logs.amazonaws.com"}, Action: "kms:*", Resource: "*"},
              ],
            }""",
            kind=Kind.RESOURCE,
            resource_type=KEY,
            home=OwnAccounts(account="111122223333"),
        ),
        bad(
            "a Deny that also hits the administrators of the key",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Principal: {AWS: "arn:aws:iam::111122223333:root"}, Action: "kms:*", Resource: "*"},
              {
                Effect: "Deny", Principal: "*", Resource: "*",
                Action: ["kms:Put*", "kms:ScheduleKeyDeletion"], //!
              },
            ]}""",
            kind=Kind.RESOURCE,
            resource_type=KEY,
        ),
        bad(
            "everyone is denied everything on a bucket",
            """
            {
              Effect: "Deny", Principal: {AWS: "*"}, Resource: ["arn:aws:s3:::depot", "arn:aws:s3:::depot/*"],
              Action: "s3:*", //!
            }""",
            kind=Kind.RESOURCE,
            resource_type="AWS::S3::Bucket",
        ),
        bad(
            "a request has an address or comes through an endpoint, and never both",
            """
            {Version: "2012-10-17", Statement: [
              {
                Effect: "Deny", Principal: "*", Resource: ["arn:aws:s3:::depot", "arn:aws:s3:::depot/*"],
                Action: "s3:*", //!
                Condition: {NotIpAddress: {"aws:SourceIp": "203.0.113.0/24"}},
              },
              {
                Effect: "Deny", Principal: "*", Resource: "arn:aws:s3:::depot*", Action: "s3:*",
                Condition: {StringNotEquals: {"aws:SourceVpce": "vpce-1a2b3c4d"}},
              },
            ]}""",
            kind=Kind.RESOURCE,
            resource_type="AWS::S3::Bucket",
        ),
        bad(
            "two roles, and each Deny exempts only one",
            """
            {Version: "2012-10-17", Statement: [
              {
                Effect: "Deny", Principal: "*", Resource: "*",
                Action: "secretsmanager:*", //!
                Condition: {ArnNotEquals: {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/app"}},
              },
              {
                Effect: "Deny", Principal: "*", Resource: "*", Action: "secretsmanager:*",
                Condition: {ArnNotEquals: {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/admin"}},
              },
            ]}""",
            kind=Kind.RESOURCE,
            resource_type="AWS::SecretsManager::Secret",
        ),
    ),
    good=(
        good(
            "the default key policy",
            """
            {Effect: "Allow", Principal: {AWS: "arn:aws:iam::111122223333:root"}, Action: "kms:*", Resource: "*"}""",
            kind=Kind.RESOURCE,
            resource_type=KEY,
        ),
        good(
            "one administrator, and a principal that is not known",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Principal: {AWS: "${KEY_ADMIN}"}, Action: ["kms:Create*", "kms:Put*"], Resource: "*"},
              {Effect: "Allow", Principal: {AWS: "arn:aws:iam::111122223333:role/app"}, Action: "kms:Decrypt", Resource: "*"},
            ]}""",
            kind=Kind.RESOURCE,
            resource_type=KEY,
        ),
        good(
            "no one may delete objects, and the policy can be changed",
            """
            {Effect: "Deny", Principal: "*", Action: ["s3:DeleteObject*", "s3:DeleteBucket"], Resource: ["arn:aws:s3:::depot", "arn:aws:s3:::depot/*"]}""",
            kind=Kind.RESOURCE,
            resource_type="AWS::S3::Bucket",
        ),
        good(
            "a policy that cannot be replaced can still be deleted",
            """
            {Effect: "Deny", Principal: "*", Action: "s3:PutBucketPolicy", Resource: "arn:aws:s3:::depot"}""",
            kind=Kind.RESOURCE,
            resource_type="AWS::S3::Bucket",
        ),
        good(
            "only objects",
            """
            {Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::depot/secret/*"}""",
            kind=Kind.RESOURCE,
            resource_type="AWS::S3::Bucket",
        ),
        good(
            "requests from the office or through the endpoint are left",
            """
            {
              Effect: "Deny", Principal: "*", Action: "s3:*", Resource: ["arn:aws:s3:::depot", "arn:aws:s3:::depot/*"],
              Condition: {
                NotIpAddress: {"aws:SourceIp": "203.0.113.0/24"},
                StringNotEquals: {"aws:SourceVpce": "vpce-1a2b3c4d"},
              },
            }""",
            kind=Kind.RESOURCE,
            resource_type="AWS::S3::Bucket",
        ),
        good(
            "AWS's example for one endpoint",
            """
            {
              Effect: "Deny", Principal: "*", Action: "s3:*", Resource: ["arn:aws:s3:::depot", "arn:aws:s3:::depot/*"],
              Condition: {StringNotEquals: {"aws:SourceVpce": "vpce-1a2b3c4d"}},
            }""",
            kind=Kind.RESOURCE,
            resource_type="AWS::S3::Bucket",
        ),
        good(
            "an administrator is exempt from the one Deny, and the other is about objects",
            """
            {Version: "2012-10-17", Statement: [
              {
                Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::depot",
                Condition: {ArnNotEquals: {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/admin"}},
              },
              {
                Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::depot/*",
                Condition: {ArnNotEquals: {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/app"}},
              },
            ]}""",
            kind=Kind.RESOURCE,
            resource_type="AWS::S3::Bucket",
        ),
    ),
)
