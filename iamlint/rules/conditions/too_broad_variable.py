"""Flags policy variables in keys whose values must be complete.

With a variable in it, the caller chooses the id of the account or organization.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog import is_federation_key
from iamlint.policy.variables import Variable, split_variables
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS, GLOBAL_KEYS, is_wild_string
from iamlint.rules.conditions._lists import SENSITIVE_KEYS
from iamlint.rules.conditions._openness import too_open
from iamlint.rules.trust._federation import is_of_no_token

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        # Under `StringEquals` AWS lets variables pass, as in `aws:ResourceAccount` against
        # `${aws:PrincipalAccount}`; its verdict under Like operators is not confirmed.
        if not is_wild_string(condition) or not context.policy.knows_variables:
            continue
        if is_federation_key(condition.key) and is_of_no_token(statement, condition):
            continue
        for entry in condition.values:
            if _is_of_aws(entry.known or ""):
                continue
            reason = too_open(condition.key, entry.known or "", "$")
            if reason:
                yield Hit(
                    entry.at,
                    f"other values can also match `{entry.text}` in `{condition.key}`: {reason}",
                )


def _is_of_aws(value: str) -> bool:
    """Return whether AWS sets the value, and not the caller; AWS then compares all of it."""
    match split_variables(value):
        case [Variable(key=key, default=None)]:
            return key.lower() in SENSITIVE_KEYS
    return False


RULE = Rule(
    name="too-broad-variable",
    family=Family.CONDITIONS,
    module=__name__,
    summary="callers choose the value of the variable, so they can meet the condition",
    severity=Severity.ERROR,
    confidence=Confidence.MEDIUM,
    security_severity=6.0,
    cwe=625,
    access_analyzer=("VARIABLE_USAGE_TOO_PERMISSIVE",),
    advice="write the complete value, or compare with `StringEquals`",
    sources=(CHECKS, GLOBAL_KEYS),
    when=("like", "variable"),
    check=check,
    bad=(
        bad(
            "a tag of the caller as the organization",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {"aws:PrincipalOrgID": "${aws:PrincipalTag/org}"}, //!
            }}""",
        ),
        bad(
            "part of an account id",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {"aws:ResourceAccount": "1234${aws:PrincipalTag/rest}"}, //!
            }}""",
        ),
    ),
    good=(
        good(
            "the account of the caller, exactly",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:ResourceAccount": "${aws:PrincipalAccount}"},
            }}""",
        ),
        good(
            "the same under `StringLike`: AWS sets it, and it holds no wildcard",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {"aws:ResourceAccount": "${aws:PrincipalAccount}"},
            }}""",
        ),
        good(
            "the value of a tag",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {"aws:ResourceTag/owner": "${aws:username}"},
            }}""",
        ),
        good(
            "a plain `*` is not a variable",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringLike: {"aws:SourceAccount": "123456789012"},
            }}""",
        ),
    ),
)
