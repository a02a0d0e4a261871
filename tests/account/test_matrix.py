"""A link means the same in every carrier: what is known is followed, what is not leaves open.

Each cell is one link of one account, as a carrier writes it. The evaluator says from the model
what the answers are; the page of formats says which carriers there are.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iamlint.config import read
from iamlint.repository import open_repository
from tests.account.matrix.all import CARRIERS
from tests.account.matrix.model import HOME, Question, expected, questions

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "scripts"))

if TYPE_CHECKING:
    from iamlint.account.answer import Ruling
    from tests.account.matrix.carrier import Carrier
    from tests.account.matrix.model import Cell


def answers(carrier: Carrier, cell: Cell, folder: Path) -> dict[Question, Ruling]:
    """Write a cell into a folder and ask all its questions."""
    toml = f'account = "{HOME}"\n'
    for name, content in {"iamlint.toml": toml, **carrier.write(cell)}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    repository = open_repository(read(folder / "iamlint.toml"))
    subject = repository.subject(carrier.asks(cell))
    return {
        question: repository.account.ask(subject, [question.action], question.on).ruling
        for question in questions(cell)
    }


@pytest.mark.parametrize("carrier", CARRIERS, ids=str)
def test_answers_of_a_carrier_are_those_of_the_model(
    carrier: Carrier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    wrong = []
    for number, cell in enumerate(carrier.cells()):
        found = answers(carrier, cell, tmp_path / str(number))
        wrong += [
            f"{cell}: {question}: {ruling}, not {expected(cell, question)}"
            for question, ruling in found.items()
            if ruling is not expected(cell, question)
        ]

    assert wrong == []
