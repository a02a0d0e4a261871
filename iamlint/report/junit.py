"""JUnit's XML: a suite a file, a failing case a finding, a passing case for a clean file.

There is no standard; this is the part that every consumer reads:
https://github.com/testmoapp/junitxml
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from iamlint.load.find.uri import RepositoryPaths
from iamlint.report.text import broke, shown
from iamlint.text.shown import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iamlint.report.formats import Output
    from iamlint.rule.finding import Finding
    from iamlint.rule.run import Run

_OUTCOMES = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def report(run: Run, output: Output) -> str:
    top = ET.Element("testsuites", name="iamlint")
    listed = {id(f) for f in shown(run, output)}
    findings = [f for f in run.findings if id(f) in listed or f.suppressed]
    by_path = {path: list(group) for path, group in groupby(findings, key=lambda f: f.path)}
    troubles = broke(run)
    uris = RepositoryPaths(run.here)
    for path in sorted({*run.lines, *by_path, *(path for path, _, _ in troubles)}):
        suite = ET.SubElement(top, "testsuite", name=plain(uris.place(path).as_posix()))
        _add_findings(suite, by_path.get(path, ()))
        for place, title, message in troubles:
            if place == path:
                case = ET.SubElement(suite, "testcase", classname=suite.attrib["name"], name=title)
                ET.SubElement(case, "error", message=plain(message), type=title)
        if not len(suite):
            ET.SubElement(suite, "testcase", classname=suite.attrib["name"], name="no findings")
        _count(suite, [suite])
    _count(top, list(top))
    ET.indent(top, " ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(top, encoding="unicode")}\n'


def _add_findings(suite: ET.Element, findings: Iterable[Finding]) -> None:
    path = suite.attrib["name"]
    for f in findings:
        at = f.range.start
        case = ET.SubElement(
            suite,
            "testcase",
            classname=path,
            name=f"{f.rule} at {at.line}:{at.column}",
            file=path,
            line=str(at.line),
        )
        if f.suppressed:
            ET.SubElement(case, "skipped", message=plain(f"ignored: {f.suppressed.reason}"))
            continue
        failure = ET.SubElement(case, "failure", message=plain(f.message), type=f.severity.value)
        lines = [f"{path}:{at.line}:{at.column}: {f.severity}[{f.rule}] {plain(f.message)}"]
        if f.help:
            lines.append(f"help: {plain(f.help)}")
        failure.text = "\n".join(lines)


def _count(element: ET.Element, suites: list[ET.Element]) -> None:
    element.set("tests", str(sum(len(suite.findall("testcase")) for suite in suites)))
    for name, outcome in _OUTCOMES.items():
        found = sum(len(suite.findall(f"testcase/{outcome}")) for suite in suites)
        element.set(name, str(found))
