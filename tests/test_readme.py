"""The README is short, its links lead somewhere, and what it shows is what happens."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
import yaml

from iamlint.version import VERSION
from scripts import comparison_docs, pictures

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMPARISON = comparison_docs.read()
CELLS = [
    (tool, row, cell) for tool in COMPARISON.tools.values() for row, cell in tool.cells.items()
]


def test_readme_has_less_than_200_lines() -> None:
    assert len(README.splitlines()) < 200


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!https?:)([^)]+)\)", README))))
def test_link_of_the_readme_leads_to_a_file_and_a_heading_of_it(link: str) -> None:
    name, _, anchor = link.partition("#")
    text = (ROOT / name).read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)

    assert not anchor or anchor in map(comparison_docs.anchor, headings)


def test_version_is_the_same_wherever_it_is_named() -> None:
    pages = README + (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    named = re.findall(r"(?:iamlint@v|rev: v|iamlint==|iamlint\.git#v)([\d.]+\d)", pages)
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))

    assert {*named, citation["version"]} == {VERSION}


def test_picture_shows_what_the_commands_print() -> None:
    assert pictures.PICTURE.read_text(encoding="utf-8") == pictures.picture(), "run `make docs`"


def test_picture_shows_the_commands_of_the_readme() -> None:
    shown = re.findall(r"^\$ (iamlint [^#\n]*?) *(?:#.*)?$", README, re.MULTILINE)

    assert {" ".join(words) for words in pictures.COMMANDS} <= set(shown)


def test_picture_loads_nothing() -> None:
    loaded = re.findall(r"url\((?!#)|@import|href=|<image|<script", pictures.picture())

    assert loaded == []


def test_comparison_is_current() -> None:
    page = comparison_docs.PAGE.read_text(encoding="utf-8")

    assert page == comparison_docs.page(), "run `make docs`"
    assert comparison_docs.readme(README) == README, "run `make docs`"


def test_each_tool_has_a_cell_for_each_row_with_all_of_its_fields() -> None:
    keys = [row.key for row in COMPARISON.rows]

    assert {tool.name: list(tool.cells) for tool in COMPARISON.tools.values()} == {
        tool.name: keys for tool in COMPARISON.tools.values()
    }
    assert [(tool.name, row) for tool, row, cell in CELLS if not _is_whole(cell)] == []


def _is_whole(cell: comparison_docs.Cell) -> bool:
    is_unknown = cell.known is comparison_docs.Known.UNKNOWN
    is_page = (
        cell.link.startswith("https://") or (ROOT / "docs" / cell.link.split("#")[0]).is_file()
    )
    return bool(cell.version and is_page and cell.date) and (cell.value == "unknown") == is_unknown


def test_comparison_begins_with_what_others_do_better() -> None:
    headings = re.findall(r"^## (.*)$", comparison_docs.page(), re.MULTILINE)

    assert headings[:2] == ["Where others are better", "At a glance"]
    assert {better.row for better in COMPARISON.better} <= {row.key for row in COMPARISON.rows}


def test_cells_of_half_a_year_ago_are_listed() -> None:
    oldest = min(cell.date for _, _, cell in CELLS)
    last_day = oldest + comparison_docs.HALF_A_YEAR

    assert comparison_docs.old(last_day) == []
    assert comparison_docs.old(last_day + dt.timedelta(days=1)) == [
        f"{tool.name}, {row}: {cell.date}" for tool, row, cell in CELLS if cell.date == oldest
    ]
