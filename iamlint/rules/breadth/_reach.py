"""How far a grant reaches: over every resource, and held back by nothing but its actions?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.grants.grants import (
    Truth,
    denials,
    is_denied,
    restricts,
    statement_covers_resource,
    statement_grants,
)
from iamlint.policy.action import parse_action
from iamlint.policy.arn import is_account_id, split_arn
from iamlint.policy.grammar import OperatorFamily
from iamlint.policy.wildcard import covers, is_wild, matches

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from iamlint.policy.model import Condition, Entry, Policy, Statement

ARN_FIELDS = 6
NOTHING = "this grants nothing, because the exception covers everything"
SHORTEST_ACTION = 3
"""Letters of the shortest name of an action, such as `apigateway:GET`; of a service it is one."""


LEVERS = {
    "account": "can close accounts",
    "cloudtrail": "can stop the audit log",
    "config": "can stop the record of changes",
    "guardduty": "can switch off threat detection",
    "iam": "can make itself an administrator",
    "identitystore": "can join the groups that access is assigned to",
    "kms": "can decrypt all data, or make it unreadable for ever",
    "lambda": "can act with the role of any function",
    "organizations": "can remove the limits of all accounts",
    "ram": "can share resources with strangers",
    "s3": "can read, delete and publish everything stored there",
    "secretsmanager": "can read all secrets and share them",
    "securityhub": "can switch off security findings",
    "sso": "can assign itself access to accounts",
    "ssm": "can run commands on instances and read parameters",
    "sts": "can assume every role that trusts the account",
}
"""Services whose full grant gives access beyond the service, and the access."""


def every_resource(statement: Statement, service: str = "*") -> Entry | None:
    """Return the entry of `Resource` that names all resources (of a service), if there is one."""
    for entry in statement.resources:
        if entry.known is not None and _is_every(entry.known, service):
            return entry
    return None


def _is_every(pattern: str, service: str) -> bool:
    if covers(pattern, "*"):
        return True
    fields = split_arn(pattern)
    if fields[0] != "arn" or (len(fields) < ARN_FIELDS and not pattern.endswith("*")):
        return False
    fields += ["*"] * (ARN_FIELDS - len(fields))
    _, _, owner, region, account, resource = fields
    return (
        covers(owner, service)
        and region in {"", "*"}
        # Whoever holds an identity policy has most to do with the one account.
        and (account in {"", "*"} or is_account_id(account))
        and covers(resource, _ALL_THAT_COUNTS.get(service, "*"))
    )


_ALL_THAT_COUNTS = {"kms": "key/*", "lambda": "function:*", "secretsmanager": "secret:*"}
"""The patterns for all resources of a service that matter, short of `*`."""


def administrator(statement: Statement, policy: Policy) -> tuple[Entry, Entry] | None:
    """Return the entries that grant every action and every resource, if the Denies leave them."""
    resource = every_resource(statement) if statement.allows else None
    if resource is None:
        return None
    action = next(filter(_is_everything, statement.actions), None)
    if action is None or is_denied(policy, "*") or any(exceptions_of_denies(policy)):
        return None
    return action, resource


def _is_everything(entry: Entry) -> bool:
    pattern = parse_action(entry.known) if entry.known and "*" in entry.known else None
    return pattern is not None and names_all(pattern.service, 1) and names_all(pattern.name)


def is_whole_service(entry: Entry) -> str:
    """Return the service if the entry names every action of it, or else an empty text."""
    pattern = parse_action(entry.known) if entry.known else None
    if pattern is None or is_wild(pattern.service) or not names_all(pattern.name):
        return ""
    return pattern.service


def names_every_action(entry: Entry) -> bool:
    """Return whether an entry names every action of one service or several."""
    pattern = parse_action(entry.known) if entry.known else None
    return pattern is not None and names_all(pattern.name)


def whole_services(entry: Entry, statement: Statement, known: Collection[str]) -> tuple[str, ...]:
    """Return the services whose every action an entry grants, if the resources are theirs.

    Of a pattern of services it is those `known` and those that ARNs of the statement name.
    """
    pattern = parse_action(entry.known) if entry.known else None
    if pattern is None or not names_all(pattern.name):
        return ()
    if not is_wild(pattern.service):
        return (pattern.service,)
    named = (*known, *services_in_arns(statement))
    return tuple(dict.fromkeys(name for name in named if matches(pattern.service, name)))


def services_in_arns(statement: Statement) -> tuple[str, ...]:
    """Return what the ARNs of a statement name as their services."""
    found: dict[str, None] = {}
    for entry in statement.resources:
        fields = split_arn(entry.pattern)
        if fields[0] == "arn" and len(fields) > _SERVICE and not is_wild(fields[_SERVICE]):
            found[fields[_SERVICE].lower()] = None
    return tuple(found)


_SERVICE = 2
"""Which field of an ARN is the service."""


def names_all(pattern: str, shortest: int = SHORTEST_ACTION) -> bool:
    """Return whether a pattern names all there is, as `?*` does: nothing has a shorter name."""
    return "*" in pattern and set(pattern) <= {"*", "?"} and pattern.count("?") <= shortest


def narrowing(statement: Statement) -> Condition | None:
    """Return a condition that holds the grant back: a wanted value, or a value kept out."""
    return next(filter(holds_back, statement.conditions), None)


def holds_back(condition: Condition) -> bool:
    """Return whether a condition holds a grant back."""
    return restricts(condition) or _keeps_out(condition)


def _keeps_out(condition: Condition) -> bool:
    """Return whether a test that lets most pass fails for some: a negated one, or a key demanded."""
    if condition.family is OperatorFamily.NULL:
        return condition.needs_key
    return condition.negated and bool(condition.values)


def is_held_to_resources(policy: Policy, service: str) -> bool:
    """Return whether a Deny always takes all of a service away but on a list: `NotResource`."""
    return any(
        statement.not_resource is not None
        and not statement.conditions
        and "Condition" not in statement.opaque
        and statement_grants(statement, f"{service}:*") is Truth.YES
        and not any(_is_every(e.known or "*", service) for e in statement.not_resource.entries)
        for statement in denials(policy).all
    )


def is_left_whole(policy: Policy, service: str) -> bool:
    """Return whether no Deny that spares a list alone takes a part of a service away."""
    return all(
        statement_grants(statement, f"{service}:*") is Truth.NO
        for statement in exceptions_of_denies(policy)
    )


def exceptions_of_denies(policy: Policy) -> Iterator[Statement]:
    """Yield each Deny that always takes away everything but a list: `NotAction` on all."""
    for statement in denials(policy).all:
        if (
            statement.not_action
            and not statement.conditions
            and "Condition" not in statement.opaque
            and statement_covers_resource(statement, "*") is Truth.YES
        ):
            yield statement
