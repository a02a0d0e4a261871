"""The site is built without a warning, has no dead link, and loads nothing from another host."""

from __future__ import annotations

import pytest

from iamlint.rules import BUILTIN
from scripts import site


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    site.build()


def test_site_has_no_dead_link_and_loads_nothing_from_another_host() -> None:
    assert list(site.problems()) == []


def test_page_of_each_rule_is_where_findings_point_to() -> None:
    pages = {page.parent.name for page in (site.SITE / "rules").glob("*/index.html")}

    assert pages == {rule.name for rule in BUILTIN}


def test_what_breaks_a_page_is_a_problem() -> None:
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
