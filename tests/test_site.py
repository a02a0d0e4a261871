"""The site is built without a warning, has no dead link, and loads nothing from another host."""

from __future__ import annotations

import fcntl
import os
import shutil
from typing import TYPE_CHECKING

import pytest
import yaml

from iamlint.rules import BUILTIN
from scripts import moved_rules, site, site_pictures

if TYPE_CHECKING:
    from pathlib import Path

CHROMIUM = shutil.which("chromium")
MOVED = moved_rules.pages(moved_rules.DATA.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def _built(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Build the site once in a run: two processes cannot build it at the same time."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with (shared / "site").open("a+") as built:
        fcntl.flock(built, fcntl.LOCK_EX)
        if not built.tell():
            site.build()
            built.write("built")


@pytest.mark.usefixtures("_built")
def test_site_has_each_page_and_no_dead_link_and_loads_nothing_from_another_host() -> None:
    pages = {page.parent.name for page in (site.SITE / "rules").glob("*/index.html")}
    assert list(site.problems()) == []
    assert pages == {rule.name for rule in BUILTIN} | MOVED.keys()
    _expect_problems_of_a_broken_page()


def _expect_problems_of_a_broken_page() -> None:
    broken = site.SITE / "broken.html"
    broken.write_text(
        '<img src="https://elsewhere.example/x.png"><img src="gone.png"><a href="words.html#gone">'
    )
    try:
        found = "\n".join(site.problems())
    finally:
        broken.unlink()

    assert "broken.html loads https://elsewhere.example/x.png" in found
    assert "gone.png" in found
    assert "words.html#gone" in found


@pytest.mark.usefixtures("_built")
@pytest.mark.skipif(CHROMIUM is None, reason="needs `chromium`")
def test_site_has_no_error_in_a_browser_and_is_as_wide_as_its_window(tmp_path: Path) -> None:
    assert CHROMIUM
    assert list(site_pictures.problems(CHROMIUM, tmp_path)) == []
    assert len(list(tmp_path.iterdir())) == 20


@pytest.mark.skipif(CHROMIUM is None, reason="needs `chromium`")
def test_problems_of_a_page_in_a_browser_are_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = '<!doctype html><p style="width: 500px">a</p><script>console.error("b")</script>'
    (tmp_path / "broken.html").write_text(page, encoding="utf-8")
    monkeypatch.setattr(site_pictures, "SITE", tmp_path)
    monkeypatch.setattr(site_pictures, "PAGES", ("broken.html",))
    monkeypatch.setattr(site_pictures, "WIDTHS", (400,))
    monkeypatch.setattr(site_pictures, "SCHEMES", {"dark": "slate"})
    monkeypatch.setattr(site_pictures, "TRIES", 1)
    assert CHROMIUM

    assert list(site_pictures.problems(CHROMIUM, tmp_path)) == [
        "broken.html is `None` for those who prefer dark",
        "broken.html is 108 wider than 400",
        "broken.html at 400: the search does not find `pass-role-to-any-role`",
        "broken.html at 400: b",
    ]


def test_each_page_but_those_of_rules_is_in_the_navigation_once() -> None:
    text = (site.ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    listed = [page for part in yaml.safe_load(text)["nav"] for one in part.values() for page in one]
    pages = [str(page.relative_to(site.DOCS)) for page in site.DOCS.rglob("*.md")]
    beside = [name.lower() for name in site.PAGES_BESIDE_THE_CODE]

    assert sorted(listed) == sorted(
        [page for page in pages if not page.startswith("rules/")] + beside
    )


def test_no_rule_has_the_name_of_one_that_was_moved() -> None:
    assert [rule.name for rule in BUILTIN if rule.name in MOVED] == []


def test_page_of_a_renamed_rule_leads_to_the_new_one_and_that_of_a_removed_one_says_why() -> None:
    pages = moved_rules.pages(
        '[renamed]\nold = "new"\n[removed]\ngone = {version = "0.2.0", why = "it was wrong"}\n'
    )

    assert pages == {
        "old": '# old\n\n<meta http-equiv="refresh" content="0; url=../new/">\n\n'
        "This rule is now [new](../new/index.md).\n",
        "gone": "# gone\n\nThis rule was removed in 0.2.0: it was wrong.\n",
    }
