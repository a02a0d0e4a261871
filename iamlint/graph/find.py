"""A question about chains in, the graph that answers it out."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from iamlint.account.model import known_names
from iamlint.errors import UsageError
from iamlint.fast_dataclass import dataclass, field
from iamlint.graph.altered import Alterations
from iamlint.graph.answer import (
    ADMIN,
    OUTSIDERS,
    Graph,
    GraphAnswer,
    GraphChain,
    NodeKind,
    Reaching,
    StepLevel,
)
from iamlint.graph.asking import StepAsking
from iamlint.graph.changed import GraphChange
from iamlint.graph.changes import Rewriting
from iamlint.graph.closed import closed_ways
from iamlint.graph.creating import BoundedNewcomers
from iamlint.graph.doubts import PathDoubts
from iamlint.graph.goals import AdminGoal, PrincipalGoal, ResourceGoal, actions_on
from iamlint.graph.held import PathHoldings
from iamlint.graph.joining import Joining
from iamlint.graph.newcomers import Newcomers
from iamlint.graph.outsiders import Outsiders
from iamlint.graph.rewritten import RewrittenPrincipals
from iamlint.graph.search import ChainSearch, Finders
from iamlint.graph.shown import Drawing
from iamlint.graph.steps import Stepping
from iamlint.graph.taggers import Taggers
from iamlint.graph.teams import Teams
from iamlint.graph.trusted import trusted_by
from iamlint.graph.ways import StepWays
from iamlint.policy.arn import parse_arn

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from iamlint.evaluator.context import ContextValue
    from iamlint.graph.answer import GraphEdge, PathDoubt
    from iamlint.graph.goals import Goal
    from iamlint.graph.routes import Routes
    from iamlint.graph.world import Being, GraphWorld


@dataclass(frozen=True, slots=True)
class GraphQuestion:
    """Who gets where. `starts` are names, ARNs or `outsiders`; without any, all are asked about.

    `end` is `admin`, a principal, or the ARN of a resource, with the `actions` there. `paths` is
    the number of chains for each start. Each step has the `context`, whose keys are in lower case:
    those that its action carries. A chain may also end at one of the principals in `or_ends`.
    With `of_known`, a policy whose text is not known opens no step, but may deny one. With `alone`,
    no chain is looked for in which one must be several principals at once, or gives itself rights
    within limits; neither are paths that are not modelled, nor ways that are not open: *no* is not
    proved then.
    """

    starts: tuple[str, ...] = ()
    end: str = ADMIN
    actions: tuple[str, ...] = ()
    paths: int = 1
    context: Mapping[str, ContextValue] = field(default_factory=dict)
    or_ends: tuple[str, ...] = ()
    of_known: bool = False
    alone: bool = False


def find_graph(world: GraphWorld, question: GraphQuestion) -> Graph:
    """Return the answers to a question, and the nodes and edges on their chains.

    Raises `UsageError` for a name that the files do not have.
    """
    asked = _Question(world, question)
    asked.refuse(asked.missing)
    return asked.graph()


def find_change(
    old: GraphWorld, new: GraphWorld, question: GraphQuestion, revision: str
) -> GraphChange:
    """Return the answers to a question in two worlds; `revision` names the old one.

    Raises `UsageError` for a name that neither has. A principal of one world has no chain in the
    other one, neither from it nor to it.
    """
    before, now = _Question(old, question), _Question(new, question)
    now.refuse([name for name in now.missing if name in before.missing])
    return GraphChange(before.graph(), now.graph(), revision)


class _Question:
    """One question, and what finds its steps."""

    def __init__(self, world: GraphWorld, question: GraphQuestion) -> None:
        self._world = world
        self._asked = question
        holdings = PathHoldings(world.beings.values(), of_known=question.of_known)
        asking = StepAsking(world, question.context)
        self._stepping = Stepping(world, asking, holdings.stops)
        outsiders = Outsiders(world)
        self._beings: Mapping[str, Being] = world.beings
        for being in world.beings.values():
            if being.identity is not None and being.kind is NodeKind.ROLE:
                tuple(outsiders.let_in(trusted_by(being.identity)))
        joining = Joining(self._stepping, holdings, self._is_at_end)
        altered = self._altered(joining, holdings)
        self._outsiders = outsiders.beings
        members = {one.being.id: one.being for one in altered.members}
        self._beings = {**world.beings, **members, **outsiders.beings}
        ways = StepWays(self._stepping, holdings, outsiders)
        self._end, self._actions, goal = self._goal(ways)
        self._of = Finders(
            self._stepping,
            holdings,
            ways,
            goal,
            Rewriting(self._stepping, holdings, goal),
            Newcomers(self._stepping, holdings, goal),
            altered,
            Teams(self._stepping, self._beings),
            self._beings,
        )
        self._doubts = PathDoubts(self._stepping, holdings, self._beings)

    def _altered(self, joining: Joining, holdings: PathHoldings) -> Alterations:
        """Return what principals can be made, who have a place among those that may take steps."""
        members, self._untried = joining.members, joining.untried
        if not self._asked.alone:
            direct = self._direct()
            rewritten = RewrittenPrincipals(self._stepping, holdings, direct, self._is_at_end)
            created = BoundedNewcomers(self._stepping, holdings, direct)
            members = (*members, *rewritten.members, *created.members)
            self._untried = joining.untried | rewritten.untried
        for member in members:
            holdings.add(member.being)
        return Alterations(self._stepping, members)

    def _is_at_end(self, being: Being) -> bool:
        """Return whether a principal is at the end as surely as any step of it is."""
        if self._asked.end != ADMIN:
            return False
        goal = AdminGoal(self._stepping, of_known=self._asked.of_known)
        arrival = goal.arrival(being) if goal.may_be_at(being) else None
        strongest = self._stepping.asking.strongest(being)
        return arrival is not None and arrival.decided.level >= strongest

    def _direct(self) -> Collection[str | None] | None:
        """Return the accounts in which one with all rights is at the end; None for all."""
        if self._asked.end == ADMIN:
            return None
        is_principal = not self._asked.actions and _is_principal(self._asked.end)
        targets = map(self._named, (self._asked.end, *self._asked.or_ends) if is_principal else ())
        return {one.actor.account for one in targets if one is not None and not one.is_of_aws}

    def _goal(self, ways: StepWays) -> tuple[str, tuple[str, ...], Goal]:
        end, actions = self._asked.end, self._asked.actions
        if actions and not end.startswith("arn:"):
            raise UsageError(
                f"actions are done to a resource, but `{end}` is not an ARN",
                help="name the ARN of the resource, or leave the actions out",
            )
        if end == ADMIN:
            return ADMIN, (), AdminGoal(self._stepping, of_known=self._asked.of_known)
        if actions or not _is_principal(end):
            asked = actions_on(self._world.catalog, end, actions)
            return end, actions, ResourceGoal(self._stepping, end, asked)
        target = self._named(end)
        if target is None:
            return end, (), AdminGoal(self._stepping)  # nothing is asked about it
        others = [self._named(name) for name in self._asked.or_ends]
        targets = (target, *(one for one in others if one is not None))
        return target.id, (), PrincipalGoal(self._stepping, ways, targets)

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The names of the question that the files do not have, in its order."""
        ends = (self._asked.end,) if self._has_no_end else ()
        starts = (name for name in self._asked.starts if name != OUTSIDERS)
        return (*ends, *(name for name in starts if self._named(name) is None))

    @property
    def _has_no_end(self) -> bool:
        end = self._asked.end
        is_principal = end != ADMIN and not self._asked.actions and _is_principal(end)
        return is_principal and self._named(end) is None

    def refuse(self, names: Sequence[str]) -> None:
        """Raise for the first of some names that are not known."""
        if names:
            known = [ADMIN, *self._world.beings, *self._outsiders]
            help_ = known_names(names[0], known, "known")
            raise UsageError(f"there is no `{names[0]}`", help=help_)

    def _named(self, name: str) -> Being | None:
        """Return who has a name or an ARN."""
        if name in self._beings:
            return self._beings[name]
        known = self._world.by_arn.get(name) or self._by_shown_arn.get(name)
        return None if known is None else self._world.beings[known]

    @cached_property
    def _by_shown_arn(self) -> Mapping[str, str]:
        return {self._world.shown(arn): name for arn, name in self._world.by_arn.items()}

    def graph(self) -> Graph:
        """Return the answers, with what is on their chains."""
        if self._has_no_end:
            starts = self._starts(frozenset())
            answers = tuple(GraphAnswer(name, self._end, Reaching.NO) for name in starts)
            gaps, number = self._world.loaded.not_analysed, len(self._world.beings)
            return Graph(self._end, (), answers, not_analysed=gaps, principals=number)
        search = ChainSearch(self._of, alone=self._asked.alone)
        by_level = {routes.level: routes for routes in search.routes()}
        untried = search.untried | self._untried
        weakest = by_level[StepLevel.UNKNOWN]
        doubts = self._doubtful(search, weakest, untried)
        doubtful = search.to(doubts, weakest)
        taggers = Taggers(self._stepping.asking, self._beings)
        drawing = Drawing(self._world, self._beings, self._end, taggers)
        administrators = self._administrators(by_level)
        answers = tuple(
            self._answer(start, by_level, drawing)
            or _without_chain(start, self._end, doubtful, doubts)
            for start in self._starts(administrators)
        )
        without = (one.start for one in answers if one.answer is Reaching.NO)
        return Graph(
            self._end,
            self._actions,
            answers,
            drawing.nodes(answers, administrators),
            drawing.edges,
            () if self._asked.alone else closed_ways(self._of, weakest, without),
            not_analysed=self._world.loaded.not_analysed,
            principals=len(self._world.beings),
            administrators=len(administrators),
            assumptions=drawing.assumptions,
        )

    def _doubtful(
        self, search: ChainSearch, weakest: Routes, untried: Collection[str]
    ) -> Mapping[str, Sequence[PathDoubt]]:
        """Return the doubts about those that have no chain."""
        if self._asked.alone:
            return self._doubts.untried(weakest, untried)
        found = self._doubts.about(weakest, untried)
        teams = [*self._doubts.of_teams(weakest)]
        every = search.together((parts for parts, _ in teams), weakest)
        for (_, doubt), names in zip(teams, every, strict=True):
            for name in sorted(names):
                if doubt not in found.setdefault(name, []):
                    found[name].append(doubt)
        return found

    def _administrators(self, by_level: Mapping[StepLevel, Routes]) -> frozenset[str]:
        """Return who may do everything at once."""
        if self._end != ADMIN:
            goal = AdminGoal(self._stepping)
            return frozenset(
                name
                for name, being in self._world.beings.items()
                if goal.may_be_at(being)
                and (arrival := goal.arrival(being)) is not None
                and arrival.decided.level is StepLevel.SURE
            )
        hops = by_level[StepLevel.SURE].hops
        return frozenset(
            name for name in self._world.beings if name in hops and not hops[name].length
        )

    def _starts(self, administrators: frozenset[str]) -> Iterator[str]:
        if not self._asked.starts:
            every = (*self._world.beings, *self._outsiders)
            left_out = administrators if self._end == ADMIN else {self._end}
            yield from sorted(name for name in every if name not in left_out)
        named: dict[str, None] = {}
        for name in self._asked.starts:
            if name == OUTSIDERS:
                named |= dict.fromkeys(sorted(self._outsiders))
            elif (being := self._named(name)) is not None:
                named[being.id] = None
        yield from named

    def _answer(
        self,
        start: str,
        by_level: Mapping[StepLevel, Routes],
        drawing: Drawing,
    ) -> GraphAnswer | None:
        """Return the answer of the strongest chain; None if there is no chain."""
        routes = next((one for one in by_level.values() if start in one.hops), None)
        if routes is None:
            return None
        edges, aside = routes.edges(start), routes.aside(start)
        arrival = routes.arrival(start)
        conditions = dict.fromkeys(
            key for edge in (*aside, *edges) for key in drawing.conditions(edge)
        )
        unknown = dict.fromkeys(name for edge in (*aside, *edges) for name in edge.unknown)
        if arrival is not None and arrival.edge is None:
            conditions.update(dict.fromkeys(arrival.decided.conditions))
            unknown.update(dict.fromkeys(arrival.decided.unknown))
        more = self._alternatives(start, edges, routes.level) if self._asked.paths > 1 else ()
        return GraphAnswer(
            start,
            self._end,
            Reaching.at(routes.level),
            GraphChain(drawing.ids(edges), drawing.ids(aside)),
            tuple(conditions),
            tuple(unknown),
            tuple(GraphChain(drawing.ids(one), drawing.ids(beside)) for one, beside in more),
        )

    def _alternatives(
        self, start: str, first: tuple[GraphEdge, ...], level: StepLevel
    ) -> Iterator[tuple[tuple[GraphEdge, ...], tuple[GraphEdge, ...]]]:
        """Yield more chains of one start, each without a step of those before."""
        seen = [first]
        without: list[frozenset[GraphEdge]] = [frozenset({edge}) for edge in first]
        while without and len(seen) < self._asked.paths:
            banned = without.pop(0)
            routes = ChainSearch(self._of, banned).at(level)
            if start not in routes.hops:
                continue
            edges = routes.edges(start)
            if edges in seen:
                continue
            seen.append(edges)
            without += [banned | {edge} for edge in edges]
            yield edges, routes.aside(start)


def _is_principal(end: str) -> bool:
    """Return whether an end names a principal: by a name, or by the ARN of a user or role."""
    arn = parse_arn(end)
    is_of_iam = arn is not None and arn.service == "iam"
    return arn is None or (is_of_iam and arn.resource.startswith(("role/", "user/")))


def _without_chain(
    start: str, end: str, doubtful: Routes, doubts: Mapping[str, Sequence[PathDoubt]]
) -> GraphAnswer:
    """Return *no*, or *unknown* where a principal on the way may go what is not modelled."""
    if start not in doubtful.hops:
        return GraphAnswer(start, end, Reaching.NO)
    found = doubts[doubtful.last(start)]
    return GraphAnswer(start, end, Reaching.UNKNOWN, doubts=tuple(dict.fromkeys(found)))
