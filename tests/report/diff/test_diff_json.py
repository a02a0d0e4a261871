"""The JSON of a comparison, a contract: every key, in its order."""

from __future__ import annotations

import json
from typing import Any

from iamlint.reason.answer import Comparison, Diff, Open, ValueTest
from iamlint.report.diff.formats import DIFF_FORMATS
from iamlint.simulate.scenario import simulate
from iamlint.version import VERSION
from tests.report.diff.diffs import (
    CHANGES,
    DEPLOY,
    DIFF,
    GAIN,
    OUTPUT,
    PARTNER,
    ROLE,
    UNKNOWN,
    diff,
    difference,
    unit,
    witness,
)

report = DIFF_FORMATS["json"]
BECAUSE = {
    "path": "deploy.json",
    "sid": "Deploy",
    "range": {
        "start": {"line": 4, "column": 5, "offset": 50},
        "end": {"line": 9, "column": 6, "offset": 210},
    },
}
OBJECT = {
    "actions": ["s3:DeleteObject", "s3:PutObject*"],
    "resources": ["arn:aws:s3:::prod/*"],
    "principals": None,
    "condition": {"aws:MultiFactorAuthPresent": "unless Bool true"},
    "witness": {
        "principal": ROLE,
        "action": "s3:DeleteObject",
        "resource": "arn:aws:s3:::prod/x",
        "resource_account": "111122223333",
        "context": {},
    },
    "because": [BECAUSE],
}


def read(found: Diff) -> Any:
    return json.loads(report(found, OUTPUT))


def test_report_has_these_keys_in_this_order() -> None:
    change = unit("role/deployer", Comparison((GAIN,), (GAIN,)), address="aws_iam_role.deployer")
    found = diff(change, unchanged=30)

    expected = {
        "version": 1,
        "tool": {"name": "iamlint", "version": VERSION, "catalog_date": OUTPUT.catalog.date},
        "old": "main",
        "new": "working tree",
        "verdict": "incomparable",
        "changes": [
            {
                "subject": "role/deployer",
                "account": "111122223333",
                "address": "aws_iam_role.deployer",
                "path": "infra/deploy.tf",
                "kind": "identity",
                "status": "changed",
                "verdict": "incomparable",
                "gained": [OBJECT],
                "lost": [OBJECT],
                "unknown": [],
            }
        ],
        "not_analysed": [],
        "summary": {"gained": 1, "lost": 1, "same": 0, "unchanged": 30, "unknown": 0},
    }
    assert report(found, OUTPUT) == json.dumps(expected, indent=1) + "\n"


def test_what_limits_a_gain_is_there_if_something_does() -> None:
    (change,) = read(diff(unit("bucket a", Comparison((PARTNER,)), kind="resource")))["changes"]

    assert change["gained"] == [
        {
            "actions": ["s3:GetObject"],
            "resources": ["arn:aws:s3:::artifacts/*"],
            "except": ["arn:aws:s3:::artifacts/public/*"],
            "principals": ["arn:aws:iam::444455556666:root"],
            "condition": {
                "aws:SourceIp": "IpAddress 192.0.2.0/24, 198.51.100.0/24"
                " and unless IpAddress 192.0.2.7/32",
                "aws:SourceVpce": "absent",
            },
            "part": True,
            "witness": {
                "principal": "arn:aws:iam::444455556666:role/a",
                "action": "s3:GetObject",
                "resource": "arn:aws:s3:::artifacts/x",
                "resource_account": "111122223333",
                "context": {"aws:SourceIp": "192.0.2.1", "aws:TagKeys": ["a", "b"]},
            },
            "unlisted": ["aws:TagKeys"],
            "because": [BECAUSE],
        }
    ]


def test_values_that_a_request_assumes_are_beside_it() -> None:
    one = difference(witness=witness(given={"var.bucket": "prod"}))

    (gain,) = read(diff(unit("role/a", Comparison((one,)))))["changes"][0]["gained"]

    assert gain["given"] == {"var.bucket": "prod"}
    assert simulate({"request": gain["witness"]})["errors"] == []


def test_unknown_answer_has_its_reason_and_names() -> None:
    lost = Open("the budget is spent", of_gains=False)
    (change,) = read(diff(unit(None, Comparison(open=(UNKNOWN, lost)), account=None, path=None)))[
        "changes"
    ]

    assert change == {
        "subject": None,
        "account": None,
        "address": None,
        "path": None,
        "kind": "identity",
        "status": "changed",
        "verdict": "unknown",
        "gained": [],
        "lost": [],
        "unknown": [
            {"reason": UNKNOWN.reason, "names": [*UNKNOWN.names], "because": [BECAUSE]},
            {"reason": "the budget is spent", "names": [], "because": [], "about": "lost"},
        ],
    }


def test_statement_of_a_policy_without_file_has_no_place() -> None:
    one = difference(because=(DEPLOY.__class__(DEPLOY.kind, 0, 0, None, None, "AWS"),))
    (change,) = read(diff(unit("role/a", Comparison((one,)))))["changes"]

    assert change["gained"][0]["because"] == [{"path": None, "sid": None, "range": None}]


def test_summary_counts_a_unit_for_each_thing_that_happens_to_it() -> None:
    assert read(DIFF)["summary"] == {
        "gained": 2,
        "lost": 2,
        "same": 2,
        "unchanged": 30,
        "unknown": 2,
    }


def test_units_keep_their_order_and_not_analysed_files_are_all_there() -> None:
    value = read(DIFF)

    assert [one["subject"] for one in value["changes"]] == [one.subject for one in CHANGES]
    assert value["not_analysed"] == [
        {
            "path": "a\nb.yaml",
            "pointer": ["Resources", 0],
            "policy": "Resources.0",
            "reason": "too deep",
        },
        {"path": "other.tf", "pointer": [], "policy": "", "reason": "a policy of Google Cloud"},
    ]


def test_witness_is_a_request_that_simulate_takes() -> None:
    changes = read(DIFF)["changes"]

    witnesses = [
        one["witness"] for change in changes for one in (*change["gained"], *change["lost"])
    ]

    assert len(witnesses) == 8
    assert [simulate({"request": one})["errors"] for one in witnesses] == [[]] * 8


def test_access_key_is_masked() -> None:
    key = "AKIA" + "Q3EGRN5XYLABCDEF"
    one = difference(condition={"a:k": (ValueTest("StringEquals", (key,)),)})

    text = report(diff(unit(f"role/{key}", Comparison((one,)))), OUTPUT)

    assert key not in text
    assert "AKIA…CDEF" in json.loads(text)["changes"][0]["subject"]
