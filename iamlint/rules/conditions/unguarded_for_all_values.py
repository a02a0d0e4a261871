"""Flags `Allow` statements whose `ForAllValues:` condition a request can skip.

`ForAllValues:` tests whether every value in the request is on the list. A request without the key
passes, so the condition restricts only callers who send it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.catalog import is_federation_key
from iamlint.grants.carried import is_carried
from iamlint.grants.grants import restricts
from iamlint.policy.grammar import OperatorFamily, Quantifier
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import is_single_valued
from iamlint.rules.trust._federation import trusts_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.catalog import Catalog
    from iamlint.policy.model import Condition, Statement


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
            and not _is_always_sent(condition.name, statement, context.catalog)
            # `vacuous-condition` says that it does not restrict.
            and is_carried(condition, statement, context.catalog)
        ):
            yield Hit(
                condition.at,
                f"a request without `{condition.key}` passes this condition",
                severity=Severity.NOTE if _is_minor(condition, statement) else None,
            )


def _is_sent_along(name: str, required: set[str]) -> bool:
    """Return whether a key that must be there brings the list of such keys with it."""
    part = _PARTS.get(name)
    return part is not None and any(key.startswith(part) for key in required)


_PARTS = {"aws:tagkeys": "aws:requesttag/", "kms:encryptioncontextkeys": "kms:encryptioncontext:"}


def _is_minor(condition: Condition, statement: Statement) -> bool:
    """Return whether a request without the key is meant, or limited by another condition.

    Who sends no tag at all passes a list of allowed tag keys for good reason.
    """
    if condition.name.endswith("tagkeys"):
        return True
    is_of_caller = condition.name.startswith("aws:") or is_federation_key(condition.key)
    return not is_of_caller and any(c.needs_key and restricts(c) for c in statement.conditions)


def _is_always_sent(name: str, statement: Statement, catalog: Catalog) -> bool:
    """Return whether no request that the statement is about lacks the key."""
    always = _ALWAYS.get(name)
    return (
        always is not None
        and bool(statement.actions)
        and all(
            entry.known is not None
            and (names := catalog.expand(entry.known))
            and always.issuperset(action.full_name.lower() for action in names)
            for entry in statement.actions
        )
    )


# Requests for these actions must name what the key lists:
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
# https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html
# https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html
_CHANGE: Final = frozenset({"route53:changeresourcerecordsets"})
_ALWAYS: Final = {
    "dynamodb:leadingkeys": frozenset(
        f"dynamodb:{name}"
        for name in (
            *("batchgetitem", "batchwriteitem", "conditioncheckitem", "deleteitem"),
            *("getitem", "putitem", "query", "updateitem"),
        )
    ),
    "kms:grantoperations": frozenset({"kms:creategrant"}),
    "route53:changeresourcerecordsetsactions": _CHANGE,
    "route53:changeresourcerecordsetsnormalizedrecordnames": _CHANGE,
    "route53:changeresourcerecordsetsrecordtypes": _CHANGE,
}


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
    when=("Allow", "ForAllValues"),
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
        bad(
            "`Scan` sends no keys, and reads every item",
            """
            {
              Effect: "Allow",
              Action: ["dynamodb:Query", "dynamodb:Scan"],
              Resource: "arn:aws:dynamodb:eu-west-1:111122223333:table/notes",
              Condition: {
                "ForAllValues:StringEquals": {
                  "dynamodb:LeadingKeys": "${aws:userid}", //!
                },
              },
            }""",
        ),
    ),
    good=(
        good(
            "requests for these actions always name the keys",
            """
            {
              Effect: "Allow",
              Action: ["dynamodb:Query", "dynamodb:PutItem"],
              Resource: "arn:aws:dynamodb:eu-west-1:111122223333:table/notes",
              Condition: {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "${aws:userid}"}},
            }""",
        ),
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
