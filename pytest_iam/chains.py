"""Asks by which steps principals become others; loaded by the first test that does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from iamlint.account.model import known_names
from iamlint.errors import UsageError
from iamlint.graph.answer import OUTSIDERS, Reaching
from iamlint.graph.find import GraphQuestion, find_graph
from iamlint.graph.words import if_of
from iamlint.report.graph.words import (
    becoming,
    headline,
    places_of,
    reasons_of,
    step_of,
)
from iamlint.text.masked import mask
from pytest_iam.claim import Claim
from pytest_iam.errors import Asking, IamError
from pytest_iam.named_set import NamedSet
from pytest_iam.state import caller

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from iamlint.evaluator.context import ContextValue
    from iamlint.graph.answer import Graph, GraphAnswer, GraphChain, GraphEdge
    from pytest_iam.state import Scene

_REACHED: Final = (Reaching.YES, Reaching.CONDITIONAL)


@dataclass(frozen=True, slots=True)
class StepChain:
    """A chain from a start to an end; `str` has a line for each step."""

    start: str
    end: str
    steps: tuple[GraphEdge, ...]
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return mask("\n".join((f"{self.start} to {self.end}", *self.lines)))

    def __len__(self) -> int:
        return len(self.steps)


class IamGraph:
    """The steps by which principals become others, to be asked."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def __repr__(self) -> str:
        return "iam.graph()"

    def paths(
        self,
        start: object,
        end: object = "admin",
        *actions: str,
        limit: int = 10,
        context: Mapping[str, object] | None = None,
    ) -> list[StepChain]:
        """Return chains from a start to an end, the shortest first; none if there are none.

        `end` is `admin`, a principal, or the ARN of a resource with what is done there. A chain
        with conditions counts. Raises `IamError` if it is not known whether there is one.
        """
        __tracebackhide__ = True
        asked = GraphQuestion((str(start),), str(end), actions, limit)
        graph = _graph(self._scene, asked, {}, context)
        _refuse_unknown(graph)
        return [
            StepChain(one.start, one.end, _edges(graph, chain), tuple(_steps(graph, chain)))
            for one in graph.answers
            if one.answer in _REACHED
            for chain in (one.chain, *one.alternatives)
        ]

    def who_reaches(
        self, end: object, *actions: str, context: Mapping[str, object] | None = None
    ) -> NamedSet:
        """Return the names of all who become the end, or do `actions` on it, by any steps.

        Administrators are among them, since they need no step, and outsiders; a principal is not
        among those who become it. A chain with conditions counts. Raises `IamError` if it is not
        known of one of them.
        """
        __tracebackhide__ = True
        with Asking():
            beings = self._scene.find_world().beings
        starts = (*(name for name in beings if name != str(end)), OUTSIDERS)
        asked = GraphQuestion(starts, str(end), actions)
        graph = _graph(self._scene, asked, {}, context)
        _refuse_unknown(graph)
        return NamedSet(_WhoReaches(graph), self._scene.ledger, caller(), asked="who_reaches(…)")


class _WhoReaches:
    """Those who reach the end of a graph."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._answers = {one.start: one for one in graph.answers}
        self.allowed = {name: one for name, one in self._answers.items() if one.answer in _REACHED}
        self.assumptions = graph.assumptions

    def includes(self, name: str) -> bool:
        if name not in self._answers:
            help_ = known_names(name, list(self._answers), "asked")
            raise UsageError(f"the question was not about `{name}`", help=help_)
        return name in self.allowed

    def why(self, name: str) -> str:
        one = self._answers.get(name)
        if one is None:
            return f"{name} is not known here"
        return "\n".join((headline(one, self._graph), *_steps(self._graph, one.chain)))


def claim_of_chain(
    scene: Scene,
    where: str,
    ends: tuple[str, str],
    given: Mapping[str, ContextValue],
    context: Mapping[str, object] | None,
    *,
    wanted: bool,
) -> Claim:
    """Return whether a start can become an end, or cannot."""
    start, end = ends
    graph = _graph(scene, GraphQuestion((start,), end), given, context)
    found = {one.answer for one in graph.answers}
    holds = _can(found) if wanted else _cannot(found)
    word = {True: "true", False: "false", None: "unknown"}[holds]
    verb = "can" if wanted else "cannot"
    shown = [one for one in graph.answers if one.answer is not Reaching.NO]
    names = [key.key for one in shown for key in one.conditions]
    names += [name for one in shown for name in one.deciders]
    lines = [f"{start} {verb} {becoming(graph)}: {word}{_because(graph, shown)}"]
    lines += [line for one in shown for line in _explained(graph, one)]
    lines += [f"taken for granted: {note}" for note in graph.assumptions]
    return Claim(
        "\n".join(lines),
        scene.ledger,
        where,
        holds=holds,
        names=tuple(dict.fromkeys(names)),
        assumptions=graph.assumptions,
    )


def _can(found: set[Reaching]) -> bool | None:
    """Return whether there is a chain; None if that depends on keys, or is not known."""
    if Reaching.YES in found:
        return True
    return False if found <= {Reaching.NO} else None


def _cannot(found: set[Reaching]) -> bool | None:
    """Return whether there is no chain, with any values of keys; None if that is not known."""
    if not found.isdisjoint(_REACHED):
        return False
    return True if found <= {Reaching.NO} else None


def _graph(
    scene: Scene,
    question: GraphQuestion,
    given: Mapping[str, ContextValue],
    context: Mapping[str, object] | None,
) -> Graph:
    __tracebackhide__ = True
    with Asking():
        world = scene.find_world()
        read = world.account.context
        keys = {**read(scene.context), **given, **read(context or {})}
        asked = GraphQuestion(question.starts, question.end, question.actions, question.paths, keys)
        return find_graph(world, asked)


def _refuse_unknown(graph: Graph) -> None:
    __tracebackhide__ = True
    for one in graph.answers:
        if one.answer is Reaching.UNKNOWN:
            raise IamError("\n".join(_explained(graph, one)))


def _because(graph: Graph, answers: Sequence[GraphAnswer]) -> str:
    """Return the first chain in short."""
    for one in answers:
        if one.chain.steps:
            ends = [graph.edge(name).end for name in one.chain.steps]
            return f", by {' > '.join((one.start, *ends))}"
    return ""


def _explained(graph: Graph, one: GraphAnswer) -> Iterator[str]:
    """Yield an answer, its steps, and what would decide it."""
    yield headline(one, graph)
    yield from _steps(graph, one.chain)
    if one.answer is Reaching.UNKNOWN:
        reasons = reasons_of(_edges(graph, one.chain))
        yield from (f"  because {reason}" for reason in (*reasons, *one.deciders))


def _edges(graph: Graph, chain: GraphChain) -> tuple[GraphEdge, ...]:
    return tuple(graph.edge(name) for name in chain.steps)


def _steps(graph: Graph, chain: GraphChain) -> Iterator[str]:
    """Yield a line for each step; those of the one who rewrites a policy are first."""
    nodes = {node.id: node for node in graph.nodes}
    for name in (*chain.aside, *chain.steps):
        edge = graph.edge(name)
        also = "also " if name in chain.aside else ""
        places = ", ".join(places_of(edge.places))
        where = f"by {places}" if places else ""
        parts = (f"  {also}{edge.start} {step_of(edge, nodes)}", where, if_of(edge.conditions))
        yield "   ".join(part for part in parts if part)
