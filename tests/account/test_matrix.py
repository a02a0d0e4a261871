"""A link means the same in every carrier: known links are followed, others leave answers open.

Each cell is one link of one account, as a carrier writes it. The answers are those of the
evaluator for the model; the carriers are those of the page of formats.
`python -m tests.account.matrix.asking` counts the answers of each carrier.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.account.ask.answer import Ruling
from scripts import format_docs
from tests.account.matrix.all import CARRIERS, WITHOUT_LINKS
from tests.account.matrix.asking import answers
from tests.account.matrix.model import Cell, Content, Linked, Open, expected, questions

if TYPE_CHECKING:
    from pathlib import Path

    from tests.account.matrix.carrier import Carrier


@pytest.mark.parametrize("carrier", CARRIERS, ids=str)
def test_answers_of_a_carrier_are_those_of_the_model(
    carrier: Carrier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    wrong = [
        f"{cell}: {question}: {ruling}, not {expected(cell, question)}"
        for number, cell in enumerate(carrier.cells())
        for question, ruling in answers(carrier, cell, tmp_path / str(number)).items()
        if ruling is not expected(cell, question)
    ]

    assert wrong == []


def test_each_way_of_the_page_of_formats_has_a_carrier_or_says_nothing_of_links() -> None:
    ways = {(one.name, way) for one in format_docs.FORMATS for way in one.ways}
    carried = {way for carrier in CARRIERS for way in carrier.ways}

    assert carried | WITHOUT_LINKS.keys() == ways
    assert not carried & WITHOUT_LINKS.keys()


@pytest.mark.parametrize("linked", Linked, ids=str)
def test_each_link_of_the_model_decides_some_question(linked: Linked) -> None:
    """Without it, and with what it allows in place of what it denies, an answer is another one."""
    allows, denies = (
        [expected(cell, question) for question in questions(cell)]
        for cell in (Cell(linked, content) for content in Content)
    )

    assert allows != denies


@pytest.mark.parametrize("linked", Linked, ids=str)
def test_what_is_unknown_of_a_link_opens_some_answers_of_the_model(linked: Linked) -> None:
    open_ = {
        expected(cell, question)
        for open_ in (Open.HOLDER, Open.TEXT)
        for content in Content
        for cell in [Cell(linked, content, open_)]
        for question in questions(cell)
    }

    assert open_ >= {Ruling.DEPENDS, Ruling.DENIED}
