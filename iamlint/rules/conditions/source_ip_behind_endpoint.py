"""Flags Denies by address that also block requests through a VPC endpoint.

Such a request does not carry `aws:SourceIp`, and `NotIpAddress` holds without the key, so instances
and functions in a VPC with an endpoint lose access, also those of the same company. A statement with
another condition on endpoints, or on requests that AWS services make, is not reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.grants.carried import holds_without_key
from iamlint.policy.callers import BY_SERVICE, THROUGH_ENDPOINTS
from iamlint.policy.grammar import Kind, OperatorFamily
from iamlint.rule import Confidence, Family, Hit, Profile, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import GLOBAL_KEYS, known_values
from iamlint.rules.conditions._values import internal_use_of, network_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Statement

_KEY: Final = "aws:sourceip"
_CONSIDERED: Final = frozenset(
    map(str.lower, (*THROUGH_ENDPOINTS, "aws:ViaAWSService", "aws:CalledVia", BY_SERVICE))
)


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    if not statement.denies or statement.has_more_conditions:
        return
    for condition in statement.conditions:
        if condition.name in _CONSIDERED or (condition.name == _KEY and condition.needs_key):
            return
    for condition in statement.conditions:
        if condition.name == _KEY and _is_of_addresses(condition):
            yield Hit(
                condition.at,
                f"requests through a VPC endpoint do not carry `{condition.key}`, so this Deny also blocks them",
            )


def _is_of_addresses(condition: Condition) -> bool:
    """Return whether a test exempts addresses that requests from the internet may come from."""
    if condition.family is not OperatorFamily.IP or not condition.negated:
        return False
    values = [value for _, value in known_values(condition)]
    is_of_none = bool(values) and all(map(internal_use_of, values))
    is_of_all = any((found := network_of(value)) and found.prefixlen == 0 for value in values)
    return holds_without_key(condition) is True and not is_of_none and not is_of_all


RULE = Rule(
    name="source-ip-behind-endpoint",
    family=Family.CONDITIONS,
    module=__name__,
    summary="a Deny by address also blocks requests through a VPC endpoint",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    profile=Profile.STRICT,
    kinds=frozenset(Kind) - {Kind.ENDPOINT, Kind.TRUST},
    advice="if your requests come through endpoints, add a negated condition on `aws:SourceVpc` or `aws:SourceVpce` to exempt these",
    sources=(
        GLOBAL_KEYS,
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_deny-ip.html",
    ),
    when=("Deny", "key aws:sourceip"),
    check=check,
    bad=(
        bad(
            "a bucket for the office",
            """
            {
              Effect: "Deny", Principal: "*", Action: "s3:*",
              Resource: ["arn:aws:s3:::depot", "arn:aws:s3:::depot/*"],
              Condition: {NotIpAddress: {
                "aws:SourceIp": "203.0.113.0/24", //!
              }},
            }""",
            kind=Kind.RESOURCE,
        ),
        bad(
            "`IfExists` changes nothing, and one role is exempt",
            """
            {
              Effect: "Deny", Action: "*", Resource: "*",
              Condition: {
                NotIpAddressIfExists: {
                  "aws:SourceIp": ["203.0.113.0/24", "2001:db8::/48"], //!
                },
                ArnNotLike: {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"},
              },
            }""",
        ),
    ),
    good=(
        good(
            "requests through the company's endpoint are exempt",
            """
            {
              Effect: "Deny", Principal: "*", Action: "s3:*",
              Resource: ["arn:aws:s3:::depot", "arn:aws:s3:::depot/*"],
              Condition: {
                NotIpAddress: {"aws:SourceIp": "203.0.113.0/24"},
                StringNotEquals: {"aws:SourceVpce": "vpce-1a2b3c4d"},
              },
            }""",
            kind=Kind.RESOURCE,
        ),
        good(
            "AWS's example for identities",
            """
            {
              Effect: "Deny", Action: "*", Resource: "*",
              Condition: {
                NotIpAddress: {"aws:SourceIp": ["192.0.2.0/24", "203.0.113.0/24"]},
                Bool: {"aws:ViaAWSService": "false"},
              },
            }""",
        ),
        good(
            "only requests with an address",
            """
            {
              Effect: "Deny", Action: "*", Resource: "*",
              Condition: {
                NotIpAddress: {"aws:SourceIp": "203.0.113.0/24"},
                Null: {"aws:SourceIp": "false"},
              },
            }""",
        ),
        good(
            "addresses that are not wanted",
            """
            {
              Effect: "Deny", Action: "*", Resource: "*",
              Condition: {IpAddress: {"aws:SourceIp": "203.0.113.0/24"}},
            }""",
        ),
        good(
            "`private-ip-address` reports that everyone is blocked",
            """
            {
              Effect: "Deny", Action: "*", Resource: "*",
              Condition: {NotIpAddress: {"aws:SourceIp": "10.0.0.0/8"}},
            }""",
        ),
    ),
)
