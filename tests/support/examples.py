"""How many examples a property tries: some in `make test`, very many in `make nightly`."""

from __future__ import annotations

import os
from typing import Final

_GIVEN: Final = os.environ.get("IAMLINT_EXAMPLES")
NIGHTLY: Final = _GIVEN is not None


def examples(usual: int) -> int:
    """Return how many examples hypothesis tries."""
    return int(_GIVEN or usual)


def seeds(usual: int, at_night: int = 0) -> range:
    """Return the seeds of random inputs, each a test of its own; ten times as many at night."""
    return range((at_night or usual * 10) if NIGHTLY else usual)
