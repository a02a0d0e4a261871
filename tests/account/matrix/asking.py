"""Asks all questions about the files of a carrier; run as a program, it counts the answers.

`python -m tests.account.matrix.asking` prints a line for each carrier.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from iamlint.account.ask.answer import Ruling
from iamlint.config import read
from iamlint.repository import open_repository
from tests.account.matrix.all import CARRIERS
from tests.account.matrix.model import HOME, Question, expected, questions

if TYPE_CHECKING:
    from tests.account.matrix.carrier import Carrier
    from tests.account.matrix.model import Cell


def answers(carrier: Carrier, cell: Cell, folder: Path) -> dict[Question, Ruling]:
    """Return the answers to all questions of a cell, written into a folder where paths start."""
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


def _line(carrier: Carrier) -> str:
    count: Counter[Ruling] = Counter()
    cells = right = 0
    for cell in carrier.cells():
        cells += 1
        with TemporaryDirectory() as folder:
            os.chdir(folder)
            found = answers(carrier, cell, Path(folder))
        right += all(ruling is expected(cell, asked) for asked, ruling in found.items())
        count.update(found.values())
    rulings = (Ruling.ALLOWED, Ruling.DENIED, Ruling.DEPENDS)
    return f"{carrier!s:35}{cells:6}{right:6}" + "".join(f"{count[one]:9}" for one in rulings)


if __name__ == "__main__":
    sys.stdout.write(f"{'carrier':35} cells right  allowed   denied  depends\n")
    for each in CARRIERS:
        sys.stdout.write(_line(each) + "\n")
