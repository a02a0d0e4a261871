"""Flags service principals that look misspelt.

No service can assume a role that trusts `lamda.amazonaws.com`. The rule reports only names that are
one letter away from a known one: AWS does not publish a list, and services come and go.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iamlint.policy.grammar import Kind, PrincipalType
from iamlint.policy.spelling import is_one_slip
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.principals._services import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Principal, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for principal in statement.principals:
        name = _name(principal)
        if name is None or name in NAMES or context.catalog.has_service(name):
            continue
        longer = (known for known in sorted(NAMES) if min(len(name), len(known)) >= SHORTEST)
        meant = next((known for known in longer if is_one_slip(name, known)), None)
        if meant is not None:
            right = principal.text.replace(name, meant, 1)
            yield Hit(
                principal.at,
                f"no known service uses the name `{principal.text}`, so this principal may match no caller",
                help=f"did you mean `{right}`?",
            )


def _name(principal: Principal) -> str | None:
    """Return what is before region and suffix; None where a part is not known."""
    host = principal.entry.known or ""
    if principal.type is not PrincipalType.SERVICE or not host.endswith(SUFFIXES):
        return None
    name = host.removesuffix(".cn").removesuffix(".amazonaws.com")
    return _REGION.sub("", name) if name and name == name.lower() and "$" not in name else None


SHORTEST = 4
SUFFIXES = (".amazonaws.com", ".amazonaws.com.cn")
_REGION = re.compile(r"\.[a-z]{2}(?:-[a-z]+)+-\d+$")


RULE = Rule(
    name="misspelt-service-principal",
    family=Family.PRINCIPALS,
    module=__name__,
    summary="a service principal looks misspelt, so the service gets no access",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    kinds=frozenset({Kind.TRUST, Kind.RESOURCE}),
    advice="look the name up in the guide of the service",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services",
    ),
    check=check,
    bad=(
        bad(
            "a letter is missing",
            """
            {
              Effect: "Allow",
              Principal: {
                Service: "lamda.amazonaws.com", //!
              },
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "two letters changed places",
            """
            {
              Effect: "Allow",
              Principal: {
                Service: "lambad.amazonaws.com", //!
              },
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "the ending of another service",
            """
            {
              Effect: "Allow",
              Principal: {
                Service: "ecs-task.amazonaws.com", //!
              },
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
    ),
    good=(
        good(
            "as AWS writes it",
            """
            {
              Effect: "Allow",
              Principal: {Service: "lambda.amazonaws.com"},
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "with a region",
            """
            {
              Effect: "Allow",
              Principal: {Service: "logs.eu-west-1.amazonaws.com"},
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "a name that is not close to a known one",
            """
            {
              Effect: "Allow",
              Principal: {Service: "brand-new-thing.amazonaws.com"},
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "the prefix of a service",
            """
            {
              Effect: "Allow",
              Principal: {Service: "omics.amazonaws.com"},
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "letter case is not checked here",
            """
            {
              Effect: "Allow",
              Principal: {Service: "Lamda.amazonaws.com"},
              Action: "sts:AssumeRole",
            }""",
            kind=Kind.TRUST,
        ),
    ),
)
