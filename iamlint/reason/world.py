"""What decides requests on one side of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.evaluator.policy_set import PolicySet
from iamlint.evaluator.settings import DEFAULTS
from iamlint.fast_dataclass import dataclass, field
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.evaluator.context import ContextValue
    from iamlint.evaluator.request import Caller
    from iamlint.evaluator.settings import Settings
    from iamlint.evaluator.statement import CompiledPolicy


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
    an Allow matches and no Deny does. If it `is_about_any_resource`, actions may act on any ARN,
    and not only on the types that AWS lists for them.
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
    is_about_any_resource: bool = False


def bare(policy: CompiledPolicy | None, kind: Kind) -> World:
    """Return the world of a policy alone; None is a policy that allows nothing."""
    held = () if policy is None else (policy,)
    match kind:
        case Kind.RESOURCE | Kind.TRUST:
            return World(kind, PolicySet(resource=held), is_bare=True)
        case _:
            return World(kind, PolicySet(identity=held), is_bare=True)
