"""The program: `iamlint`, and `python -m iamlint`."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the program without looking for garbage: what is read lives until the end."""
    gc.disable()
    from iamlint.cli.plain import main as run  # noqa: PLC0415 - importing makes much that lives on

    try:
        run()
    finally:
        gc.freeze()  # nor does the end of the process look for any


if __name__ == "__main__":
    if not sys.flags.safe_path:
        del sys.path[0]  # the folder it was started in, where anybody may have put a module
    main()
