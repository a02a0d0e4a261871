"""`make fuzz`: looks for inputs that break something, guided by the branches that they reach.

python -m tests.fuzz [--runs N] [--seconds N] [TARGET…]

What breaks is written to `.fuzz/found/TARGET/`, once for each cause, and the search goes on. Inputs
that reached something new stay in `.fuzz/corpus/TARGET/`, where the next search begins.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

MODULES: Final = {
    **dict.fromkeys(("decide", "read", "read-code", "load-data", "load-templates"), "reading"),
    **dict.fromkeys(("load-modules", "load-dumps", "load-services"), "reading"),
    **dict.fromkeys(("judge", "fix", "ask", "configure", "ignore"), "running"),
    **dict.fromkeys(("remember", "test"), "running"),
}
"""The targets, and in which module each is: it imports, and so counts, only what it needs."""
_ROOT: Final = Path(__file__).parent.parent.parent
_FOUND: Final = Path(".fuzz") / "found"
_DONE: Final = re.compile(r"#(\d+)\s.*\bcov: (\d+)")
_MISSING: Final = "skipped: atheris is missing, install it by `pip install --editable '.[fuzz]'`\n"


def main(arguments: list[str] | None = None) -> int:
    """Fuzz the targets one after the other; return 1 if something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(MODULES))
    parser.add_argument("--runs", type=int, default=10_000, help="inputs for each target")
    parser.add_argument("--seconds", type=int, default=0, help="and at most so long for each")
    given = parser.parse_args(arguments)
    if find_spec("atheris") is None:
        sys.stdout.write(_MISSING)
        return 0
    limits = [f"-runs={given.runs}", f"-max_total_time={given.seconds}"]
    wrong = [target for target in given.targets or MODULES if _fuzz(target, limits)]
    return 1 if wrong else 0


def _fuzz(target: str, limits: list[str]) -> bool:
    """Return whether a target, fuzzed in its own process, has faults; print the progress."""
    found = _ROOT / _FOUND / target
    shutil.rmtree(found, ignore_errors=True)
    command = [sys.executable, "-m", "tests.fuzz.drive", target, *limits]
    done = subprocess.run(command, cwd=_ROOT, check=False, stderr=subprocess.PIPE, text=True)
    reached = [*_DONE.finditer(done.stderr)]
    inputs, branches = map(int, reached[-1].groups()) if reached else (0, 0)
    faults = len([*found.glob("*.txt")])
    sys.stdout.write(f"{target}: {inputs:,} inputs, {branches:,} branches, {faults} faults\n")
    sys.stdout.flush()
    if done.returncode:
        sys.stdout.write(done.stderr[-2000:])
    return bool(faults or done.returncode)


if __name__ == "__main__":
    sys.exit(main())
