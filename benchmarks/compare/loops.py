"""Checks each policy of a folder with the library of a peer whose command takes one file only.

    python loops.py parliament|cloudsplaining

This is a script: it runs in the environment of the peer. If a policy raises, it is counted.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def parliament() -> Callable[[str], int]:
    from parliament import analyze_policy_string, enhance_finding  # noqa: PLC0415 - of one peer

    return lambda text: len(list(map(enhance_finding, analyze_policy_string(text).findings)))


def cloudsplaining() -> Callable[[str], int]:
    from cloudsplaining.command.scan_policy_file import (  # noqa: PLC0415 - of one peer
        scan_policy,
    )

    return lambda text: len(scan_policy(json.loads(text)))


PEERS = {"parliament": parliament, "cloudsplaining": cloudsplaining}


def main() -> None:
    check = PEERS[sys.argv[1]]()
    found = raised = 0
    for path in sorted(Path().glob("*.json")):
        try:
            found += check(path.read_text(encoding="utf-8"))
        except Exception:  # noqa: BLE001 - whatever a peer raises
            raised += 1
    print(f"{found} findings, {raised} policies raised")


if __name__ == "__main__":
    main()
