"""Flags policy variables whose key AWS does not have.

No request carries such a key, so the variable has no value, and the text with the variable matches
nothing: an `Allow` grants nothing there, and a `Deny` blocks nothing. If the variable has a default
value, AWS always uses that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rule import Confidence, Family, Hit, Rule, Severity, bad, good
from iamlint.rules.syntax._references import entries_with_variables, variables_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement
    from iamlint.policy.variables import Variable
    from iamlint.rule import RuleContext


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not context.policy.knows_variables:
        return
    for entry in entries_with_variables(statement):
        found = next((v for v in variables_of(entry) if _is_unknown(v, context)), None)
        if found is None:
            continue
        near = " or ".join(f"`{key}`" for key in context.catalog.close_keys(found.key))
        value = "has no value, so this text matches nothing"
        if found.default is not None:
            value = "always has its default value"
        yield Hit(
            entry.at,
            f"`{found.text}` {value}: AWS had no key `{found.key}` on {context.catalog.date}",
            help=f"did you mean {near}?" if near else None,
        )


# Variables of Serverless Framework, which are gone before AWS sees the policy.
_OF_TEMPLATES = frozenset({"aws:accountid", "aws:region"})


def _is_unknown(variable: Variable, context: RuleContext) -> bool:
    """Return whether a global key is meant and there is none.

    Other prefixes are left alone: `${s3:…}` and `${ssm:…}` are often those of a template language.
    """
    key = variable.key.lower()
    if variable.fault is not None or not key.startswith("aws:") or key in _OF_TEMPLATES:
        return False
    return "$" not in key and "::" not in key and context.catalog.condition_key(key) is None


RULE = Rule(
    name="unknown-variable",
    family=Family.SYNTAX,
    module=__name__,
    summary="AWS does not have the key of this policy variable, so the variable has no value of its own",
    severity=Severity.ERROR,
    confidence=Confidence.MEDIUM,
    advice="use a key that AWS has; run `iamlint catalog update` if the key is newer",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html",
    ),
    when=("variable",),
    check=check,
    bad=(
        bad(
            "a misspelt key in a resource",
            """
            {Version: "2012-10-17", Statement: {
              Effect: "Allow",
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::homes/${aws:usrname}/*", //!
            }}""",
        ),
        bad(
            "a key that has another name, in a condition",
            """
            {Version: "2012-10-17", Statement: {
              Effect: "Deny",
              Action: "s3:GetObject",
              Resource: "*",
              Condition: {StringNotEquals: {
                "aws:ResourceAccount": "${aws:Account}", //!
              }},
            }}""",
        ),
    ),
    good=(
        good(
            "keys in any letter case, with tag and default",
            """
            {Version: "2012-10-17", Statement: {
              Effect: "Allow",
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::homes/${AWS:UserName}/${aws:PrincipalTag/team, 'none'}/${*}",
            }}""",
        ),
        good(
            "the variables of a template language",
            """
            {Version: "2012-10-17", Statement: {
              Effect: "Allow",
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::${self:custom.bucket}/${aws:accountId}/${AWS::Region}/*",
            }}""",
        ),
        good(
            "in a policy of 2008 it is plain text",
            """
            {Version: "2008-10-17", Statement: {
              Effect: "Allow",
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::homes/${aws:usrname}/*",
            }}""",
        ),
    ),
)
