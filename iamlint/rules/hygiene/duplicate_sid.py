"""Flags a `Sid` that two statements of a policy share.

IAM rejects such a policy. Other services may accept it in their policies, but their tools then
replace or remove the wrong statement. It is not known whether AWS rejects it in service control and
resource control policies, so there it is a warning.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import count
from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.rule import Confidence, Family, Hit, Note, Rule, Severity, bad, good
from iamlint.rule.fix import Applicability, Fix, Reword

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Entry, Policy
    from iamlint.rule import RuleContext

_REQUIRED, _RECOMMENDED = "UNIQUE_SIDS_REQUIRED", "UNIQUE_SIDS_RECOMMENDED"
_OF_IAM = frozenset({Kind.IDENTITY, Kind.BOUNDARY, Kind.SESSION, Kind.TRUST})
_OF_RESOURCES = frozenset({Kind.RESOURCE, Kind.ENDPOINT})


def check_policy(policy: Policy, context: RuleContext) -> Iterator[Hit]:
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for statement in policy.statements:
        if statement.sid and statement.sid.known and not statement.is_open:
            found[statement.sid.known].append(statement.sid)
    taken = set(found)
    for name, (first, *others) in found.items():
        if others:
            yield Hit(
                first.at,
                f"{len(others) + 1} statements have the `Sid` `{name}`, which IAM rejects",
                related=tuple(Note(other.at, "the same `Sid`") for other in others),
                access_analyzer=_RECOMMENDED if policy.kind in _OF_RESOURCES else _REQUIRED,
                severity=None if policy.kind in _OF_IAM else Severity.WARNING,
                fix=_fix(name, others, taken),
            )


def _fix(name: str, others: list[Entry], taken: set[str]) -> Fix:
    """Return the fix that gives each but the first a number."""
    free = (f"{name}{number}" for number in count(2) if f"{name}{number}" not in taken)
    changes = tuple(Reword(other.at, new) for other, new in zip(others, free, strict=False))
    return Fix(Applicability.EQUIVALENT, "number the statements", changes)


RULE = Rule(
    name="duplicate-sid",
    family=Family.HYGIENE,
    module=__name__,
    summary="several statements have the same `Sid`, so IAM rejects the policy",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=(_REQUIRED, _RECOMMENDED),
    advice="give each statement its own `Sid`, or remove it",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html",
    ),
    when=("Sid", "several statements"),
    check_policy=check_policy,
    bad=(
        bad(
            "a copied statement",
            """
            {
              Version: "2012-10-17",
              Statement: [
                {Sid: "Read", Effect: "Allow", Action: "s3:GetObject", Resource: "*"}, //!
                {Sid: "Read", Effect: "Allow", Action: "s3:ListBucket", Resource: "*"},
              ],
            }""",
        ),
        bad(
            "in a bucket policy",
            """
            {
              Version: "2012-10-17",
              Statement: [
                {Sid: "a", Effect: "Deny", Principal: "*", Action: "s3:Get*", Resource: "arn:aws:s3:::b/*"}, //!
                {Sid: "a", Effect: "Deny", Principal: "*", Action: "s3:Put*", Resource: "arn:aws:s3:::b/*"},
              ],
            }""",
            kind=Kind.RESOURCE,
            access_analyzer=_RECOMMENDED,
        ),
    ),
    good=(
        good(
            "letter case makes two names",
            """
            {
              Version: "2012-10-17",
              Statement: [
                {Sid: "A", Effect: "Allow", Action: "s3:GetObject", Resource: "*"},
                {Sid: "a", Effect: "Allow", Action: "s3:ListBucket", Resource: "*"},
              ],
            }""",
        ),
        good(
            "statements without a `Sid`",
            """
            {
              Version: "2012-10-17",
              Statement: [
                {Effect: "Deny", Principal: "*", Action: "s3:Get*", Resource: "arn:aws:s3:::b/*"},
                {Effect: "Deny", Principal: "*", Action: "s3:Put*", Resource: "arn:aws:s3:::b/*"},
              ],
            }""",
            kind=Kind.RESOURCE,
            access_analyzer=_RECOMMENDED,
        ),
    ),
)
