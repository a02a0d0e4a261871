"""Does a world allow any of the requests that must not be possible, and which?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.catalog import KeyType
from iamlint.evaluator.statement import compile_policy
from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.policy.action import parse_action
from iamlint.policy.arn import is_account_id
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy
from iamlint.reason.budget import BUDGET
from iamlint.reason.compare import compare_gains

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.catalog import Catalog
    from iamlint.evaluator.statement import CompiledPolicy, CompiledStatement
    from iamlint.policy.action import ActionPattern
    from iamlint.reason.answer import Comparison
    from iamlint.reason.world import World
    from iamlint.text.source import Value

Conditions: TypeAlias = "dict[str, dict[str, list[str]]]"
OUTSIDERS: Final = "outsiders"
ANONYMOUS: Final = "anonymous"
EVERYBODY: Final = "*"


@dataclass(frozen=True, slots=True)
class Home:
    """The accounts and the organization that are not outside."""

    accounts: tuple[str, ...] = ()
    organization: str | None = None


@dataclass(frozen=True, slots=True)
class RequestSet:
    """Requests: those for some actions on some resources, by some principals.

    Principals are names such as `role/deployer`, ARNs, accounts, patterns of these, `OUTSIDERS`,
    `ANONYMOUS` or `EVERYBODY`. Requests that fulfil all of the conditions in `unless`, by keys, do
    not belong to them, and neither do those of the principals in `besides`.
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...] = ("*",)
    principals: tuple[str, ...] = (EVERYBODY,)
    besides: tuple[str, ...] = ()
    unless: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    home: Home = Home()


def forbidden(
    world: World, asked: RequestSet, catalog: Catalog, *, budget: int = BUDGET
) -> Comparison:
    """Return what a world allows of some requests, as gains; there is nothing else, by proof."""
    special = {p: held for p, held in world.special.items() if _may_matter(p, asked.actions)}
    nothing = replace(world, special=special, within=())
    within = replace(nothing, within=(policy_of(asked, catalog),))
    return compare_gains(nothing, within, catalog, budget=budget)


def may_allow(world: World, actions: tuple[str, ...]) -> bool:
    """Return whether some Allow of a world may name one of some actions.

    That is seen at once. Without one, only the root user of the account is allowed.
    """
    if world.kind.has_principal and world.is_home_open and not world.is_bare:
        return True  # users and roles of the account may hold any policies
    asked = tuple(map(parse_action, actions))
    sets = (world.policies, *world.special.values())
    policies = {id(p): p for one in sets for p in (*one.identity, *one.resource)}
    return any(
        statement.may_allow and _may_name(statement, asked)
        for policy in policies.values()
        for statement in policy.statements
    )


def _may_name(statement: CompiledStatement, asked: tuple[ActionPattern | None, ...]) -> bool:
    element = statement.source.action
    if element is None or "Action" in statement.source.opaque:
        return True
    for entry in element.entries:
        named = None if entry.known is None else parse_action(entry.known)
        if entry.known is None or (
            named is not None and any(one is not None and named.overlaps(one) for one in asked)
        ):
            return True
    return False


def _may_matter(pattern: str, actions: tuple[str, ...]) -> bool:
    """Return whether a policy on a resource may decide actions: the trust policy of a role, of STS.

    Of thousands of roles each has one.
    """
    if ":role/" not in pattern:
        return True
    return any("*" in (service := a.partition(":")[0]) or service == "sts" for a in actions)


def policy_of(asked: RequestSet, catalog: Catalog) -> CompiledPolicy:
    """Return a policy that allows these requests, and no others."""
    about: dict[str, Value] = {"Action": list(asked.actions), "Resource": list(asked.resources)}
    # For these actions alone, so that others need not be looked at.
    every: dict[str, Value] = {"Action": list(asked.actions), "Resource": "*"}
    meant = [_statement("Allow", about, _who(one, asked.home)) for one in asked.principals]
    spared = [_statement("Deny", every, _who(one, asked.home)) for one in asked.besides]
    if asked.unless:
        spared.append(_statement("Deny", every, conditions_of(asked.unless, catalog)))
    value: Value = {"Version": "2012-10-17", "Statement": [*meant, *spared]}
    return compile_policy(parse_policy(value, Kind.IDENTITY), None)


def _statement(effect: str, about: dict[str, Value], conditions: Conditions) -> Value:
    found = {"Effect": effect, **about}
    return {**found, "Condition": {**conditions}} if conditions else found  # type: ignore[dict-item]


def _who(principal: str, home: Home) -> Conditions:
    """Return the conditions that requests of a principal fulfil."""
    if principal == EVERYBODY:
        return {}
    if principal == ANONYMOUS:
        return {"StringEquals": {"aws:PrincipalType": ["Anonymous"]}}
    if principal == OUTSIDERS:
        known = {"aws:PrincipalAccount": [*home.accounts], "aws:PrincipalIsAWSService": ["true"]}
        if home.organization is not None:
            known["aws:PrincipalOrgID"] = [home.organization]
        return {"StringNotEquals": {key: values for key, values in known.items() if values}}
    if is_account_id(principal):
        return {"StringEquals": {"aws:PrincipalAccount": [principal]}}
    if principal.startswith("arn:"):
        return {"ArnLike": {"aws:PrincipalArn": [principal]}}
    kind, slash, name = principal.partition("/")
    if not slash:
        return {"StringLike": {"aws:PrincipalServiceName": [principal]}}
    arns = [f"arn:*:iam::*:{kind}/{path}{name}" for path in ("", "*/")]
    return {"ArnLike": {"aws:PrincipalArn": arns}}


_OPERATORS: Final = {
    KeyType.NUMERIC: "NumericEquals",
    KeyType.DATE: "DateEquals",
    KeyType.BOOL: "Bool",
    KeyType.BINARY: "BinaryEquals",
    KeyType.IP: "IpAddress",
    KeyType.ARN: "ArnLike",
}


def conditions_of(unless: Mapping[str, tuple[str, ...]], catalog: Catalog) -> Conditions:
    """Return conditions that keys have one of their values, compared as their type demands."""
    found: Conditions = {}
    for name, values in unless.items():
        key = catalog.condition_key(name)
        operator = "StringLike" if key is None else _OPERATORS.get(key.type, "StringLike")
        if key is not None and key.multivalued:
            operator = f"ForAnyValue:{operator}"
        found.setdefault(operator, {})[name] = list(values)
    return found
