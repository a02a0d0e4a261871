"""Asks who can become a principal that has the access which a demand forbids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.account.model import IdentityKind
from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.graph.answer import ANONYMOUS, OUTSIDERS, NodeKind, Reaching
from iamlint.graph.find import GraphQuestion, find_graph
from iamlint.graph.world import GraphWorld
from iamlint.load.document import Cause, NotAnalysed
from iamlint.policy.arn import is_account_id
from iamlint.policy.arn_patterns import covers_arn, overlaps_arn
from iamlint.policy.truth import Truth
from iamlint.policy.wildcard import covers, overlaps
from iamlint.reason.askable import askable_units
from iamlint.reason.forbid import EVERYBODY, forbidden, may_allow
from iamlint.rule import AccountHit, Hit, Note

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iamlint.graph.answer import Graph, GraphAnswer, StepPlace
    from iamlint.graph.world import Being
    from iamlint.reason.askable import AskableUnit
    from iamlint.reason.forbid import RequestSet
    from iamlint.rule import AccountContext, ForbiddenAccess

_RULE: Final = "forbidden-access"


@dataclass(slots=True)
class _LastStep:
    """A place by which chains get to a principal with the access, and who starts them."""

    place: StepPlace
    end: str
    chain: GraphAnswer
    starts: list[str] = field(default_factory=list)


def reached(
    demand: ForbiddenAccess, asked: RequestSet, context: AccountContext
) -> Iterator[AccountHit | NotAnalysed]:
    """Yield the last steps of chains to principals with the access, and what is not known."""
    able, perhaps = _able(asked, context)
    if not able and not perhaps:
        return
    described = context.described
    world = GraphWorld(described.read, described.declared, context.account)
    starts = _Starts(world, demand, asked)
    has_it = {*able, *perhaps}
    for units, is_sure in ((able, True), (perhaps, False)):
        names = [name for name in units if name in world.beings]
        for name in sorted(units.keys() - set(names)):
            yield _not_known(demand, units[name], f"it is not known who can become `{name}`")
        if not names:
            continue
        question = GraphQuestion((*world.beings, OUTSIDERS), names[0], or_ends=tuple(names[1:]))
        graph = find_graph(world, question)
        found = [one for one in graph.answers if one.start not in has_it]
        chained = [one for one in found if one.answer is not Reaching.NO]
        sure = [one for one in chained if is_sure and starts.must_not(graph, one)]
        yield from _hits(demand, graph, sure)
        for one in chained:
            if one not in sure and starts.may_not(graph, one):
                why = f"it is not known whether `{one.start}` can become `{_last(graph, one)}`"
                yield _not_known(demand, units[names[0]], why)


def _able(
    asked: RequestSet, context: AccountContext
) -> tuple[dict[str, AskableUnit], dict[str, AskableUnit]]:
    """Return the users and roles that may send such requests themselves, and those unknown."""
    able: dict[str, AskableUnit] = {}
    perhaps: dict[str, AskableUnit] = {}
    everybody = replace(asked, principals=(EVERYBODY,), besides=asked.besides[-1:])  # the root
    for unit in askable_units(context.account, context.described.read.documents):
        identity = unit.identity
        if identity is None or identity.kind is IdentityKind.GROUP:
            continue
        world = unit.world()
        if not may_allow(world, asked.actions):
            continue
        one = forbidden(world, everybody, context.catalog)
        if one.gained:
            able[identity.title] = unit
        elif one.open:
            perhaps[identity.title] = unit
    return able, perhaps


class _Starts:
    """The principals that a demand is about, and those that it spares."""

    def __init__(self, world: GraphWorld, demand: ForbiddenAccess, asked: RequestSet) -> None:
        self._world = world
        self._demand = demand
        self._home = asked.home
        self._unless = {key.lower() for key, _ in demand.unless}

    def must_not(self, graph: Graph, one: GraphAnswer) -> bool:
        """Return whether a chain surely is one that must not be."""
        is_open = one.answer is Reaching.UNKNOWN or any(
            key.key.lower() in self._unless for key in one.conditions
        )
        return not is_open and self._truth(graph, one) is Truth.YES

    def may_not(self, graph: Graph, one: GraphAnswer) -> bool:
        """Return whether a chain may be one that must not be."""
        return self._truth(graph, one) is not Truth.NO

    def _truth(self, graph: Graph, one: GraphAnswer) -> Truth:
        meant = self._any(self._demand.principals, graph, one.start)
        spared = self._any(self._demand.besides, graph, one.start)
        if spared is Truth.MAYBE and one.start.endswith(":root"):
            spared = Truth.NO  # others of that account are not spared
        if meant is Truth.NO or spared is Truth.YES:
            return Truth.NO
        return min(meant, Truth.YES if spared is Truth.NO else Truth.MAYBE)

    def _any(self, patterns: Iterable[str], graph: Graph, name: str) -> Truth:
        return max((self._named(one, graph, name) for one in patterns), default=Truth.NO)

    def _named(self, pattern: str, graph: Graph, name: str) -> Truth:
        """Return whether a pattern of a demand names a start."""
        being = self._world.beings.get(name)
        if pattern == EVERYBODY:
            return Truth.YES
        if being is None:
            return self._names_outsider(pattern, graph, name)
        if pattern in (OUTSIDERS, ANONYMOUS):
            return Truth.NO
        if is_account_id(pattern):
            account = self._world.shown_account(being.actor.account)
            return Truth.MAYBE if account is None else _yes(account == pattern)
        return _names(pattern, being, self._world.as_glob(being.arn))

    def _names_outsider(self, pattern: str, graph: Graph, name: str) -> Truth:
        if name == ANONYMOUS:
            return _yes(pattern in (OUTSIDERS, ANONYMOUS))
        account = graph.node(name).account
        if pattern == OUTSIDERS:
            if self._home.organization is not None or account is None:
                return Truth.NO if account in self._home.accounts else Truth.MAYBE
            return _yes(account not in self._home.accounts)
        if is_account_id(pattern):
            return Truth.MAYBE if account is None else _yes(account == pattern)
        if not pattern.startswith("arn:"):
            return _names_foreign(pattern, name)
        if covers_arn(pattern, name):
            return Truth.YES
        return Truth.MAYBE if name.endswith(":root") or overlaps_arn(pattern, name) else Truth.NO


def _names_foreign(pattern: str, name: str) -> Truth:
    """Return whether a name such as `role/ci-*` is that of a principal of another account."""
    kind, _, rest = (name.split(":", 5)[-1] if name.startswith("arn:") else "").partition("/")
    if kind == "root":
        return Truth.MAYBE if "/" in pattern else Truth.NO
    return _yes(covers(pattern, f"{kind}/{rest.rpartition('/')[2]}"))


def _names(pattern: str, being: Being, glob: str) -> Truth:
    """Return whether a pattern of ARNs or names is about a user or role."""
    if pattern.startswith("arn:"):
        wide, touches = covers_arn(pattern, glob), overlaps_arn(pattern, glob)
    else:
        title = f"{being.kind}/{glob.rpartition('/')[2]}"
        wide, touches = covers(pattern, title), overlaps(pattern, title)
    if wide:
        return Truth.YES
    return Truth.MAYBE if touches else Truth.NO


def _yes(is_so: bool) -> Truth:  # noqa: FBT001 - one word for two
    return Truth.YES if is_so else Truth.NO


def _hits(
    demand: ForbiddenAccess, graph: Graph, answers: Sequence[GraphAnswer]
) -> Iterator[AccountHit | NotAnalysed]:
    """Yield a finding for each place of a last step; outsiders are named first."""
    found: dict[object, _LastStep] = {}
    for one in sorted(answers, key=lambda one: graph.node(one.start).kind is not NodeKind.OUTSIDER):
        places = [place for place in graph.edge(one.chain.steps[-1]).places if place.document]
        if not places:
            why = f"`{one.start}` can become `{_last(graph, one)}`, but no file has the statement"
            yield NotAnalysed(one.start, (), f"{why}: {demand.reason}", cause=Cause.OTHER)
            continue
        place = places[0]
        step = _LastStep(place, _last(graph, one), one)
        found.setdefault((place.path, place.at, step.end), step).starts.append(one.start)
    for step in found.values():
        yield _hit(demand, graph, step)


def _hit(demand: ForbiddenAccess, graph: Graph, step: _LastStep) -> AccountHit:
    chain = [graph.edge(name) for name in (*step.chain.chain.aside, *step.chain.chain.steps)]
    more = f" and {len(step.starts) - 1} more" if len(step.starts) > 1 else ""
    ways = " > ".join((step.chain.start, *(edge.end for edge in chain)))
    does = " or ".join(f"`{one}`" for one in demand.actions)
    start = f"`{step.starts[0]}`{more}"
    message = f"{start} can become `{step.end}`, which may do {does}: {demand.reason} ({ways})"
    document, at = step.place.document, step.place.at
    assert document is not None  # noqa: S101 - `_hits` takes places in files
    assert at is not None  # noqa: S101 - the same
    properties: dict[str, object] = {
        "reason": demand.reason,
        "principals": list(step.starts),
        "actions": list(demand.actions),
        "chain": [f"{edge.start} {edge.how} {edge.end}" for edge in chain],
    }
    hit = Hit(at, message, properties=properties)
    notes = tuple(
        (place.document, Note(place.at, f"`{edge.start}` {edge.how} `{edge.end}`: {place.says}"))
        for edge in chain
        for place in edge.places
        if place.document is not None
        and place.at is not None
        and (place.document, place.at) != (document, at)
    )
    statement = next(
        (s for s in document.policy.statements if _is_in(at.pointer, s.at.pointer)), None
    )
    return AccountHit(document, statement, hit, notes)


def _is_in(inner: tuple[object, ...], outer: tuple[object, ...]) -> bool:
    return inner[: len(outer)] == outer


def _last(graph: Graph, one: GraphAnswer) -> str:
    return graph.edge(one.chain.steps[-1]).end if one.chain.steps else graph.end


def _not_known(demand: ForbiddenAccess, unit: AskableUnit, why: str) -> NotAnalysed:
    """Return that it is not known who can become a principal with the access."""
    place = unit.documents[0] if unit.documents else None
    path = unit.path or unit.name if place is None else place.path
    pointer = () if place is None else place.pointer
    actions = " or ".join(f"`{one}`" for one in demand.actions)
    reason = f"{why}, which may do {actions}: not checked by `{_RULE}`"
    return NotAnalysed(path, pointer, reason, cause=Cause.OTHER)
