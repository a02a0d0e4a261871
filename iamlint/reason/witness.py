"""One request that shows a difference, decided by the evaluator under both sides."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.account.build.managed import full_access
from iamlint.evaluator.context import Context, Missing
from iamlint.evaluator.decision import evaluate
from iamlint.evaluator.derive import complete, derive_context
from iamlint.evaluator.request import CallerKind, Request, StatementRequest, caller_of
from iamlint.evaluator.services import kms, sts
from iamlint.evaluator.statement import compile_policy
from iamlint.evaluator.verdict import Verdict
from iamlint.fast_dataclass import dataclass, replace
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy
from iamlint.policy.requested import RequestedResource
from iamlint.reason.answer import Witness
from iamlint.reason.encode import CLOCK
from iamlint.reason.formula import UnknownFact
from iamlint.reason.parts import clock
from iamlint.reason.search import is_whole
from iamlint.reason.universe import fresh_account

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.catalog import Catalog
    from iamlint.evaluator.context import ContextValue
    from iamlint.evaluator.decision import Decision
    from iamlint.evaluator.policy_set import PolicySet
    from iamlint.evaluator.request import Caller
    from iamlint.evaluator.settings import Settings
    from iamlint.evaluator.statement import CompiledPolicy, Match
    from iamlint.reason.answer import WitnessPrincipal
    from iamlint.reason.search import FoundRequests, Search
    from iamlint.reason.world import World

_REGION: Final = "us-east-1"
_REFUSED: Final = frozenset({Verdict.EXPLICITLY_DENIED, Verdict.IMPLICITLY_DENIED})

Sides: TypeAlias = "tuple[PolicySet, PolicySet, Settings]"

_full = cache(full_access)


@dataclass(frozen=True, slots=True)
class Shown:
    """A witness: its request, the policies of both sides around it, the decision that allows it."""

    witness: Witness
    decision: Decision
    request: Request
    sides: Sides


def show(search: Search, found: FoundRequests, catalog: Catalog) -> Shown | None:
    """Return a request that one side allows and the other one denies; None if none is confirmed."""
    given = _context(search, found)
    if given is None:
        return None
    request = found.spot.request
    for better in (*_nicer(request), request):
        for bare, (wide, narrow, settings) in _settings(search, found, better):
            context = Context(complete(given, derive_context(bare)))
            asked = replace(bare, context=context)
            decision = evaluate(asked, wide, settings)
            if not decision.allowed or not _is_within(search.wide, asked):
                continue
            is_left_out = not _is_within(search.narrow, asked)
            if not is_left_out and evaluate(asked, narrow, settings).verdict not in _REFUSED:
                continue
            sides = wide, narrow, settings
            return Shown(_witness(asked, given, catalog), decision, asked, sides)
    return None


def _is_within(world: World, request: Request) -> bool:
    """Return whether a world asks about a request."""
    if world.within is None:
        return True
    asked = StatementRequest(request)
    found: list[Match] = []
    for policy in world.within:
        for statement, truth in policy.about(asked.action):
            statement.add_matches(found, asked, truth, 0)
    applying = [match.statement for match in found]
    return any(s.may_allow for s in applying) and not any(s.may_deny for s in applying)


def _context(search: Search, found: FoundRequests) -> dict[str, ContextValue] | None:
    """Return the keys that a request needs; None if no value of one is known."""
    encoder = found.encoder
    known = search.wide.known
    asked = {k: v for k, v in known.items() if k in search.keys and is_whole(v)}
    bound = search.bound or {}
    given: dict[str, ContextValue] = {
        **asked, **{key: v for key, v in bound.items() if key not in found.spot.derived}
    }  # fmt: skip
    for attribute, mask in found.box.items():
        if isinstance(attribute, UnknownFact):
            continue
        values = encoder.parts_of(attribute).values
        chosen = [value for at, value in enumerate(values) if mask >> at & 1 and value is not None]
        if not chosen:
            return None
        if Missing.ABSENT not in chosen:
            given.update(_keys(attribute[1], chosen[0]))  # type: ignore[index]
    for key, parts in encoder.always_sent(found.spot):
        if key not in given and not any(_is_about(one, key) for one in found.box):
            given.update(_keys(key, next(v for v in parts.values if v is not None)))
    return given


def _is_about(attribute: object, key: str) -> bool:
    return not isinstance(attribute, UnknownFact) and attribute[1] == key  # type: ignore[index]


def _keys(key: str, value: ContextValue) -> Mapping[str, ContextValue]:
    return clock(value) if key == CLOCK and isinstance(value, str) else {key: value}


def _nicer(request: Request) -> Iterator[Request]:
    """Yield the same request in a region that there is, by a caller of the resource's account."""
    arn = request.resource.arn
    if arn is None:
        return
    text = request.resource.text
    if arn.region == "x":
        text = text.replace(":x:", f":{_REGION}:", 1)
    nicer = replace(request, resource=RequestedResource.of(text))
    caller = request.caller
    if arn.account and caller.principal_arn and arn.account != caller.account:
        moved = caller_of(caller.principal_arn.replace(f":{caller.account}:", f":{arn.account}:"))
        if moved is not None:
            yield replace(nicer, caller=moved)
    yield nicer


