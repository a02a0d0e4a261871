"""A policy that asks for too much work is listed as not analysed: it never looks clean."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from iamlint.config import Config
from iamlint.linter.lint_options import LintOptions
from iamlint.linter.pipeline import lint
from iamlint.load.document import Cause
from iamlint.plugins.extensions import load_extensions

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from iamlint.rule.run import Run

TODAY = date(2027, 3, 31)


def run(folder: Path, text: str) -> Run:
    (folder / "p.json").write_text(text)
    config = Config(root=folder, here=folder)
    return lint(LintOptions(("p.json",), TODAY, config, here=folder), load_extensions(config))


def policy(*statements: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def allow(**elements: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": "s3:*", "Resource": "*", **elements}


def reasons(found: Run) -> list[str]:
    assert {item.cause for item in found.not_analysed} <= {Cause.LIMIT}
    return [item.reason for item in found.not_analysed]


def test_of_a_policy_with_more_parts_than_aws_could_take_only_the_size_is_judged(
    tmp_path: Path,
) -> None:
    found = run(tmp_path, policy(allow(Action=["s3:*"] * 25_000)))

    assert reasons(found) == ["more than 25,000 statements, keys and strings in a policy"]
    assert [finding.rule for finding in found.findings] == ["oversized-identity-policy"]
    assert found.policies == 1


def test_one_with_fewer_is_analysed(tmp_path: Path) -> None:
    found = run(tmp_path, policy(allow(Action=["s3:*"] * 24_000)))

    assert reasons(found) == []
    assert "wildcard-service" in {finding.rule for finding in found.findings}


def test_a_rule_that_may_compare_no_more_says_so_and_the_others_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("iamlint.linter.check.LEAST", 1_000)
    monkeypatch.setattr("iamlint.linter.check.EACH", 0)
    conditions = {
        "StringLike": {"aws:username": [f"a*{i}*x" for i in range(60)]},
        "StringEquals": {"aws:username": [f"a{i}y" for i in range(60)]},
    }
    found = run(tmp_path, policy(allow(), allow(Condition=conditions)))

    assert [reason.split(" and ")[0] for reason in reasons(found)] == [
        "more than 1,000 comparisons: not checked by `contradicting-conditions`"
    ]
    assert "wildcard-service" in {finding.rule for finding in found.findings}


def test_an_ignore_in_a_file_that_is_only_partly_checked_is_not_called_unused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = """{"Version": "2012-10-17", "Statement": [
    // iamlint: ignore[wildcard-service] everybody may
    {"Effect": "Allow", "Action": ["s3:*", "s3:Get*"], "Resource": "*"}]}"""
    monkeypatch.setattr("iamlint.linter.check.MAX_PARTS", 3)
    found = run(tmp_path, text)

    assert len(found.not_analysed) == 1
    assert found.findings == ()
