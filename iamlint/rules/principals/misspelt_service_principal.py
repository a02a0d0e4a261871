"""Flags service principals that look misspelt, also in keys such as `iam:PassedToService`.

No service can assume a role that trusts `lamda.amazonaws.com`. The rule reports only names that are
one letter away from a known one: AWS does not publish a list, and services come and go.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from iamlint.catalog.values.identities import SERVICE_KEYS
from iamlint.late_pattern import late_pattern
from iamlint.policy.grammar import Kind, OperatorFamily, PrincipalType
from iamlint.policy.spelling import is_one_slip
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.principals._services import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Entry, Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for entry in _services(statement):
        name = _name(entry.known or "")
        if name is None or name in NAMES or context.catalog.has_service(name):
            continue
        meant = _meant(name)
        if meant is not None:
            right = entry.text.replace(name, meant, 1)
            yield Hit(
                entry.at,
                f"no service known on {context.catalog.date} uses the name `{entry.text}`, so it may match no service",
                help=f"did you mean `{right}`?",
            )


@lru_cache(maxsize=1024)
def _meant(name: str) -> str | None:
    longer = (known for known in sorted(NAMES) if min(len(name), len(known)) >= SHORTEST)
    return next((known for known in longer if is_one_slip(name, known)), None)


def _services(statement: Statement) -> Iterator[Entry]:
    for principal in statement.principals:
        if principal.type is PrincipalType.SERVICE:
            yield principal.entry
    for condition in statement.conditions:
        if condition.name in _KEYS and condition.family is OperatorFamily.STRING:
            yield from condition.values


def _name(host: str) -> str | None:
    """Return what is before region and suffix; None where a part is not known."""
    if not host.endswith(SUFFIXES):
        return None
    name = host.removesuffix(".cn").removesuffix(".amazonaws.com")
    name = _REGION.sub("", name)
    return name if name and name == name.lower() and not _OPEN.intersection(name) else None


_KEYS = frozenset({"aws:calledvia", "aws:calledviafirst", "aws:calledvialast", *SERVICE_KEYS})
_OPEN = frozenset("$*?")
SHORTEST = 4
SUFFIXES = (".amazonaws.com", ".amazonaws.com.cn")
_REGION = late_pattern(r"\.[a-z]{2}(?:-[a-z]+)+-\d+$")


RULE = Rule(
    name="misspelt-service-principal",
    family=Family.PRINCIPALS,
    module=__name__,
    summary="a service principal looks misspelt, so the service gets no access",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    advice="look the name up in the guide of the service",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services",
    ),
    when=(" | ".join(["principal Service", *(f"key {one}" for one in sorted(_KEYS))]),),
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
        bad(
            "a service to which a role may be passed",
            """
            {
              Effect: "Allow",
              Action: "iam:PassRole",
              Resource: "arn:aws:iam::111122223333:role/build",
              Condition: {StringEquals: {"iam:PassedToService": [
                "codepipeline.amazonaws.com",
                "codebiuld.amazonaws.com", //!
              ]}},
            }""",
        ),
    ),
    good=(
        good(
            "a pattern, and a service of a service",
            """
            {
              Effect: "Allow",
              Action: "iam:PassRole",
              Resource: "arn:aws:iam::111122223333:role/build",
              Condition: {StringLike: {
                "iam:PassedToService": ["lamda*.amazonaws.com", "build.apprunner.amazonaws.com"],
              }},
            }""",
        ),
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
