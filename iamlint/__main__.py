"""The program: `iamlint`, and `python -m iamlint`."""

from __future__ import annotations

import atexit
import gc
import os
import sys

import iamlint
from iamlint.late_pattern import own_process
from iamlint.own_modules import find_quickly


def main() -> None:
    """Run the program without looking for garbage: what is read lives until the end."""
    gc.disable()
    find_quickly(iamlint)
    own_process()
    from iamlint.cli.plain import main as run  # noqa: PLC0415 - importing makes much that lives on

    try:
        run()
    except SystemExit as ended:
        if isinstance(ended.code, int) and _is_over() and _is_written():
            os._exit(ended.code)  # to take all modules apart is a twentieth of a check
        raise
    finally:
        gc.freeze()  # nor does the end of the process look for any


def _is_over() -> bool:
    """Return whether no handler, thread, debugger, profiler or prompt waits for the end."""
    threads = sys.modules.get("threading")
    return (
        not getattr(atexit, "_ncallbacks", lambda: 1)()
        and (threads is None or threads.active_count() == 1)
        and not (sys.gettrace() or sys.getprofile() or sys.flags.inspect)
    )


def _is_written() -> bool:
    """Return whether all output could be written; if not, the end is as usual."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        return False
    return True


if __name__ == "__main__":
    if not sys.flags.safe_path:
        del sys.path[0]  # the folder it was started in, where anybody may have put a module
    main()
