"""Flags a value that appears twice under one key of a condition.

The values are alternatives, so the second has no effect. Often the author meant another value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import OperatorFamily
from iamlint.rule import Confidence, Family, Hit, Note, Rule, Severity, bad, good
from iamlint.rule.fix import Applicability, Fix, Remove
from iamlint.rules.redundancy.redundant_condition_number import numeric_bound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Entry, Statement
    from iamlint.rule import RuleContext

_ONE_VALUE = (OperatorFamily.BOOL, OperatorFamily.NULL)


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        if condition.operator is None or condition.family in _ONE_VALUE:
            continue
        if numeric_bound(condition.operator):  # of these, only one number may stay anyway
            continue
        # Values that differ only in letter case, or as texts of one number, are not reported.
        first: dict[str, Entry] = {}
        again = [e for e in condition.values if e.known and first.setdefault(e.text, e) is not e]
        if again:
            yield _hit(condition, first, again)


def _hit(condition: Condition, first: dict[str, Entry], again: list[Entry]) -> Hit:
    entry, *others = again
    more = f" and {len(others)} more values" if len(others) > 1 else " and 1 more value"
    what, effect = (f"{more} appear", "these have") if others else (" appears", "this one has")
    kept = tuple(dict.fromkeys(first[e.text].at for e in again))
    removed = tuple(e.at for e in again)
    description = f"remove the second {', '.join(dict.fromkeys(f'`{e.text}`' for e in again))}"
    return Hit(
        entry.at,
        f"`{entry.text}`{what} again under `{condition.key}`, so {effect} no effect",
        related=tuple(Note(e.at, f"`{e.text}`") for e in others),
        fix=Fix(Applicability.EQUIVALENT, description, (Remove(removed),), (*kept, *removed)),
    )


RULE = Rule(
    name="duplicate-condition-value",
    family=Family.REDUNDANCY,
    module=__name__,
    summary="a condition value appears twice, so one of the two may be a mistake",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    advice="remove it, or write the value that you mean",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html",
    ),
    when=("several values",),
    check=check,
    bad=(
        bad(
            "one account twice",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:PrincipalAccount": [
                "111122223333",
                "444455556666",
                "111122223333", //!
              ]},
            }}""",
        ),
        bad(
            "one network twice",
            """
            {Effect: "Deny", Action: "*", Resource: "*", Condition: {
              NotIpAddress: {"aws:SourceIp": [
                "203.0.113.0/24",
                "203.0.113.0/24", //!
              ]},
            }}""",
        ),
    ),
    good=(
        good(
            "two values",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:PrincipalAccount": ["111122223333", "444455556666"]},
            }}""",
        ),
        good(
            "letter case makes two values",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {"aws:PrincipalTag/team": ["Red", "red"]},
            }}""",
        ),
        good(
            "another rule reports several limits",
            """
            {Effect: "Allow", Action: "s3:ListBucket", Resource: "*", Condition: {
              NumericLessThan: {"s3:max-keys": ["5", "5"]},
            }}""",
        ),
        good(
            "one value under two operators",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:PrincipalTag/team": "red"},
              StringLike: {"aws:PrincipalTag/team": "red"},
            }}""",
        ),
    ),
)
