"""A matrix as JSON, for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from iamlint.report.json import tool_of
from iamlint.text.masked import mask_all

if TYPE_CHECKING:
    from iamlint.graph.matrix import Matrix, MatrixCell


def report(matrix: Matrix, catalog_date: str) -> str:
    names = [question.name for question in matrix.questions]
    shown = {
        "version": 1,
        "tool": tool_of(catalog_date),
        "questions": [
            {"name": one.name, "title": one.title, "ask": one.ask, "actions": list(one.actions)}
            for one in matrix.questions
        ],
        "principals": [
            {"name": name, "answers": dict(zip(names, map(_cell, cells), strict=True))}
            for name, cells in matrix.rows.items()
        ],
    }
    return json.dumps(mask_all(shown), indent=1) + "\n"


def _cell(one: MatrixCell) -> dict[str, object]:
    return {
        "answer": one.answer,
        "via": one.via,
        "conditions": list(one.conditions),
        "unknown": one.why,
        "command": one.command,
    }
