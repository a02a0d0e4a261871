"""Texts are for people: with other texts, the same is found, and the same is decided.

The texts of errors, of unknown values, of conditions, of origins and of what is left out are
replaced, each by one of its own, and every finding and answer is compared. Fingerprints are not:
they hold a policy as its file writes it, and so the names of its variables.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iamlint.account.origin import Origin, Unread, Why
from iamlint.config import Config
from iamlint.errors import IamlintError
from iamlint.linter.lint_options import LintOptions
from iamlint.linter.pipeline import lint
from iamlint.load.document import NotAnalysed
from iamlint.load.link import SourceCondition
from iamlint.plugins.extensions import load_extensions
from iamlint.policy.problem import Problem
from iamlint.text.source import Presence, SyntaxFlaw, Unknown
from tests.account.matrix.all import CARRIERS
from tests.account.matrix.asking import answers
from tests.account.matrix.model import expected

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from tests.account.matrix.carrier import Carrier

ROOT = Path(__file__).parent.parent
INPUTS = ROOT / "tests" / "load"
FOLDERS = (
    ROOT / "sample_policies",
    *(INPUTS / name / "inputs" for name in ("terraform", "cloudformation", "dumps", "manifests")),
)
REPLACED: dict[type, str] = {
    **dict.fromkeys((Unknown, Presence, SourceCondition, Why), "text"),
    **dict.fromkeys((NotAnalysed, Unread), "reason"),
    **dict.fromkeys((Problem, SyntaxFlaw, IamlintError), "message"),
    Origin: "name",
}


def replace_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    for type_, field in REPLACED.items():
        monkeypatch.setattr(type_, "__init__", _reworded(type_, field))


def _reworded(type_: type, field: str) -> Callable[..., None]:
    create: Callable[..., None] = getattr(type_, "__init__")  # noqa: B009 - of this very type
    is_record = is_dataclass(type_)
    names = (
        [one.name for one in fields(type_)] if is_record else [*signature(create).parameters][1:]
    )

    def reworded(self: object, *given: object, **named: object) -> None:
        values = dict(zip(names, given, strict=False)) | named
        values[field] = f"<{str(values[field])[::-1]}>"
        create(self, **values)

    return reworded


def findings(folder: Path) -> set[tuple[Hashable, ...]]:
    """Return what is found below a folder, without any words."""
    config = Config(root=folder, here=folder)
    extensions = load_extensions(config)
    run = lint(LintOptions((".",), date(2026, 1, 1), config, ("all",), here=folder), extensions)
    found: set[tuple[Hashable, ...]] = {
        (f.rule, f.path, f.pointer, f.range, f.severity) for f in run.findings
    }
    return found | {(n.path, n.pointer, n.cause, n.unreadable) for n in run.not_analysed}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_other_texts_change_no_finding(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = findings(folder)
    replace_texts(monkeypatch)

    assert findings(folder) == before
    assert before


@pytest.mark.parametrize("carrier", CARRIERS, ids=str)
def test_other_texts_change_no_answer(
    carrier: Carrier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    replace_texts(monkeypatch)

    for number, cell in enumerate([*carrier.cells()][::3]):
        found = answers(carrier, cell, tmp_path / str(number))
        assert found == {question: expected(cell, question) for question in found}
