"""Shares of a run, checked anywhere: results out as lines of JSON, and back in.

The first line says what was asked, so that only shares of one run are put together. Each part has
three: its number, its facts and its findings.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from iamlint.errors import UsageError
from iamlint.fast_dataclass import dataclass, replace
from iamlint.linter.records import as_json, from_data
from iamlint.linter.written import WrittenPart
from iamlint.load.find.noted import content_of
from iamlint.rule.finding import digest
from iamlint.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from iamlint.linter.parts import RunParts

_FORMAT: Final = "iamlint part"


@dataclass(frozen=True, slots=True)
class ShareHead:
    """The run that a share is of, by its flags and a digest of what they name, and its number."""

    flags: Mapping[str, object]
    question: str
    version: str
    catalog: str
    number: int
    of: int
    parts: int


@dataclass(frozen=True, slots=True)
class RunShare:
    """A share as it is read, part by part; `name` is that of its file."""

    name: str
    head: ShareHead
    lines: Iterator[bytes]

    def results(self) -> Iterator[tuple[int, WrittenPart]]:
        """Yield the parts with their numbers; raise `UsageError` for other lines."""
        try:
            for number, facts, findings in zip(self.lines, self.lines, self.lines, strict=False):
                yield int(number), WrittenPart.read(facts.rstrip(b"\n"), findings.rstrip(b"\n"))
        except ValueError as error:
            raise _not_a_part(self.name) from error


def share_lines(
    parts: RunParts, flags: Mapping[str, object], number: int, of: int
) -> Iterator[str]:
    """Yield the lines of a share, each when its part is checked."""
    head = head_of(parts, flags, number, of)
    yield as_json({"format": _FORMAT, "head": head}) + "\n"
    for part in parts.share(number, of):
        yield f"{part}\n"
        yield from (f"{line.decode()}\n" for line in parts.result(part).lines)


def head_of(parts: RunParts, flags: Mapping[str, object], number: int, of: int) -> ShareHead:
    """Return the head of a share of a run."""
    paths = parts.paths
    said = sorted(
        (config.shown, config.lines.whole if config.lines else "")
        for config, _ in parts.scopes.grouped(paths)
    )
    contents = [content_of(replace(file)) for file in parts.files_of(0)]  # and let go of it
    asked = digest([flags, paths, said, contents])
    catalog = parts.plugged.catalog.date
    return ShareHead(flags, asked, VERSION, catalog, number, of, parts.count)


def read_share(lines: Iterable[bytes], name: str) -> RunShare:
    """Return a share; raises `UsageError` for other lines."""
    rest = iter(lines)
    try:
        about = json.loads(next(rest, b""))
        if about["format"] != _FORMAT:
            raise _not_a_part(name)
        head: ShareHead = from_data(ShareHead, about["head"])
    except (ValueError, LookupError, TypeError) as error:
        raise _not_a_part(name) from error
    return RunShare(name, head, rest)


def _not_a_part(name: str) -> UsageError:
    return UsageError(
        f"`{name}` is not a part of a run",
        help="`iamlint check PATH --part K/N -o FILE` writes one",
    )


def joined(shares: Sequence[RunShare], head: ShareHead) -> Iterator[tuple[int, WrittenPart]]:
    """Yield the results of all parts; raises `UsageError` unless the shares are of one run."""
    found: set[int] = set()
    numbers = {share.head.number for share in shares}
    for share in shares:
        own = share.head
        for what, theirs, ours in (
            ("by iamlint", own.version, head.version),
            ("with the AWS data of", own.catalog, head.catalog),
            ("of", f"{own.of} parts", f"{head.of} parts"),
        ):
            if theirs != ours:
                raise UsageError(f"`{share.name}` was made {what} {theirs}, and this is {ours}")
        if (own.question, own.parts) != (head.question, head.parts):
            raise UsageError(
                f"`{share.name}` is of other files or options",
                help="check all parts with one command, over the files that are here",
            )
    if missing := sorted(set(range(1, head.of + 1)) - numbers):
        listed = ", ".join(f"{number}/{head.of}" for number in missing)
        raise UsageError(f"parts are missing: {listed}", help="name the files of all parts")
    for share in shares:
        for number, part in share.results():
            if number not in found:
                found.add(number)
                yield number, part
    if lost := sorted(set(range(head.parts)) - found):
        raise UsageError(f"{len(lost)} of {head.parts} results are missing in the parts")
