"""Flags conditions that every request meets.

Examples are a range of all addresses, a pattern for every ARN, a key compared with itself, a
negated test of a key that only another service sends, or of a value that no request has. The
statement looks restricted, or its Deny seems to exempt some requests, but it does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import replace
from iamlint.grants.carried import holds_without_key, is_carried
from iamlint.grants.everyone import names_everyone
from iamlint.grants.grants import restricts
from iamlint.policy.grammar import Kind, OperatorFamily, Quantifier
from iamlint.rule import Confidence, Family, Hit, Note, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._impossible import effect_of, excludes_nothing, impossible_values
from iamlint.rules.conditions._keys import is_wild_string
from iamlint.rules.conditions._openness import too_open

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    yield from _of_impossible_values(statement, context)
    if names_everyone(statement) and context.policy.kind in (Kind.RESOURCE, Kind.TRUST):
        return  # The rules of exposure and trust report who gets access.
    for condition in statement.conditions:
        if _is_claim(condition, statement):
            continue
        if holds_without_key(condition) and not is_carried(condition, statement, context.catalog):
            # A limit on new tags does no harm where nothing gets tags.
            is_harmless = statement.denies or condition.name.startswith("aws:")
            yield Hit(
                condition.at,
                f"no request for these actions carries `{condition.key}`, so this condition always holds",
                severity=Severity.NOTE if is_harmless else None,
            )
            continue
        if is_empty_test(condition) and not _is_said_elsewhere(condition):
            yield Hit(
                condition.at,
                f"every request with `{condition.key}` passes this condition",
                severity=Severity.NOTE if statement.denies else None,
            )


def _is_claim(condition: Condition, statement: Statement) -> bool:
    """Return whether a condition is on a claim of a token, which the rules of trust check."""
    if not statement.principals:
        return False
    from iamlint.rules.trust._federation import trusts_tokens  # noqa: PLC0415 - few name a provider

    return trusts_tokens(statement, condition)


def _of_impossible_values(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    """Yield the negated conditions whose values no request carries: a Deny then exempts none."""
    for condition in statement.conditions:
        found = impossible_values(condition, statement, context) if condition.negated else []
        if found and excludes_nothing(condition, found):
            first, (reason, advice) = found[0]
            yield Hit(
                first.at,
                f"{reason}, so {effect_of(statement, condition, found)}",
                help=advice,
                related=tuple(
                    Note(entry.at, "no request has this value") for entry, _ in found[1:]
                ),
            )


def is_empty_test(condition: Condition) -> bool:
    """Return whether a test for wanted values wants every one."""
    if condition.operator is None or condition.negated or not condition.values:
        return False
    if condition.family is OperatorFamily.NULL:
        return len({entry.text.lower() for entry in condition.values}) > 1
    if condition.if_exists or condition.quantifier is not Quantifier.NONE:
        condition = replace(condition, if_exists=False, quantifier=Quantifier.NONE)
    return not restricts(condition)


def _is_said_elsewhere(condition: Condition) -> bool:
    """Return whether another rule reports it, such as `equivalent-to-null`."""
    if condition.family in (OperatorFamily.BOOL, OperatorFamily.NULL):
        return condition.family is OperatorFamily.BOOL
    if not is_wild_string(condition):
        return False
    is_presence = not condition.if_exists and not condition.quantifier
    lone = [entry.known for entry in condition.values] == ["*"]
    return (is_presence and lone) or too_open(condition.key, "*", "*") is not None


RULE = Rule(
    name="vacuous-condition",
    family=Family.CONDITIONS,
    module=__name__,
    summary="every request passes the condition, so it does not restrict",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=4.4,
    cwe=863,
    advice="remove the condition, or write the values that you mean",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
    ),
    when=("Condition",),
    check=check,
    bad=(
        bad(
            "all addresses",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {IpAddress: {
                "aws:SourceIp": ["192.0.2.0/24", "0.0.0.0/0"], //!
              }},
            }""",
        ),
        bad(
            "all addresses in two halves",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {IpAddress: {
                "aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"], //!
              }},
            }""",
        ),
        bad(
            "every ARN",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {ArnLike: {
                "aws:PrincipalArn": "*", //!
              }},
            }""",
        ),
        bad(
            "a key compared with itself",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {StringEquals: {
                "aws:PrincipalOrgID": "${aws:PrincipalOrgID}", //!
              }},
            }""",
        ),
        bad(
            "there or not there",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {Null: {
                "aws:TagKeys": ["true", "false"], //!
              }},
            }""",
        ),
        bad(
            "a key that no request to the service carries",
            """
            {Version: "2012-10-17", Statement: [
              {Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: "*", Condition: {
                StringNotEquals: {"ec2:InstanceType": "t3.micro"}, //!
              }},
              {Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: "*", Condition: {
                BoolIfExists: {"ec2:IsLaunchTemplateResource": "true"}, //!
                Null: {"s3:prefix": "true"}, //!
              }},
            ]}""",
        ),
        bad(
            "the ARN of a session, which exempts none of them",
            """
            {Effect: "Deny", Action: "cloudtrail:StopLogging", Resource: "*", Condition: {
              ArnNotLike: {
                "aws:PrincipalArn": "arn:aws:sts::*:assumed-role/admin/*", //!
              },
            }}""",
            kind=Kind.SCP,
        ),
        bad(
            "the type of a principal as in a log",
            """
            {Effect: "Deny", Action: "s3:DeleteBucket", Resource: "*", Condition: {
              StringNotEquals: {
                "aws:PrincipalType": "Role", //!
              },
            }}""",
        ),
        bad(
            "a unit in the place of the organization",
            """
            {Effect: "Deny", Action: "s3:GetObject", Resource: "*", Condition: {
              StringNotEqualsIfExists: {
                "aws:ResourceOrgID": "ou-ab12-11111111", //!
              },
            }}""",
        ),
        bad(
            "another spelling of a value",
            """
            {Effect: "Deny", Action: "s3:PutObject", Resource: "*", Condition: {
              StringNotEquals: {
                "s3:x-amz-server-side-encryption": "aes256", //!
              },
            }}""",
        ),
    ),
    good=(
        good(
            "a forbidden value of a key that the requests carry",
            """
            {
              Effect: "Allow",
              Action: ["ec2:RunInstances", "secretsmanager:GetSecretValue"],
              Resource: "*",
              Condition: {StringNotEquals: {"ec2:InstanceType": "t3.micro"}},
            }""",
        ),
        good(
            "one network",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {IpAddress: {"aws:SourceIp": "192.0.2.0/24"}},
            }""",
        ),
        good(
            "a key compared with another",
            """
            {
              Effect: "Allow",
              Action: "ec2:StopInstances",
              Resource: "*",
              Condition: {StringEquals: {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}},
            }""",
        ),
        good(
            "another rule reports a public bucket",
            """
            {
              Effect: "Allow",
              Principal: "*",
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
              Condition: {IpAddress: {"aws:SourceIp": "0.0.0.0/0"}},
            }""",
            kind=Kind.RESOURCE,
        ),
    ),
)
