"""Flags syntax that JSON does not allow in a file named `.json`.

iamlint understands comments, trailing commas and the rest of JSON5, but AWS rejects a document that
contains them. A file named `.jsonc` or `.json5` is expected to be converted first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import replace
from iamlint.policy.problem import GrammarFault
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rule.fix import Applicability, Fix, Strictly
from iamlint.rules.syntax._problems import hits_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Policy
    from iamlint.rule import Hit, RuleContext


def check_policy(policy: Policy, context: RuleContext) -> Iterator[Hit]:
    for hit in hits_of(policy, GrammarFault.RELAXED_JSON):
        fix = Fix(Applicability.REJECTED, "write plain JSON", (Strictly(hit.at),))
        message = f"JSON does not allow this, so AWS rejects the file as it is: {hit.message}"
        yield replace(hit, message=message, fix=fix)


RULE = Rule(
    name="relaxed-json",
    family=Family.SYNTAX,
    module=__name__,
    summary="the file is named `.json`, but is not valid JSON",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("JSON_SYNTAX_ERROR",),
    advice="write plain JSON, or name the file `.json5` if a tool converts it before AWS sees it",
    sources=("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html",),
    when=("problem relaxed json",),
    check_policy=check_policy,
    bad=(
        bad(
            "a comment and a trailing comma",
            """
            {
              "Version": "2012-10-17", // the newest //!
              "Statement": [
                {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}, //!
              ]
            }""",
            file="example.json",
        ),
        bad(
            "single quotes",
            """
            {
              "Version": '2012-10-17', //!
              "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]
            }""",
            file="example.json",
        ),
        bad(
            "a tab inside a string",
            """
            {
              "Version": "2012-10-17",
              "Id": "one	two", //!
              "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]
            }""",
            file="example.json",
        ),
    ),
    good=(
        good(
            "comments belong in a `.jsonc` file",
            """
            {
              "Version": "2012-10-17", // the newest
              "Statement": [
                {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
              ]
            }""",
            file="example.jsonc",
        ),
        good(
            "slashes inside a string are not a comment",
            """
            {
              "Version": "2012-10-17",
              "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b//x,]"}]
            }""",
            file="example.json",
        ),
    ),
)
