"""The hash by which GitHub recognises a line after the lines above it have moved.

The upload action computes it where a document has none, and warns where it has another one:
https://github.com/github/codeql-action/blob/main/src/fingerprints.ts
"""

from __future__ import annotations

import struct
from collections import Counter
from operator import mul

_WINDOW = 100
_FACTOR = 37
_MASK = (1 << 64) - 1
_POWERS = tuple(pow(_FACTOR, power, _MASK + 1) for power in reversed(range(_WINDOW)))
_LINE_FEED = 0x0A
_END_OF_FILE = 0xFFFF


def line_hashes(text: str) -> list[str]:
    """Return a hash for each line: 16 digits at most, a colon, and how often it came so far.

    A hash is a polynomial over the 100 UTF-16 units from the start of the line, running on into
    the next ones, without blanks and tabs; every line end counts as LF.
    """
    units = _units(text)
    starts = [0, *(at + 1 for at, unit in enumerate(units) if unit == _LINE_FEED)]
    padded = (*units, _END_OF_FILE, *(0,) * _WINDOW)
    seen: Counter[int] = Counter()
    hashes = []
    for start in starts:
        value = sum(map(mul, padded[start : start + _WINDOW], _POWERS)) & _MASK
        seen[value] += 1
        hashes.append(f"{value:x}:{seen[value]}")
    return hashes


def _units(text: str) -> tuple[int, ...]:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace(" ", "").replace("\t", "")
    data = text.encode("utf-16-le", "surrogatepass")
    return struct.unpack(f"<{len(data) // 2}H", data)
