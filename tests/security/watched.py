"""Runs a program of ours and writes down, a line each, what it asks Python and the system for.

python watched.py EVENTS iamlint|pytest ARGUMENT…

Processes that the program forks write into the same file.
https://docs.python.org/3/library/audit_events.html
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

_WATCHED = ("open", "exec", "compile", "import", "socket.", "subprocess.", "os.", "pty.", "urllib.")
_AFTER = ("http.", "ftplib.", "smtplib.", "shutil.", "tempfile.", "ctypes.", "marshal.load")
_IDLE = ("os.listdir", "os.scandir", "os.walk", "os.kill", "os.listxattr", "os.getxattr")
VARIABLE = "variable"


def watch(into: int) -> None:
    """Write what happens from now on into a file that is open."""
    getitem = type(os.environ).__getitem__

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _IDLE or not event.startswith((*_WATCHED, *_AFTER, VARIABLE)):
            return
        if event == "exec":
            arguments = (arguments[0].co_filename,)
        elif event == "compile":
            arguments = (arguments[1],)
        line = json.dumps([event, [_text(argument) for argument in arguments]])
        os.write(into, f"{line}\n".encode())

    def noted(environ: os._Environ[str], name: str) -> str:
        note(VARIABLE, (name,))
        return getitem(environ, name)

    type(os.environ).__getitem__ = noted  # type: ignore[method-assign] # `get` comes here too
    sys.addaudithook(note)


def _text(argument: object) -> str:
    return argument.decode(errors="replace") if isinstance(argument, bytes) else str(argument)


def main() -> None:
    _, events, program, *arguments = sys.argv
    sys.argv = [program, *arguments]
    watch(os.open(events, os.O_WRONLY | os.O_CREAT | os.O_APPEND))
    if program == "pytest":
        import pytest  # noqa: PLC0415 - after the watch begins

        sys.exit(pytest.main(arguments))
    from iamlint.__main__ import main as run  # noqa: PLC0415 - the same

    run()


if __name__ == "__main__":
    main()
