"""`iamlint who-can --matrix`: every principal against a few questions of high impact."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from iamlint.cli.say import say_report, tell
from iamlint.cli.session import Exit
from iamlint.graph.matrix import find_matrix
from iamlint.graph.world import GraphWorld
from iamlint.report.matrix.formats import MATRIX_FORMATS

if TYPE_CHECKING:
    from iamlint.repository import Repository


def answer_matrix(repository: Repository, output_format: str) -> int:
    """Print the matrix of a repository with what runs with roles, and return the exit code."""
    account = repository.account
    if not repository.whole.documents:
        tell("error: no policy was found", "help: name files or folders with policies")
        return Exit.NO_POLICY
    world = GraphWorld(repository.whole, repository.config.declared, account)
    matrix = find_matrix(world, account.where)
    if output_format != "text" and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    say_report([MATRIX_FORMATS[output_format](matrix, account.catalog.date)], color=False)
    return Exit.CLEAN
