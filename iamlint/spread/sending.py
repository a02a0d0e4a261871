"""What is sent to workers that do not have the files: answers about them, and dumps as bytes."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from iamlint.errors import UsageError
from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.load.find.answered import Answers
from iamlint.load.find.tree import FileTree
from iamlint.paths import has_scheme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from iamlint.linter.lint_options import LintOptions
    from iamlint.linter.parts import RunParts
    from iamlint.load import File


@dataclass(frozen=True, slots=True)
class Sending:
    """Sends files to workers; `say` takes the line about how many bytes leave this machine."""

    say: Callable[[str], None]
    answers: Answers = field(default_factory=Answers)

    def noted(self, request: LintOptions) -> LintOptions:
        """Return what to lint, so that all answers about files are noted."""
        if request.resumes:
            raise UsageError("`--send` and `--resume` cannot be used together")
        if any(map(has_scheme, request.paths)):
            raise UsageError("objects of stores are not sent", help="workers read them themselves")
        return replace(request, open_tree=self.answers.asked, cache=None)

    def request(self, parts: RunParts) -> LintOptions:
        """Return what workers are asked, with all that is known before an account is read."""
        dumps = [file for files in parts.accounts for file in files]
        for file in dumps:
            if os.path.normpath(parts.request.here / file.path) != file.place:
                raise UsageError(
                    f"`{file.path}` is behind a link, and links are not sent",
                    help="name the folder that the link leads to",
                )
        self.answers.forget(file.place for file in dumps)
        return replace(
            parts.request,
            open_tree=FileTree.of,
            seen=parts.seen(self.answers),
            baseline=None,
        )

    def announce(self, parts: RunParts, workers: int) -> None:
        """Say how many bytes of files leave this machine."""
        dumps = [file for files in parts.accounts for file in files]
        size = sum(file.tree.size(file.place) for file in dumps)
        self.say(
            f"note: {size:,} bytes of dumps are sent to the workers, "
            f"and {self.answers.size:,} bytes of other files to each of {workers}"
        )

    def data(self, files: Iterable[File]) -> Mapping[str, bytes]:
        """Return the bytes of files by their places; a file that cannot be read has none."""
        found: dict[str, bytes] = {}
        for file in files:
            with suppress(OSError):
                found[file.place] = replace(file).data
        self.answers.forget(found)
        return found
