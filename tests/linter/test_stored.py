"""Findings of many parts on disk: the same ones in the same order, and few of them in memory."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from iamlint.fast_dataclass import replace
from iamlint.linter import part_lines, stored
from iamlint.linter.part import PartResult
from iamlint.linter.records import NotPlainError
from iamlint.linter.stored import FindingsStore
from iamlint.linter.written import WrittenPart
from iamlint.rule.finding import Range
from iamlint.rule.run import StoredFindings
from iamlint.text.span import Position
from tests.report.report_runs import RUN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.rule.finding import Finding

FINDING = RUN.findings[0]


def found(path: str, line: int, fingerprint: str) -> Finding:
    at = Position(line, 1, 10 * line)
    return replace(FINDING, path=path, range=Range(at, at), fingerprint=fingerprint)


def any_parts(seed: int) -> list[PartResult]:
    """Return parts that share files, lines and whole findings; some have none."""
    chosen = random.Random(seed)  # noqa: S311 - nothing is secret
    return [
        PartResult(
            findings=tuple(
                found(chosen.choice("abc"), chosen.randrange(4), f"{part}.{number}")
                for number in range(chosen.randrange(5))
            )
        )
        for part in range(chosen.randrange(1, 9))
    ]


@pytest.mark.parametrize("in_memory", [1, 1_000_000])
@pytest.mark.parametrize("seed", range(25))
def test_findings_come_back_sorted_whatever_part_came_first(
    seed: int, in_memory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "_IN_MEMORY", in_memory)
    parts = any_parts(seed)
    every = [finding for part in parts for finding in part.findings]
    store = FindingsStore()
    numbers = list(range(len(parts)))
    random.Random(seed).shuffle(numbers)  # noqa: S311 - nothing is secret
    for number in numbers:
        lines = WrittenPart(parts[number]).lines
        store.add(number, WrittenPart.read(*lines))

    in_order = sorted(every, key=lambda f: f.order)
    assert list(store) == in_order
    assert list(store) == in_order


def test_parts_in_other_files_are_read_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def noted(line: bytes) -> Iterator[Finding]:
        findings = list(part_lines.findings_of(line))
        opened.append(findings[0].path)
        return iter(findings)

    monkeypatch.setattr(stored, "findings_of", noted)
    store = FindingsStore()
    for number, path in enumerate("dbca"):
        findings = (found(path, 1, "x"), found(path, 2, "y"))
        store.add(number, WrittenPart(PartResult(findings=findings)))

    assert [(f.path, len(opened)) for f in store] == [
        *(("a", 1), ("a", 1), ("b", 2), ("b", 2), ("c", 3), ("c", 3), ("d", 4), ("d", 4)),
    ]


def test_result_is_the_same_after_it_was_written() -> None:
    result = PartResult(
        findings=tuple(sorted(RUN.findings, key=lambda f: f.order)),
        not_analysed=RUN.not_analysed,
        broken=RUN.broken,
        files=3,
        policies=4,
        texts=("a", "b\udcff"),
    )

    lines = WrittenPart(result).lines

    again = WrittenPart.read(*lines)

    assert again.facts == replace(result, findings=())
    assert WrittenPart(again.result).lines == lines


def test_findings_that_are_not_those_that_were_written_are_refused() -> None:
    facts, findings = WrittenPart(PartResult(findings=(FINDING,))).lines

    for others in ((facts, findings[:-1]), (facts, b"[]"), (b"{}", findings), (b"", b"")):
        with pytest.raises(NotPlainError):
            WrittenPart.read(*others)


def test_findings_on_disk_are_looked_at_like_a_list_of_them() -> None:
    kept = StoredFindings(lambda: RUN.findings)

    assert list(kept) == list(RUN.findings)
    assert (len(kept), kept[1], kept[-1], kept[1:]) == (
        len(RUN.findings),
        RUN.findings[1],
        RUN.findings[-1],
        tuple(RUN.findings[1:]),
    )
    assert replace(RUN, findings=kept).tally == RUN.tally
    assert RUN.findings[0] in kept
    with pytest.raises(IndexError):
        kept[len(RUN.findings)]
