"""A tree of files that notes what it is asked, to see later whether the answers are the same."""

from __future__ import annotations

from contextlib import suppress
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.load.find.tree import FileTree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from iamlint.load.find.files import File
    from iamlint.load.find.tree import Children

Asked: TypeAlias = tuple[str, str]
"""A question, and the path that it is about."""

GONE: Final = "gone"
"""The answer about what cannot be read."""

_UNREADABLE: Final = "error "

_MAX_CONFIGURATION: Final = 10_000_000

_QUESTIONS: Final = frozenset(
    {
        *("place", "repository", "exists", "is_folder", "is_file", "is_pipe", "is_link"),
        *("size", "read", "children"),
    }
)


class NotedTree(FileTree):
    """The files of a tree, and the answers that were given about them."""

    notes: dict[Asked, str]
    extended: list[str]
    _names: frozenset[str]

    def __init__(self, tree: FileTree, names: Iterable[str] = ()) -> None:
        """Note the files of a tree; those with one of the `names` are configurations.

        `extended` are those that extend another one, which the tree does not read.
        """
        super().__init__(tree.here, tree.root, tree.contents)
        for name, start in (("notes", {}), ("extended", []), ("_names", frozenset(names))):
            object.__setattr__(self, name, start)  # the other fields are frozen

    def place(self, path: str) -> str:
        found = super().place(path)
        self.notes["place", path] = found
        return found

    def repository(self, place: str) -> str:
        found = super().repository(place)
        self.notes["repository", place] = found
        return found

    def exists(self, place: str) -> bool:
        return self._noted("exists", place, super().exists)

    def is_folder(self, place: str) -> bool:
        return self._noted("is_folder", place, super().is_folder)

    def is_file(self, place: str) -> bool:
        return self._noted("is_file", place, super().is_file)

    def is_pipe(self, place: str) -> bool:
        return self._noted("is_pipe", place, super().is_pipe)

    def is_link(self, place: str) -> bool:
        return self._noted("is_link", place, super().is_link)

    def size(self, place: str) -> int:
        try:
            found = super().size(place)
        except OSError:
            self.notes["size", place] = GONE
            raise
        self.notes["size", place] = str(found)
        return found

    def read(self, place: str, limit: int) -> bytes:
        try:
            found = super().read(place, limit)
        except OSError:
            self.notes[f"read {limit}", place] = GONE
            raise
        self.notes[f"read {limit}", place] = digest_of(found)
        return found

    def peek(self, place: str, limit: int) -> bytes:
        return super().read(place, limit)

    def children(self, place: str) -> Children:
        try:
            found = super().children(place)
        except OSError:
            self.notes["children", place] = GONE
            raise
        for one in found:
            if one.name in self._names and one.is_file():
                self._note_configuration(one.path)
        names = (f"{one.name}\0{one.is_dir(follow_symlinks=False)}" for one in found)
        self.notes["children", place] = digest_of("\0".join(names).encode("utf-8", "surrogatepass"))
        return found

    def _note_configuration(self, place: str) -> None:
        with suppress(OSError):
            if b"extend" in self.read(place, _MAX_CONFIGURATION):
                self.extended.append(place)

    def still_answers(self, notes: Iterable[tuple[str, str, str]]) -> bool:
        """Return whether each question about a path has the answer that it had."""
        return all(self._answer(what, about) == answer for what, about, answer in notes)

    def _answer(self, what: str, about: str) -> str:
        name, _, limit = what.partition(" ")
        if name not in _QUESTIONS:
            return GONE
        ask = getattr(self, name)
        with suppress(OSError):
            ask(about, *((int(limit),) if limit else ()))
        return self.notes[what, about]

    def _noted(self, what: str, place: str, ask: Callable[[str], bool]) -> bool:
        found = ask(place)
        self.notes[what, place] = str(found)
        return found


def digest_of(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()


def content_of(file: File) -> str:
    """Return a digest of what is in a file, or that it cannot be read."""
    try:
        data = file.data
    except OSError as error:
        return f"{_UNREADABLE}{error.errno}"
    notes = file.tree.notes if isinstance(file.tree, NotedTree) else {}
    return notes.get(whole(file)) or digest_of(data)


def whole(file: File) -> Asked:
    """Return the question that the content of a file answers."""
    return f"read {file.limit + 1}", file.place


def is_readable(content: str) -> bool:
    """Return whether a digest is that of a file that could be read."""
    return content != GONE and not content.startswith(_UNREADABLE)
