"""Several files in one text, so that one input of the fuzzer can be a whole repository.

Each file begins with a line `=== name`; text before the first of them is dropped.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEAD: Final = re.compile(rb"(?:\A|\n)=== ([^\n]*)\n")
_ODD: Final = re.compile(r"[^\w.@+=,%-]")
_LONGEST: Final = 60


def pack(files: Mapping[str, bytes]) -> bytes:
    return b"\n".join(b"=== %s\n%s" % (name.encode(), body) for name, body in files.items())


def unpack(data: bytes) -> dict[str, bytes]:
    """Return the files of an archive, by names that stay inside its folder."""
    _, *parts = _HEAD.split(data)
    return {_name(name): body for name, body in zip(parts[::2], parts[1::2], strict=True)}


def _name(written: bytes) -> str:
    path = posixpath.normpath("/" + written.decode("utf-8", "replace"))
    steps = [_ODD.sub("_", step)[-_LONGEST:] for step in path.split("/") if step]
    return "/".join(steps) or "_"
