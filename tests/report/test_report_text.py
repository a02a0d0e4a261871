"""The formats for people and for editors."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iamlint.report.formats import Output
from iamlint.report.text import count
from iamlint.rule.finding import Severity
from iamlint.text.excerpt import excerpt
from iamlint.text.span import Lines, Position
from tests.report.report_runs import EMPTY, FINDINGS, LONG, ODD, RUN, STAR
from tests.support.reports import REPORTS

FULL = r"""
error[plain-rule]: a [link](1) in a file without text
 --> iamlint.toml:1:1
  = why: it is too wide
  = rule: `iamlint rule plain-rule`
  = docs: https://docs.aws.amazon.com/IAM/

warning[too-wide]: `iam:PassRole` on all roles
 --> min.json:1:2025
  |
1 | …:*","Resource":"*"},{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"},{"Effect":"Deny","Action":"s3:…
  |                                                 ^^^^^^^^^^^^^^
  = why: it is too wide
  = help: make it narrow
  = fix: say which, with `--fix`
  = rule: `iamlint rule too-wide`
  = docs: https://docs.aws.amazon.com/IAM/

error[plain-rule]: the action \x1b[31m`日本`\x1b[0m is none
 --> pol\x1bicies/über uns.json5:3:50
  |
3 |     Statement: [{Sid: "😀", Effect: "Allow", Action: "日本", Resource: [
  |                                                      ^^^^^^

note[too-wide]: every resource
 --> pol\x1bicies/über uns.json5:3:66
  |
3 |     Statement: [{Sid: "😀", Effect: "Allow", Action: "日本", Resource: [
  |                                                                        ^
  = also: line 4, column 3: this one
  = help: name them\nall

not analysed: a\nb.yaml: `Resources.0`: too deep
not analysed: c.json: not UTF-8

2 errors, 1 warning, 1 note in 2 policies of 4 files; 1 ignored; 2 not analysed; 1 rule broke
""".lstrip()  # noqa: E501 - as it is printed
STATISTICS = """
     2 error    plain-rule
     1 note     too-wide
     1 warning  too-wide
"""
CONCISE = r"""
iamlint.toml:1:1: error[plain-rule] a [link](1) in a file without text
min.json:1:2025: warning[too-wide] `iam:PassRole` on all roles
pol\x1bicies/über uns.json5:3:50: error[plain-rule] the action \x1b[31m`日本`\x1b[0m is none
pol\x1bicies/über uns.json5:3:66: note[too-wide] every resource
2 errors, 1 warning, 1 note in 2 policies of 4 files; 1 ignored; 2 not analysed; 1 rule broke
""".lstrip()


@pytest.mark.parametrize(("name", "text"), [("full", FULL), ("concise", CONCISE)])
def test_report_prints_every_open_finding_and_counts_the_rest(name: str, text: str) -> None:
    assert REPORTS[name](RUN, Output()) == text


@pytest.mark.parametrize("name", ["full", "concise"])
def test_report_without_findings_is_its_last_line(name: str) -> None:
    assert REPORTS[name](EMPTY, Output()) == "no findings in 1 policy of 2 files\n"


@pytest.mark.parametrize("name", ["full", "concise"])
def test_what_is_below_the_asked_severity_is_counted_and_not_listed(name: str) -> None:
    report = REPORTS[name](RUN, Output(min_severity=Severity.ERROR))

    assert "too-wide" not in report
    assert report.splitlines()[-1].startswith("2 errors in 2 policies of 4 files; 2 below `error`;")


def test_statistics_stand_before_the_last_line() -> None:
    blocks = REPORTS["full"](RUN, Output(statistics=True)).split("\n\n")

    assert blocks[-2] == STATISTICS.strip("\n")
    assert "\n\n".join([*blocks[:-2], blocks[-1]]) == FULL


def test_colours_change_nothing_else() -> None:
    report = REPORTS["full"](
        replace(RUN, findings=FINDINGS[1:2], not_analysed=()), Output(color=True)
    )

    assert report.splitlines()[:2] == [
        "\x1b[1;33mwarning[too-wide]\x1b[0m\x1b[1m: `iam:PassRole` on all roles\x1b[0m",
        " \x1b[34m-->\x1b[0m min.json:1:2025",
    ]
    for code in ("1;33", "1", "34", "33", "0"):
        report = report.replace(f"\x1b[{code}m", "")
    url = "https://docs.aws.amazon.com/IAM/"
    assert f"\x1b]8;;{url}\x1b\\{url}\x1b]8;;\x1b\\" in report
    report = report.replace(f"\x1b]8;;{url}\x1b\\", "").replace("\x1b]8;;\x1b\\", "")
    assert report.splitlines()[:-1] == [*FULL.split("\n\n")[1].splitlines(), ""]


def test_excerpt_of_one_line() -> None:
    assert excerpt(ODD, STAR.start, STAR.end) == ('        "*"]}]', "        ^^^")


def test_excerpt_of_a_value_longer_than_the_screen_is_cut() -> None:
    line, carets = excerpt(LONG, Position(1, 1, 0), LONG.position(len(LONG.whole)))

    assert line == LONG.whole[:109] + "…"
    assert carets == "^" * 110


@pytest.mark.parametrize(
    ("text", "at", "line", "carets"),
    [
        ("ab", (2, 2), "ab", "  ^"),
        ("", (0, 0), "", "^"),
        ("e\u0301x", (2, 3), "e\u0301x", " ^"),
        ("❤\ufe0fx", (2, 3), "❤\ufe0fx", " ^"),
        ("a\x07b", (1, 2), r"a\x07b", " ^^^^"),
        ("\u202eb", (1, 2), r"\u202eb", "      ^"),
        ("\ud800b", (1, 2), r"\ud800b", "      ^"),
    ],
)
def test_carets_stand_under_the_value(
    text: str, at: tuple[int, int], line: str, carets: str
) -> None:
    lines = Lines(text)

    assert excerpt(lines, *map(lines.position, at)) == (line, carets)


@pytest.mark.parametrize(
    ("number", "noun", "words"),
    [
        (1, "day", "1 day"),
        (2, "day", "2 days"),
        (1, "policy", "1 policy"),
        (0, "policy", "0 policies"),
        (2, "prefix", "2 prefixes"),
        (2, "file", "2 files"),
    ],
)
def test_count_is_in_words(number: int, noun: str, words: str) -> None:
    assert count(number, noun) == words
