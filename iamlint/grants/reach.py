"""How far a statement reaches with one action: over every resource of it, some, one, or none?"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from iamlint.grants.grants import Truth, denials, is_denied, statement_covers_resource
from iamlint.late_pattern import late_pattern
from iamlint.policy import wildcard
from iamlint.policy.arn_patterns import overlaps_arn, pad
from iamlint.policy.memory import remember
from iamlint.policy.steps import spend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iamlint.catalog import Action, Catalog
    from iamlint.policy.model import Policy, Statement

_VARIABLE = late_pattern(r"\$\{[^{}]*\}")
# No policy can change or pass the roles that belong to a service or to IAM Identity Center:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
# https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
PROTECTED_ROLES = ("role/aws-service-role/", "role/aws-reserved/")
# AWS's own managed policies are those of this account:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
_AWS = "aws"

ANY_NAME = "x7q2m9"
"""A name that no policy lists, so that what holds for it holds for a new one."""


class Reach(IntEnum):
    """Which resources, from none to all; `SELF` is the user of the name that makes the call."""

    NONE = 0
    SELF = 1
    ONE = 2
    SOME = 3
    ANY = 4


def resource_patterns(
    action: Action, catalog: Catalog, names: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return which ARNs the action can be granted on: patterns, or `*` when it takes none.

    Those of the resource types named, or else of the required ones, or else of all.
    """
    return _patterns(catalog, action.full_name, tuple(names))


@lru_cache(maxsize=8192)
def _patterns(catalog: Catalog, name: str, names: tuple[str, ...]) -> tuple[str, ...]:
    action = catalog.action(name)
    service = catalog.service(action.service) if action else None
    if action is None or service is None or action.wildcard_only:
        return ("*",)
    required = [use.name for use in action.resource_types if use.required]
    wanted = names or required or [use.name for use in action.resource_types]
    types = [
        service.resource_types[n.lower()] for n in wanted if n.lower() in service.resource_types
    ]
    return tuple(_as_pattern(arn) for type_ in types for arn in type_.arns) or ("*",)


def reach(statement: Statement, policy: Policy, action: str, patterns: Sequence[str]) -> Reach:
    """Return how far an Allow reaches with the action, after the Denies that always hold.

    A partly unknown value counts as one resource, and a wholly unknown one as no resource.
    """
    if statement.not_resource is not None:
        left = (_all_but(statement, policy, action, pattern) for pattern in patterns)
        return max(left, default=Reach.NONE)
    if reaches_all(statement, policy):
        return Reach.ANY
    has_denies = bool(denials(policy).all)
    found = Reach.NONE
    for entry in statement.resources:
        text = entry.pattern
        for pattern in patterns:
            far = reach_of_entry(text, pattern)
            if far > found and not (has_denies and _is_denied(policy, action, text, pattern)):
                found = far
    return found


def reaches_all(statement: Statement, policy: Policy) -> bool:
    """Return whether an Allow surely reaches every resource, whatever the action."""
    return remember(statement, _names_all) and not denials(policy).all


def _names_all(statement: Statement) -> bool:
    return any(set(entry.pattern) == {"*"} for entry in statement.resources)


def _all_but(statement: Statement, policy: Policy, action: str, pattern: str) -> Reach:
    closed = pattern != "*" and statement_covers_resource(statement, pattern) is Truth.NO
    return Reach.NONE if closed or _is_denied(policy, action, "*", pattern) else Reach.ANY


def _is_denied(policy: Policy, action: str, text: str, pattern: str) -> bool:
    """Return whether a Deny covers what the text and the pattern share: one of them is enough.

    The partition of a grant on `*` is taken to be `aws`, where a Deny has to name one.
    """
    denies = denials(policy)
    if not denies.all:
        return False
    if is_denied(policy, action, text):
        return True
    own = pad(pattern)
    if own is None:
        return is_denied(policy, action, pattern)
    named = pad(text, short=True)
    own[1] = named[1] if named and not wildcard.is_wild(named[1]) else "aws"
    spend(len(denies.accounts))
    # IAM's actions are on resources of one's own account, whichever the Denies name.
    accounts = {own[4], *denies.accounts} if action.startswith("iam:") else {own[4]}
    return any(is_denied(policy, action, ":".join([*own[:4], a, own[5]])) for a in accounts)


@lru_cache(maxsize=8192)
def reach_of_entry(text: str, pattern: str) -> Reach:
    """Return how far one entry reaches over the resources of a pattern, without any Deny."""
    if set(text) == {"*"}:
        return Reach.ANY
    if pattern == "*" or not overlaps_arn(text, pattern):
        return Reach.NONE
    named, possible = pad(text, short=True), pad(pattern)
    if named is None or possible is None or _is_out_of_reach(named):
        return Reach.NONE
    name = _VARIABLE.sub("", named[5])
    if wildcard.covers(named[5], possible[5]):
        names_one = not wildcard.is_wild(named[4] + named[5])
        return Reach.ONE if names_one else Reach.ANY
    if named[5].rpartition("/")[2].lower() == "${aws:username}":
        return Reach.SELF
    return Reach.SOME if wildcard.is_wild(name) else Reach.ONE


def _is_out_of_reach(fields: Sequence[str]) -> bool:
    return fields[2] == "iam" and (fields[4] == _AWS or fields[5].startswith(PROTECTED_ROLES))


def _as_pattern(arn: str) -> str:
    return _VARIABLE.sub("*", arn)
