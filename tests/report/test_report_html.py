"""The HTML report: well-formed, fetches nothing, and shows text of a user as text."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

from iamlint.policy.grammar import Kind
from iamlint.report.formats import Output
from iamlint.rule.finding import PolicyRef, Severity
from iamlint.text.span import Lines
from tests.report.report_runs import EMPTY, FINDINGS, LONG, LONG_PATH, ODD, ODD_PATH, RUN, place
from tests.support.reports import REPORTS

EVIL = "</script><script>alert(1)</script><img src=x onerror='alert(1)'>\" &amp;"
VOID = {"meta", "link", "input", "br"}


class Page(HTMLParser):
    """Elements in order, each closed in its turn, and the text that a reader sees."""

    def __init__(self, report: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.opened: list[str] = []
        self.feed(report)
        self.close()
        assert self.opened == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.opened):
            self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_each_finding_is_an_article_with_what_filters_ask() -> None:
    page = Page(REPORTS["html"](RUN, Output()))

    assert [
        (a["data-severity"], a["data-family"], a["data-file"], a.get("data-ignored"))
        for a in page.all("article")
    ] == [
        ("error", "syntax", "iamlint.toml", None),
        ("warning", "breadth", "min.json", None),
        ("error", "syntax", r"pol\x1bicies/über uns.json5", None),
        ("note", "breadth", r"pol\x1bicies/über uns.json5", None),
        ("warning", "breadth", r"pol\x1bicies/über uns.json5", "yes"),
    ]


def test_options_of_the_filters_are_the_values_of_the_articles() -> None:
    policy = PolicyRef(Kind.IDENTITY, None, (), ("role/a", "role/b"))
    page = Page(
        REPORTS["html"](replace(RUN, findings=(replace(FINDINGS[1], policy=policy),)), Output())
    )

    [article] = page.all("article")
    values = [option["value"] for option in page.all("option")]
    assert article["data-attached"] == "role/a\nrole/b"
    assert values == ["", "breadth", "", "min.json", "", "role/a", "role/b"]


def test_excerpt_marks_the_range_and_numbers_its_lines() -> None:
    report = REPORTS["html"](RUN, Output())

    assert "<i>4 </i>         <mark>&#34;*&#34;</mark>]}]" in report
    assert "Resource: <mark>[</mark>\n<i>4 </i> <mark>        &#34;*&#34;]</mark>}]" in report


def test_excerpt_of_a_long_line_is_cut_around_the_range() -> None:
    whole = replace(FINDINGS[1], range=place(LONG, LONG.whole))
    report = REPORTS["html"](replace(EMPTY, findings=(whole,), lines={LONG_PATH: LONG}), Output())

    assert max(map(len, report.partition("<main>")[2].splitlines())) < 4_000
    assert "…</mark>" in report


def test_rule_pages_stand_once_and_are_linked() -> None:
    page = Page(REPORTS["html"](RUN, Output()))

    assert [d["id"] for d in page.all("details")] == ["rule-plain-rule", "rule-too-wide"]
    links = {a["href"] for a in page.all("a") if (a["href"] or "").startswith("#")}
    assert links == {"#rule-plain-rule", "#rule-too-wide"}


def test_text_of_a_user_stays_text() -> None:
    lines = Lines(EVIL)
    evil = replace(
        FINDINGS[1],
        message=EVIL,
        help=f"`{EVIL}`",
        path=EVIL,
        policy=PolicyRef(Kind.IDENTITY, EVIL, (), (EVIL,)),
        range=place(lines, EVIL),
    )
    run = replace(EMPTY, findings=(evil,), lines={EVIL: lines})

    page = Page(REPORTS["html"](run, Output()))

    assert len(page.all("script")) == 1
    assert page.all("img") == []
    [article] = page.all("article")
    assert (article["data-file"], article["data-attached"]) == (EVIL, EVIL)
    assert "".join(page.text).count(EVIL) >= 5


def test_nothing_is_fetched_and_only_what_stands_in_the_file_runs() -> None:
    report = REPORTS["html"](RUN, Output())
    page = Page(report)

    assert not [a for _, a in page.elements if "src" in a or any(k.startswith("on") for k in a)]
    assert [link["href"] for link in page.all("link")] == ["data:,"]
    for tag in ("style", "script"):
        [content] = re.findall(f"<{tag}>(.*?)</{tag}>", report, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in report
        assert "url(" not in content
        assert "@import" not in content


def test_what_was_not_looked_at_is_listed() -> None:
    text = "".join(Page(REPORTS["html"](RUN, Output())).text)

    assert "Not looked at" in text
    assert "a\\nb.yaml: not analysed: Resources.0: too deep" in text
    assert "min.json: rule plain-rule broke: KeyError: 'x'" in text


def test_what_is_below_the_asked_severity_is_left_out_and_the_ignored_is_kept() -> None:
    page = Page(REPORTS["html"](RUN, Output(min_severity=Severity.ERROR)))

    assert len(page.all("article")) == 3


def test_run_without_findings_is_a_page_that_says_so() -> None:
    page = Page(REPORTS["html"](replace(EMPTY, lines={ODD_PATH: ODD}), Output()))

    assert page.all("article") == []
    assert "no findings in 1 policy of 2 files." in "".join(page.text)
