"""Every case of the tables in `cases/` is decided as AWS documents it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from iamlint.simulate.scenario import simulate
from tests.evaluator.case_tables import Case, all_cases

if TYPE_CHECKING:
    from collections.abc import Mapping

# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
RCP_SERVICES = frozenset({"kms", "s3", "secretsmanager", "sqs", "sts"})


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: f"{case.table}: {case.name}")
def test_aws_decides(case: Case) -> None:
    for scenario, expected in case.checks:
        answer = simulate(scenario, rcp_services=RCP_SERVICES)
        assert _told(answer, expected) == expected, answer


def _told(answer: Mapping[str, Any], expected: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of an answer that a case expects, in its words."""
    told: dict[str, Any] = {"decision": answer["decision"]}
    if expected["decision"] == "not allowed" and answer["decision"] != "allowed":
        told["decision"] = "not allowed"
    elif answer["errors"]:
        told["errors"] = answer["errors"]
    if "decided_by" in expected:
        told["decided_by"] = sorted({entry["policy"] for entry in answer["decided_by"]})
    if "open" in expected:
        told["open"] = [name for entry in answer["open"] for name in entry["principals"]]
    for name in ("blocked_by", "missing_context"):
        if name in expected:
            told[name] = sorted(answer[name])
    return told


def test_a_table_has_no_two_cases_of_one_name() -> None:
    names = Counter((case.table, case.name) for case in all_cases())
    assert [name for name, count in names.items() if count > 1] == []


def test_every_case_has_its_page() -> None:
    pages = "https://docs.aws.amazon.com/"
    assert [case.name for case in all_cases() if not case.source.startswith(pages)] == []


def test_there_are_at_least_four_hundred_cases_beside_the_operator_matrix() -> None:
    written = [case for case in all_cases() if not case.table.endswith("_matrix")]
    assert len(written) >= 400
