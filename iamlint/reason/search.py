"""Finds the requests that one world allows and another one does not, as boxes of requests.

Actions that the same statements name are one class. For each class, each caller and each part of
the resources, a formula says which contexts make the difference; its solutions are the answer.
"""

from __future__ import annotations

from functools import cache, partial
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.account.build.managed import full_access
from iamlint.evaluator.context import Context, Missing, Partly
from iamlint.evaluator.derive import derive_from_caller, derive_from_resource
from iamlint.evaluator.request import CallerKind, Request
from iamlint.evaluator.services import kms, sts
from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.policy.callers import OF_SERVICES
from iamlint.policy.grammar import Kind
from iamlint.reason.askers import Askers
from iamlint.reason.encode import Encoder, Situation
from iamlint.reason.flow import Flow, allowed_alone
from iamlint.reason.formula import FALSE
from iamlint.reason.resources import ResourcePart, ResourceParts
from iamlint.reason.universe import EVERYTHING, targets, unlisted_targets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from iamlint.catalog import Catalog
    from iamlint.evaluator.context import ContextValue
    from iamlint.evaluator.policy_set import PolicySet
    from iamlint.evaluator.statement import CompiledStatement
    from iamlint.reason.askers import Setting
    from iamlint.reason.budget import Budget
    from iamlint.reason.formula import Box
    from iamlint.reason.world import World

_OF_SERVICES: Final = frozenset(map(str.lower, OF_SERVICES))
_TAG: Final = "aws:principaltag/"
MOST_BOXES: Final = 12
"""Boxes of one formula that are kept; more say the same in smaller pieces."""

Bound: TypeAlias = "Mapping[str, ContextValue]"


@dataclass(frozen=True, slots=True)
class CallerKeys:
    """The keys of a caller: `derived` by AWS, and `around`, which have no other value.

    `bound` are the values of policy variables.
    """

    derived: Bound
    around: Bound
    bound: Bound


@dataclass(frozen=True, slots=True)
class FoundRequests:
    """Requests that one side allows and the other one does not: actions, a spot and contexts."""

    actions: tuple[str, ...]
    setting: Setting
    part: ResourcePart
    spot: Situation
    box: Box
    encoder: Encoder = field(compare=False, repr=False)
    changed: tuple[CompiledStatement, ...] = ()


def is_whole(value: ContextValue) -> bool:
    """Return whether the value of a key is known, or that the key is absent."""
    return not isinstance(value, Partly) and value is not Missing.UNKNOWN


def _apart(action: str) -> str:
    """Return what actions share that the decision flow treats alike."""
    is_special = action.startswith("sts:") or action in _SPECIAL
    return action if is_special else action.partition(":")[0]


_SPECIAL: Final = frozenset(
    {"kms:retiregrant", "s3:deletebucketpolicy", "s3:getbucketpolicy", "s3:putbucketpolicy"}
)
_every_session = cache(partial(full_access, Kind.SESSION))
_OWNERS: Final = frozenset({"aws:resourceaccount", "s3:resourceaccount"})
_OF_RESOURCES: Final = _OWNERS | {"kms:calleraccount"}


