"""For people: what each principal can do, then what it can do with conditions, then the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.graph.matrix import MatrixAnswer
from iamlint.report.text import count
from iamlint.text.masked import mask
from iamlint.text.shown import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.graph.matrix import Matrix, MatrixCell

_SHOWN: Final = (MatrixAnswer.ALLOWED, MatrixAnswer.CONDITIONAL, MatrixAnswer.UNKNOWN)


def report(matrix: Matrix, catalog_date: str) -> str:  # noqa: ARG001 - the form of all formats
    lines = [line for name, cells in matrix.rows.items() for line in _row(matrix, name, cells)]
    nothing = [name for name, cells in matrix.rows.items() if _can_nothing(cells)]
    if nothing:
        lines.append(f"all denied: {', '.join(nothing)}")
    asked, of = count(len(matrix.questions), "question"), count(len(matrix.rows), "principal")
    lines.append(f"{asked} about {of}; `--output-format json` has the command for each answer")
    return mask("".join(f"{plain(line)}\n" for line in lines))


def _row(matrix: Matrix, name: str, cells: tuple[MatrixCell, ...]) -> Iterator[str]:
    if _can_nothing(cells):
        return
    yield name
    for answer in _SHOWN:
        alike: dict[str, list[str]] = {}
        for question, cell in zip(matrix.questions, cells, strict=True):
            if cell.answer is answer:
                alike.setdefault(_how(cell), []).append(question.name)
        yield from (f"  {answer}{how}: {', '.join(names)}" for how, names in alike.items())


def _how(cell: MatrixCell) -> str:
    """Return the role or user that one becomes first, and the keys on which it depends."""
    via = f" as {cell.via}" if cell.via else ""
    return f"{via} by {', '.join(cell.conditions)}" if cell.conditions else via


def _can_nothing(cells: tuple[MatrixCell, ...]) -> bool:
    return all(cell.answer is MatrixAnswer.DENIED for cell in cells)