def _settings(
    search: Search, found: FoundRequests, request: Request
) -> Iterator[tuple[Request, Sides]]:
    """Yield a request with the policies of both sides around it."""
    wide, narrow = search.wide, search.narrow
    if not wide.is_bare:
        if request.caller is found.setting.caller or wide.caller is None:
            sides = [search.policies(one, found.setting, found.part) for one in (wide, narrow)]
            yield request, (sides[0], sides[1], wide.settings)
        return
    if wide.kind in (Kind.RESOURCE, Kind.TRUST):
        yield from _of_resource(search, request)
        return
    other = _other_side(request)
    sides = [_around(one, other) for one in (wide, narrow)]
    yield request, (sides[0], sides[1], wide.settings)


def _around(world: World, other: tuple[CompiledPolicy, ...]) -> PolicySet:
    """Return policies that leave the decision to one of a kind; one that limits allows as well."""
    policies = replace(world.policies, resource=other)
    match world.kind:
        case Kind.SCP:
            return replace(policies, scp=(policies.identity,))
        case Kind.RCP:
            return replace(policies, rcp=(policies.identity,))
    return policies


def _other_side(request: Request) -> tuple[CompiledPolicy, ...]:
    """Return a policy of the resource that leaves the decision to the caller's policies."""
    if request.crosses_accounts or not request.caller.kind.has_account:
        return (_full(Kind.TRUST if sts.needs_trust_policy(request) else Kind.RESOURCE),)
    if kms.needs_key_policy(request) or sts.needs_trust_policy(request):
        return (_open_to(str(request.caller.account), sts.needs_trust_policy(request)),)
    return ()


@cache
def _open_to(account: str, is_trust: bool) -> CompiledPolicy:  # noqa: FBT001 - a key
    statement = {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "*"}
    kind = Kind.TRUST if is_trust else Kind.RESOURCE
    resource = {} if is_trust else {"Resource": "*"}
    value = {"Version": "2012-10-17", "Statement": [{**statement, **resource}]}
    return compile_policy(parse_policy(value, kind), None)  # type: ignore[arg-type]


def _of_resource(search: Search, request: Request) -> Iterator[tuple[Request, Sides]]:
    """Yield settings in which the resource's policy decides, for a caller that may do anything."""
    caller = request.caller
    everything = (_full(Kind.IDENTITY),) if caller.kind.has_account else ()
    owners = [request.resource_account]
    if caller.account == request.owner:
        owners.insert(0, fresh_account((str(request.owner),)))
    for owner in owners:
        asked = replace(request, resource_account=owner)
        held = everything if asked.crosses_accounts else ()
        sides = [replace(one.policies, identity=held) for one in (search.wide, search.narrow)]
        yield asked, (sides[0], sides[1], search.wide.settings)


def _witness(request: Request, given: Mapping[str, ContextValue], catalog: Catalog) -> Witness:
    action = catalog.action(request.action)
    context: dict[str, str | tuple[str, ...]] = {}
    unlisted = []
    for name, value in given.items():
        if not isinstance(value, str | tuple):
            continue
        key = catalog.condition_key(name)
        shown = key.name if key is not None and "${" not in key.name else name
        context[shown] = value
        if action is not None and not catalog.may_carry(action, name):
            unlisted.append(shown)
    return Witness(
        _principal(request.caller),
        request.action if action is None else action.full_name,
        request.resource.text,
        request.owner,
        context,
        tuple(unlisted),
    )


def _principal(caller: Caller) -> WitnessPrincipal:
    match caller.kind:
        case CallerKind.ANONYMOUS:
            return {"Anonymous": True}
        case CallerKind.SERVICE:
            return {"Service": caller.name}
        case CallerKind.FEDERATED:
            return {"Federated": caller.name}
        case CallerKind.CANONICAL_USER:
            return {"CanonicalUser": caller.name}
    return caller.arn or caller.principal_arn or ""
