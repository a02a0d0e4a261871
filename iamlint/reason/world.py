"""What decides requests on one side of a comparison."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from iamlint.account.build.managed import full_access
from iamlint.evaluator.policy_set import PolicySet
from iamlint.evaluator.settings import DEFAULTS
from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.evaluator.context import ContextValue
    from iamlint.evaluator.request import Caller
    from iamlint.evaluator.settings import Settings
    from iamlint.evaluator.statement import CompiledPolicy, CompiledStatement


@dataclass(frozen=True, slots=True)
class World:
    """The policies that decide requests about one unit.

    `kind` is that of the unit: for `identity` the requests are those of one `caller`, or of any
    user or role if that is None; for `resource` and `trust` those of any caller on `resource`, or
    on anything if that is None. A `scp`, `rcp`, `boundary`, `session` or `endpoint` policy is
    compared alone. With `within`, only requests count that these policies allow, whoever sends
    them: they are a question, and part of no decision. `policies` apply to each request; of those
    on resources only the ones on `resource`. `special` holds the policies around resources that
    have policies of their own, by patterns of ARNs, the innermost first, and `owners` the accounts
    that own those whose ARNs do not name one. `owner` is the account that owns `resource`. `known`
    has keys that each request of the caller carries or lacks, such as its tags, by their names in
    lower case; of those that are known in part only that part is used. If it `is_home_open`, users
    and roles of the account of a resource may hold any policies; otherwise they are known
    elsewhere, and hold nothing here. One that `is_bare` is a policy alone: a request is allowed if
    an Allow matches and no Deny does.
    """

    kind: Kind = Kind.IDENTITY
    policies: PolicySet = field(default_factory=PolicySet)
    caller: Caller | None = None
    resource: str | None = None
    owner: str | None = None
    special: Mapping[str, PolicySet] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, ContextValue] = field(default_factory=dict)
    settings: Settings = DEFAULTS
    within: tuple[CompiledPolicy, ...] | None = None
    is_home_open: bool = True
    is_bare: bool = False


def bare(policy: CompiledPolicy | None, kind: Kind) -> World:
    """Return the world of a policy alone; None is one that allows nothing, or limits nothing."""
    held = (policy,) if policy is not None else () if kind.grants else (full_access(kind),)
    match kind:
        case Kind.RESOURCE | Kind.TRUST:
            return World(kind, PolicySet(resource=held), is_bare=True)
        case _:
            return World(kind, PolicySet(identity=held), is_bare=True)


def beside_others(old: World, new: World) -> tuple[World, World]:
    """Return two worlds of policies alone with what is beside policies that only deny.

    One without any Allow is written to limit what others allow. So if neither side has one, both
    are beside a policy that allows everything, as far as others can allow: beside a boundary or a
    trust policy nothing does. An SCP without one always is, because Organizations attaches such a
    policy everywhere; and each RCP, because no one can detach it there.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
    """
    if not old.is_bare or old.within is not None or new.within is not None:
        return old, new
    silent = [not _may_allow(one) for one in (old, new)]
    if new.kind in (Kind.IDENTITY, Kind.RESOURCE):
        silent = [all(silent)] * 2
    elif new.kind is Kind.RCP and new.settings.rcp_default_allow:
        silent = [True, True]
    elif new.kind not in (Kind.SCP, Kind.RCP):
        return old, new
    pairs = zip((old, new), silent, strict=True)
    before, after = (_beside(world) if is_so else world for world, is_so in pairs)
    return before, after


def _held(world: World) -> tuple[CompiledPolicy, ...]:
    return (*world.policies.identity, *world.policies.resource)


def _may_allow(world: World) -> bool:
    return any(said.may_allow for policy in _held(world) for said in policy.statements)


def _beside(world: World) -> World:
    policies, others = world.policies, (_full_access(world.kind),)
    if world.kind in (Kind.RESOURCE, Kind.TRUST):
        return replace(world, policies=replace(policies, resource=(*policies.resource, *others)))
    return replace(world, policies=replace(policies, identity=(*policies.identity, *others)))


def is_beside(statement: CompiledStatement) -> bool:
    """Return whether a statement is that of a policy which `beside_others` adds."""
    return any(statement is own for kind in Kind for own in _full_access(kind).statements)


_full_access = cache(full_access)
