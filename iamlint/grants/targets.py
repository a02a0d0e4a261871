"""The resources that requests for an action are about, and the keys that come with each of them.

A request may be about several resources: `ec2:RunInstances` starts an instance from an image in a
subnet. AWS checks each one apart, with the keys of its resource type:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from iamlint.catalog.model import AccessLevel
from iamlint.catalog.required import required_types
from iamlint.fast_dataclass import dataclass
from iamlint.grants.grants import Truth, statement_grants
from iamlint.grants.reach import resource_patterns
from iamlint.policy import wildcard
from iamlint.policy.arn_patterns import pad, widened
from iamlint.policy.memory import remember
from iamlint.policy.steps import spend

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.catalog import Action, Catalog
    from iamlint.catalog.model import ResourceUse
    from iamlint.catalog.required import Group
    from iamlint.policy.model import Condition, Policy, Statement

_BY_TYPE: Final = frozenset({"ec2"})
"""Services whose reference lists the keys for each resource type of an action.

Others list some keys with one resource type and send them with all resources of the request, as RDS
does: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAM.Conditions.Examples.html
"""
_OF_NEW_TAGS: Final = ("aws:requesttag/", "aws:tagkeys")
_OF_TAGS: Final = (*_OF_NEW_TAGS, "aws:resourcetag/")
_BY_NAME: Final = frozenset({AccessLevel.LIST, AccessLevel.READ})


@dataclass(frozen=True, slots=True)
class Target:
    """A resource type that a request for an action is about, or without `use` any of them."""

    action: Action
    use: ResourceUse | None = None

    @property
    def type(self) -> str:
        return self.use.name if self.use else ""


def is_of_some_requests(key: str) -> bool:
    """Return whether a key may be one that comes with some actions or resources alone."""
    name = key.lower()
    prefix = name.partition(":")[0]
    return name.startswith(_OF_TAGS) if prefix == "aws" else "." not in prefix


def targets_of(action: Action, statement: Statement, catalog: Catalog) -> tuple[Target, ...]:
    """Return what requests for an action are about among the resources of a statement."""
    if action.service not in _BY_TYPE or not action.types_known:
        return (Target(action),)
    spend(len(statement.resources) * len(action.resource_types))
    return _targets(catalog, action.full_name, remember(statement, _patterns)) or (Target(action),)


@lru_cache(maxsize=2048)  # several rules ask about a statement in turn
def _targets(
    catalog: Catalog, full_name: str, patterns: tuple[str, ...] | None
) -> tuple[Target, ...]:
    action = catalog.action(full_name)
    if action is None:
        return ()
    return tuple(
        Target(action, use)
        for use in action.resource_types
        if patterns is None or _may_be_one(patterns, _forms(catalog, full_name, use.name))
    )


def _patterns(statement: Statement) -> tuple[str, ...] | None:
    """Return the resources of a statement; None if one may be any, as `*` or an unknown text."""
    patterns = tuple(entry.pattern for entry in statement.resources)
    is_open = any(pad(pattern, short=True) is None for pattern in patterns)
    return None if is_open or statement.resource is None else patterns


def names_type(statement: Statement, action: Action, type_: str, catalog: Catalog) -> bool:
    """Return whether `Resource` may name a resource of a type; only its form is compared."""
    if statement.resource is None:
        return True
    spend(len(statement.resources))
    patterns = remember(statement, _patterns)
    return patterns is None or _may_be_one(patterns, _forms(catalog, action.full_name, type_))


def carries(target: Target, key: str, catalog: Catalog) -> bool:
    """Return whether a request may carry a key where AWS checks one of its resources."""
    return _carries(catalog, target.action.full_name, target.type, key.lower())


def is_apart(service: str) -> bool:
    """Return whether what requests of a service carry does not depend on their resources."""
    return service not in _BY_TYPE


def is_carried_by(name: str, key: str, catalog: Catalog) -> Truth:
    """Return whether requests for the actions that a pattern names carry a key: all, some or none.

    The service of the pattern `is_apart`.
    """
    return _is_carried_by(catalog, name, key.lower())


@lru_cache(maxsize=8192)
def _is_carried_by(catalog: Catalog, name: str, key: str) -> Truth:
    found = {_carries(catalog, action.full_name, "", key) for action in catalog.expand(name)}
    if len(found) > 1:
        return Truth.MAYBE
    return Truth.YES if True in found else Truth.NO


@lru_cache(maxsize=8192)
def _carries(catalog: Catalog, full_name: str, type_: str, key: str) -> bool:
    known, action = catalog.condition_key(key), catalog.action(full_name)
    if known is None or action is None:
        return True
    name = known.name.lower()
    is_of_new_tags = name.startswith(_OF_NEW_TAGS)
    use = next((use for use in action.resource_types if use.name == type_), None)
    if use is not None and use.condition_keys:
        known_keys = (*action.condition_keys, *use.condition_keys)
        if not name.startswith(_OF_TAGS):
            # The list of the type is about all actions, and that of one action lacks some keys.
            known_keys = (*known_keys, *_keys_of_type(catalog, action, type_))
        if name in _lower(known_keys):
            return True
        if is_of_new_tags or any(name in _lower(o.condition_keys) for o in action.resource_types):
            return False
    if is_of_new_tags and action.access_level in _BY_NAME:
        return name in catalog.keys_of(action)  # who reads sets no tags
    return catalog.may_carry(action, key)


def may_apply_to(target: Target, conditions: Iterable[Condition], catalog: Catalog) -> bool:
    """Return whether conditions may hold where AWS checks one of the resources of a request."""
    return all(not c.needs_key or carries(target, c.key, catalog) for c in conditions)


def _may_be_one(patterns: tuple[str, ...], forms: tuple[tuple[str, str], ...]) -> bool:
    return any(_may_be(pattern, forms) for pattern in patterns)


@lru_cache(maxsize=8192)  # each action and type asks about the same resources
def _may_be(pattern: str, forms: tuple[tuple[str, str], ...]) -> bool:
    named = pad(pattern, short=True)
    if named is None:
        return True
    service, resource = widened(named[2]).lower(), widened(named[5]).lower()
    return any(
        wildcard.overlaps(service, wanted) and wildcard.overlaps(resource, form)
        for wanted, form in forms
    )


@lru_cache(maxsize=2048)
def _forms(catalog: Catalog, full_name: str, type_: str) -> tuple[tuple[str, str], ...]:
    """Return service and resource of the ARNs of a type, as patterns."""
    action = catalog.action(full_name)
    patterns = resource_patterns(action, catalog, (type_,)) if action else ()
    fields = (pad(pattern) for pattern in patterns)
    return tuple((f[2].lower(), f[5].lower()) if f else ("*", "*") for f in fields)


def _keys_of_type(catalog: Catalog, action: Action, type_: str) -> tuple[str, ...]:
    service = catalog.service(action.service)
    known = service.resource_types.get(type_.lower()) if service else None
    return known.condition_keys if known else ()


def _lower(keys: Iterable[str]) -> Iterator[str]:
    return (key.lower() for key in keys)


def may_allow(statement: Statement, action: Action, group: Group, catalog: Catalog) -> bool:
    """Return whether a statement that names an action may apply to a resource of some types."""
    return any(
        names_type(statement, action, use.name, catalog)
        and may_apply_to(Target(action, use), statement.conditions, catalog)
        for use in action.resource_types
        if use.name in group
    )


def not_allowed(policy: Policy, action: Action, catalog: Catalog) -> tuple[Group, ...]:
    """Return the required resource types of an action that no Allow of a policy applies to."""
    groups = required_types(action)
    if not groups:
        return ()
    granting = [
        statement
        for statement in policy.statements
        if statement.allows and statement_grants(statement, action.full_name) is not Truth.NO
    ]
    spend(len(policy.statements) + len(groups) * len(granting))
    return tuple(
        group
        for group in groups
        if not any(may_allow(statement, action, group, catalog) for statement in granting)
    )
