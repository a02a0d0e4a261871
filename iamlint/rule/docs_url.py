"""The address of a rule's page, from one constant: text, JSON, SARIF and HTML give the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from iamlint.rule.rule import Rule

PROJECT_URL: Final = "https://github.com/iamlint/iamlint"
SITE_URL: Final = ""
"""Where the site of `make docs` is hosted, without a slash at the end; empty while it is nowhere.

A dead link in every finding is worse than none: while it is empty, AWS's page is the link, and
`iamlint rule NAME` prints the page of the rule.
"""


def page_url(rule: Rule) -> str | None:
    """Return the address of a rule's page, the same in all versions; rules of plugins have none."""
    is_ours = SITE_URL and rule.module.startswith("iamlint.rules.")
    return f"{SITE_URL}/rules/{rule.name}/" if is_ours else None


def docs_url(rule: Rule) -> str:
    """Return where to read about a rule: its page, or that of AWS while no site is hosted."""
    return page_url(rule) or next(iter(rule.sources), PROJECT_URL)
