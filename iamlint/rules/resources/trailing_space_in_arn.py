"""Flags white space at the end of an ARN.

AWS compares it like any other character, so the entry matches only names that end in white space.
An `Allow` with it grants nothing, and a `Deny` with it blocks nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rule.fix import Applicability, Fix, Reword

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    element = statement.resource_element
    for entry in element.entries if element else ():
        text, pattern = entry.text, entry.pattern
        if pattern.startswith("arn:") and pattern != pattern.rstrip():
            new = text.rstrip()
            fix = Fix(Applicability.CHANGES_ACCESS, f"write `{new}`", (Reword(entry.at, new),))
            yield Hit(
                entry.at,
                f"`{text}` ends in white space, so it matches only names that end in white space too",
                help=f"write `{new}`",
                fix=None if entry.known is None else fix,
            )


RULE = Rule(
    name="trailing-space-in-arn",
    family=Family.RESOURCES,
    module=__name__,
    summary="white space at the end of an ARN is part of the name, so the ARN matches nothing",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    advice="remove the white space",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html",
    ),
    when=("space at end",),
    check=check,
    bad=(
        bad(
            "a Deny that blocks nothing",
            """
            {Effect: "Deny", Action: "s3:DeleteObject",
              Resource: "arn:aws:s3:::backups/* ", //!
            }""",
        ),
        bad(
            "among others, exceptions included",
            """
            {Effect: "Deny", Action: "s3:*", NotResource: [
              "arn:aws:s3:::shelf",
              "arn:aws:s3:::shelf/*\\t", //!
            ]}""",
        ),
    ),
    good=(
        good(
            "white space inside of a name",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::shelf/my files/*"}""",
        ),
        good(
            "`malformed-arn` reports white space at the front",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: " arn:aws:s3:::shelf/*"}""",
        ),
    ),
)
