"""The excerpt in an explanation has its carets under the element, whatever is before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.account.ask.explain import explain
from iamlint.repository import find_repository

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "shown", "columns"),
    [("a", "a", 1), ("日本", "日本", 4), ("\x7f", r"\x7f", 4)],
)
def test_carets_are_under_the_effect(tmp_path: Path, name: str, shown: str, columns: int) -> None:
    before, after = '{"Resource": "arn:aws:s3:::b/', '*", "Effect": '
    rest = '"Allow", "Action": "s3:GetObject"}}'
    text = f'{{"Version": "2012-10-17", "Statement":\n{before}{name}{after}{rest}\n'
    (tmp_path / "p.json").write_text(text, encoding="utf-8")
    (tmp_path / "iamlint.toml").write_text('[principals."role/x"]\npolicies = ["p.json"]\n')
    repository = find_repository(tmp_path, here=tmp_path)
    answer = repository.account.ask(
        repository.subject("role/x"), ["s3:GetObject"], on="arn:aws:s3:::b/*"
    )

    line, carets = explain(answer).split("\n\np.json:2\n")[1].splitlines()[:2]

    assert line == f"  2 | {before}{shown}{after}{rest}"
    assert carets == f"    | {' ' * (len(before) + columns + len(after))}^^^^^^^"
