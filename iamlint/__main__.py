"""`python -m iamlint`."""

from __future__ import annotations

from iamlint.cli import main

main()