class Search:
    """A search for what one world allows beyond another one, for a class of actions.

    `sides` are the wider and the narrower world. A request has to meet one of the statements that
    `changed`; those that are `limiting` allow it in the narrower world, or deny it in the wider
    one. `bound` are values of policy variables, by their keys. If it `is_unlisted`, requests are
    looked for that AWS's lists do not name, as well.
    """

    def __init__(
        self,
        actions: Sequence[str],
        statements: Sequence[CompiledStatement],
        changed: tuple[CompiledStatement, ...],
        limiting: tuple[CompiledStatement, ...],
        sides: tuple[World, World],
        catalog: Catalog,
        budget: Budget,
        bound: Bound | None = None,
        *,
        is_unlisted: bool = False,
    ) -> None:
        self.is_unlisted = is_unlisted
        self.actions, self.statements, self.changed = actions, statements, changed
        self.limiting = limiting
        self.wide, self.narrow = sides
        self.owners = {**self.narrow.owners, **self.wide.owners}
        self.catalog, self.budget, self.bound = catalog, budget, bound
        self.encoder = Encoder(statements, catalog, budget)
        self.special = tuple(dict.fromkeys((*self.wide.special, *self.narrow.special)))
        home = self.wide.owner or self.narrow.owner
        self.askers = Askers(statements, self.wide, home, catalog, budget, is_unlisted=is_unlisted)
        self.keys = self.askers.keys
        asked = self.encoder.every_demand()
        self.variables = {v.name for d in asked for one in d.test.templates for v in one.variables}
        self.variables |= {key for s in statements for key in s.keys}
        self._met: set[object] = set()
        self._boxes: dict[object, list[Box]] = {}
        self._resources: dict[object, ResourceParts] = {}

    def found(self) -> Iterator[FoundRequests]:
        """Yield boxes of requests; raise `BudgetError`."""
        by_target: dict[tuple[str, str], list[str]] = {}
        for action in self.actions:
            for target in self._targets(action):
                by_target.setdefault((target, _apart(action)), []).append(action)
        for partition in self.askers.partitions():
            for setting in self.askers.settings(partition):
                keys = self._keys_of(setting)
                if not self._is_new(setting, keys):
                    continue
                resources = self._resources_for(keys)
                for (target, _), actions in by_target.items():
                    for account, owner in self.askers.places(target, setting):
                        for part in self._parts(resources, target, partition, account):
                            yield from self._at(setting, keys, actions, part, owner)

    def _targets(self, action: str) -> tuple[str, ...]:
        if not self.is_unlisted or self.wide.kind is Kind.TRUST:
            return targets(action, self.catalog)
        found = unlisted_targets(action, self.catalog)
        # A policy of one resource is not asked about `*`.
        return found if self.wide.resource is None else tuple(t for t in found if t != EVERYTHING)

    def _resources_for(self, keys: CallerKeys) -> ResourceParts:
        known = {key: value for key, value in keys.bound.items() if key in self.variables}
        found = self._resources.get(key := frozenset(known.items()))
        if found is None:
            found = self._resources[key] = ResourceParts(
                self.statements, self.changed, self.special, known, self.wide.resource
            )
        return found

    def _parts(
        self, resources: ResourceParts, target: str, partition: str, account: str
    ) -> Iterable[ResourcePart]:
        return resources.parts(target, partition, account, self.catalog, self.budget)

    def _at(
        self,
        setting: Setting,
        keys: CallerKeys,
        actions: Sequence[str],
        part: ResourcePart,
        owner: str | None,
    ) -> Iterator[FoundRequests]:
        self.budget.spend()
        if owner is not None:
            owner = self._owner_of(part) or owner
        spot = self._spot(keys, Request(setting.caller, actions[0], part.resource, owner), part)
        if not self._is_possible(spot.request):
            return
        view = self._view(setting, spot, part)
        boxes = self._boxes.get(view)
        if boxes is None:
            boxes = self._boxes[view] = self._solved(setting, spot, part)
        for box in boxes:
            yield FoundRequests(
                tuple(actions), setting, part, spot, box, self.encoder, self.changed
            )

    def _owner_of(self, part: ResourcePart) -> str | None:
        """Return the account that owns resources whose ARNs do not name it, if it is known."""
        inside = (self.special[at] for at in sorted(part.within))
        return next((self.owners[one] for one in inside if one in self.owners), None)

    def _view(self, setting: Setting, spot: Situation, part: ResourcePart) -> object:
        """Return all that a solution depends on: the statements that apply, and the flow."""
        request = spot.request
        named = tuple(one.names_resource(spot.asked) for one in self.statements)
        of_resource = None
        if self.keys & _OF_RESOURCES:
            of_resource = request.owner, request.service, request.resource.is_everything
        flow = None if self.wide.is_bare else (_apart(request.action), request.owner)
        is_key = kms.needs_key_policy(request)
        return id(setting), named, part.open, part.within, of_resource, flow, is_key

    def _solved(self, setting: Setting, spot: Situation, part: ResourcePart) -> list[Box]:
        """Return the contexts that make the difference."""
        wide = self._allowed(self.wide, setting, spot, part)
        if wide == FALSE:
            return []
        narrow = self._allowed(self.narrow, setting, spot, part)
        formulas = self.encoder.formulas
        both = formulas.all((wide, formulas.negation(narrow)))
        if both == FALSE:
            return []
        return list(islice(formulas.solutions(self.encoder.tied(both), self.budget), MOST_BOXES))

    def _is_possible(self, request: Request) -> bool:
        """Return whether policies decide about such a request at all."""
        if sts.always_succeeds(request) or sts.refuses(request):
            return False
        is_about_trust = sts.needs_trust_policy(request)
        is_anonymous = request.caller.kind is CallerKind.ANONYMOUS
        if is_anonymous and (is_about_trust or kms.needs_key_policy(request)):
            return False  # both take signed requests only
        if not sts.can_call(request):
            return False
        if self.wide.kind is Kind.TRUST:
            return is_about_trust
        return self.wide.kind is not Kind.RESOURCE or request.service != "sts"

    def _is_new(self, setting: Setting, keys: CallerKeys) -> bool:
        """Return whether no caller was met that policies take in the same way."""
        if self.wide.caller is not None or self.bound is not None:
            return True
        part = ResourcePart(EVERYTHING)
        spot = self._spot(keys, Request(setting.caller, self.actions[0], part.resource), part)
        asked = spot.asked
        caller = setting.caller
        named = tuple(tuple(one.names_caller(asked)) for one in self.statements)
        conditions = []
        for statement in self.statements:
            for demand in self.encoder.demands_of(statement):
                value = spot.around.get(demand.name, spot.derived.get(demand.name))
                if value is not None:
                    context = Context({**spot.around, demand.name: value}, Missing.UNKNOWN)
                    conditions.append(demand.test.holds(context))
        kind = caller.kind if self.wide.kind in (Kind.RESOURCE, Kind.TRUST) else None
        is_owner = caller.account == self.askers.home
        account = caller.account if self.keys & _OF_RESOURCES else None
        absent = frozenset(key for key in spot.around if key in self.variables)
        partition = caller.partition  # which resources it can see
        met = (
            named, tuple(conditions), kind, is_owner, account, id(setting.held), absent, partition
        )  # fmt: skip
        is_new = met not in self._met
        self._met.add(met)
        return is_new

    def _allowed(self, world: World, setting: Setting, spot: Situation, part: ResourcePart) -> int:
        """Return when a world allows requests that it asks about."""
        if world.within is None:
            return self._decided(world, setting, spot, part)
        asked = allowed_alone(self.encoder, world.within, spot)
        if asked == FALSE:
            return FALSE
        return self.encoder.formulas.all((asked, self._decided(world, setting, spot, part)))

    def _decided(self, world: World, setting: Setting, spot: Situation, part: ResourcePart) -> int:
        if world.is_bare:
            held = (*world.policies.identity, *world.policies.resource)
            return allowed_alone(self.encoder, held, spot)
        policies = self.policies(world, setting, part)
        return Flow(self.encoder, policies, spot, world.settings).allowed()

    def policies(self, world: World, setting: Setting, part: ResourcePart) -> PolicySet:
        """Return the policies of a world that apply to a part of the resources."""
        inside = (self.special[at] for at in sorted(part.within))
        found = next((world.special[p] for p in inside if p in world.special), world.policies)
        if setting.held is not None:
            found = replace(found, identity=setting.held)
        if setting.caller.kind is CallerKind.FEDERATED_USER and not found.session:
            found = replace(found, session=(_every_session(),))  # without one it can do nothing
        return found

    def _spot(self, keys: CallerKeys, request: Request, part: ResourcePart) -> Situation:
        derived, around = keys.derived, keys.around
        if self.keys & _OF_RESOURCES:
            own = derive_from_resource(request).items()
            derived = {**derived, **{key.lower(): value for key, value in own}}
            if part.text == EVERYTHING:
                around = {**around, **dict.fromkeys(_OWNERS, Missing.ABSENT)}
        return Situation(request, derived, around, part.open)

    def _keys_of(self, setting: Setting) -> CallerKeys:
        """Return the keys of all requests of a caller, as far as they are known."""
        caller = setting.caller
        derived = {key.lower(): value for key, value in derive_from_caller(caller).items()}
        vague = {k: v for k, v in self.wide.known.items() if not is_whole(v)}
        bound: dict[str, ContextValue] = dict(self.bound or {})
        if self.wide.caller is not None or self.bound is not None:
            bound |= derived
        bound |= {k: v for k, v in self.wide.known.items() if k not in vague}
        bound = {k: v for k, v in bound.items() if k not in vague}
        around = {**bound, **{k: v for k, v in derived.items() if v is Missing.ABSENT}, **vague}
        if caller.kind is not CallerKind.SERVICE:
            around.update(dict.fromkeys(_OF_SERVICES, Missing.ABSENT))
        if not caller.kind.has_account:
            tags = (key for key in self.keys if key.startswith(_TAG))
            around.update(dict.fromkeys(tags, Missing.ABSENT))
        return CallerKeys(derived, around, bound)
