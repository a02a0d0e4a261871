"""Flags addresses in `aws:SourceIp` that no request comes from.

AWS sees the public address of a request; through a VPC endpoint the key is absent. Private, loopback,
link-local and other internal addresses never match: an `Allow` grants nothing, and a `Deny` with
`NotIpAddress` blocks everyone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.policy.grammar import OperatorFamily
from iamlint.rule import Confidence, Family, Hit, Note, Rule, RuleContext, Severity, bad, good
from iamlint.rules.conditions._keys import CHECKS, GLOBAL_KEYS, known_values
from iamlint.rules.conditions._values import internal_use_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Condition, Entry, Statement

_PRIVATE: Final = "private"
"""The only ones that AWS's validator is known to report: those of RFC 1918."""


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for condition in statement.conditions:
        if condition.name != "aws:sourceip" or condition.family is not OperatorFamily.IP:
            continue
        internal = list(_internal(condition))
        if not internal:
            continue
        partly = len(internal) < len(condition.values)
        private = [one for one in internal if one[1] == _PRIVATE]
        entry, use = (private or internal)[0]
        what = "this value" if partly else f"`{condition.key}`"
        yield Hit(
            entry.at,
            f"no request comes from the {use} address `{entry.text}`, so {what} never matches",
            related=tuple(
                Note(other.at, "no request comes from this address either")
                for other, _ in internal
                if other is not entry
            ),
            access_analyzer=_code(condition, len(private)),
            severity=Severity.NOTE if partly else None,
        )


def _internal(condition: Condition) -> Iterator[tuple[Entry, str]]:
    """Yield the values that no request over the internet comes from, and what they are for."""
    for entry, value in known_values(condition):
        use = internal_use_of(value)
        if use is not None:
            yield entry, use


def _code(condition: Condition, private: int) -> str:
    if not private:
        return ""
    partly = private < len(condition.values)
    return f"PRIVATE_{'NOT_' * condition.negated}IP_ADDRESS{'_SUBSET' * partly}"


RULE = Rule(
    name="private-ip-address",
    family=Family.CONDITIONS,
    module=__name__,
    summary="no request comes from a private or other internal address, so the value never matches",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    access_analyzer=(
        "PRIVATE_IP_ADDRESS",
        "PRIVATE_NOT_IP_ADDRESS",
        "PRIVATE_IP_ADDRESS_SUBSET",
        "PRIVATE_NOT_IP_ADDRESS_SUBSET",
    ),
    advice="use public addresses, or `aws:VpcSourceIp` with `aws:SourceVpc`",
    sources=(
        CHECKS,
        GLOBAL_KEYS,
        "https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml",
        "https://www.iana.org/assignments/iana-ipv6-special-registry/iana-ipv6-special-registry.xhtml",
    ),
    when=("operator IpAddress", "key aws:sourceip"),
    check=check,
    bad=(
        bad(
            "all of them",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              IpAddress: {"aws:SourceIp": [
                "10.0.0.0/8", //!
                "192.168.1.0/24",
              ]},
            }}""",
        ),
        bad(
            "negated, one address",
            """
            {Effect: "Deny", Action: "s3:GetObject", Resource: "*", Condition: {
              NotIpAddressIfExists: {"aws:SourceIp": "172.16.0.1"}, //!
            }}""",
            access_analyzer="PRIVATE_NOT_IP_ADDRESS",
        ),
        bad(
            "some of them",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              IpAddress: {"aws:SourceIp": [
                "203.0.113.0/24",
                "10.0.0.0/8", //!
              ]},
            }}""",
            access_analyzer="PRIVATE_IP_ADDRESS_SUBSET",
        ),
        bad(
            "some of them, negated",
            """
            {Effect: "Deny", Action: "s3:GetObject", Resource: "*", Condition: {
              NotIpAddress: {"aws:SourceIp": [
                "10.0.0.0/8", //!
                "203.0.113.0/24",
              ]},
            }}""",
            access_analyzer="PRIVATE_NOT_IP_ADDRESS_SUBSET",
        ),
        bad(
            "loopback, link-local and unique local addresses",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              IpAddress: {"aws:SourceIp": [
                "127.0.0.0/8", //!
                "169.254.0.0/16", "::1", "fe80::/10", "fd00::/8",
              ]},
            }}""",
            access_analyzer="",
        ),
        bad(
            "addresses that providers share among their customers",
            """
            {Effect: "Deny", Action: "s3:GetObject", Resource: "*", Condition: {
              NotIpAddress: {"aws:SourceIp": "100.64.0.0/10"}, //!
            }}""",
            access_analyzer="",
        ),
    ),
    good=(
        good(
            "public addresses",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              IpAddress: {"aws:SourceIp": ["203.0.113.0/24", "172.32.0.0/16", "2600:1f18::/33"]},
            }}""",
        ),
        good(
            "a range that is only partly private",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              IpAddress: {"aws:SourceIp": "0.0.0.0/0"},
            }}""",
        ),
        good(
            "addresses of documentation, in place of others",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              IpAddress: {"aws:SourceIp": ["192.0.2.0/24", "198.51.100.7", "2001:db8::/32"]},
            }}""",
        ),
        good(
            "the address inside a VPC",
            """
            {Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: {
              IpAddress: {"aws:VpcSourceIp": "10.0.0.0/8"},
            }}""",
        ),
    ),
)
