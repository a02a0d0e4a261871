"""One file for a browser, with nothing to fetch: a table of principals and questions.

The page is `html.j2`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from iamlint.report.html_page import allowed, asset, template
from iamlint.text.masked import mask
from iamlint.version import VERSION

if TYPE_CHECKING:
    from iamlint.graph.matrix import Matrix
    from iamlint.report.html_page import PageTemplate


def report(matrix: Matrix, catalog_date: str) -> str:
    style = asset("html.css", "matrix/html.css")
    page = _template().render(
        matrix=matrix,
        allowed=allowed(style, ""),
        style=style,
        version=VERSION,
        catalog_date=catalog_date,
    )
    return mask(page)


@cache
def _template() -> PageTemplate:
    return template("matrix/html.j2", {})
