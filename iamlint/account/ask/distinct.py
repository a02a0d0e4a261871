"""Principals whose names are not known, and that are two all the same.

A file may call two roles by two variables, or leave both names to AWS: an account has no two users,
groups or roles of one name.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.account.model import IdentityKind
from iamlint.evaluator.request import role_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.account.model import Accounts, Identity


def distinct(accounts: Accounts) -> dict[str, str]:
    """Return the ARNs of principals, as patterns, with the scope that describes each.

    Two of one scope are two principals. If all names are known, their texts say so: then nothing.
    """
    every = [one for one in accounts.identities.values() if one.is_described and one.scope]
    if all(one.is_named for one in every):
        return {}
    return {name: one.scope for one in every for name in _names(one)}


def _names(identity: Identity) -> Iterator[str]:
    """Yield how policies name a principal: by its ARN, or without the path of a role."""
    arn = identity.as_arn
    yield str(arn)
    if identity.kind is IdentityKind.ROLE:
        yield role_key(arn.partition, arn.account, arn.resource_name)
