"""The checks of other tools: each has rules that exist, or a reason why it has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.rule.peers import checks_like, peers, rules_for
from iamlint.rules import BUILTIN

if TYPE_CHECKING:
    from iamlint.rule.peers import PeerCheck

NAMES = {rule.name for rule in BUILTIN}
CHECKS = [check for peer in peers() for check in peer.checks]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_check_has_rules_or_a_reason_and_not_both(check: PeerCheck) -> None:
    assert set(check.rules) <= NAMES
    assert len(set(check.rules)) == len(check.rules)
    if not check.rules:
        assert check.absence is not None
        assert check.remark
    else:
        assert check.absence is None


def test_check_is_listed_once() -> None:
    ids = [check.id for check in CHECKS]

    assert len(set(ids)) == len(ids)


def test_lists_are_of_nine_tools() -> None:
    assert [peer.tool for peer in peers()] == [
        *("checkov", "cfn-lint", "parliament", "cloudsplaining", "prowler"),
        *("KICS", "cfn_nag", "cfripper", "trivy"),
    ]


def test_rules_and_checks_find_each_other() -> None:
    assert "wildcard-admin" in rules_for("CKV_AWS_1")
    assert "CKV_AWS_1" in checks_like("wildcard-admin")["checkov"]
    assert rules_for("CKV_AWS_0") == []
    assert checks_like("unused-ignore") == {}
