"""A graph or what changes in one in, text out: one file a format."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from iamlint.report.graph.view import GraphFound, GraphOutput, GraphReporter

_FORMATS: Final = ("text", "json", "markdown", "mermaid", "dot", "graphml", "opengraph", "html")


def _lazy(name: str) -> GraphReporter:
    def report(found: GraphFound, output: GraphOutput) -> str:
        module = import_module(f"iamlint.report.graph.{name}")
        return cast("GraphReporter", module.report)(found, output)

    return report


GRAPH_FORMATS: Final[dict[str, GraphReporter]] = {name: _lazy(name) for name in _FORMATS}
