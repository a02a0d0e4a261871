"""Flags an empty `Sid`: it does not name the statement, and a statement does not need one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rule import Confidence, Family, Hit, Rule, Severity, bad, good
from iamlint.rule.fix import Applicability, Fix, Remove

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement
    from iamlint.rule import RuleContext


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if statement.sid and statement.sid.known == "":
        fix = Fix(Applicability.EQUIVALENT, "remove the `Sid`", (Remove((statement.sid.at,)),))
        yield Hit(
            statement.sid.at, "the `Sid` is empty, so it does not name the statement", fix=fix
        )


RULE = Rule(
    name="empty-sid",
    family=Family.HYGIENE,
    module=__name__,
    summary="an empty `Sid` does not name the statement",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    access_analyzer=("EMPTY_SID_VALUE",),
    advice="name the purpose of the statement, or remove the `Sid`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html",
    ),
    when=("odd Sid",),
    check=check,
    bad=(
        bad(
            "left empty by a template",
            """
            {
              Sid: "", //!
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
            }""",
        ),
        bad(
            "two of them",
            """
            {
              Version: "2012-10-17",
              Statement: [
                {Sid: "", Effect: "Allow", Action: "s3:GetObject", Resource: "*"}, //!
                {Sid: "", Effect: "Allow", Action: "s3:PutObject", Resource: "*"}, //!
              ],
            }""",
        ),
    ),
    good=(
        good(
            "none",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*"}""",
        ),
        good(
            "one that names a purpose",
            """
            {Sid: "Read", Effect: "Allow", Action: "s3:GetObject", Resource: "*"}""",
        ),
    ),
)
