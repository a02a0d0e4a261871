"""JUnit's XML, read back by a library that CI systems use."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from junitparser import Error, Failure, JUnitXml, Skipped

from iamlint.report.formats import Output
from tests.report.report_runs import EMPTY, FINDINGS, LONG, ODD_PATH, RUN
from tests.support.reports import REPORTS

if TYPE_CHECKING:
    from iamlint.rule.run import Run


def cases(run: Run) -> dict[str, list[tuple[str, list[tuple[type, str]]]]]:
    parsed = JUnitXml.fromstring(REPORTS["junit"](run, Output()).encode())
    assert isinstance(parsed, JUnitXml)
    return {
        str(suite.name): [
            (str(case.name), [(type(outcome), str(outcome.message)) for outcome in case.result])
            for case in suite
        ]
        for suite in parsed
    }


def test_suite_is_a_file_and_a_failing_case_a_finding() -> None:
    broke = "rule `plain-rule` broke: KeyError: 'x'"
    assert cases(RUN) == {
        "c.json": [("not-analysed", [(Error, "not analysed: not UTF-8")])],
        "iamlint.toml": [
            ("plain-rule at 1:1", [(Failure, "a [link](1) in a file without text")]),
        ],
        "min.json": [
            ("too-wide at 1:2025", [(Failure, "`iam:PassRole` on all roles")]),
            ("plain-rule", [(Error, broke)]),
        ],
        r"pol\x1bicies/über uns.json5": [
            ("plain-rule at 3:50", [(Failure, r"the action \x1b[31m`日本`\x1b[0m is none")]),
            ("too-wide at 3:66", [(Failure, "every resource")]),
            ("too-wide at 4:3", [(Skipped, "ignored: SEC-12")]),
            ("plain-rule", [(Error, broke)]),
        ],
    }


def test_counts_of_suites_and_of_the_whole_agree() -> None:
    parsed = JUnitXml.fromstring(REPORTS["junit"](RUN, Output()).encode())

    written = (parsed.tests, parsed.failures, parsed.errors, parsed.skipped)
    parsed.update_statistics()  # type: ignore[no-untyped-call]
    assert written == (8, 4, 3, 1)
    assert written == (parsed.tests, parsed.failures, parsed.errors, parsed.skipped)


def test_clean_file_is_a_passing_case() -> None:
    assert cases(replace(EMPTY, lines={"a.json": LONG})) == {"a.json": [("no findings", [])]}


def test_text_that_xml_forbids_is_written_out() -> None:
    evil = replace(FINDINGS[0], message="]]>\x00\ud800<a b='\"'>&amp;", help="\x0b\n<")

    found = cases(replace(EMPTY, findings=(evil,)))

    assert found["iamlint.toml"] == [
        ("plain-rule at 1:1", [(Failure, "]]>\\x00\\ud800<a b='\"'>&amp;")])
    ]


def test_failure_names_the_place() -> None:
    text = REPORTS["junit"](RUN, Output())

    assert "min.json:1:2025: warning[too-wide] `iam:PassRole` on all roles\n" in text
    assert 'file="min.json" line="1"' in text
    assert ODD_PATH not in text
