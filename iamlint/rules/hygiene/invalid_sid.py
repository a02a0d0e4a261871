"""Flags a `Sid` with characters other than ASCII letters and digits.

IAM rejects the policy. Other services accept more characters in their policies, often spaces. It is
not known what Access Analyzer reports for trust, service control and resource control policies, so
this rule skips them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Rule, Severity, bad, good
from iamlint.rule.fix import Applicability, Fix, Reword

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Entry, Policy, Statement
    from iamlint.rule import RuleContext


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    sid = statement.sid.known if statement.sid else None
    if statement.sid and sid and not (sid.isascii() and sid.isalnum()):
        odd = next(char for char in sid if not (char.isascii() and char.isalnum()))
        message = (
            f"`{sid}` is not a valid `Sid`, so IAM rejects the policy: it contains {_name(odd)}"
        )
        yield Hit(statement.sid.at, message, fix=_fix(statement.sid, sid, context.policy))


def _fix(entry: Entry, sid: str, policy: Policy) -> Fix | None:
    """Return the fix without the other characters; letters of other alphabets have no fix."""
    words = re.split(r"[^A-Za-z0-9]+", sid)
    new = "".join(word[:1].upper() + word[1:] for word in words)
    taken = {statement.sid.text for statement in policy.statements if statement.sid}
    if not sid.isascii() or not new or new in taken:
        return None
    return Fix(Applicability.EQUIVALENT, f"write `{new}`", (Reword(entry.at, new),))


def _name(char: str) -> str:
    return "a space" if char == " " else f"`{char}`" if char.isprintable() else ascii(char)


RULE = Rule(
    name="invalid-sid",
    family=Family.HYGIENE,
    module=__name__,
    summary="IAM rejects a `Sid` with characters other than letters and digits",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("UNSUPPORTED_SID",),
    kinds=frozenset({Kind.IDENTITY, Kind.BOUNDARY, Kind.SESSION}),
    advice="use only A-Z, a-z and 0-9",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html",
    ),
    when=("odd Sid",),
    check=check,
    bad=(
        bad(
            "a hyphen",
            """
            {
              Sid: "Allow-read", //!
              Effect: "Allow", Action: "s3:GetObject", Resource: "*",
            }""",
        ),
        bad(
            "letters beyond ASCII",
            """
            {
              Sid: "Löschen", //!
              Effect: "Allow", Action: "s3:DeleteObject", Resource: "*",
            }""",
        ),
    ),
    good=(
        good(
            "letters and digits",
            """
            {Sid: "AllowRead1", Effect: "Allow", Action: "s3:GetObject", Resource: "*"}""",
        ),
        good(
            "a bucket policy may have spaces",
            """
            {
              Sid: "allow read", Effect: "Allow", Principal: {AWS: "111122223333"},
              Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*",
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "another rule reports an empty `Sid`",
            """
            {Sid: "", Effect: "Allow", Action: "s3:GetObject", Resource: "*"}""",
        ),
    ),
)
