"""Results of earlier runs, kept in a folder of the user: used again if nothing has changed.

Every answer of the file tree that a result depends on is kept with it, and asked for again. So are
the version, the data, the configuration and what the user asks for. Plain data, never code.
"""

from __future__ import annotations

import dataclasses
import json
import os
from contextlib import suppress
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final

from iamlint.catalog import user_catalog
from iamlint.config.table import FILE, PYPROJECT
from iamlint.fast_dataclass import replace
from iamlint.linter.records import NotPlainError
from iamlint.linter.written import WrittenPart
from iamlint.load.find.noted import NotedTree, content_of, digest_of, whole
from iamlint.version import VERSION
from iamlint.writing import replace_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.config import Config
    from iamlint.linter.lint_options import LintOptions
    from iamlint.linter.part import PartResult
    from iamlint.load import File
    from iamlint.load.find.files import FoundFiles
    from iamlint.load.find.noted import Asked
    from iamlint.plugins.extensions import Extensions

PACKAGE: Final = Path(__file__).parent.parent

_FORMAT: Final = 2
_MOST: Final = 2_000
"""Results that are kept unless a run is to be resumed; of more, the older half goes."""

_COUNTED: Final = 100
"""So many results are written before they are counted again."""

_NOT_ASKED: Final = frozenset(
    {"baseline", "cache", "config", "contents", "jobs", "resumes", "stdin", "today", "top"}
    | {"configurations", "open_tree", "seen"}
)
"""The options that change no result, that are read from the configuration, or forbid a cache.

The day counts only for a result that some ignore has a date for.
"""


class ResultCache:
    """The results of one question in a folder. A file that cannot be read counts for nothing."""

    def __init__(self, request: LintOptions, asked: str, listed: str) -> None:
        self._folder = request.cache or Path()
        self._today = request.today
        self._limit = None if request.resumes else _MOST
        self._asked = asked
        self._listed = listed
        self._written = 0
        self._trees: list[NotedTree] = []

    @classmethod
    def of(
        cls,
        request: LintOptions,
        plugged: Extensions,
        configs: Iterable[Config],
        founds: Iterable[FoundFiles],
    ) -> ResultCache:
        """Return the results for a question about the files that were found."""
        options = [
            (one.name, repr(getattr(request, one.name)))
            for one in dataclasses.fields(request)
            if one.name not in _NOT_ASKED
        ]
        about = [VERSION, _state_of(PACKAGE), plugged.catalog.date, _catalog_state()]
        listed = [
            [[_listed(file) for file in found.files], [(n.path, n.reason) for n in found.left_out]]
            for found in founds
        ]
        said = sorted(set(map(_said, configs)))
        return cls(request, *(_digest(json.dumps(one)) for one in ([about, options, said], listed)))

    def noting(self, found: FoundFiles) -> FoundFiles:
        """Return files that note how they are read."""
        if found.choice is None:
            return found
        tree = NotedTree(found.choice.tree, (FILE, PYPROJECT))
        self._trees.append(tree)
        files = tuple(replace(file, tree=tree) for file in found.files)
        return replace(found, files=files, choice=replace(found.choice, tree=tree))

    def state(self) -> str:
        """Return a digest of all answers that the trees have given."""
        notes = [sorted(tree.notes.items()) for tree in self._trees]
        return digest_of(repr(notes).encode("utf-8", "surrogatepass"))

    def result(
        self, files: Sequence[File], beside: str | None, make: Callable[[], PartResult]
    ) -> WrittenPart:
        """Return the result of files that is kept, or make it, where the trees answer otherwise.

        It also depends on the state of what is `beside` the files, or with None on all that was
        listed.
        """
        around = self._listed if beside is None else beside
        key = _digest(json.dumps([self._asked, [file.path for file in files], around]))
        place = self._folder / f"{key}.json"
        self.forget()
        digests = list(map(content_of, files))
        found = self._read(place, digests)
        if found is None:
            self.forget()
            found = WrittenPart(make())
            if not (found.facts.broken or any(tree.extended for tree in self._trees)):
                self._write(place, digests, found, set(map(whole, files)))
        return found

    def forget(self) -> None:
        """Forget what the trees have answered."""
        for tree in self._trees:
            tree.notes.clear()
            tree.extended.clear()

    def _read(self, place: Path, digests: list[str]) -> WrittenPart | None:
        try:
            first, *lines = place.read_bytes().split(b"\n")
            format_, made, known, notes = json.loads(first)
            if format_ != _FORMAT or known != digests:
                return None
            each = zip(self._trees, notes, strict=True)
            if not all(tree.still_answers(noted) for tree, noted in each):
                return None
            found = WrittenPart.read(*lines)
            days = {day for one in found.facts.answered for day in one.days}
        except (OSError, ValueError, LookupError, TypeError, AttributeError, NotPlainError):
            return None
        then = date.fromisoformat(made)
        return found if all((day < then) == (day < self._today) for day in days) else None

    def _write(
        self, place: Path, digests: list[str], result: WrittenPart, known: AbstractSet[Asked]
    ) -> None:
        """Write a result, with all questions but those that are `known` by the digests."""
        notes = [
            [[*asked, answer] for asked, answer in tree.notes.items() if asked not in known]
            for tree in self._trees
        ]
        about = json.dumps([_FORMAT, self._today.isoformat(), digests, notes]).encode()
        with suppress(OSError):  # a run without a cache is as good
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._written % _COUNTED == 0:
                self._make_room()
            self._written += 1
            replace_file(place, (about, *(piece for one in result.lines for piece in (b"\n", one))))

    def _make_room(self) -> None:
        with os.scandir(self._folder) as listing:
            files = [one for one in listing if one.name.endswith(".json")]
        if self._limit is not None and len(files) >= self._limit:
            for old in sorted(files, key=lambda one: one.stat().st_mtime)[: self._limit // 2]:
                Path(old.path).unlink(missing_ok=True)


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


def _listed(file: File) -> tuple[object, ...]:
    return file.path, file.place, file.asked, file.by_path, file.named, str(file.kind)


def _said(config: Config) -> str:
    names = (one.name for one in dataclasses.fields(config) if one.name != "lines")
    return repr([(name, getattr(config, name)) for name in names])


def _catalog_state() -> str:
    folder = user_catalog(os.environ)
    return "" if folder is None else _state_of(folder)


def _state_of(folder: Path) -> str:
    """Return a text that changes with the files of a folder, such as the code of the program."""
    found: list[tuple[str, int, int]] = []
    todo = [str(folder)]
    while todo:
        with os.scandir(todo.pop()) as listing:
            for one in listing:
                if one.is_dir():
                    todo += [one.path] if one.name != "__pycache__" else []
                    continue
                state = one.stat()
                found.append((one.path, state.st_size, state.st_mtime_ns))
    return blake2b(repr(sorted(found)).encode(), digest_size=20).hexdigest()
