"""The statements by which principals take the last step to an administrator, as hits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass, field
from iamlint.graph.answer import ANONYMOUS, How, NodeKind, Reaching, StepLevel
from iamlint.graph.find import GraphQuestion, find_graph
from iamlint.graph.stand_ins import stand_ins
from iamlint.graph.words import if_of, step_of
from iamlint.graph.world import GraphWorld, WorldPart, block_of
from iamlint.load.document import Cause, NotAnalysed
from iamlint.load.file_value import Subject, SubjectKind
from iamlint.policy.at import At
from iamlint.rule import AccountHit, Hit, HitFlow, Note
from iamlint.rules.escalation._bystanders import bystanders, may_decide_a_step
from iamlint.rules.escalation._principals import in_words
from iamlint.rules.hygiene._allowed import Allowed, is_listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from iamlint.graph.answer import Graph, GraphAnswer, GraphEdge, GraphNode, NeededKey, StepPlace
    from iamlint.load.document import Document
    from iamlint.load.file_value import FileValue
    from iamlint.policy.model import Statement
    from iamlint.rule import AccountContext

FROM_OUTSIDE: Final = 9.8
SURE: Final = 9.0
CONDITIONAL: Final = 7.5

MOST_FLOWS: Final = 10
"""Chains of one finding that are shown."""

_MOST_PLACES: Final = 20
_FOUND: Final = (Reaching.YES, Reaching.CONDITIONAL)
_OF_SERVICE: Final = ":role/aws-service-role/"
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html


@dataclass(frozen=True, slots=True)
class Climb:
    """How one principal becomes an administrator. `aside` lead to who rewrites a policy."""

    start: GraphNode
    steps: tuple[GraphEdge, ...]
    aside: tuple[GraphEdge, ...]
    is_sure: bool
    conditions: tuple[NeededKey, ...]

    @property
    def is_from_outside(self) -> bool:
        return self.start.kind is NodeKind.OUTSIDER

    @property
    def last(self) -> GraphEdge:
        return self.steps[-1]

    @property
    def score(self) -> float:
        if not self.is_sure:
            return CONDITIONAL
        return FROM_OUTSIDE if self.is_from_outside else SURE

    @property
    def order(self) -> tuple[bool, bool, str]:
        """The key of the order in messages: outsiders first, then those that surely can."""
        return (not self.is_from_outside, not self.is_sure, self.start.id)


@dataclass(slots=True)
class LastStep:
    """A statement, or the place that attaches a policy of AWS, and the chains that end there."""

    value: Document | Subject
    statement: Statement | None
    places: list[StepPlace] = field(default_factory=list)
    climbs: list[Climb] = field(default_factory=list)


def reaching_admin(context: AccountContext) -> Iterator[AccountHit | NotAnalysed]:
    """Yield a hit for each last step, and what is not known of the other principals."""
    described = context.described
    world = _world(context)
    if world is None:
        return
    graph = find_graph(world, GraphQuestion(of_known=True, alone=True))
    found = _Reached(graph, context.options, next(one.path for one in described.read.documents))
    for step in found.last_steps():
        yield _hit(step, found.nodes)
    yield from found.unknown()


def _world(context: AccountContext) -> GraphWorld | None:
    """Return the world of those that chains may have; None if there are no chains."""
    described = context.described
    if described.needs_all_files:
        return GraphWorld(described.read, described.declared, context.account)
    texts = stand_ins(described.read)
    left_out = bystanders(described, texts)
    if left_out is None:
        return None
    if not left_out:
        return GraphWorld(described.read, described.declared, context.account)
    holdings, read = described.holdings, described.read
    some = holdings.without_policies_of(left_out, may_decide_a_step)
    blocks = [(block_of(node), holdings.key(node.ref) in left_out) for node in read.nodes]
    kept = {block for block, is_left_out in blocks if not is_left_out}
    part = WorldPart(read, texts, frozenset(block for block, _ in blocks) - kept)
    filled, account = described.account_in(some)
    return GraphWorld(filled, described.declared, account, part)


class _Reached:
    """The answers about principals that the user does not allow to be administrators."""

    def __init__(self, graph: Graph, options: object, first_path: str) -> None:
        self._graph = graph
        self._first_path = first_path
        self._allowed = options.allowed if isinstance(options, Allowed) else ()
        self.nodes: Mapping[str, GraphNode] = {node.id: node for node in graph.nodes}
        self._edges = {edge.id: edge for edge in graph.edges}

    def last_steps(self) -> list[LastStep]:
        found: dict[object, LastStep] = {}
        for answer in self._answers():
            climb = self._climb(answer)
            place = None if climb is None else _first_in_a_file(climb.last)
            if climb is None or place is None or self._is_unnamed(climb):
                continue
            value, statement = _spot(place)
            key = (value.path, value.pointer, value.name, statement and statement.at.pointer)
            step = found.setdefault(key, LastStep(value, statement))
            step.places.append(place)
            step.climbs.append(climb)
        return list(found.values())

    def _answers(self) -> Iterator[GraphAnswer]:
        for answer in self._graph.answers:
            node = self.nodes[answer.start]
            if not self._may_be_admin(node.id) and _OF_SERVICE not in (node.arn or ""):
                yield answer

    def _may_be_admin(self, name: str) -> bool:
        """Return whether the user allows a principal to be an administrator."""
        if not self._allowed:
            return False
        return is_listed(name, self.nodes[name].arn, self._allowed)

    def _climb(self, answer: GraphAnswer) -> Climb | None:
        """Return a chain up to the first that may be an administrator; None without a step."""
        if answer.answer not in _FOUND:
            return None
        steps: list[GraphEdge] = []
        for name in answer.chain.steps:
            edge = self._edges[name]
            if steps and self._may_be_admin(edge.start):
                break
            steps.append(edge)
        if not steps:
            return None
        is_whole = len(steps) == len(answer.chain.steps)
        aside = tuple(self._edges[name] for name in answer.chain.aside) if is_whole else ()
        is_sure = answer.answer is Reaching.YES or (
            not is_whole and all(edge.level is StepLevel.SURE for edge in steps)
        )
        own = dict.fromkeys(key for edge in steps for key in edge.conditions)
        conditions = answer.conditions if is_whole else tuple(own)
        return Climb(self.nodes[answer.start], tuple(steps), aside, is_sure, conditions)

    def _is_unnamed(self, climb: Climb) -> bool:
        """Return whether it is not known who a trust policy names, who may be of the account."""
        start = climb.start
        is_named = start.arn is not None or start.id == ANONYMOUS
        is_token = climb.steps[0].how in (How.WEB_IDENTITY, How.SAML)
        return climb.is_from_outside and not is_named and not is_token

    def unknown(self) -> Iterator[NotAnalysed]:
        """Yield what decides whether principals become administrators, once with all of them."""
        found: dict[tuple[str, ...], list[GraphAnswer]] = {}
        for answer in self._answers():
            climb = self._climb(answer)
            if answer.answer is Reaching.UNKNOWN:
                if self._is_of_unknown_trust(answer):
                    continue
                if answer.chain.steps or answer.deciders:  # else it may be one without a step
                    found.setdefault(self._deciders(answer), []).append(answer)
            elif climb is not None and self._is_unnamed(climb):
                found.setdefault((answer.start,), []).append(answer)
        for names, answers in found.items():
            path = next(filter(None, map(self._path, answers)), self._first_path)
            yield _not_known(path, names, [one.start for one in answers])

    def _is_of_unknown_trust(self, answer: GraphAnswer) -> bool:
        """Return whether it is about anyone that a trust policy may name which no file shows."""
        node = self.nodes[answer.start]
        return node.kind is NodeKind.OUTSIDER and node.arn is None

    def _path(self, answer: GraphAnswer) -> str | None:
        """Return the file that describes who takes the first step, or else that of a step."""
        place = self.nodes[answer.start].place
        edges = (self._edges[name] for name in (*answer.chain.steps, *answer.chain.aside))
        places = (place, *map(_first_in_a_file, edges))
        return next((one.path for one in places if one is not None and one.path), None)

    def _deciders(self, answer: GraphAnswer) -> tuple[str, ...]:
        """Return what decides, by names, or else why the steps are not known."""
        edges = (self._edges[name] for name in (*answer.chain.aside, *answer.chain.steps))
        why = dict.fromkeys(edge.why for edge in edges if edge.why)
        return answer.deciders or tuple(why)


def _not_known(path: str, names: Sequence[str], starts: Sequence[str]) -> NotAnalysed:
    who = in_words([f"`{name}`" for name in starts])
    by = f": it depends on {', '.join(f'`{name}`' for name in names)}" if names else ""
    reason = f"it is not known whether {who} can become an administrator{by}"
    return NotAnalysed(path, (), f"{reason}: not checked by `path-to-admin`", cause=Cause.OTHER)


def _hit(step: LastStep, nodes: Mapping[str, GraphNode]) -> AccountHit:
    climbs = sorted(step.climbs, key=lambda one: one.order)
    place = min(step.places, key=lambda one: _at(one).pointer)
    first = max(climbs, key=lambda one: one.score)
    properties: dict[str, object] = {
        "end": "admin",
        "principals": [one.start.id for one in climbs],
        "paths": sorted({one.last.path for one in climbs if one.last.path}),
    }
    hit = Hit(
        _at(place),
        _message(climbs, first, nodes),
        properties=properties,
        security_severity=first.score,
        identity="admin",
    )
    flows = tuple(filter(None, (_flow(one, nodes) for one in climbs[:MOST_FLOWS])))
    return AccountHit(step.value, step.statement, hit, _notes(climbs, place), flows=flows)


def _message(climbs: Sequence[Climb], first: Climb, nodes: Mapping[str, GraphNode]) -> str:
    names = [f"`{one.start.id}`{' from outside' * one.is_from_outside}" for one in climbs]
    many = f"{len(climbs)} principals can become an administrator: {in_words(names)}"
    who = many if len(climbs) > 1 else f"{names[0]} can become an administrator"
    limits = "" if first.is_sure else f" {if_of(first.conditions)}"
    return f"{who}{limits}; by this `{first.last.start}` {step_of(first.last, nodes, '')}"


def _notes(climbs: Sequence[Climb], place: StepPlace) -> tuple[tuple[FileValue, Note], ...]:
    """Return the other places of the last steps and of the first chain."""
    edges = [*climbs[0].steps, *climbs[0].aside, *(one.last for one in climbs)]
    said = "`{}` {}"
    found: dict[object, tuple[StepPlace, str]] = {
        (one.path, _at(one).pointer, one.line): (one, said.format(edge.start, one.says))
        for edge in reversed(edges)
        for one in edge.places
        if one.path is not None
    }
    found.pop((place.path, _at(place).pointer, place.line), None)
    each = list(found.values())[::-1]
    return tuple((_spot(one)[0], Note(_at(one), text)) for one, text in each[:_MOST_PLACES])


def _flow(climb: Climb, nodes: Mapping[str, GraphNode]) -> HitFlow | None:
    steps = []
    for edge in (*climb.steps[:-1], *climb.aside, climb.last):
        if (place := _first_in_a_file(edge)) is not None:
            text = f"`{edge.start}` {step_of(edge, nodes, '')}"
            steps.append((_spot(place)[0], Note(_at(place), text)))
    return HitFlow(climb.start.id, tuple(steps)) if steps else None


def _first_in_a_file(edge: GraphEdge) -> StepPlace | None:
    return next((one for one in edge.places if one.path is not None), None)


def _at(place: StepPlace) -> At:
    if place.at is not None:
        return place.at
    return At((), span=None if place.named_at is None else place.named_at.span)


def _spot(place: StepPlace) -> tuple[Document | Subject, Statement | None]:
    """Return what a place is in, and its statement."""
    if place.document is not None and place.at is not None:
        return place.document, _statement(place.document, place.at)
    named = place.named_at
    if named is None:
        raise ValueError(place)
    title = f"{place.policy} at {named.span.start}"
    return Subject(SubjectKind.RESOURCE, named.path, named.source, (), (), name=title), None


def _statement(document: Document, at: At) -> Statement | None:
    each = document.policy.statements
    return next((one for one in each if at.pointer[: len(one.at.pointer)] == one.at.pointer), None)
