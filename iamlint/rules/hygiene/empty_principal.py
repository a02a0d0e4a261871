"""Flags an empty `Principal`, or an empty list of principals.

AWS rejects a policy with a statement that names no principal. An empty list beside other principals,
and an empty `NotPrincipal`, are notes: it is not known whether AWS rejects them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind
from iamlint.policy.problem import GrammarFault
from iamlint.rule import Confidence, Family, Rule, Severity, bad, good
from iamlint.rules.syntax._problems import hits_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Policy
    from iamlint.rule import Hit, RuleContext

_LIST, _OBJECT = "EMPTY_ARRAY_PRINCIPAL", "EMPTY_OBJECT_PRINCIPAL"


def check_policy(policy: Policy, context: RuleContext) -> Iterator[Hit]:
    yield from hits_of(policy, GrammarFault.EMPTY_PRINCIPAL_LIST, code=_LIST)
    yield from hits_of(policy, GrammarFault.EMPTY_PRINCIPAL_OBJECT, code=_OBJECT)


RULE = Rule(
    name="empty-principal",
    family=Family.HYGIENE,
    module=__name__,
    summary="AWS rejects a statement without any principal",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=(_LIST, _OBJECT),
    kinds=frozenset({Kind.RESOURCE, Kind.TRUST, Kind.RCP, Kind.ENDPOINT}),
    advice="add a principal, or remove the statement",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html",
    ),
    when=("problem empty principal list | problem empty principal object",),
    check_policy=check_policy,
    bad=(
        bad(
            "an empty list under a type",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*",
              Principal: {
                Service: "cloudfront.amazonaws.com",
                AWS: [], //!
              },
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "no account at all",
            """
            {
              Effect: "Allow", Action: "sts:AssumeRole",
              Principal: {
                AWS: [], //!
              },
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "an empty object",
            """
            {
              Effect: "Allow", Action: "sts:AssumeRole",
              Principal: {}, //!
            }""",
            kind=Kind.TRUST,
            access_analyzer=_OBJECT,
        ),
    ),
    good=(
        good(
            "one principal",
            """
            {
              Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*",
              Principal: {AWS: ["111122223333"]},
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "`*` is everyone",
            """
            {Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::b/*"}""",
            kind=Kind.RESOURCE,
            access_analyzer=_OBJECT,
        ),
    ),
)
