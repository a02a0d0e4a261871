"""What changes, in GitHub's Markdown: a table of gains for a comment on a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.report.diff.example import example
from iamlint.report.diff.rank import Ranking
from iamlint.report.diff.spots import place_of_unit
from iamlint.report.diff.units import (
    headline,
    not_compared,
    strongest_units_first,
)
from iamlint.report.diff.words import (
    actions_of,
    assumed,
    principals_of,
    resources_of,
    same_meaning,
    unknown,
    when,
)
from iamlint.report.markdown_page import MarkdownBlock, MarkdownPage
from iamlint.report.markdown_text import code, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.catalog import Catalog
    from iamlint.reason.answer import Diff, Difference
    from iamlint.report.diff.units import DiffOutput, UnitView

_MOST_GAINS: Final = 30_000
_MOST_OPEN: Final = 10_000
_LONGEST_EXAMPLE: Final = 1_000
_HEAD: Final = "| who | what | on | when | where |\n|---|---|---|---|---|"


def report(diff: Diff, output: DiffOutput) -> str:
    views = strongest_units_first(diff, Ranking(output.catalog))
    page = MarkdownPage(["### iamlint diff", f"**{text(headline(diff))}**", text(_sides(diff))])
    gains = [row for view in views for row in _rows(view, view.gained)]
    page.add(MarkdownBlock(_HEAD, gains, "gain"), _MOST_GAINS)
    page.add(MarkdownBlock("", [*_unknown(views)], "unknown answer"), _MOST_OPEN)
    if same := same_meaning(diff):
        page.blocks.append(text(same))
    losses = [row for view in views for row in _rows(view, view.lost)]
    page.add(MarkdownBlock(_HEAD, losses, "loss", "What is lost"), page.room // 2)
    examples = [*_examples(views, output.catalog)]
    page.add(MarkdownBlock("", examples, "example", "A request for each gain"), page.room)
    return page.text


def _sides(diff: Diff) -> str:
    missing = not_compared(diff)
    return f"`{diff.old}` → `{diff.new}`" + (f"; {missing}" if missing else "")


def _rows(view: UnitView, differences: Iterable[Difference]) -> Iterator[str]:
    for one in differences:
        who = text(view.title) if view.is_holder else text(principals_of(one) or "anyone")
        on = text(resources_of(one))
        where = code(place_of_unit(view.change, [one]))
        if not view.is_holder:
            where = f"{text(view.title)}<br>{where}"
        what = f"{'part of ' if one.is_part else ''}{actions_of(one)}"
        yield f"| {who} | {text(what)} | {on} | {text(when(one))} | {where} |"


def _unknown(views: Iterable[UnitView]) -> Iterator[str]:
    for view in views:
        for one in view.open:
            yield f"- {text(view.title)}: {text(unknown(one))}"


def _examples(views: Iterable[UnitView], catalog: Catalog) -> Iterator[str]:
    for view in views:
        for one in view.gained:
            shown = example(view.change, one, catalog)
            if len(shown) <= _LONGEST_EXAMPLE:
                values = f"{text(given)}: " if (given := assumed(one)) else ""
                yield f"- {values}{code(shown)}"
