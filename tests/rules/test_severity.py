"""What a gate does with a finding: the page says why, and AWS's own policies show how often."""

from __future__ import annotations

import re
from pathlib import Path

from iamlint.catalog import Catalog
from iamlint.catalog.managed_policies import managed_policy, names
from iamlint.linter.check import CheckOptions, check_documents
from iamlint.rule import Profile, Severity
from iamlint.rule.finding import Finding
from iamlint.rules import BUILTIN
from tests.rules.test_aws_findings import document

PAGE = Path(__file__).parents[2] / "docs" / "severity.md"
MOST_WITH_WARNING = 0.075
MOST_WITH_ERROR = 0.0025


def test_managed_policies_rarely_get_a_warning_or_an_error_that_aws_does_not_report() -> None:
    settings = CheckOptions(
        rules=tuple(rule for rule in BUILTIN if rule.profile is Profile.DEFAULT),
        catalog=Catalog.open(),
        options={rule.name: rule.options() for rule in BUILTIN if rule.options},
    )
    policies = {name: policy.value for name in names() if (policy := managed_policy(name))}
    documents = [document(name, value) for name, value in policies.items()]

    reported: dict[Severity, set[str]] = {severity: set() for severity in Severity}
    for item in check_documents(documents, settings):
        assert isinstance(item, Finding)
        if item.access_analyzer is None:
            reported[item.severity].add(item.path)

    assert len(reported[Severity.WARNING]) <= MOST_WITH_WARNING * len(policies)
    assert len(reported[Severity.ERROR]) <= MOST_WITH_ERROR * len(policies)


def test_page_gives_each_rule_its_severity() -> None:
    rows = re.findall(
        r"^\| `([a-z-]+)` \| (\w+) \| (\w+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    ranks = {rule.name: rule.severity for rule in BUILTIN}

    assert rows == sorted(rows)
    assert [(name, ranks[name].value) for name, _, _ in rows] == [row[:2] for row in rows]
    assert all(Severity(lower).rank < Severity(upper).rank for _, upper, lower in rows)
