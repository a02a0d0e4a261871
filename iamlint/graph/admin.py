"""Who is an administrator: everything on everything is allowed, after all limits.

A Deny of some resources, or of an action that changes no permissions, leaves an administrator one.
A boundary or an SCP that does not allow everything does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.account.build.managed import full_access
from iamlint.fast_dataclass import dataclass, replace
from iamlint.graph.held import glob_of_entry
from iamlint.policy.grammar import Kind
from iamlint.policy.memory import remember
from iamlint.policy.wildcard import covers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from iamlint.account.ask.principal import Actor
    from iamlint.evaluator.policy_set import Levels
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.graph.asking import StepAsking
    from iamlint.graph.decided import Decided
    from iamlint.graph.world import Being, GraphWorld
    from iamlint.policy.model import Policy, Statement

_CHANGES: Final = (
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:CreateAccessKey",
    "iam:CreatePolicyVersion",
    "iam:CreateRole",
    "iam:CreateUser",
    "iam:PassRole",
    "iam:PutRolePolicy",
    "iam:PutUserPolicy",
    "iam:UpdateAssumeRolePolicy",
)
"""Who may do these to any principal may get everything else."""


def decide_admin(being: Being, world: GraphWorld, asking: StepAsking) -> Decided | None:
    """Return how surely a principal is an administrator; None if not."""
    actor = being.actor
    if not grants_everything(actor.policies):
        return None
    limits = [actor.boundary, *(_scp(actor, world) or ())]
    if any(limit and not grants_everything(limit) for limit in limits):
        return None
    found = [asking.decide(being, action) for action in _CHANGES]
    decided = [one for one in found if one is not None]
    if len(decided) < len(found):
        return None
    conditions = dict.fromkeys(key for one in decided for key in one.conditions)
    weakest = min(decided, key=lambda one: one.level)
    return replace(weakest, conditions=tuple(conditions), because=decided[0].because)


def _scp(actor: Actor, world: GraphWorld) -> Levels | None:
    return world.accounts.limits_of(actor.account).scp if actor.scp is None else actor.scp


def grants_everything(policies: Iterable[CompiledPolicy], *, of_known: bool = False) -> bool:
    """Return whether Allows may name all actions on all resources together.

    With `of_known`, only policies whose text is known count.
    """
    sources = (policy.source for policy in policies)
    known = (one for one in sources if not (of_known and "Statement" in one.opaque))
    wide = [one for source in known for one in remember(source, _of_everything)]
    names = [pattern for one in wide for pattern in one.names]
    if "*" in names:
        return True
    return any(
        all(any(covers(name, left) for name in names) for left in one.left_out)
        for one in wide
        if one.left_out
    )


@dataclass(frozen=True, slots=True)
class _Wide:
    """The actions that a statement about all resources names, or all but those `left_out`."""

    names: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def _of_everything(policy: Policy) -> tuple[_Wide, ...]:
    if "Statement" in policy.opaque:
        return (_Wide(("*",)),)
    return tuple(
        _wide(one)
        for one in policy.statements
        if not one.denies and _is_of_everything(one) and (one.allows or "Effect" in one.opaque)
    )


def _wide(statement: Statement) -> _Wide:
    if statement.not_action is not None:
        entries = statement.not_action.entries
        return _Wide(left_out=tuple(glob_of_entry(one.pattern).lower() for one in entries))
    if "Action" in statement.opaque and not statement.actions:
        return _Wide(("*",))
    found = (glob_of_entry(entry.pattern).lower() for entry in statement.actions)
    return _Wide(tuple("*" if glob in ("*:*", "**") else glob for glob in found))


def _is_of_everything(statement: Statement) -> bool:
    if statement.resource_element is None:
        return True
    return any(glob_of_entry(entry.pattern) == "*" for entry in statement.resources)


def with_everything(
    being: Being, *, without: Collection[int], is_bounded: bool, adds: bool = True
) -> Being:
    """Return a principal as it is after its policies were rewritten: it has one that allows all.

    It is `without` some of its policies, by their places, and keeps its boundary only if it
    `is_bounded`. If nothing `adds` a policy, it has its own ones alone.
    """
    every = full_access(Kind.IDENTITY)

    def rewritten(actor: Actor) -> Actor:
        kept = (policy for at, policy in enumerate(actor.policies) if at not in without)
        boundary = actor.boundary if is_bounded else ()
        more = (every,) if adds else ()
        return replace(actor, policies=(*kept, *more), boundary=boundary)

    return replace(
        being,
        id=f"{being.id} {sorted(without)} {is_bounded} {adds}",
        actor=rewritten(being.actor),
        in_files=None if being.in_files is None else rewritten(being.in_files),
    )
