"""What `iamlint check` finds in one file, as the editor has it and all that belongs to it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from iamlint.config.find import nearest
from iamlint.fast_dataclass import dataclass, replace
from iamlint.linter.lint_options import LintOptions
from iamlint.linter.pipeline import lint
from iamlint.load.find.noted import NotedTree
from iamlint.load.find.tree import FileTree
from iamlint.plugins.extensions import load_extensions
from iamlint.rules.syntax.invalid_json import RULE as INVALID_JSON

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from iamlint.load.document import NotAnalysed
    from iamlint.plugins.extensions import Extensions
    from iamlint.rule import Rule
    from iamlint.rule.finding import Finding
    from iamlint.rule.run import Run


@dataclass(frozen=True, slots=True)
class TextQuestion:
    """A file to check, by its real path: `root` is where paths start, `contents` unsaved texts.

    Plugins that a configuration names run if the user `trusts` the workspace.
    """

    place: str
    root: Path
    contents: Mapping[str, bytes]
    trusts: bool = False

    @property
    def path(self) -> str:
        return os.path.relpath(self.place, self.root)


@dataclass(frozen=True, slots=True)
class CheckedText:
    """The answer: findings of the file in the order of a report, and what was not looked at.

    `left_out` are the plugins that the configuration names and that did not run, `asked` the
    places of all files and folders that it depends on.
    """

    question: TextQuestion
    request: LintOptions
    plugged: Extensions
    run: Run
    left_out: tuple[str, ...] = ()
    asked: AbstractSet[str] = frozenset()

    def depends_on(self, place: str) -> bool:
        """Return whether another text of a file could change the answer."""
        return place == self.question.place or place in self.asked

    @property
    def is_whole(self) -> bool:
        """Whether all of the file could be read."""
        is_read = all(f.rule != INVALID_JSON.name for f in self.findings)
        return is_read and not self.not_analysed

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings that count, in this file."""
        return tuple(f for f in self.run.open if f.path == self.question.path)

    @property
    def not_analysed(self) -> tuple[NotAnalysed, ...]:
        return tuple(one for one in self.run.not_analysed if one.path == self.question.path)

    @property
    def rules(self) -> Mapping[str, Rule]:
        return {rule.name: rule for rule in self.run.rules}


def check_all(root: Path, contents: Mapping[str, bytes], *, trusts: bool) -> CheckedText:
    """Check all of a folder as `iamlint check` does in it; raises as `check` does."""
    return check(TextQuestion(str(root), root, contents, trusts))


def check(question: TextQuestion) -> CheckedText:
    """Check a file as `iamlint check FILE --force-exclude` does.

    Raises `IamlintError` for a configuration that is not valid.
    """
    nearest.cache_clear()  # the user may have changed a configuration since
    notes: list[NotedTree] = []
    request = LintOptions(
        paths=(question.path,),
        today=datetime.now(UTC).date(),
        here=question.root,
        contents=question.contents,
        force_exclude=True,
        jobs=1,  # a server has threads, which a fork does not keep
        is_for_fixes=True,
        open_tree=partial(_noted, notes),
        configurations=_noted(notes, question.root, question.root, question.contents),
    )
    config = request.scopes.base(question.path)
    left_out = () if config.is_trusted or question.trusts else config.plugins
    known = replace(config, plugins=()) if left_out else replace(config, is_trusted=True)
    plugged = load_extensions(known)
    run = lint(request, plugged)
    asked = frozenset(place for tree in notes for _, place in tree.notes)
    return CheckedText(
        question, replace(request, open_tree=FileTree.of), plugged, run, left_out, asked
    )


def _noted(
    notes: list[NotedTree],
    here: str | os.PathLike[str],
    root: str | os.PathLike[str],
    contents: Mapping[str, bytes],
) -> FileTree:
    """Return a tree of files that notes what it is asked, among others."""
    notes.append(NotedTree(FileTree.of(here, root, contents)))
    return notes[-1]
