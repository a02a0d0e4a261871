"""Flags groups as principals.

A group attaches policies to its users. It never signs a request, so AWS rejects it as a principal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.arn import parse_arn
from iamlint.policy.grammar import Kind, PrincipalType
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for principals in (statement.principal, statement.not_principal):
        for principal in principals.of(PrincipalType.AWS) if principals else ():
            arn = parse_arn(principal.text)
            if arn is not None and arn.service == "iam" and arn.resource_type == "group":
                yield Hit(
                    principal.at, f"`{principal.text}` is a group, which AWS rejects as a principal"
                )


RULE = Rule(
    name="group-principal",
    family=Family.PRINCIPALS,
    module=__name__,
    summary="AWS rejects a group as a principal",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    kinds=frozenset({Kind.RESOURCE, Kind.TRUST, Kind.ENDPOINT}),
    advice="name the users or, better, a role that they may assume",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    ),
    when=("principal AWS",),
    check=check,
    bad=(
        bad(
            "a group in a bucket policy",
            """
            {
              Effect: "Allow",
              Principal: {
                AWS: "arn:aws:iam::111122223333:group/readers", //!
              },
              Action: "s3:GetObject",
              Resource: "arn:aws:s3:::shelf/*",
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "a group beside a role",
            """
            {
              Effect: "Allow",
              Principal: {AWS: [
                "arn:aws:iam::111122223333:role/app",
                "arn:aws:iam::111122223333:group/teams/build", //!
              ]},
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "a role with a name like a group",
            """
            {Effect: "Allow", Principal: {AWS: "arn:aws:iam::111122223333:role/group/x"}, Action: "sts:AssumeRole"}""",
            kind=Kind.TRUST,
        ),
        good(
            "an identity policy to manage groups",
            """
            {Effect: "Allow", Action: "iam:GetGroup", Resource: "arn:aws:iam::111122223333:group/readers"}""",
            kind=Kind.IDENTITY,
        ),
    ),
)
