"""Flags names that are not elements of the policy language, at the top or in a statement.

AWS rejects the document. If the name is a misspelling of an element, the message names that
element, and it is not reported as missing as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import POLICY_ELEMENTS, STATEMENT_ELEMENTS, Kind
from iamlint.policy.problem import GrammarFault
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rule.fix import Applicability
from iamlint.rules._fixes import respell
from iamlint.rules.syntax._problems import reports

if TYPE_CHECKING:
    from iamlint.policy.at import At
    from iamlint.rule import RuleContext
    from iamlint.rule.fix import Fix


def fix(context: RuleContext, at: At) -> Fix | None:
    words = STATEMENT_ELEMENTS if at.pointer[1:] else POLICY_ELEMENTS
    return respell(context, at, words, Applicability.REJECTED)


RULE = Rule(
    name="unknown-element",
    family=Family.SYNTAX,
    module=__name__,
    summary="AWS rejects a policy with an element that it does not know",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("INVALID_POLICY_ELEMENT",),
    advice="correct the name, or remove it; put a remark in `Sid` or outside of the policy",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html",
    ),
    when=("problem unknown element",),
    check_policy=reports(GrammarFault.UNKNOWN_ELEMENT, fix),
    bad=(
        bad(
            "a misspelling beside the right element",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
              Resouces: "*", //!
            }""",
        ),
        bad(
            "a lower-case element",
            """
            {
              effect: "Allow", //!
              Action: "s3:GetObject", Resource: "*",
            }""",
        ),
        bad(
            "a remark at the top",
            """
            {
              Version: "2012-10-17",
              Comment: "for the build", //!
              Statement: {Effect: "Allow", Action: "s3:GetObject", Resource: "*"},
            }""",
        ),
    ),
    good=(
        good(
            "all elements of a resource policy",
            """
            {
              Version: "2012-10-17",
              Id: "bucket policy",
              Statement: {
                Sid: "Read", Effect: "Allow", Principal: "*", Action: "s3:GetObject",
                Resource: "arn:aws:s3:::b/*", Condition: {Bool: {"aws:SecureTransport": "true"}},
              },
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "the elements that exclude",
            """
            {Effect: "Deny", NotAction: "iam:*", NotResource: "arn:aws:s3:::b"}""",
        ),
    ),
)
