"""Twins: an input without a fault, and the same input with one.

A twin is a pair of small repositories. `harmless` must give no error and no warning; `faulty`
differs in one place and must give `rule` (and is the proof that the harmless one is read at all).

    TWINS = [
        Twin(
            "a null for an attribute is not given",
            harmless={"main.tf": "…"},
            faulty={"main.tf": "…"},
            rule="wildcard-admin",
        ),
    ]

    test_only_the_faulty_twin_is_reported = as_test(TWINS)
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from tests.support.program import Program


@dataclass(frozen=True, slots=True)
class Twin:
    """Two repositories, files by path; `args` are further arguments of `iamlint check`."""

    name: str
    harmless: Mapping[str, str]
    faulty: Mapping[str, str]
    rule: str
    args: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Reported:
    """A finding of at least a warning, as far as twins compare it."""

    rule: str
    path: str
    line: int
    message: str


def findings(
    files: Mapping[str, str],
    iamlint: Program,
    folder: Path,
    *args: str,
    included: bool = False,
) -> list[Reported]:
    """Write a repository and return its errors and warnings.

    Those that a stronger one at the same place includes are left out unless they are wanted.
    """
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    (folder / ".git").mkdir(exist_ok=True)
    result = iamlint("check", str(folder), "--output-format", "json", *args)
    report = json.loads(result.out)
    return [
        Reported(
            found["rule"],
            found["path"].split(f"{folder.name}/", 1)[-1],
            found["range"]["start"]["line"],
            found["message"],
        )
        for found in report["findings"]
        if found["severity"] != "note"
        and (not found["suppressed"] or (included and _is_included(found["suppressed"])))
    ]


def _is_included(suppressed: Mapping[str, str]) -> bool:
    return suppressed["reason"].startswith("included in")


def rules(found: Iterable[Reported]) -> set[str]:
    return {one.rule for one in found}


def as_test(twins: Sequence[Twin]) -> Callable[..., None]:
    """Return a test that only the faulty one of each pair is reported."""

    @pytest.mark.parametrize("twin", twins, ids=str)
    def test(twin: Twin, iamlint: Program, tmp_path: Path) -> None:
        harmless = findings(twin.harmless, iamlint, tmp_path / "harmless", *twin.args)
        faulty = findings(twin.faulty, iamlint, tmp_path / "faulty", *twin.args)

        assert harmless == []
        assert twin.rule in rules(faulty)

    return test
