"""Flags `Allow` statements whose `ForAllValues:` condition a request can skip.

`ForAllValues:` tests whether every value in the request is on the list. A request without the key
passes, so the condition restricts only callers who send it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog import is_federation_key
from iamlint.policy.grammar import OperatorFamily, Quantifier
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import is_single_valued
from iamlint.rules.trust._tenants import trusts_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.allows:
        return  # In a Deny an absent key denies more, not less.
    required = {condition.name for condition in statement.conditions if condition.needs_key}
    for condition in statement.conditions:
        if (
            condition.quantifier is Quantifier.ALL
            and condition.family is not OperatorFamily.NULL
            and condition.name not in required
            and not _is_sent_along(condition.name, required)
            # `for-all-values-on-single-value` says more about keys of one value.
            and not is_single_valued(condition.key, context.catalog)
            # The rules of trust say what a missing claim means.
            and not trusts_tokens(statement, condition)
        ):
            yield Hit(
                condition.at,
                f"a request without `{condition.key}` passes this condition",
                severity=None if _tells_of_caller(condition.key) else Severity.NOTE,
            )


def _is_sent_along(name: str, required: set[str]) -> bool:
    """Return whether a key that must be there brings the list of such keys with it."""
    part = _PARTS.get(name)
    return part is not None and any(key.startswith(part) for key in required)


_PARTS = {"aws:tagkeys": "aws:requesttag/", "kms:encryptioncontextkeys": "kms:encryptioncontext:"}


def _tells_of_caller(key: str) -> bool:
    """Return whether strangers lack the key; other lists hold what a request asks for.

    Who creates something without any tag passes a list of allowed `aws:TagKeys` for good reason.
    """
    name = key.lower()
    return is_federation_key(key) or (name.startswith("aws:") and name != "aws:tagkeys")


RULE = Rule(
    name="unguarded-for-all-values",
    family=Family.CONDITIONS,
    module=__name__,
    summary="`ForAllValues:` also passes when the key is absent",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=5.0,
    cwe=863,
    advice='add `"Null": {"<key>": "false"}` so that the request must have the key',
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html",
    ),
    check=check,
    bad=(
        bad(
            "the tag list is optional for the caller",
            """
            {Effect: "Allow", Action: "ec2:CreateTags", Resource: "*", Condition: {
              "ForAllValues:StringEquals": {
                "aws:TagKeys": ["team", "cost"], //!
              },
            }}""",
        ),
        bad(
            "IfExists restricts nothing",
            """
            {Effect: "Allow", Action: "ec2:CreateTags", Resource: "*", Condition: {
              "ForAllValues:StringEquals": {"aws:TagKeys": "team"}, //!
              "ForAnyValue:StringLikeIfExists": {"aws:TagKeys": "*"},
            }}""",
        ),
    ),
    good=(
        good(
            "`Null` demands the key, in any letter case",
            """
            {Effect: "Allow", Action: "ec2:CreateTags", Resource: "*", Condition: {
              "ForAllValues:StringEquals": {"aws:TagKeys": "team"},
              Null: {"aws:tagkeys": "false"},
            }}""",
        ),
        good(
            "a request with this tag carries the list of its tags",
            """
            {Effect: "Allow", Action: "ec2:CreateTags", Resource: "*", Condition: {
              StringEquals: {"aws:RequestTag/team": "shop"},
              "ForAllValues:StringEquals": {"aws:TagKeys": ["team", "cost"]},
            }}""",
        ),
        good(
            "a Deny only gets wider",
            """
            {Effect: "Deny", Action: "ec2:CreateTags", Resource: "*", Condition: {
              "ForAllValues:StringEquals": {"aws:TagKeys": "legacy"},
            }}""",
        ),
    ),
)
