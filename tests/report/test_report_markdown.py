"""The Markdown summary: what it says, and that no text of a user becomes markup."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iamlint.report.formats import Output
from tests.report.report_runs import EMPTY, FINDINGS, RUN
from tests.support.reports import REPORTS

MARKDOWN = r"""
### iamlint

**2 errors, 1 warning, 1 note in 2 policies of 4 files; 1 ignored; 2 not analysed; 1 rule broke**

- `c.json`: not analysed: not UTF-8
- `min.json`: rule `plain-rule` broke: KeyError: 'x'
- `pol\x1bicies/über uns.json5`: rule `plain-rule` broke: KeyError: 'x'

| | rule | place | what |
|---|---|---|---|
| error | `plain-rule` | `iamlint.toml:1:1` | a &#91;link&#93;(1) in a file without text |
| error | `plain-rule` | `pol\x1bicies/über uns.json5:3:50` | the action &#92;x1b&#91;31m`日本`&#92;x1b&#91;0m is none |
| warning | `too-wide` | `min.json:1:2025` | `iam:PassRole` on all roles<br>make it narrow |
| note | `too-wide` | `pol\x1bicies/über uns.json5:3:66` | every resource<br>name them&#92;nall |
""".lstrip()  # noqa: E501 - as it is printed


def test_summary_lists_the_most_severe_first() -> None:
    assert REPORTS["markdown"](RUN, Output()) == MARKDOWN


def test_statistics_follow_the_table() -> None:
    report = REPORTS["markdown"](RUN, Output(statistics=True))

    assert report.startswith(MARKDOWN)
    assert report.removeprefix(MARKDOWN).startswith("\n```text\n     2 error    plain-rule\n")


def test_run_without_findings_says_so() -> None:
    text = REPORTS["markdown"](EMPTY, Output())

    assert text == "### iamlint\n\n**no findings in 1 policy of 2 files**\n"


def test_long_list_is_cut_so_that_a_comment_holds_it() -> None:
    many = replace(RUN, findings=FINDINGS[1:2] * 5000)

    report = REPORTS["markdown"](many, Output())

    assert report.count("| warning |") == 100
    assert report.endswith("\n\nAnd 4900 more findings, none more severe.\n")
    assert len(report) < 65_536


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<img src=x>", "&#60;img src=x&#62;"),
        ("@octocat", "@&#8203;octocat"),
        ("a | b", "a &#124; b"),
        ("`a|b`", "<code>a&#124;b</code>"),
        (r"`a\|b`", "<code>a&#92;&#124;b</code>"),
        ("`a` and `b", "`a` and b"),
        ("https://evil.example", "https:&#8203;//evil.example"),
        ("a\nb", "a&#92;nb"),
    ],
)
def test_text_of_a_user_is_shown_as_it_is(text: str, shown: str) -> None:
    run = replace(EMPTY, findings=(replace(FINDINGS[0], message=text),))

    row = REPORTS["markdown"](run, Output()).splitlines()[-1]

    assert row == f"| error | `plain-rule` | `iamlint.toml:1:1` | {shown} |"
