"""Flags conditions on `s3:prefix` that a request without the key passes.

A request without a prefix lists everything. A Deny of some prefixes does not deny it, and an Allow
of all prefixes except some allows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS, compares_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.catalog import Catalog
    from iamlint.policy.model import Statement

_PREFIX = "s3:prefix"


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    # AWS's verdict on a Deny with `StringNotEquals` is not known; it is let pass.
    is_demanded = statement.has_more_conditions or any(
        condition.name == _PREFIX and condition.needs_key for condition in statement.conditions
    )
    for condition in statement.conditions:
        if condition.name != _PREFIX or not compares_text(condition):
            continue
        if not _may_list(condition.name, statement, context.catalog):
            continue
        if statement.denies and not condition.negated:
            yield Hit(
                condition.at,
                "this Deny does not apply to a request without a prefix, which lists these keys too",
                help="deny all other prefixes with `StringNotLike`",
            )
        if statement.allows and condition.negated and not is_demanded:
            yield Hit(
                condition.at,
                "this Allow also applies to a request without a prefix, which lists these keys too",
                help="allow the prefixes with `StringLike`",
            )


def _may_list(key: str, statement: Statement, catalog: Catalog) -> bool:
    """Return whether the statement may be about an action that sends the key."""
    if statement.action is None or any(entry.known is None for entry in statement.actions):
        return True
    actions = (action for entry in statement.actions for action in catalog.expand(entry.text))
    return any(key in catalog.keys_of(action) for action in actions)


RULE = Rule(
    name="s3-prefix-in-negative-context",
    family=Family.CONDITIONS,
    module=__name__,
    summary="a request without a prefix passes, and lists everything",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=5.0,
    cwe=863,
    kinds=frozenset(set(Kind) - {Kind.TRUST}),
    access_analyzer=("S3_PREFIX_IN_NEGATIVE_CONTEXT",),
    advice="allow the prefixes with `StringLike`, or deny all others with `StringNotLike`",
    sources=(
        CHECKS,
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html",
    ),
    when=("Allow | Deny", "key s3:prefix"),
    check=check,
    bad=(
        bad(
            "a Deny of one prefix",
            """
            {Effect: "Deny", Action: "s3:ListBucket", Resource: "*", Condition: {
              StringLike: {"s3:prefix": "private/*"}, //!
            }}""",
        ),
        bad(
            "an Allow of all but one",
            """
            {Effect: "Allow", Action: "s3:ListBucket", Resource: "*", Condition: {
              StringNotEquals: {"s3:prefix": "private/"}, //!
            }}""",
        ),
    ),
    good=(
        good(
            "an Allow of one prefix",
            """
            {Effect: "Allow", Action: "s3:ListBucket", Resource: "*", Condition: {
              StringLike: {"s3:prefix": "home/*"},
            }}""",
        ),
        good(
            "an Allow of all but one, which demands a prefix",
            """
            {Effect: "Allow", Action: "s3:ListBucket", Resource: "*", Condition: {
              StringNotEquals: {"s3:prefix": "private/"},
              Null: {"s3:prefix": "false"},
            }}""",
        ),
        good(
            "an Allow of an action that lists nothing",
            """
            {Effect: "Allow", Action: "ec2:TerminateInstances", Resource: "*", Condition: {
              StringNotEquals: {"s3:prefix": "private/"},
            }}""",
        ),
        good(
            "a Deny of reading, which has no prefix",
            """
            {Effect: "Deny", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"s3:prefix": "private/"},
            }}""",
        ),
        good(
            "a Deny of all others",
            """
            {Effect: "Deny", Action: "s3:ListBucket", Resource: "*", Condition: {
              StringNotLike: {"s3:prefix": "home/*"},
            }}""",
        ),
    ),
)
