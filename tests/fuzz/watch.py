"""Runs a target on one input, and returns the fault: an exception, a property, or the time."""

from __future__ import annotations

import signal
import traceback
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Final

from tests.fuzz.target import Wrong

if TYPE_CHECKING:
    from types import FrameType

    from tests.fuzz.target import Target

MOST: Final = 1.0
"""Seconds of the processor that an input may take."""
_OURS: Final = ("iamlint", "pytest_iam")


class TooSlow(BaseException):
    """Raised in code that takes too long; no boundary of the program may catch it as an error."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The fault of an input; `kind` is the same for all with one cause."""

    kind: str
    text: str


def fault_of(target: Target, archive: bytes, most: float = MOST) -> Fault | None:
    """Return the fault of an input, if it has one; it is stopped after ten times `most`."""
    signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, 10 * most)
    start = process_time()
    try:
        target(archive)
    except Wrong as wrong:
        return Fault(wrong.kind, str(wrong))
    except TooSlow as slow:
        return Fault(f"too slow: {_where(slow)}", traceback.format_exc())
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        return Fault(f"{type(error).__name__}: {_where(error)}", traceback.format_exc())
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    taken = process_time() - start
    return Fault("slow", f"{taken:.1f} s") if taken > most else None


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise TooSlow


def _where(error: BaseException) -> str:
    """Return the innermost place in iamlint at which an error was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if any(f"/{name}/" in f.filename for name in _OURS)] or [
        frame for frame in frames if frame.filename != __file__
    ]
    return f"{Path(ours[-1].filename).name}:{ours[-1].lineno}"
