"""Compares ARNs of a resource policy with the ARN of the one resource that the policy is attached to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.late_pattern import late_pattern
from iamlint.policy import wildcard
from iamlint.policy.arn import split_arn
from iamlint.policy.arn_patterns import FIELDS, overlaps_fields, widened
from iamlint.policy.pattern import has_unknown, pattern_of
from iamlint.policy.wildcard import is_wild

if TYPE_CHECKING:
    from iamlint.policy.model import Text

# How the ARNs of things inside of a resource continue its own ARN, by type.
# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
_INSIDE: Final = {
    "AWS::DynamoDB::Table": "/*",
    "AWS::Kinesis::Stream": "/*",
    "AWS::KMS::Key": "",
    "AWS::OpenSearchService::Domain": "/*",
    "AWS::S3::AccessPoint": "/*",
    "AWS::S3::Bucket": "/*",
    "AWS::SecretsManager::Secret": "",
    "AWS::SNS::Topic": "",
    "AWS::SQS::Queue": "",
}
_SEPARATOR: Final = late_pattern("[/:]")


def is_elsewhere(pattern: str, arn: Text | None, resource_type: str | None) -> bool:
    """Return whether a pattern of ARNs surely names neither a resource nor what is in it.

    Errs towards false: for types that are not in the table, and for all that unknown parts may be.
    """
    inside = _INSIDE.get(resource_type or "")
    if inside is None or arn is None:
        return False
    named, own = split_arn(pattern), split_arn(pattern_of(arn))
    if not len(named) == len(own) == FIELDS or has_unknown("".join((*named[:5], *own[:5]))):
        return False
    return not (overlaps_fields(named[:5], own[:5]) and _may_be(named[5], own[5], inside))


def _may_be(named: str, own: str, inside: str) -> bool:
    """Return whether a pattern may name the resource, or something `inside` of it."""
    end = _end_of_name(named, own)
    name, rest = named[:end], named[end:]
    if not is_wild(name) and "${" not in name:
        return _may_meet(name, own) and (not rest or bool(inside))
    return _may_meet(named, own) or (bool(inside) and _may_meet(named, own + inside))


def _end_of_name(named: str, own: str) -> int:
    """Return where a name ends that has as many parts as the name of the resource."""
    ends = [found.start() for found in _SEPARATOR.finditer(named)]
    parts = len(_SEPARATOR.findall(own))
    return ends[parts] if parts < len(ends) else len(named)


def _may_meet(left: str, right: str) -> bool:
    """Return whether two patterns may name one text; what both begin with has one value."""
    same = _end_of_same_start(left, right)
    return wildcard.overlaps(widened(left[same:]), widened(right[same:]))


def _end_of_same_start(left: str, right: str) -> int:
    """Return the length of the plain text and the variables that both patterns begin with."""
    pairs = enumerate(zip(left, right, strict=False))
    end = next((at for at, (a, b) in pairs if a != b or a in "*?"), min(len(left), len(right)))
    variable = left.rfind("${", 0, end)
    return end if variable < 0 or "}" in left[variable:end] else variable
