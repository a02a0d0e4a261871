"""One organization has the same answers in every form in which its accounts can be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.config import read
from iamlint.repository import open_repository
from tests.account.questions.forms import FORMS
from tests.account.questions.table import TABLE

if TYPE_CHECKING:
    from pathlib import Path

    from iamlint.repository import Repository
    from tests.account.questions.table import Row

VARIANTS = [pytest.param(form, toml, id=name) for form in FORMS for name, toml in form.variants()]


def answer(repository: Repository, row: Row) -> str:
    account = repository.account
    given = account.context(dict(row.context))
    subject = repository.subject(row.who)
    return account.ask(subject, [row.action], row.on, context=given).ruling


@pytest.mark.parametrize(("form", "toml"), VARIANTS)
def test_questions_have_the_same_answers_in_every_form(
    form: object, toml: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files = form.write()  # type: ignore[attr-defined]
    own = files.pop("iamlint.toml", "")
    for name, content in {"iamlint.toml": toml + own, **files}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    repository = open_repository(read(tmp_path / "iamlint.toml"))

    wrong = [
        f"{row}: {found}, not {row.ruling}"
        for row in TABLE
        if (found := answer(repository, row)) != row.ruling
    ]

    assert wrong == []


def test_each_question_has_its_page() -> None:
    assert len(TABLE) >= 60
    assert len({str(row) for row in TABLE}) == len(TABLE)
    assert all(row.page.startswith("https://docs.aws.amazon.com/") for row in TABLE)
