"""A matrix in, text out: one file a format."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.graph.matrix import Matrix

MatrixReporter: TypeAlias = "Callable[[Matrix, str], str]"


def _lazy(name: str) -> MatrixReporter:
    def report(matrix: Matrix, catalog_date: str) -> str:
        module = import_module(f"iamlint.report.matrix.{name}")
        return cast("MatrixReporter", module.report)(matrix, catalog_date)

    return report


MATRIX_FORMATS: Final[dict[str, MatrixReporter]] = {
    name: _lazy(name) for name in ("text", "json", "html")
}
