"""Flags operators that cannot compare the values of the key.

`StringEquals` cannot compare a date, nor `Bool` a tag. The condition never holds, or holds where
the author does not expect it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog import KeyType, is_federation_key
from iamlint.policy.grammar import OperatorFamily
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS, OPERATORS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        family = condition.family
        if family is None or family is OperatorFamily.NULL or is_federation_key(condition.key):
            continue
        key = context.catalog.condition_key(condition.key)
        if key is None or family in _FITTING[key.type]:
            continue
        # `aws:EpochTime` takes numeric operators too, by its page.
        if condition.name == "aws:epochtime" and family is OperatorFamily.NUMERIC:
            continue
        yield Hit(
            condition.at,
            f"`{condition.key}` is of type {key.type}, which `{condition.operator_text}` "
            "cannot compare, so the condition may never hold",
            help=f"use {_USUAL[key.type]}",
        )


# String operators on ARNs and ARN operators on strings are let pass, as AWS does.
_FITTING = {
    KeyType.STRING: frozenset({OperatorFamily.STRING, OperatorFamily.ARN}),
    KeyType.NUMERIC: frozenset({OperatorFamily.NUMERIC}),
    KeyType.DATE: frozenset({OperatorFamily.DATE}),
    KeyType.BOOL: frozenset({OperatorFamily.BOOL}),
    KeyType.BINARY: frozenset({OperatorFamily.BINARY, OperatorFamily.STRING}),
    KeyType.IP: frozenset({OperatorFamily.IP}),
    KeyType.ARN: frozenset({OperatorFamily.ARN, OperatorFamily.STRING}),
}
_USUAL = {
    KeyType.STRING: "a string operator such as `StringEquals`",
    KeyType.NUMERIC: "a numeric operator such as `NumericLessThan`",
    KeyType.DATE: "a date operator such as `DateLessThan`",
    KeyType.BOOL: "`Bool`",
    KeyType.BINARY: "`BinaryEquals`",
    KeyType.IP: "`IpAddress` or `NotIpAddress`",
    KeyType.ARN: "an ARN operator such as `ArnLike`",
}


RULE = Rule(
    name="operator-type-mismatch",
    family=Family.CONDITIONS,
    module=__name__,
    summary="the operator cannot compare the values of the key, so the condition may never hold",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    access_analyzer=("TYPE_MISMATCH",),
    advice="use an operator of the type of the key",
    sources=(CHECKS, OPERATORS),
    when=("Condition",),
    check=check,
    bad=(
        bad(
            "a boolean as text",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:ViaAWSService": "true"}, //!
            }}""",
        ),
        bad(
            "a tag as a boolean",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              BoolIfExists: {"aws:PrincipalTag/admin": "true"}, //!
            }}""",
        ),
        bad(
            "a time as a number",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              NumericLessThan: {"aws:CurrentTime": "1700000000"}, //!
            }}""",
        ),
    ),
    good=(
        good(
            "an ARN as text",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:SourceArn": "arn:aws:s3:::b"},
            }}""",
        ),
        good(
            "text by an ARN operator",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              ArnLike: {"aws:PrincipalTag/home": "arn:aws:s3:::b*"},
            }}""",
        ),
        good(
            "seconds since 1970 by a numeric operator",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              NumericLessThan: {"aws:EpochTime": "1700000000"},
            }}""",
        ),
        good(
            "`Null` compares nothing",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              Null: {"aws:MultiFactorAuthAge": "false"},
            }}""",
        ),
    ),
)
