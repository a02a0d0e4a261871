"""Who can rewrite the policies of a principal, and what the principal may do then."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from iamlint.account.model import IdentityKind
from iamlint.account.origin import Origin
from iamlint.evaluator.context import Missing
from iamlint.fast_dataclass import dataclass
from iamlint.graph.answer import NodeKind
from iamlint.graph.steps import Need
from iamlint.load.link import is_aws_managed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iamlint.account.model import Identity
    from iamlint.evaluator.context import ContextValue
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.graph.world import Being, GraphWorld

ADMIN_POLICY: Final = "arn:aws:iam::aws:policy/AdministratorAccess"
_BOUNDARY: Final = "iam:permissionsboundary"
_POLICY: Final = "iam:policyarn"
_SAYS: Final = {
    "attach": "may attach any policy to it",
    "put": "may write a policy for it",
    "create": "may rewrite its policy",
}


class Change(Enum):
    """What a rewriting does to a principal."""

    ADDS = "adds"
    UNBOUNDS = "unbounds"
    REMOVES = "removes"


@dataclass(frozen=True, slots=True)
class Option:
    """One action that changes the policies of a principal, and how; `removed` are their places."""

    change: Change
    path: str
    need: Need
    removed: frozenset[int] = frozenset()


def options(world: GraphWorld, being: Being) -> tuple[Option, ...]:
    """Return the actions that change the policies of a user or role."""
    identity = being.identity
    if identity is None or being.kind not in (NodeKind.USER, NodeKind.ROLE) or being.is_of_aws:
        return ()
    return tuple(_options(world, being))


def _options(world: GraphWorld, being: Being) -> Iterator[Option]:
    identity = being.identity
    if identity is None:  # pragma: no cover - the caller has looked
        return
    kind, arn = being.kind.value, being.arn
    bound = _boundary_context(being)
    yield from _adding(kind, arn, bound)
    yield from _policy_versions(being.actor.policies, Change.ADDS)
    for title in identity.member_of:
        yield from _adding("group", world.accounts.identities[title].arn, {})
    if being.actor.boundary:
        for verb in ("delete", "put"):
            action = f"iam:{verb}{kind}permissionsboundary"
            context = {} if verb == "delete" else {_BOUNDARY: ADMIN_POLICY}
            need = Need((action,), "may remove its permissions boundary", arn, context)
            yield Option(Change.UNBOUNDS, f"iam-{verb}-{kind}-permissions-boundary", need)
        yield from _policy_versions(being.actor.boundary, Change.UNBOUNDS)
    yield from _removing(world, being)


def _adding(kind: str, arn: str, bound: Mapping[str, ContextValue]) -> Iterator[Option]:
    for verb, context in (("attach", {**bound, _POLICY: ADMIN_POLICY}), ("put", bound)):
        need = Need((f"iam:{verb}{kind}policy",), _SAYS[verb], arn, context)
        yield Option(Change.ADDS, f"iam-{verb}-{kind}-policy", need)


def _policy_versions(policies: Iterable[CompiledPolicy], change: Change) -> Iterator[Option]:
    """Yield the rewriting of each customer's policy among those that a principal has."""
    for at, policy in enumerate(policies):
        arn = arn_of_policy(policy)
        if arn is not None and not is_aws_managed(arn):
            need = Need(("iam:createpolicyversion",), _SAYS["create"], arn)
            removed = frozenset({at}) if change is Change.ADDS else frozenset[int]()
            yield Option(change, "iam-create-policy-version", need, removed)


def _removing(world: GraphWorld, being: Being) -> Iterator[Option]:
    """Yield what takes away the policies that deny something, from who has them."""
    for at, policy in enumerate(being.actor.policies):
        holder = _holder(world, being, policy)
        if holder is None or not any(one.may_deny for one in policy.statements):
            continue
        kind, arn = holder.kind.value, holder.arn
        of = arn_of_policy(policy)
        if of is not None:
            need = Need((_action("detach", kind),), "may detach its Deny", arn, {_POLICY: of})
            yield Option(Change.REMOVES, f"iam-detach-{kind}-policy", need, frozenset({at}))
        else:
            need = Need((_action("delete", kind),), "may delete its Deny", arn)
            yield Option(Change.REMOVES, f"iam-delete-{kind}-policy", need, frozenset({at}))
            bound = {} if holder.kind is IdentityKind.GROUP else _boundary_context(being)
            need = Need((_action("put", kind),), "may overwrite its Deny", arn, bound)
            yield Option(Change.ADDS, f"iam-put-{kind}-policy", need, frozenset({at}))


def _holder(world: GraphWorld, being: Being, policy: CompiledPolicy) -> Identity | None:
    """Return who has a policy of a principal: itself, or one of its groups."""
    own = being.identity
    if own is None:
        return None
    every = (own, *(world.accounts.identities[title] for title in own.member_of))
    return next((one for one in every if any(policy is held for held in one.policies)), None)


def _boundary_context(being: Being) -> dict[str, ContextValue]:
    """Return the boundary that requests about a principal carry."""
    if not being.actor.boundary:
        return {_BOUNDARY: Missing.ABSENT}
    arn = arn_of_policy(being.actor.boundary[0])
    return {} if arn is None else {_BOUNDARY: arn}


def arn_of_policy(policy: CompiledPolicy) -> str | None:
    """Return the ARN of a managed policy; None for others."""
    label = policy.label
    if not isinstance(label, Origin):
        return None
    if label.document is None:
        name = label.name.partition(" ")[0]
        return name if is_aws_managed(name) else None
    arn = label.document.attachment.policy_arn
    return arn if isinstance(arn, str) else None


def _action(verb: str, kind: str) -> str:
    """Return the action that does something to a policy of a user, group or role."""
    return f"iam:{verb}{kind}policy"
