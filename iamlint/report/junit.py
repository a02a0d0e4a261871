"""JUnit's XML: a suite a file, a failing case a finding, a passing case for a clean file.

There is no standard; this is the part that every consumer reads:
https://github.com/testmoapp/junitxml
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from iamlint.load.find.uri import RepositoryPaths
from iamlint.report.text import broke, by_severity, ignored, is_shown
from iamlint.text.shown import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iamlint.report.formats import Output
    from iamlint.rule.finding import Finding
    from iamlint.rule.run import Run

_OUTCOMES = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def report(run: Run, output: Output) -> Iterator[str]:
    """Yield a suite at a time; the first line counts them, so findings are read once before."""
    troubles = broke(run)
    found = {f.path for f in _findings(run, output)}
    paths = sorted({*run.lines, *found, *(path for path, _, _ in troubles)})
    clean = len(set(paths) - found - {path for path, _, _ in troubles})
    numbers = {
        "failures": by_severity(run, output).total(),
        "errors": len(troubles),
        "skipped": ignored(run),
    }
    tests = str(sum(numbers.values()) + clean)
    counts = {name: str(number) for name, number in numbers.items()}
    top = ET.Element("testsuites", {"name": "iamlint", "tests": tests} | counts)
    start = ET.tostring(top, encoding="unicode")
    yield '<?xml version="1.0" encoding="utf-8"?>\n'
    yield start.removesuffix(" />") + ">\n" if paths else f"{start}\n"
    for suite in _suites(paths, _findings(run, output), troubles, RepositoryPaths(run.here)):
        ET.indent(suite, " ", level=1)
        yield f" {ET.tostring(suite, encoding='unicode')}\n"
    if paths:
        yield "</testsuites>\n"


def _findings(run: Run, output: Output) -> Iterator[Finding]:
    return (f for f in run.findings if f.suppressed or is_shown(f, output))


def _suites(
    paths: Iterable[str],
    findings: Iterable[Finding],
    troubles: Sequence[tuple[str, str, str]],
    uris: RepositoryPaths,
) -> Iterator[ET.Element]:
    """Yield a suite for each path; paths and findings are both sorted."""
    groups = groupby(findings, key=lambda f: f.path)
    next_path, group = next(groups, ("", iter(())))
    for path in paths:
        suite = ET.Element("testsuite", name=plain(uris.place(path).as_posix()))
        if path == next_path:
            _add_findings(suite, group)
            next_path, group = next(groups, ("", iter(())))
        for place, title, message in troubles:
            if place == path:
                case = ET.SubElement(suite, "testcase", classname=suite.attrib["name"], name=title)
                ET.SubElement(case, "error", message=plain(message), type=title)
        if not len(suite):
            ET.SubElement(suite, "testcase", classname=suite.attrib["name"], name="no findings")
        _count(suite)
        yield suite


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


def _count(suite: ET.Element) -> None:
    suite.set("tests", str(len(suite)))
    for name, outcome in _OUTCOMES.items():
        suite.set(name, str(len(suite.findall(f"testcase/{outcome}"))))
