"""Finds iamlint's own modules by their names alone: a check imports hundreds.

Python asks each finder and each folder of its path, and reads byte code with eight calls to the
system; half of what an import takes goes there. Here byte code that belongs to its source is read
at once. Anything else, such as a module without byte code, is left to Python.
"""

from __future__ import annotations

import os
import sys
from _imp import _fix_co_filename  # type: ignore[attr-defined] # as Python does it
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import MAGIC_NUMBER
from marshal import loads
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType, ModuleType

_BY_TIME: Final = MAGIC_NUMBER + bytes(4)
"""How byte code begins that is compared with its source by time and size."""

_INIT: Final = "__init__"


def find_quickly(package: ModuleType) -> None:
    """Let the modules of a package be found by their names, unless byte code is elsewhere."""
    of_package = package.__spec__ and package.__spec__.cached
    if of_package and not sys.pycache_prefix:
        sys.meta_path.insert(0, _Finder(package.__name__, of_package.rpartition(_INIT)[2]))


class _Finder:
    def __init__(self, package: str, suffix: str) -> None:
        self._start = f"{package}."
        self._suffix = suffix

    def find_spec(
        self, name: str, path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the module or package with this name, as Python's own finders do."""
        if not path or not name.startswith(self._start):
            return None
        folder, own = path[0], name.rpartition(".")[2]
        inner = f"{folder}{os.sep}{own}"
        return self._found(name, folder, own) or self._found(name, inner, _INIT)

    def _found(self, name: str, folder: str, own: str) -> ModuleSpec | None:
        source = f"{folder}{os.sep}{own}.py"
        try:
            written = os.stat(source)  # noqa: PTH116 - `pathlib` is not imported yet
        except OSError:
            return None
        cached = f"{folder}{os.sep}__pycache__{os.sep}{own}{self._suffix}"
        spec = ModuleSpec(name, _Loader(name, source, cached, written), origin=source)
        spec.has_location, spec.cached = True, cached
        spec.submodule_search_locations = [folder] if own == _INIT else None
        return spec


class _Loader(SourceFileLoader):
    def __init__(self, name: str, source: str, cached: str, written: os.stat_result) -> None:
        super().__init__(name, source)
        self._cached = cached
        self._written = int(written.st_mtime), written.st_size

    def get_code(self, fullname: str) -> CodeType | None:
        """Return the byte code if it was made of this source; else Python compiles it."""
        try:
            file = os.open(self._cached, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        except OSError:
            return super().get_code(fullname)
        try:
            data = os.read(file, os.fstat(file).st_size)
        finally:
            os.close(file)
        written = (number & 0xFFFFFFFF for number in self._written)
        start = _BY_TIME + b"".join(number.to_bytes(4, "little") for number in written)
        if not data.startswith(start):
            return super().get_code(fullname)
        code: CodeType = loads(memoryview(data)[len(start) :])  # noqa: S302 - Python would, too
        _fix_co_filename(code, self.path)
        return code
