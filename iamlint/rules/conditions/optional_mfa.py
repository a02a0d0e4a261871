"""Flags Allows that let some callers without multi-factor authentication pass.

Requests signed with an access key do not carry any MFA key, and `IfExists` lets them pass. The
condition then stops only sessions that started without a device. Those carry
`aws:MultiFactorAuthPresent` with the value `false`, so `Null` with `false` lets them pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.grants import Truth, statement_covers_resource, statement_grants
from iamlint.policy.grammar import Kind
from iamlint.policy.steps import spend
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._mfa import (
    AGE,
    DEVICELESS,
    KEYS,
    asks_null,
    asks_presence,
    caught_by,
    demands_device,
    is_of_machines,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.policy.model import Condition, Policy, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.allows or is_of_machines(statement):
        return
    about = [condition for condition in statement.conditions if condition.name in KEYS]
    if not about or any(map(demands_device, about)):
        return
    by_presence = [condition for condition in about if asks_null(condition, "false")]
    if by_presence and any(asks_presence(condition, "true") for condition in about):
        return  # The key is there, and it is true if it is there.
    found = [*_hits(about), *map(_of_presence, by_presence)]
    if found and not _is_denied(statement, context):
        yield from found


def _hits(about: Iterable[Condition]) -> Iterator[Hit]:
    for condition in about:
        if condition.if_exists and (asks_presence(condition, "true") or condition.name == AGE):
            yield Hit(
                condition.at,
                "requests with an access key pass this condition without an MFA device",
            )


def _of_presence(condition: Condition) -> Hit:
    return Hit(
        condition.at,
        "sessions that started without an MFA device pass this condition: they carry the key too, with the value `false`",
        help='use `"Bool": {"aws:MultiFactorAuthPresent": "true"}`',
    )


def _is_denied(statement: Statement, context: RuleContext) -> bool:
    """Return whether a Deny stops callers without a device anyway.

    It may be in this policy, or in another one of each principal that has it.
    """
    if _denies(context.policy, statement):
        return True
    beside = context.holders.others()
    return bool(beside) and all(any(_denies(one, statement) for one in each) for each in beside)


def _denies(policy: Policy, allow: Statement) -> bool:
    """Return whether a policy denies all that an Allow grants to callers without a device."""
    spend(len(policy.statements))
    return any(
        deny.denies
        and [caught_by(condition) for condition in deny.conditions] == [DEVICELESS]
        and not deny.has_more_conditions
        and statement_covers_resource(deny, "*") is Truth.YES
        and bool(allow.actions)
        and all(statement_grants(deny, entry.text) is Truth.YES for entry in allow.actions)
        for deny in policy.statements
    )


RULE = Rule(
    name="optional-mfa",
    family=Family.CONDITIONS,
    module=__name__,
    summary="some callers pass the condition on multi-factor authentication without a device",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=7.4,
    cwe=308,
    advice="remove `IfExists`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent",
    ),
    when=("Allow", "key aws:multifactorauth*"),
    check=check,
    bad=(
        bad(
            "presence, if it is known",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {BoolIfExists: {
                "aws:MultiFactorAuthPresent": "true", //!
              }},
            }""",
        ),
        bad(
            "age, if there is one",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {NumericLessThanIfExists: {
                "aws:MultiFactorAuthAge": "3600", //!
              }},
            }""",
        ),
        bad(
            "presence of the key, which may be false",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {Null: {
                "aws:MultiFactorAuthPresent": "false", //!
              }},
            }""",
        ),
        bad(
            "a role that anyone with a session of the user can assume",
            """
            {
              Effect: "Allow",
              Principal: {AWS: "arn:aws:iam::111122223333:user/iris"},
              Action: "sts:AssumeRole",
              Condition: {
                Null: {
                  "aws:MultiFactorAuthPresent": [false], //!
                },
                StringEquals: {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
              },
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "the age is there only after a device was used",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {Null: {"aws:MultiFactorAuthAge": "false"}},
            }""",
        ),
        good(
            "the key is there, and true if it is there",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {
                Null: {"aws:MultiFactorAuthPresent": "false"},
                BoolIfExists: {"aws:MultiFactorAuthPresent": "true"},
              },
            }""",
        ),
        good(
            "a device is demanded",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {Bool: {"aws:MultiFactorAuthPresent": "true"}},
            }""",
        ),
        good(
            "a recent one",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {NumericLessThan: {"aws:MultiFactorAuthAge": "3600"}},
            }""",
        ),
        good(
            "AWS's own Deny of those without",
            """
            {
              Effect: "Deny",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {BoolIfExists: {"aws:MultiFactorAuthPresent": "false"}},
            }""",
        ),
        good(
            "demanded beside it",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {
                NumericLessThanIfExists: {"aws:MultiFactorAuthAge": "3600"},
                Bool: {"aws:MultiFactorAuthPresent": "true"},
              },
            }""",
        ),
    ),
)
