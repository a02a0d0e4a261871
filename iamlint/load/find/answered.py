"""The answers of a file tree, for a machine that does not have the files."""

from __future__ import annotations

import os
import sys
from errno import ENOENT
from typing import TYPE_CHECKING, TypeVar

from iamlint.fast_dataclass import dataclass, field
from iamlint.load.find.tree import Child, FileTree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from iamlint.load.find.tree import Children

_T = TypeVar("_T")


@dataclass(slots=True)
class Answers:
    """What trees answered: by folder of the configuration, question and path; and bytes by path.

    `reads` has how many bytes were asked for, and those that were there. `trees` has the real
    paths of `here` and `root`, and `missing` what was asked later, without an answer.
    """

    trees: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    said: dict[tuple[str, str, str], object] = field(default_factory=dict)
    reads: dict[str, tuple[int, bytes]] = field(default_factory=dict)

    def asked(
        self, here: str | os.PathLike[str], root: str | os.PathLike[str], _: Mapping[str, bytes]
    ) -> FileTree:
        """Return the files on disk; all answers about them are noted."""
        tree = FileTree.of(here, root, {})
        self.trees[str(here), str(root)] = tree.here, tree.root
        return _Asked.with_answers(tree.here, tree.root, self)

    def known(
        self, here: str | os.PathLike[str], root: str | os.PathLike[str], _: Mapping[str, bytes]
    ) -> FileTree:
        """Return the files as the answers have them; a question without one is `missing`."""
        return _Known.with_answers(*self.trees[str(here), str(root)], self)

    def add(self, place: str, data: bytes) -> None:
        """Add all bytes of a file."""
        self.reads[place] = sys.maxsize, data

    def forget(self, places: Iterable[str]) -> None:
        """Let go of the bytes of some files."""
        for place in places:
            self.reads.pop(place, None)

    @property
    def size(self) -> int:
        """The bytes of files in the answers."""
        return sum(len(data) for _, data in self.reads.values())


class _Answering(FileTree):
    """A tree whose answers all go through `_answer` and `read`."""

    answers: Answers

    @classmethod
    def with_answers(cls, here: str, root: str, answers: Answers) -> _Answering:
        made = cls(here, root)
        object.__setattr__(made, "answers", answers)  # the other fields are frozen
        return made

    def _answer(self, what: str, about: str, ask: Callable[[str], _T]) -> _T:
        raise NotImplementedError

    def place(self, path: str) -> str:
        return self._answer("place", path, super().place)

    def repository(self, place: str) -> str:
        return self._answer("repository", place, super().repository)

    def exists(self, place: str) -> bool:
        return self._answer("exists", place, super().exists)

    def is_folder(self, place: str) -> bool:
        return self._answer("is_folder", place, super().is_folder)

    def is_file(self, place: str) -> bool:
        return self._answer("is_file", place, super().is_file)

    def is_pipe(self, place: str) -> bool:
        return self._answer("is_pipe", place, super().is_pipe)

    def is_link(self, place: str) -> bool:
        return self._answer("is_link", place, super().is_link)

    def size(self, place: str) -> int:
        return self._answer("size", place, super().size)

    def children(self, place: str) -> Children:
        return self._answer("children", place, self._children)

    def _children(self, place: str) -> Children:
        return [
            Child(one.name, one.path, one.is_dir(follow_symlinks=False), one.is_symlink())
            for one in super().children(place)
        ]


class _Asked(_Answering):
    def _answer(self, what: str, about: str, ask: Callable[[str], _T]) -> _T:
        key = (self.root, what, about)
        try:
            found = ask(about)
        except OSError as error:
            self.answers.said[key] = error
            raise
        self.answers.said[key] = found
        return found

    def peek(self, place: str, limit: int) -> bytes:
        return super().read(place, limit)

    def read(self, place: str, limit: int) -> bytes:
        try:
            found = super().read(place, limit)
        except OSError as error:
            self.answers.said[self.root, "read", place] = error
            raise
        if limit > self.answers.reads.get(place, (0, b""))[0]:
            self.answers.reads[place] = limit, found
        return found


class _Known(_Answering):
    def _answer(self, what: str, about: str, _: Callable[[str], _T]) -> _T:
        key = (self.root, what, about)
        if key not in self.answers.said:
            self.answers.missing.append(about)
            raise FileNotFoundError(ENOENT, os.strerror(ENOENT), about)
        found = self.answers.said[key]
        if isinstance(found, OSError):
            raise found
        return found  # type: ignore[return-value] # the answer to the same question

    def read(self, place: str, limit: int) -> bytes:
        known, data = self.answers.reads.get(place, (0, b""))
        if limit <= known or len(data) < known:
            return data[:limit]
        return self._answer("read", place, lambda _: b"")
