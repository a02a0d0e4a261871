"""The legal words of a policy document, as data.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind(StrEnum):
    """The kind of a policy; the meaning of its words depends on it."""

    IDENTITY = "identity"
    RESOURCE = "resource"
    TRUST = "trust"
    SCP = "scp"
    RCP = "rcp"
    ENDPOINT = "endpoint"
    BOUNDARY = "boundary"
    SESSION = "session"

    @property
    def grants(self) -> bool:
        """Whether an Allow in it can give access; the other kinds only limit."""
        return self in _GRANTING

    @property
    def has_principal(self) -> bool:
        """Whether its statements have a `Principal`."""
        return self in _WITH_PRINCIPAL


_GRANTING: Final = frozenset({Kind.IDENTITY, Kind.RESOURCE, Kind.TRUST})
_WITH_PRINCIPAL: Final = frozenset({Kind.RESOURCE, Kind.TRUST, Kind.RCP, Kind.ENDPOINT})


class Effect(StrEnum):
    ALLOW = "Allow"
    DENY = "Deny"


class Version(StrEnum):
    """`2012-10-17` alone knows policy variables; a policy without a version is of 2008."""

    V2008 = "2008-10-17"
    V2012 = "2012-10-17"


class PrincipalType(StrEnum):
    AWS = "AWS"
    SERVICE = "Service"
    FEDERATED = "Federated"
    CANONICAL_USER = "CanonicalUser"


class Quantifier(StrEnum):
    """How many of a request's values must satisfy a condition."""

    NONE = ""
    ALL = "ForAllValues"
    ANY = "ForAnyValue"


class OperatorFamily(StrEnum):
    STRING = "String"
    NUMERIC = "Numeric"
    DATE = "Date"
    BOOL = "Bool"
    BINARY = "Binary"
    IP = "IpAddress"
    ARN = "Arn"
    NULL = "Null"


class Bound(StrEnum):
    """Which end of a range the values of an operator are."""

    UPPER = "upper"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class Operator:
    """A condition operator without quantifier and `IfExists`."""

    name: str
    family: OperatorFamily
    negated: bool = False
    wildcards: bool = False
    ignores_case: bool = False
    bound: Bound | None = None

    @property
    def opposite(self) -> Operator | None:
        """The operator that holds for a value just where this one does not."""
        return _OPPOSITES.get(self.name)


def _comparisons(family: OperatorFamily) -> Iterator[Operator]:
    yield Operator(f"{family}Equals", family)
    yield Operator(f"{family}NotEquals", family, negated=True)
    yield Operator(f"{family}LessThan", family, bound=Bound.UPPER)
    yield Operator(f"{family}LessThanEquals", family, bound=Bound.UPPER)
    yield Operator(f"{family}GreaterThan", family, bound=Bound.LOWER)
    yield Operator(f"{family}GreaterThanEquals", family, bound=Bound.LOWER)


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
OPERATORS: Final = {
    operator.name.lower(): operator
    for operator in (
        Operator("StringEquals", OperatorFamily.STRING),
        Operator("StringNotEquals", OperatorFamily.STRING, negated=True),
        Operator("StringEqualsIgnoreCase", OperatorFamily.STRING, ignores_case=True),
        Operator(
            "StringNotEqualsIgnoreCase", OperatorFamily.STRING, negated=True, ignores_case=True
        ),
        Operator("StringLike", OperatorFamily.STRING, wildcards=True),
        Operator("StringNotLike", OperatorFamily.STRING, negated=True, wildcards=True),
        *_comparisons(OperatorFamily.NUMERIC),
        *_comparisons(OperatorFamily.DATE),
        Operator("Bool", OperatorFamily.BOOL),
        Operator("BinaryEquals", OperatorFamily.BINARY),
        Operator("IpAddress", OperatorFamily.IP),
        Operator("NotIpAddress", OperatorFamily.IP, negated=True),
        Operator("ArnEquals", OperatorFamily.ARN, wildcards=True),
        Operator("ArnLike", OperatorFamily.ARN, wildcards=True),
        Operator("ArnNotEquals", OperatorFamily.ARN, negated=True, wildcards=True),
        Operator("ArnNotLike", OperatorFamily.ARN, negated=True, wildcards=True),
        Operator("Null", OperatorFamily.NULL),
    )
}
_OPPOSITES: Final = {
    one: OPERATORS[other.lower()]
    for pair in (
        ("StringEquals", "StringNotEquals"),
        ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
        ("StringLike", "StringNotLike"),
        ("NumericEquals", "NumericNotEquals"),
        ("NumericLessThan", "NumericGreaterThanEquals"),
        ("NumericGreaterThan", "NumericLessThanEquals"),
        ("DateEquals", "DateNotEquals"),
        ("DateLessThan", "DateGreaterThanEquals"),
        ("DateGreaterThan", "DateLessThanEquals"),
        ("IpAddress", "NotIpAddress"),
        ("ArnEquals", "ArnNotEquals"),
        ("ArnLike", "ArnNotLike"),
    )
    for one, other in (pair, pair[::-1])
}

POLICY_ELEMENTS: Final = ("Version", "Id", "Statement")
STATEMENT_ELEMENTS: Final = (
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)
PAIRS: Final = (
    ("Principal", "NotPrincipal"),
    ("Action", "NotAction"),
    ("Resource", "NotResource"),
)
