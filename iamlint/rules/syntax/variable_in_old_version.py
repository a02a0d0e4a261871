"""Flags policy variables in a policy whose version does not have them.

AWS replaces `${aws:username}` only with `Version` `2012-10-17`. With `2008-10-17`, or without a
version, it compares the characters as written, so the statement matches nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.at import At
from iamlint.policy.grammar import Version
from iamlint.rule import Confidence, Family, Hit, Rule, Severity, bad, good
from iamlint.rule.fix import Applicability, Fix, Insert, Reword
from iamlint.rules.syntax._references import entries_with_variables, is_of_iam, variables_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Policy, Statement
    from iamlint.rule import RuleContext


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    policy = context.policy
    if policy.knows_variables or (policy.version is None and policy.has_version):
        return  # A version that is wrong or unknown is not for this rule to judge.
    for entry in entries_with_variables(statement):
        for variable in variables_of(entry):
            if variable.fault is None and is_of_iam(variable, context):
                message = f"`{variable.text}` is plain text in a policy of version 2008-10-17, so it matches nothing"
                yield Hit(entry.at, message, fix=_fix(policy))
                break


def _fix(policy: Policy) -> Fix:
    new, root = Version.V2012, At(())
    change = Reword(root / "Version", new) if policy.has_version else Insert(root, "Version", new)
    return Fix(Applicability.CHANGES_ACCESS, f"write `Version` `{new}`", (change,))


RULE = Rule(
    name="variable-in-old-version",
    family=Family.SYNTAX,
    module=__name__,
    summary="AWS does not replace policy variables in a policy of this version",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("VARIABLE_UNSUPPORTED_IN_VERSION",),
    advice="write `Version` `2012-10-17`",
    sources=("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html",),
    when=("variable",),
    check=check,
    bad=(
        bad(
            "the old version",
            """
            {
              Version: "2008-10-17",
              Statement: {
                Effect: "Allow", Action: "s3:GetObject",
                Resource: "arn:aws:s3:::b/${aws:username}/*", //!
              },
            }""",
        ),
        bad(
            "no version",
            """
            {
              Statement: {
                Effect: "Allow", Action: "s3:ListBucket", Resource: "*",
                Condition: {StringLike: {"s3:prefix": "home/${aws:username}"}}, //!
              },
            }""",
        ),
    ),
    good=(
        good(
            "a variable in a resource",
            """
            {
              Effect: "Allow", Action: "s3:GetObject",
              Resource: "arn:aws:s3:::b/${aws:username}/*",
            }""",
        ),
        good(
            "a wrong version is reported as such",
            """
            {
              Version: "2012",
              Statement: {Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/${aws:username}"},
            }""",
        ),
        good(
            "escapes are not variables",
            """
            {
              Version: "2008-10-17",
              Statement: {Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/${*}"},
            }""",
        ),
        good(
            "a placeholder of a template",
            """
            {
              Version: "2008-10-17",
              Statement: {Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::${bucket}/*"},
            }""",
        ),
    ),
)
