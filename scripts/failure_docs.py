"""Writes what failures say into docs/pytest.md: `sample_policies/company/fails_on_purpose.py`, run.

`--check` compares instead.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "pytest.md"
FOLDER = ROOT / "sample_policies" / "company"
TESTS = "fails_on_purpose.py"
START, END = "<!-- made by scripts/failure_docs.py -->\n", "<!-- end -->\n"
TITLES = {
    "test_statement_that_denies": "An SCP denies",
    "test_nothing_that_allows": "Nothing allows",
    "test_boundary_that_is_silent": "The boundary is silent",
    "test_key_that_nobody_gave": "A condition key was not given",
    "test_trust_that_is_for_others": "The trust policy is for others",
    "test_bucket_that_denies": "The bucket's policy denies",
}


class Failures:
    """Keeps what pytest would show of each failing test."""

    def __init__(self) -> None:
        self.shown: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call":
            return
        name = report.nodeid.rpartition("::")[2]
        said = re.search(r"^>.*?(?=^\S)", f"{report.longreprtext}\n.", re.DOTALL | re.MULTILINE)
        # The first line of the section is what stands behind `E` too.
        asked = [line for line in said[0].splitlines() if line[0] == ">"] if said else []
        ((title, text),) = report.sections
        self.shown[name] = "\n".join([*asked, "", f"- {title} -", text.rstrip()])


def failures() -> dict[str, str]:
    """Run the tests that fail, where a user would."""
    kept = Failures()
    os.chdir(FOLDER)
    with contextlib.redirect_stdout(io.StringIO()):
        plain = ("-q", "-c", os.devnull, "--rootdir", ".", "-p", "no:cacheprovider")
        code = pytest.main([*plain, TESTS], plugins=[kept])
    if code != pytest.ExitCode.TESTS_FAILED or kept.shown.keys() != TITLES.keys():
        raise SystemExit(f"{TESTS}: {code!r}, {sorted(kept.shown.keys() ^ TITLES.keys())}")
    return kept.shown


def page(text: str) -> str:
    """Return the page with what failures say now."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    blocks = [
        f"**{TITLES[name]}**\n\n```text\n{shown.replace(f'{FOLDER}{os.sep}', '')}\n```\n"
        for name, shown in failures().items()
    ]
    return before + START + "\n" + "\n".join(blocks) + "\n" + END + after


def main() -> None:
    text = PAGE.read_text(encoding="utf-8")
    current = page(text)
    if "--check" not in sys.argv:
        PAGE.write_text(current, encoding="utf-8")
    elif current != text:
        raise SystemExit(f"{PAGE.name} is not current: run `make docs`")


if __name__ == "__main__":
    main()
