"""Flags `dynamodb:Attributes` without `dynamodb:Select`.

A request that does not name attributes gets all of them, unless the policy demands
`SPECIFIC_ATTRIBUTES` for `dynamodb:Select`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind, OperatorFamily
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    # AWS's verdict on a Deny and on statements that only write is not known; they are let pass.
    if not statement.allows or _only_writes(statement):
        return
    names = {condition.name for condition in statement.conditions}
    if "dynamodb:select" in names:
        return
    for condition in statement.conditions:
        if condition.name == "dynamodb:attributes" and condition.family is not OperatorFamily.NULL:
            yield Hit(
                condition.at,
                "a request that does not name attributes reads all of them, also the forbidden ones",
                help='add `"dynamodb:Select": "SPECIFIC_ATTRIBUTES"`',
            )


def _only_writes(statement: Statement) -> bool:
    return bool(statement.actions) and all(
        (entry.known or "").lower() in _WRITES for entry in statement.actions
    )


_WRITES = frozenset(
    f"dynamodb:{name}" for name in ("batchwriteitem", "deleteitem", "putitem", "updateitem")
)


RULE = Rule(
    name="dynamodb-attributes-without-select",
    family=Family.CONDITIONS,
    module=__name__,
    summary="a request that does not name attributes reads all of them, also the forbidden ones",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=5.0,
    cwe=863,
    kinds=frozenset({Kind.IDENTITY, Kind.BOUNDARY, Kind.SESSION, Kind.RESOURCE}),
    access_analyzer=("DYNAMODB_ATTRIBUTES_WITHOUT_SELECT",),
    advice="add a condition that `dynamodb:Select` is `SPECIFIC_ATTRIBUTES`",
    sources=(
        CHECKS,
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html",
    ),
    when=("Allow", "key dynamodb:attributes"),
    check=check,
    bad=(
        bad(
            "reading an item",
            """
            {Effect: "Allow", Action: "dynamodb:GetItem", Resource: "*", Condition: {
              "ForAllValues:StringEquals": {"dynamodb:Attributes": ["name"]}, //!
            }}""",
        ),
        bad(
            "a pattern of actions",
            """
            {Effect: "Allow", Action: ["dynamodb:Query", "dynamodb:PutItem"], Resource: "*", Condition: {
              "ForAllValues:StringLike": {"dynamodb:attributes": "public*"}, //!
            }}""",
        ),
    ),
    good=(
        good(
            "with what must be selected",
            """
            {Effect: "Allow", Action: "dynamodb:GetItem", Resource: "*", Condition: {
              "ForAllValues:StringEquals": {"dynamodb:Attributes": ["name"]},
              StringEqualsIfExists: {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
            }}""",
        ),
        good(
            "writing reads nothing",
            """
            {Effect: "Allow", Action: "dynamodb:UpdateItem", Resource: "*", Condition: {
              "ForAllValues:StringEquals": {"dynamodb:Attributes": ["name"]},
            }}""",
        ),
    ),
)
