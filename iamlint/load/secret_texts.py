"""The texts of files that have secrets in them, where AWS or the makers of an account read them.

These are templates, modules with their values, plans and states, policies, dumps, reports, and the
files that a module reads with `file`. A secret anywhere else is for other tools.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from iamlint.late_pattern import late_pattern
from iamlint.load.file_value import Subject, SubjectKind
from iamlint.load.find.sizes import MAX_WALKED
from iamlint.load.find.tree import is_inside, parts_below
from iamlint.load.terraform.language.filenames import VALUES, is_module_file
from iamlint.text.secret_marks import may_hold_secret

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.load.find.files import File

_OF_TERRAFORM: Final = (*VALUES, ".tfstate")
_OF_TEMPLATES: Final = (b"AWS::", b'"terraform_version"', b'"resource_changes"')
_SERVERLESS: Final = ("serverless.yml", "serverless.yaml", "serverless.json")
_LOCKS: Final = ("-lock.json", "-lock.yaml", "-lock.yml", ".lock", ".lock.hcl", ".lock.json")
_READS: Final = late_pattern(
    rb'\b(?:file|filebase64|templatefile)\(\s*"(?:\$\{path\.(?:module|root)\}/)?([^"$\n]{1,200})"'
)


def texts_with_secrets(files: Sequence[File], paths: AbstractSet[str]) -> Iterator[Subject]:
    """Yield the text of each file with a secret; something else was found in those of `paths`."""
    known = {file.place for file in files}
    for file in files:
        data = _data(file)
        if data is None:
            continue
        if may_hold_secret(data) and _is_listed(file, data, paths):
            yield from _text(file.path, data)
        if b"(" in data and is_module_file(file.path):
            yield from _read_by_module(file, data, known)


def _data(file: File) -> bytes | None:
    try:
        data = file.data
    except OSError:
        return None
    return data if len(data) <= file.limit else None


def _is_listed(file: File, data: bytes, paths: AbstractSet[str]) -> bool:
    """Return whether a file is of a sort in which secrets are looked for."""
    name = file.path.lower()
    if name.endswith(_LOCKS):
        return False
    if file.by_path or file.path in paths or is_module_file(name):
        return True
    if name.endswith((*_OF_TERRAFORM, *_SERVERLESS)):
        return True
    return any(mark in data for mark in _OF_TEMPLATES)


def _read_by_module(file: File, data: bytes, known: set[str]) -> Iterator[Subject]:
    """Yield the texts of the repository that a file of a module reads, each once."""
    tree, folder = file.tree, Path(file.place).parent
    for match in _READS.finditer(data):
        name = folder / match[1].decode("utf-8", "replace")
        place = tree.place(os.path.normpath(name))
        if place in known or place.lower().endswith(_LOCKS) or not tree.is_file(place):
            continue
        known.add(place)
        if not is_inside(place, tree.repository(str(folder))):
            continue
        if file.scope.exclude.cover(parts_below(place, file.scope.root)):
            continue
        try:
            text = tree.read(place, MAX_WALKED + 1)
        except OSError:
            continue
        if len(text) <= MAX_WALKED and may_hold_secret(text):
            yield from _text(tree.shown(place), text)


def _text(path: str, data: bytes) -> Iterator[Subject]:
    from iamlint.text.read import decoded  # noqa: PLC0415 - few files have a mark
    from iamlint.text.source import Dialect, Place, Source  # noqa: PLC0415 - the same
    from iamlint.text.span import Span  # noqa: PLC0415 - the same

    text = decoded(data)
    whole = Place(Span(0, len(text)))
    source = Source(text=text, value=None, dialect=Dialect.JSON, places=lambda: {(): whole})
    if source.lines.secrets:
        yield Subject(SubjectKind.TEXT, path, source, (), ())
