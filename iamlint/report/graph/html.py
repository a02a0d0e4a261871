"""One file for a browser, with nothing to fetch: the chains, and a picture of them.

The page is `html.j2`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from iamlint.fast_dataclass import dataclass
from iamlint.graph.answer import Reaching
from iamlint.graph.changed import answers_of
from iamlint.graph.words import if_of, key_of
from iamlint.report.graph.boxes import picture
from iamlint.report.graph.layout import layout
from iamlint.report.graph.view import GraphView
from iamlint.report.graph.words import becoming, counts, notes_of, reasons_of, set_by, step_of
from iamlint.report.html_page import allowed, asset, template
from iamlint.report.phrases import deciders
from iamlint.report.text import left_out
from iamlint.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from iamlint.graph.answer import GraphAnswer, GraphEdge, NeededKey, StepPlace
    from iamlint.report.graph.boxes import DrawnBox, GraphPicture
    from iamlint.report.graph.layout import GraphLayout
    from iamlint.report.graph.view import GraphFound, GraphOutput
    from iamlint.report.html_page import PageTemplate

_SMALLEST: Final = 0.75
"""The scale to which a picture shrinks before it is scrolled."""
_BADGES: Final = {
    Reaching.YES: "yes",
    Reaching.CONDITIONAL: "with conditions",
    Reaching.UNKNOWN: "unknown",
}


def report(found: GraphFound, output: GraphOutput) -> str:
    view = GraphView(found, output.level)
    drawn = picture(view)
    places = layout(drawn)
    style = asset("html.css", "graph/html.css") + _smallest(places)
    script = asset("graph/html.js")
    chains = [*_chains(view, drawn)]
    articles = {one.start: one.number for one in chains}
    return _template().render(
        view=view,
        title=becoming(view.graph),
        counts=counts(view),
        chains=chains,
        badges={
            str(one): name for one, name in _BADGES.items() if any(c.answer == one for c in chains)
        },
        drawn=drawn,
        layout=places,
        articles=articles,
        sections=[*_sections(view)],
        version=VERSION,
        catalog_date=output.catalog_date,
        style=style,
        script=script,
        allowed=allowed(style, script),
    )


def _smallest(places: GraphLayout) -> str:
    """Return the style that depends on the picture; attributes may have none."""
    return f"@media screen {{ #picture svg {{ min-width: {places.width * _SMALLEST:.0f}px; }} }}\n"


@cache
def _template() -> PageTemplate:
    filters: dict[str, Callable[..., object]] = {
        "href": _href,
        "target": _target,
    }
    return template("graph/html.j2", filters)


@dataclass(frozen=True, slots=True)
class _Step:
    """A step as the page lists it."""

    text: str
    when: str
    level: str
    places: Sequence[StepPlace]


@dataclass(frozen=True, slots=True)
class _Chain:
    """An answer as the page lists it; `ways` are its chain and the alternatives."""

    number: int
    start: str
    answer: Reaching
    badge: str
    before: str
    box: DrawnBox | None
    ways: Sequence[Sequence[_Step]]
    arrows: Sequence[int]


@dataclass(frozen=True, slots=True)
class _Section:
    """A list below the chains; a long one is folded."""

    title: str
    lines: Sequence[str]
    is_open: bool = False


def _chains(view: GraphView, drawn: GraphPicture) -> Iterator[_Chain]:
    steps: dict[tuple[str, bool], _Step] = {}
    for number, one in enumerate(view.chains):
        ways, arrows = [], []
        for chain in (one.chain, *one.alternatives):
            edges = [(edge, True) for edge in view.aside(chain)]
            edges += [(edge, False) for edge in view.steps(chain)]
            arrows += [each for edge, _ in edges for each in drawn.of_steps.get(edge.id, ())]
            for edge, is_aside in edges:
                if (edge.id, is_aside) not in steps:
                    steps[edge.id, is_aside] = _step(edge, view, is_aside=is_aside)
            ways.append([steps[edge.id, is_aside] for edge, is_aside in edges])
        box = drawn.of_names.get(one.start)
        before = view.before(one)
        yield _Chain(number, one.start, one.answer, _BADGES[one.answer], before, box, ways, arrows)


def _step(edge: GraphEdge, view: GraphView, *, is_aside: bool) -> _Step:
    text = f"{'also ' if is_aside else ''}{step_of(edge, view.nodes)}"
    places = {str(place): place for place in reversed(edge.places)}
    return _Step(text, if_of(edge.conditions), str(edge.level), [*places.values()][::-1])


def _sections(view: GraphView) -> Iterator[_Section]:
    """Yield what is below the chains, as far as there is something."""
    closed = () if view.change else view.graph.closed
    without = [one.start for one in view.with_answer(Reaching.NO)]
    missing = [
        f"{item.path}: {left_out(item)}" for item in view.whole.not_analysed if item.cause.is_gap
    ]
    ways = [
        f"{way.closed}: {f'{way.start}, ' if way.start else ''}{way.path}: {way.why}"
        for way in closed
    ]
    for one in (
        _Section("Gone", [*_gone(view)], is_open=True),
        _Section("Conditions", [*_conditions(view)], is_open=True),
        _Section("Unknown", [*_unknown(view)], is_open=True),
        _Section("Not analysed", missing, is_open=True),
        _Section("Taken for granted", notes_of(view), is_open=True),
        _Section("Ways that are not open", ways),
        _Section("Administrators", view.administrators),
        _Section("No chain in these files", without),
    ):
        if one.lines:
            yield one


def _gone(view: GraphView) -> Iterator[str]:
    if view.gone is None:
        return
    now = answers_of(view.whole)
    for one in view.gone.answers:
        answer = now.get(one.start, Reaching.NO)
        yield f"{one.start} to {one.end}: was {one.answer}, now {answer}"


def _conditions(view: GraphView) -> Iterator[str]:
    found: dict[NeededKey, dict[str, None]] = {}
    for one in view.chains:
        for key in one.conditions:
            found.setdefault(key, {})[one.start] = None
    for key, starts in found.items():
        number = f"{len(starts)} chains" if len(starts) > 1 else next(iter(starts))
        yield f"{key_of(key)} ({set_by(key)}): {number}"


def _unknown(view: GraphView) -> Iterator[str]:
    found: dict[tuple[str, str], list[GraphAnswer]] = {}
    for one in view.with_answer(Reaching.UNKNOWN):
        because = " and ".join(reasons_of(view.steps(one.chain)))
        found.setdefault((because, deciders(one.deciders)), []).append(one)
    for (because, help_), answers in found.items():
        who = answers[0].start if len(answers) == 1 else f"{len(answers)} principals"
        yield "; ".join(filter(None, (f"{who}: unknown", because and f"because {because}", help_)))


def _href(place: StepPlace) -> str | None:
    """Return a link to a place, relative to where paths start; None for a policy in no file."""
    if place.path is None:
        return None
    path = quote(place.path, safe="/")  # a colon too, so that no path is taken for a scheme
    return f"{'/.' if path.startswith('//') else ''}{path}#L{place.line}"


def _target(box: DrawnBox, articles: Mapping[str, int]) -> str | None:
    """Return what a box leads to: those in it, the chain that starts there, or its place."""
    if box.is_fold:
        return f"#f{box.number}"
    if (number := articles.get(box.first.id)) is not None:
        return f"#c{number}"
    return None if box.first.place is None else _href(box.first.place)
