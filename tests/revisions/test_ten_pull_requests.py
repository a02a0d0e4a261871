"""The page about ten pull requests shows what the program reports."""

from __future__ import annotations

from scripts import diff_docs


def test_page_of_ten_pull_requests_is_what_the_program_reports() -> None:
    assert diff_docs.PAGE.read_text(encoding="utf-8") == diff_docs.page(), "run `make docs`"
