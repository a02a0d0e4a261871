"""`iamlint who-can --matrix`: every principal against a few questions of high impact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.cli.reports import say_in_format
from iamlint.cli.say import tell
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
    text = MATRIX_FORMATS[output_format](matrix, account.catalog.date)
    say_in_format(output_format, text, color=False)
    return Exit.CLEAN
