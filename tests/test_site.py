"""The site is built without a warning, has no dead link, and loads nothing from another host."""

from __future__ import annotations

from iamlint.rules import BUILTIN
from scripts import moved_rules, site

MOVED = moved_rules.pages(moved_rules.DATA.read_text(encoding="utf-8"))


def test_site_has_each_page_and_no_dead_link_and_loads_nothing_from_another_host() -> None:
    """One test, because two processes cannot build it at the same time."""
    site.build()

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
