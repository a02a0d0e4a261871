"""What one side could not read: a policy that only the other side shows is not new for that."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import replace
from iamlint.load.document import Cause
from iamlint.reason.answer import Comparison, Open

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from iamlint.load.document import NotAnalysed
    from iamlint.revisions.matched import MatchedPair
    from iamlint.revisions.sides.side import ComparedSide
    from iamlint.revisions.texts import Words


MOST_BYTES: Final = 1_000_000
"""Bytes of a file without a reader that are compared."""


class HiddenParts:
    """What is not analysed on one side alone, by the paths of the new side.

    `in_old` are the parts of the old side that hide something of the new one.
    """

    def __init__(
        self, old: ComparedSide, new: ComparedSide, words_before: Words, words_after: Words
    ) -> None:
        self._words = words_before, words_after
        before, after = _gaps(old), _gaps(new)
        self._before = _by_path(before - after, new.renames)
        self._after = _by_path(after - before, {})
        self._old, self._new = old, new
        self._read_before, self._read_after = _read(old), _read(new)
        self.in_old: dict[NotAnalysed, None] = {}

    def comparison(self, pair: MatchedPair) -> Comparison | None:
        """Return what is unknown about a unit; None if both sides show all of it."""
        reasons = dict.fromkeys(self._reasons(pair))
        if not reasons:
            return None
        both = (True, False)
        return Comparison(open=tuple(Open(why, of_gains=way) for way in both for why in reasons))

    def _reasons(self, pair: MatchedPair) -> Iterator[str]:
        old = pair.old.paths if pair.old else frozenset()
        new = pair.new.paths if pair.new else frozenset()
        paths = sorted({self._new.renames.get(path, path) for path in old} | new)
        for path in paths:
            for item in self._before.get(path, ()):
                self.in_old[item] = None
                yield f"{item.path} could not be read before: {item.reason}"
            for item in self._after.get(path, ()):
                yield f"{item.path} cannot be read: {item.reason}"
        if pair.old is not None and pair.new is not None:
            before, after = self._words
            was, is_ = before.unknown(pair.old.policies), after.unknown(pair.new.policies)
            both = sorted({*was, *is_})
            yield from (f"{one} cannot be read" for one in both if was.get(one) != is_.get(one))
        yield from (
            f"{path} was not read before"
            for path in sorted(new & self._read_after)
            if pair.old is None and path not in self._read_before and _has(self._old, path)
        )
        yield from (
            f"{path} is not read any more"
            for path in sorted(old & self._read_before)
            if pair.new is None and path not in self._read_after and _has(self._new, path)
        )


def _gaps(side: ComparedSide) -> set[NotAnalysed]:
    """Return what was left out that may be a policy, without those whose holder is known."""
    return {
        replace(item, path=side.relative(item.path))
        for item in side.not_analysed
        if item.kind is None and (item.unreadable or item.cause.is_gap)
    }


def unsaid(side: ComparedSide) -> dict[str, Hashable]:
    """Return what files write in place of policies that are not known, by the labels of these."""
    found: dict[str, Hashable] = {}
    for item in side.repository.loaded.not_analysed:
        if item.kind is not None:
            name = " ".join((item.path, ".".join(map(str, item.pointer))))
            found[name] = item.reason
        elif item.unreadable or item.cause is Cause.BROKEN:
            found[f"{item.path}: {item.reason}"] = _bytes(side, side.relative(item.path))
    return found


def _bytes(side: ComparedSide, path: str) -> bytes | None:
    tree = side.repository.config.tree
    try:
        return tree.read(tree.place(str(Path(side.top, path))), MOST_BYTES)
    except OSError:
        return None


def _read(side: ComparedSide) -> frozenset[str]:
    return frozenset(map(side.relative, side.repository.loaded.paths))


def _has(side: ComparedSide, path: str) -> bool:
    """Return whether a side has a file, read or not."""
    tree = side.repository.config.tree
    return tree.is_file(tree.place(str(Path(side.top, path))))


def _by_path(
    items: set[NotAnalysed], renames: Mapping[str, str]
) -> dict[str, tuple[NotAnalysed, ...]]:
    """Return what was left out by the paths of the new side."""
    found: dict[str, tuple[NotAnalysed, ...]] = {}
    for item in sorted(items, key=lambda one: (one.path, str(one.pointer))):
        path = renames.get(item.path, item.path)
        found[path] = (*found.get(path, ()), item)
    return found
