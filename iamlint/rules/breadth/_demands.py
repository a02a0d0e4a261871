"""Asks whether an account allows what must not be possible, and says where it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.account.origin import statement_of
from iamlint.errors import UsageError
from iamlint.fast_dataclass import dataclass, field
from iamlint.load.document import Cause, NotAnalysed
from iamlint.load.file_value import Subject, SubjectKind
from iamlint.load.link import shown
from iamlint.policy.at import At
from iamlint.policy.grammar import Kind
from iamlint.reason.answer import Comparison
from iamlint.reason.askable import askable_units
from iamlint.reason.forbid import (
    ANONYMOUS,
    EVERYBODY,
    OUTSIDERS,
    Home,
    RequestSet,
    forbidden,
    may_allow,
)
from iamlint.reason.some import check_question
from iamlint.rule import AccountHit, Hit
from iamlint.rules.breadth._witness import carried_by, plain_witness

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.document import Document
    from iamlint.policy.model import Statement
    from iamlint.reason.answer import Difference, Open
    from iamlint.reason.askable import AskableUnit
    from iamlint.rule import AccountContext, ForbiddenAccess

_ROOT: Final = "arn:*:iam::*:root"
_STRANGERS: Final = frozenset({OUTSIDERS, ANONYMOUS})
_RULE: Final = "forbidden-access"
_NOTHING: Final = Comparison()


@dataclass(slots=True)
class _Place:
    """Where forbidden access is granted: who has it, and a request that shows it."""

    value: Document | Subject
    statement: Statement | None
    at: At
    shown: Difference
    names: list[str] = field(default_factory=list)


def violations(
    demand: ForbiddenAccess, context: AccountContext
) -> Iterator[AccountHit | NotAnalysed]:
    """Yield where a demand is violated, each place once, and what could not be decided."""
    asked = _asked(demand, context)
    places: dict[object, _Place] = {}
    for unit in askable_units(context.account, context.described.read.documents):
        if not _is_about(demand, unit):
            continue
        found, unknown = _of_unit(unit, asked, context)
        if unknown is not None:
            yield _not_decided(unit, unknown, demand)
        for shown_one in found:
            place = _place(unit, shown_one, context)
            if place is None:
                yield _without_place(unit, shown_one, demand)
                continue
            key = place.value.path, place.value.pointer, place.at
            places.setdefault(key, place).names.append(_who(unit, shown_one))
    for place in places.values():
        yield _hit(place, demand)
    if demand.through is not None:
        from iamlint.rules.breadth._through import reached  # noqa: PLC0415 - few demands ask it

        yield from reached(demand, asked[0], context)


def _asked(demand: ForbiddenAccess, context: AccountContext) -> list[RequestSet]:
    """Return the requests that must not be allowed: one of each kind, if they are together."""
    home = context.home
    accounts = [one for one in (home.account, context.accounts.account) if one is not None]
    known = Home((*dict.fromkeys(accounts), *sorted(home.trusted_accounts)), home.organization)
    if OUTSIDERS in (*demand.principals, *demand.besides) and not known.accounts:
        raise UsageError("it is not known who is an outsider: set `account`")
    resources = demand.resources if demand.resources != (EVERYBODY,) else None
    check_question(context.catalog, demand.actions, resources)
    every = [(one,) for one in demand.actions] if demand.together else [demand.actions]
    return [
        RequestSet(
            actions,
            demand.resources,
            demand.principals,
            (*demand.besides, _ROOT),
            {key: (value,) for key, value in demand.unless},
            known,
        )
        for actions in every
    ]


def _is_about(demand: ForbiddenAccess, unit: AskableUnit) -> bool:
    """Return whether a demand may be about a unit. A policy alone may have any principal."""
    if unit.kind is not Kind.IDENTITY:
        return not demand.together
    if unit.is_held:
        return not _STRANGERS.issuperset(demand.principals)
    return EVERYBODY in demand.principals


def _of_unit(
    unit: AskableUnit, asked: list[RequestSet], context: AccountContext
) -> tuple[list[Difference], Open | None]:
    """Return the forbidden requests that are allowed, and why more may be."""
    world = unit.world()
    found: list[Comparison] = []
    for requests in asked:
        one = _NOTHING
        if may_allow(world, requests.actions):
            one = forbidden(world, requests, context.catalog)
        if not one.gained and not one.open:
            return [], None  # of several it lacks one, so it does not have them together
        found.append(one)
    unknown = next((one.open[0] for one in found if one.open and not one.gained), None)
    if len(asked) > 1:
        return ([] if unknown is not None else [found[0].gained[0]]), unknown
    return list(found[0].gained), next(iter(found[0].open), None)


def _place(unit: AskableUnit, found: Difference, context: AccountContext) -> _Place | None:
    """Return the statement that grants, or where a policy of AWS is attached, or a policy."""
    for deciding in found.because:
        if (granting := statement_of(deciding)) is not None:
            return _Place(*granting, granting[1].at, found)
        policy = str(deciding.label)
        if unit.identity is not None and (place := _link(unit, policy, found, context)):
            return place
    if unit.documents:
        return _Place(unit.documents[0], None, At(()), found)
    return None


def _link(
    unit: AskableUnit, policy: str, found: Difference, context: AccountContext
) -> _Place | None:
    """Return the place that attaches a policy without a text of its own."""
    for link, target in context.described.holdings.attached:
        at = link.named_at
        name = shown(target).rpartition("/")[2]
        is_of = unit.identity is not None and shown(link.holder.name) == unit.identity.name
        if at is not None and is_of and policy.partition(" ")[0] == shown(target):
            title = f"{name} of {link.holder}"
            subject = Subject(
                SubjectKind.RESOURCE, at.path, at.source, link.pointer, (), name=title
            )
            return _Place(subject, None, At((), span=at.span), found)
    return None


def _hit(place: _Place, demand: ForbiddenAccess) -> AccountHit:
    witness, names = place.shown.witness, list(dict.fromkeys(place.names))
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    properties: dict[str, object] = {
        "reason": demand.reason,
        "principals": [name.strip("`") for name in names],
        "actions": list(place.shown.actions),
        "witness": plain_witness(witness),
    }
    who, does = f"{names[0]}{more} may do", f"`{witness.action}` on `{witness.resource}`"
    if demand.together:
        does = " and ".join(f"`{one}`" for one in demand.actions) + ", which must be apart"
    message = f"{who} {does}{carried_by(place.shown)}: {demand.reason}"
    hit = Hit(place.at, message, properties=properties)
    return AccountHit(place.value, place.statement, hit)


def _who(unit: AskableUnit, found: Difference) -> str:
    """Return who may send the requests: a principal of the files, or the one that is shown."""
    if unit.kind is Kind.IDENTITY:
        return f"`{unit.name}`" if unit.is_held else "whoever has this policy"
    principal = found.witness.principal
    if isinstance(principal, str):
        return f"`{principal}`"
    return next((f"`{one}`" for one in principal.values() if isinstance(one, str)), "anyone")


def _not_decided(unit: AskableUnit, unknown: Open, demand: ForbiddenAccess) -> NotAnalysed:
    path, pointer = _spot(unit)
    actions = " or ".join(f"`{one}`" for one in demand.actions)
    reason = f"it is not known if {_title(unit)} {actions}: {unknown.reason}"
    return NotAnalysed(path, pointer, f"{reason}: not checked by `{_RULE}`", cause=Cause.OTHER)


def _title(unit: AskableUnit) -> str:
    if not unit.is_held:
        return "this policy allows"
    is_principal = unit.kind is Kind.IDENTITY
    return f"`{unit.name}` may do" if is_principal else f"the policy of `{unit.name}` allows"


def _without_place(unit: AskableUnit, found: Difference, demand: ForbiddenAccess) -> NotAnalysed:
    path, pointer = _spot(unit)
    witness = found.witness
    reason = f"{_who(unit, found)} may do `{witness.action}` on `{witness.resource}`"
    reason = f"{reason}: {demand.reason}: no file has the statement"
    return NotAnalysed(path, pointer, reason, cause=Cause.OTHER)


def _spot(unit: AskableUnit) -> tuple[str, tuple[str | int, ...]]:
    if unit.documents:
        return unit.documents[0].path, unit.documents[0].pointer
    return unit.path or unit.name, ()
