"""Writes `docs/evaluation.md`: every rule of evaluation, and the cases that hold it.

python -m scripts.evaluation_docs [--check]
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.evaluator.case_tables import Case, all_cases, all_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
DOC = ROOT / "docs" / "evaluation.md"

_IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
_HEAD = """\
# How a request is decided

Every rule that the evaluator follows, and the cases that hold it. Marks: **D** documented by AWS,
**E** found by experiment, **R** reasoned here where AWS is silent. A case is a sentence in one of
the tables of `tests/evaluator/cases/`, with the AWS page it rests on; those of a `_matrix` table
are asked of each operator. Laws that hold for any policy are in `tests/evaluator/test_laws.py`;
`tests/evaluator/test_naive.py` compares the matching with a second implementation, and
`tests/evaluator/test_every_combination.py` every combination of caller, naming and policies with
the flow written out a second time.

This page is written by `scripts/evaluation_docs.py` from `tests/evaluator/rules.json5` and the
tables.
"""


def page() -> str:
    """Return the whole document."""
    rules = all_rules()
    held: dict[str, list[Case]] = {number: [] for number in rules["rules"]}
    for case in all_cases():
        for number in case.rules:
            held[number].append(case)
    lines = [_HEAD.rstrip()]
    chapter = ""
    for number, rule in rules["rules"].items():
        if chapter != number.split(".")[0]:
            chapter = number.split(".")[0]
            lines += ["", f"## {chapter}. {rules['titles'][chapter]}"]
        lines += ["", *_rule(number, rule, rules["books"], held[number])]
    return "\n".join(lines) + "\n"


def _rule(number: str, rule: dict[str, str], books: dict[str, str], held: list[Case]) -> list[str]:
    link = f"[{rule['page']}]({books.get(rule['page'], _IAM)}{rule['page']}.html)"
    lines = [f"### {number} {rule['says']}", "", f"**{rule['mark']}** · {link}"]
    if "note" in rule:
        lines += ["", rule["note"]]
    lines += ["", f"No case: {rule['open']}." if "open" in rule else "\n".join(_held_by(held))]
    return lines


def _held_by(held: list[Case]) -> Iterator[str]:
    tables = dict.fromkeys(case.table for case in held)
    for table in tables:
        names = [case.name for case in held if case.table == table]
        if table.endswith("_matrix"):
            names = [f"each operator {_shape(name)}" for name in names]
        for name in dict.fromkeys(names):
            yield f"- `{table}`: {name}"


def _shape(name: str) -> str:
    """Return a matrix case's name without the operator it is asked of."""
    operator, _, rest = name.removeprefix("`").partition("` ")
    quantifier, colon, _ = operator.rpartition(":")
    words = [f"with `{quantifier}`"] if colon else []
    words += ["with `IfExists`"] if operator.endswith("IfExists") else []
    return " and ".join(words) + (" " if words else "") + rest


def main(arguments: list[str]) -> str | None:
    text = page()
    if "--check" in arguments:
        current = DOC.exists() and DOC.read_text(encoding="utf-8") == text
        return None if current else f"{DOC.name} is not current: run scripts/evaluation_docs.py"
    DOC.write_text(text, encoding="utf-8")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
