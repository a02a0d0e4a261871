"""Flags values that no request carries in the key of a condition.

An account id has twelve digits, a path of an organization ends with `/`, and the session of a role
has the type `AssumedRole`. With any other value an `Allow` grants nothing, and a `Deny` denies
nothing. A negated condition then exempts no request: a `Deny` also affects those that its author
wanted to exempt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog.model import KeyType
from iamlint.catalog.values.identities import OF_ARNS
from iamlint.catalog.values.lookup import values_of
from iamlint.catalog.values.sources import foreign_to
from iamlint.catalog.values.words import DATE
from iamlint.policy.arn_patterns import widened
from iamlint.policy.grammar import Kind, OperatorFamily, PrincipalType
from iamlint.rule import Confidence, Family, Hit, Note, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._impossible import effect_of, says_what_belongs_there
from iamlint.rules.conditions._keys import is_wild_string
from iamlint.rules.conditions._openness import too_open

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.catalog.values.described import KeyValues
    from iamlint.policy.model import Condition, Entry, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        row = _row(condition, context)
        if row is None:
            continue
        found = [(entry, _fault(entry, condition, row)) for entry in condition.values]
        if condition.name == _SOURCE:
            of_role = context.policy.kind is Kind.TRUST
            found = [
                (entry, fault or _fault_of_source(entry, statement, of_role=of_role))
                for entry, fault in found
            ]
        faults = [(entry, fault) for entry, fault in found if fault is not None]
        if not faults:
            continue
        (first, (reason, advice)), *others = faults
        partly = len(faults) < len(condition.values)
        yield Hit(
            first.at,
            f"{reason}, so {effect_of(statement, condition, first, partly=partly)}",
            help=advice,
            related=tuple(Note(entry.at, "this value never matches either") for entry, _ in others),
            severity=Severity.NOTE if partly else None,
        )


_SOURCE = "aws:sourcearn"
# `invalid-vpc-id` and `invalid-kms-key-value` report these as AWS's validator does.
_OF_OTHER_RULES = frozenset(
    {"aws:sourcevpc", "aws:sourcevpce", "s3:x-amz-server-side-encryption-aws-kms-key-id"}
)


def _row(condition: Condition, context: RuleContext) -> KeyValues | None:
    family = condition.family
    if family not in (OperatorFamily.STRING, OperatorFamily.ARN):
        return None
    if condition.name in _OF_OTHER_RULES:
        return None
    found = values_of(condition.key, context.catalog)
    if found is None and family is OperatorFamily.ARN:
        known = context.catalog.condition_key(condition.key)
        return OF_ARNS if known is not None and known.type is KeyType.ARN else None
    return found


def _fault(entry: Entry, condition: Condition, row: KeyValues) -> tuple[str, str] | None:
    """Return why no request has a value, and advice; an empty value is a test for presence."""
    if not entry.text or condition.operator is None:
        return None
    # `too-broad-wildcard` and `too-broad-variable` report wildcards in keys that take none.
    if is_wild_string(condition) and too_open(condition.key, entry.known or "", "*?$"):
        return None
    ignores_case = condition.operator.ignores_case
    advice = row.fault(widened(entry.pattern), ignores_case=ignores_case)
    if advice is None or says_what_belongs_there(entry.text):
        return None
    age = f" (as of {DATE})" if row.words and not row.shapes else ""
    return f"no request has `{entry.text}` in `{condition.key}`{age}", advice


def _fault_of_source(
    entry: Entry, statement: Statement, *, of_role: bool
) -> tuple[str, str] | None:
    """Return why none of the services of a statement sends the ARN of a source."""
    names = [
        p.entry.known
        for p in statement.principals
        if p.type is PrincipalType.SERVICE and p.entry.known is not None
    ]
    if not names or len(names) < len(statement.principals):
        return None
    format_ = foreign_to(names, widened(entry.pattern), of_role=of_role)
    if format_ is None:
        return None
    reason = f"`{names[0]}` does not act for `{entry.text}`"
    return reason, f"it sends ARNs of the format `{format_}`"


RULE = Rule(
    name="impossible-condition-value",
    family=Family.CONDITIONS,
    module=__name__,
    summary="no request has such a value in the key, so it never matches",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    advice="write a value as the documentation of the key describes it",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
        "https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html",
        "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html",
        "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html",
    ),
    check=check,
    bad=(
        bad(
            "a path without its last slash",
            """
            {Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*", Condition: {
              "ForAnyValue:StringEquals": {
                "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111", //!
              },
            }}""",
            kind=Kind.RESOURCE,
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
            "a role of IAM Identity Center without its path",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              ArnLike: {
                "aws:PrincipalArn": "arn:aws:iam::*:role/AWSReservedSSO_Admin_*", //!
              },
            }}""",
        ),
        bad(
            "one account with dashes: a note",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:ResourceAccount": [
                "111122223333",
                "4444-5555-6666", //!
              ]},
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
            "the id of a role without a session",
            """
            {Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*", Condition: {
              StringNotLike: {"aws:userId": [
                "AROAEXAMPLEID", //!
                "111122223333",
              ]},
            }}""",
            kind=Kind.RESOURCE,
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
            "objects in the place of their bucket",
            """
            {
              Effect: "Allow",
              Principal: {Service: "s3.amazonaws.com"},
              Action: "sqs:SendMessage",
              Resource: "*",
              Condition: {ArnLike: {
                "aws:SourceArn": "arn:aws:s3:::shelf/*", //!
              }},
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "the queue in the place of the topic",
            """
            {
              Effect: "Allow",
              Principal: {Service: "sns.amazonaws.com"},
              Action: "sqs:SendMessage",
              Resource: "arn:aws:sqs:eu-west-1:111122223333:jobs",
              Condition: {ArnEquals: {
                "aws:SourceArn": "arn:aws:sqs:eu-west-1:111122223333:jobs", //!
              }},
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "the management of an API in the place of its execution",
            """
            {
              Effect: "Allow",
              Principal: {Service: "apigateway.amazonaws.com"},
              Action: "lambda:InvokeFunction",
              Resource: "arn:aws:lambda:eu-west-1:111122223333:function:resize",
              Condition: {ArnLike: {
                "aws:SourceArn": "arn:aws:apigateway:eu-west-1::/restapis/ab12cd34ef/*", //!
              }},
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "the objects of a bucket in a template",
            """
            Resources:
              Invoke:
                Type: AWS::Lambda::Permission
                Properties:
                  FunctionName: resize
                  Action: lambda:InvokeFunction
                  Principal: s3.amazonaws.com
                  SourceArn: !Sub arn:aws:s3:::${Bucket}/* //!
            """,
            kind=Kind.RESOURCE,
            file="template.yaml",
        ),
        bad(
            "a service without its Region",
            """
            {Effect: "Allow", Action: "kms:Decrypt", Resource: "*", Condition: {
              StringEquals: {
                "kms:ViaService": "s3.amazonaws.com", //!
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
        bad(
            "an id in the place of an ARN",
            """
            {Effect: "Allow", Action: "ec2:RunInstances", Resource: "*", Condition: {
              StringEquals: {
                "ec2:Vpc": "vpc-0123456789abcdef0", //!
              },
            }}""",
        ),
        bad(
            "an operation with its prefix",
            """
            {Effect: "Allow", Action: "ec2:CreateTags", Resource: "*", Condition: {
              StringEquals: {
                "ec2:CreateAction": "ec2:RunInstances", //!
              },
            }}""",
        ),
    ),
    good=(
        good(
            "a whole path, and a pattern that may end with a slash",
            """
            {Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*", Condition: {
              "ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": [
                "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/",
                "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/ou-*",
              ]},
            }}""",
            kind=Kind.RESOURCE,
        ),
        good(
            "roles, with their path",
            """
            {Effect: "Deny", Action: "cloudtrail:StopLogging", Resource: "*", Condition: {
              ArnNotLike: {"aws:PrincipalArn": [
                "arn:aws:iam::*:role/admin",
                "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*",
                "arn:aws:iam::*:role/*AWSReservedSSO_Admin_*",
              ]},
            }}""",
            kind=Kind.SCP,
        ),
        good(
            "the ids of a role's sessions, a user and the root user",
            """
            {Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*", Condition: {
              StringNotLike: {"aws:userId": ["AROAEXAMPLEID:*", "AIDAEXAMPLEID", "111122223333"]},
            }}""",
            kind=Kind.RESOURCE,
        ),
        good(
            "the session of a role, without regard to letter case",
            """
            {Effect: "Deny", Action: "s3:DeleteBucket", Resource: "*", Condition: {
              StringNotEqualsIgnoreCase: {"aws:PrincipalType": "assumedrole"},
            }}""",
        ),
        good(
            "a bucket, as S3 documents it",
            """
            {
              Effect: "Allow",
              Principal: {Service: "s3.amazonaws.com"},
              Action: "sqs:SendMessage",
              Resource: "*",
              Condition: {ArnLike: {"aws:SourceArn": "arn:aws:s3:*:*:shelf"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "two services: the second one acts for the topic",
            """
            {
              Effect: "Allow",
              Principal: {Service: ["events.amazonaws.com", "sns.amazonaws.com"]},
              Action: "sqs:SendMessage",
              Resource: "*",
              Condition: {ArnEquals: {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:orders"}},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "a service of any Region",
            """
            {Effect: "Allow", Action: "kms:Decrypt", Resource: "*", Condition: {
              StringLike: {"kms:ViaService": "s3.*.amazonaws.com"},
            }}""",
        ),
        good(
            "values that a variable or another tool fills in",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {
                "aws:ResourceAccount": "${aws:PrincipalAccount}",
                "aws:ResourceOrgID": "<my-organization>",
              },
            }}""",
        ),
        good(
            "words of an example in the place of ids",
            """
            {Effect: "Allow", Action: "kms:Decrypt", Resource: "*", Condition: {
              StringEquals: {
                "kms:CallerAccount": "my-account-id",
                "kms:ViaService": "s3.bucket-region.amazonaws.com",
              },
            }}""",
        ),
        good(
            "an empty value, which tests for presence",
            """
            {Effect: "Deny", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEqualsIfExists: {"aws:PrincipalOrgID": ""},
            }}""",
        ),
        good(
            "the values that AWS lists",
            """
            {Effect: "Deny", Action: "s3:PutObject", Resource: "*", Condition: {
              StringNotEquals: {"s3:x-amz-server-side-encryption": ["AES256", "aws:kms"]},
            }}""",
        ),
    ),
)
