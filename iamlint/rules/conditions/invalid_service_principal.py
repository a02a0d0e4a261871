"""Flags names of calling services that no service has.

A service calls under a name such as `athena.amazonaws.com`, in lower case. `aws:CalledVia` knows
names of one label only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.policy.wildcard import is_wild
from iamlint.rule import Ask, Confidence, Family, Hit, Rule, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS, GLOBAL_KEYS, compares_text, known_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, ask: Ask) -> Iterator[Hit]:
    for condition in statement.conditions:
        # Other keys, such as `iam:PassedToService`, hold names of several labels.
        if not condition.name.startswith("aws:calledvia") or not compares_text(condition):
            continue
        if condition.name == "aws:calledviaawsmcp":
            continue
        for entry, value in known_values(condition):
            if not is_wild(value) and not _is_caller(value):
                yield Hit(
                    entry.at,
                    f"`{value}` is no service that calls for others",
                    help="the names read `athena.amazonaws.com`, with one part before the suffix",
                )


_SUFFIXES = (".amazonaws.com", ".amazon.com", ".amazonaws.com.cn")


def _is_caller(value: str) -> bool:
    labels = [value.removesuffix(suffix) for suffix in _SUFFIXES if value.endswith(suffix)]
    return value == value.lower() and any(label and "." not in label for label in labels)


RULE = Rule(
    name="invalid-service-principal",
    family=Family.CONDITIONS,
    module=__name__,
    summary="no service calls under such a name",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=("INVALID_SERVICE_PRINCIPAL_FORMAT",),
    advice="use the name of the service principal",
    sources=(CHECKS, GLOBAL_KEYS),
    check=check,
    bad=(
        bad(
            "a name of two labels",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              "ForAnyValue:StringEquals": {"aws:CalledVia": [
                "athena.amazonaws.com",
                "application-signals.cloudwatch.amazonaws.com", //!
              ]},
            }}""",
        ),
        bad(
            "capitals",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              StringEquals: {"aws:CalledViaFirst": "Athena.amazonaws.com"}, //!
            }}""",
        ),
        bad(
            "the prefix of the service",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              "ForAnyValue:StringEquals": {"aws:CalledVia": "athena"}, //!
            }}""",
        ),
    ),
    good=(
        good(
            "a name of one label",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              "ForAnyValue:StringEquals": {"aws:CalledVia": ["athena.amazonaws.com"]},
            }}""",
        ),
        good(
            "other keys hold longer names",
            """
            {Effect: "Allow", Action: "iam:PassRole", Resource: "*", Condition: {
              StringEquals: {"iam:PassedToService": "pods.eks.amazonaws.com"},
            }}""",
        ),
    ),
)
