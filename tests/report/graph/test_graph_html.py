"""The page: its whole text for a graph, that no text becomes markup, and that its links lead on."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iamlint.fast_dataclass import replace
from iamlint.graph.answer import Reaching, StepPlace
from iamlint.load.link import NamedAt
from iamlint.report.graph.formats import GRAPH_FORMATS
from iamlint.report.graph.html import _href
from iamlint.text.json import read_json
from iamlint.text.span import Span
from tests.report.graph.graphs import (
    ACCESS,
    ALL,
    AWS_MANAGED,
    CHANGE,
    EMPTY,
    GRAPH,
    HOSTILE,
    OUTPUT,
    answer,
    hostile,
)
from tests.report.graph.many import many

if TYPE_CHECKING:
    from iamlint.report.graph.view import GraphFound

report = GRAPH_FORMATS["html"]
EXPECTED = Path(__file__).parent / "expected.html"
_OWN = re.compile(
    r'(<style>|<script>|content="default-src)[^<]*?(?=</style>|</script>|">)', re.DOTALL
)
VOID = {"meta", "link", "input", "path", "rect"}


class Page(HTMLParser):
    """Collects the elements of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def values(self, name: str) -> list[str]:
        return [attrs[name] for _, attrs in self.tags if name in attrs]


GRAPHS = (GRAPH, CHANGE, ACCESS, EMPTY, hostile(), many(30))


def test_page_is_as_expected() -> None:
    """Without its style and script; `python -m tests.report.graph.test_graph_html` writes it."""
    assert own_left_out(report(GRAPH, ALL)) == EXPECTED.read_text(encoding="utf-8")


def own_left_out(page: str) -> str:
    return _OWN.sub(r"\1", page)


@pytest.mark.parametrize("found", GRAPHS)
def test_elements_are_closed_and_ids_are_unique_and_links_in_the_page_lead_somewhere(
    found: GraphFound,
) -> None:
    page = Page(report(found, ALL))

    assert page.open == []
    ids = page.values("id")
    assert len(set(ids)) == len(ids)
    inner = [href[1:] for href in page.values("href") if href.startswith("#")]
    assert set(inner) <= set(ids)
    marks = [re.fullmatch(r"url\(#(.+)\)", value) for value in page.values("marker-end")]
    assert {mark[1] for mark in marks if mark} <= set(ids)


@pytest.mark.parametrize("found", GRAPHS)
def test_page_fetches_nothing_and_runs_its_own_script_alone(found: GraphFound) -> None:
    text = report(found, ALL)
    page = Page(text)

    assert [tag for tag, _ in page.tags].count("script") == 1
    assert [tag for tag, _ in page.tags].count("style") == 1
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    assert not page.values("src")
    assert not page.values("style")
    for href in page.values("href"):
        assert href == "data:," or re.fullmatch(r"#[a-z]+\d*|[\w./%~-]+#L\d+", href)
    (allowed,) = [value for value in page.values("content") if "default-src" in value]
    assert re.fullmatch(
        r"default-src 'none'; img-src data:; style-src 'sha256-\S+'; script-src 'sha256-\S+'",
        allowed,
    )


def test_hostile_texts_are_shown_as_they_are() -> None:
    text = report(hostile(), ALL)

    assert "<script>alert" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    shown = HOSTILE.replace("\n", r"\n").replace("\x1b", r"\x1b").replace("\u202e", r"\u202e")
    parts: list[str] = []
    page = HTMLParser()
    page.handle_data = parts.append  # type: ignore[assignment, method-assign]
    page.feed(text)
    assert f"user/{shown}" in "".join(parts)


@pytest.mark.parametrize(
    ("path", "href"),
    [
        ("iam/a.tf", "iam/a.tf#L1"),
        ("a b#c?.tf", "a%20b%23c%3F.tf#L1"),
        ("javascript:alert(1)", "javascript%3Aalert%281%29#L1"),
        ("//host/a.tf", "/.//host/a.tf#L1"),
        ("../a.tf", "../a.tf#L1"),
        ("/x/a.tf", "/x/a.tf#L1"),
        (r"c:\a.tf", "c%3A%5Ca.tf#L1"),
    ],
)
def test_link_to_a_place_is_a_path_with_a_line(path: str, href: str) -> None:
    place = StepPlace("is it", named_at=NamedAt(path, read_json("{}"), Span(0, 2)))

    assert _href(place) == href


def test_policy_in_no_file_has_no_link() -> None:
    assert _href(StepPlace("may pass the role", AWS_MANAGED)) is None
    assert f"<code>{AWS_MANAGED}</code>" in report(GRAPH, ALL)


def test_chains_below_the_level_are_left_out() -> None:
    assert '<article id="c3" class="unknown"' in report(GRAPH, ALL)
    assert 'class="unknown" data-answer' not in report(GRAPH, OUTPUT)


def test_page_of_a_change_has_what_is_new_and_what_is_gone() -> None:
    text = report(CHANGE, OUTPUT)

    assert '>arn:aws:iam::444455556666:root</a> <span class="dim">(was unknown)</span>' in text
    assert "<li>role/old to admin: was conditional, now no</li>" in text
    assert "user/chris" not in text


def test_page_without_chains_says_so() -> None:
    text = report(EMPTY, OUTPUT)

    assert "<p>There is no chain to show.</p>" in text
    assert "<svg" not in text


def test_picture_says_what_it_leaves_out() -> None:
    text = report(many(2000), OUTPUT)

    assert re.search(r"The picture leaves out \d+ of 1933 chains; the list has all\.", text)


def test_access_key_is_masked() -> None:
    key = "AKIA" + "Q3EGRN5XYLABCDEF"
    found = replace(EMPTY, answers=(answer(f"user/{key}", Reaching.NO),))

    assert key not in report(found, OUTPUT)
    assert "user/AKIA…CDEF" in report(found, OUTPUT)


if __name__ == "__main__":
    EXPECTED.write_text(own_left_out(report(GRAPH, ALL)), encoding="utf-8")
