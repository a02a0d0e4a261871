"""Text, JSON, SARIF, HTML and `iamlint rule` give one address for the page of a rule."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.rule import docs_url, page
from iamlint.rules import BUILTIN
from tests.report.report_runs import PLAIN

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program

AWS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege"
PAGE = "https://docs.example/rules/wildcard-admin/"
RULE = "wildcard-admin"
WILDCARD_ADMIN = next(rule for rule in BUILTIN if rule.name == RULE)


@pytest.fixture
def policy(tmp_path: Path) -> str:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    file = tmp_path / "p.json"
    file.write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    return str(file)


@pytest.fixture
def hosted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs_url, "SITE_URL", "https://docs.example")


def addresses(iamlint: Program, policy: str) -> dict[str, object]:
    """Return the address of `wildcard-admin` in each output of a check."""
    formats = ("full", "json", "jsonl", "sarif", "html")
    out = {
        name: iamlint("check", policy, "--select", RULE, "--output-format", name).out
        for name in formats
    }
    lines = [line.partition("= docs: ")[2] for line in out["full"].splitlines()]
    driver = json.loads(out["sarif"])["runs"][0]["tool"]["driver"]
    return {
        "full": next(filter(None, lines)),
        "json": json.loads(out["json"])["findings"][0]["url"],
        "jsonl": json.loads(out["jsonl"].splitlines()[0])["url"],
        "sarif": next(r["helpUri"] for r in driver["rules"] if r["id"] == RULE),
        "html": PAGE if f'href="{PAGE}"' in out["html"] else None,
    }


@pytest.mark.usefixtures("hosted")
def test_every_output_gives_the_page_of_the_site(iamlint: Program, policy: str) -> None:
    outputs = ("full", "json", "jsonl", "sarif", "html")

    assert addresses(iamlint, policy) == dict.fromkeys(outputs, PAGE)
    assert f"Docs: {PAGE}" in page.as_text(WILDCARD_ADMIN)
    assert page.as_json(WILDCARD_ADMIN)["url"] == PAGE


def test_without_a_site_the_page_of_aws_is_the_address(iamlint: Program, policy: str) -> None:
    nothing = dict.fromkeys(("json", "jsonl", "html"))

    assert addresses(iamlint, policy) == {"full": AWS, "sarif": AWS, **nothing}
    assert "Docs:" not in page.as_text(WILDCARD_ADMIN)


@pytest.mark.usefixtures("hosted")
def test_rule_of_a_plugin_has_no_page_on_the_site() -> None:
    assert docs_url.page_url(PLAIN) is None
    assert docs_url.docs_url(PLAIN) == "https://docs.aws.amazon.com/IAM/"
