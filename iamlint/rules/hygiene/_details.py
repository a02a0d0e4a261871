"""The entries in the authorization details of an account, as AWS's tools write them.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.dumps.details import LISTS
from iamlint.load.recognise.context import member, text_of

if TYPE_CHECKING:
    from iamlint.text.source import Value

USERS, GROUPS, ROLES = LISTS
POLICIES: Final = "Policies"

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
_OF_AWS: Final = ("/aws-service-role/", "/aws-reserved/")


def is_whole(details: Value) -> bool:
    """Return whether all four lists are there: a filter or a page leaves some out."""
    lists = (member(details, name) for name in (*LISTS, POLICIES))
    return all(isinstance(one, list) for one in lists) and not member(details, "IsTruncated")


def entries(details: Value, name: str) -> list[Value]:
    """Return the entries of a list; empty if it is not there."""
    return items(member(details, name))


def items(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []


def is_of_aws(role: Value) -> bool:
    """Return whether a service or IAM Identity Center makes a role, which people cannot change."""
    return (text_of(role, "Path") or "/").startswith(_OF_AWS)
