"""What a picture shows: boxes of principals with the same steps, and arrows."""

from __future__ import annotations

from collections import defaultdict
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.graph.answer import How, NodeKind
from iamlint.report.graph.labels import is_end, lines_of, title_of
from iamlint.text.shown import plain

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

    from iamlint.graph.answer import GraphAnswer, GraphEdge, GraphNode, StepLevel
    from iamlint.report.graph.view import GraphView

_MOST_BOXES: Final = 300
_FEWEST_ALIKE: Final = 3
_SHORTEST_PREFIX: Final = 2
_NOUNS: Final = {
    NodeKind.USER: "users",
    NodeKind.ROLE: "roles",
    NodeKind.GROUP: "groups",
    NodeKind.MEMBER: "members of groups",
    NodeKind.WORKLOAD: "workloads",
    NodeKind.OUTSIDER: "outsiders",
    NodeKind.RESOURCE: "resources",
    NodeKind.ADMIN: "ends",
}


@dataclass(frozen=True, slots=True)
class DrawnBox:
    """A principal, or several with the same steps to and from the same others."""

    number: int
    nodes: tuple[GraphNode, ...]

    @property
    def first(self) -> GraphNode:
        return self.nodes[0]

    @property
    def is_fold(self) -> bool:
        return len(self.nodes) > 1

    @property
    def is_end(self) -> bool:
        return is_end(self.first)

    @property
    def title(self) -> str:
        """The name, or how many and what their names are like: 34 roles like `deploy-*`."""
        if not self.is_fold:
            return title_of(self.first)
        return f"{len(self.nodes)} {_NOUNS[self.first.kind]} like {_alike(self.nodes)}"


@dataclass(frozen=True, slots=True)
class DrawnArrow:
    """The steps between two boxes that say the same; `start` and `end` are their numbers."""

    number: int
    start: int
    end: int
    action: str
    limits: str
    level: StepLevel


@dataclass(frozen=True, slots=True)
class GraphPicture:
    """Boxes and arrows; `of_steps` are the arrows of each step. Chains may be left out.

    `depths` are the numbers of steps from each box to the end, on the longest of the chains.
    """

    boxes: tuple[DrawnBox, ...]
    arrows: tuple[DrawnArrow, ...]
    of_names: Mapping[str, DrawnBox]
    of_steps: Mapping[str, Sequence[int]]
    depths: Mapping[int, int]
    left_out: int


@dataclass(frozen=True, slots=True)
class _Line:
    """A line between two nodes; a step that two principals take together has two."""

    step: str
    start: str
    end: str
    action: str
    limits: str
    level: StepLevel

    @property
    def said(self) -> tuple[str, str, StepLevel]:
        return self.action, self.limits, self.level


def picture(view: GraphView) -> GraphPicture:
    """Return what is drawn of the chains that are shown: whole chains, as long as they fit."""
    lines = [line for edge in view.drawn.edges for line in _lines(edge, view)]
    folds = _folds(lines, view.nodes)
    chains, left_out = _fitting(view, lines, folds)
    steps = {step for one in chains for step in _steps(one)}
    kept = [line for line in lines if line.step in steps]
    boxes: dict[tuple[str, ...], DrawnBox] = {}
    of_names: dict[str, DrawnBox] = {}
    for name in dict.fromkeys(name for line in kept for name in (line.start, line.end)):
        names = folds[name]
        nodes = tuple(view.nodes[each] for each in names)
        of_names[name] = boxes.setdefault(names, DrawnBox(len(boxes), nodes))
    arrows, of_steps = _arrows(kept, of_names)
    return GraphPicture(
        (*boxes.values(),), arrows, of_names, of_steps, _depths(chains, view, of_names), left_out
    )


def _depths(
    chains: Iterable[GraphAnswer], view: GraphView, of_names: Mapping[str, DrawnBox]
) -> Mapping[int, int]:
    depths: dict[int, int] = defaultdict(int)
    for chain in (each for one in chains for each in (one.chain, *one.alternatives)):
        for edges, after in ((view.steps(chain), 0), (view.aside(chain), 1)):
            for steps, edge in enumerate(reversed(edges)):
                start, end = of_names[edge.start].number, of_names[edge.end].number
                depths[end] = max(depths[end], steps + after)
                depths[start] = max(depths[start], steps + after + 1)
    return depths


def _lines(edge: GraphEdge, view: GraphView) -> Iterator[_Line]:
    action, limits = lines_of(edge)
    yield _Line(edge.id, edge.start, edge.end, action, limits, edge.level)
    writer = edge.by if edge.how is How.POLICY_REWRITTEN else None
    if writer is not None and writer != edge.start and writer in view.nodes:
        action = f"rewrites policies of {plain(edge.start)}"
        yield _Line(edge.id, writer, edge.end, action, limits, edge.level)


def _folds(lines: Iterable[_Line], nodes: Mapping[str, GraphNode]) -> Mapping[str, tuple[str, ...]]:
    """Return for each name those with exactly the same steps, so that one box can show them all."""
    touching: dict[str, set[Hashable]] = defaultdict(set)
    for line in lines:
        touching[line.start].add((line.end, None, *line.said))
        touching[line.end].add((None, line.start, *line.said))
    alike: dict[Hashable, list[str]] = defaultdict(list)
    for name, found in touching.items():
        node = nodes[name]
        alike[node.kind, node.is_admin, frozenset(found)].append(name)
    return {
        name: tuple(names) if len(names) >= _FEWEST_ALIKE else (name,)
        for names in alike.values()
        for name in names
    }


def _fitting(
    view: GraphView, lines: Iterable[_Line], folds: Mapping[str, tuple[str, ...]]
) -> tuple[list[GraphAnswer], int]:
    """Return the chains that the boxes suffice for, and how many others there are."""
    names: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for line in lines:
        names[line.step] |= {folds[line.start], folds[line.end]}
    boxes: set[tuple[str, ...]] = set()
    fitting = []
    for one in view.chains:
        more = boxes.union(*(names[step] for step in _steps(one)))
        if len(more) <= _MOST_BOXES:
            boxes = more
            fitting.append(one)
    return fitting, len(view.chains) - len(fitting)


def _steps(one: GraphAnswer) -> Iterator[str]:
    for chain in (one.chain, *one.alternatives):
        yield from chain.aside
        yield from chain.steps


def _arrows(
    lines: Iterable[_Line], of_names: Mapping[str, DrawnBox]
) -> tuple[tuple[DrawnArrow, ...], Mapping[str, Sequence[int]]]:
    arrows: dict[Hashable, DrawnArrow] = {}
    of_steps: dict[str, list[int]] = defaultdict(list)
    for line in lines:
        start, end = of_names[line.start].number, of_names[line.end].number
        key = (start, end, *line.said)
        arrow = arrows.setdefault(key, DrawnArrow(len(arrows), *key))
        of_steps[line.step].append(arrow.number)
    return (*arrows.values(),), of_steps


def _alike(nodes: Sequence[GraphNode]) -> str:
    """Return what names have in common: `deploy-*`."""
    names = [plain(node.id.partition("/")[2] or node.id) for node in nodes]
    pairs = zip(min(names), max(names), strict=False)
    prefix = "".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return f"{prefix}*" if len(prefix) >= _SHORTEST_PREFIX else names[0]
