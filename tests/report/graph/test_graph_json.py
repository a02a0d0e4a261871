"""The JSON of a graph, a contract: every key, in its order."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from iamlint.fast_dataclass import replace
from iamlint.graph.answer import Reaching
from iamlint.report.graph.formats import GRAPH_FORMATS
from iamlint.version import VERSION
from tests.report.graph.graphs import (
    ACCOUNT,
    ANSWERS,
    AWS_MANAGED,
    CHANGE,
    EDGES,
    EMPTY,
    GRAPH,
    MFA,
    NODES,
    OIDC,
    OUTPUT,
    PARTNER,
    SAML,
    answer,
    principal,
)

if TYPE_CHECKING:
    from iamlint.report.graph.view import GraphFound

report = GRAPH_FORMATS["json"]
LINE_4 = {
    "start": {"line": 4, "column": 5, "offset": 50},
    "end": {"line": 4, "column": 82, "offset": 127},
}
LINE_5 = {
    "start": {"line": 5, "column": 5, "offset": 133},
    "end": {"line": 5, "column": 69, "offset": 197},
}
NAMED = {
    "start": {"line": 2, "column": 2, "offset": 3},
    "end": {"line": 2, "column": 13, "offset": 14},
}
PASSES = {
    "path": "iam.json",
    "range": LINE_4,
    "policy": "identity",
    "sid": "Pass",
    "says": "may pass the role",
}
ASSUMES = {
    "path": "iam.json",
    "range": LINE_5,
    "policy": "identity",
    "sid": None,
    "says": "may assume the role",
}
TRUSTS = {**ASSUMES, "path": "trust.json", "says": "trusts the caller"}
MFA_KEY = {"key": "aws:MultiFactorAuthPresent", "values": ["true"], "set_by": "caller"}


def read(found: GraphFound) -> Any:
    return json.loads(report(found, OUTPUT))


def test_report_has_these_keys_in_this_order() -> None:
    one = answer("user/chris", Reaching.CONDITIONAL, "e02", conditions=(MFA,), unknown=("var.a",))
    found = replace(
        GRAPH, answers=(one,), nodes=(principal("role/a"),), edges=(EDGES[1],), closed=()
    )
    found = replace(found, not_analysed=(), assumptions=())

    expected = {
        "version": 1,
        "tool": {"name": "iamlint", "version": VERSION, "catalog_date": OUTPUT.catalog_date},
        "to": "admin",
        "action": [],
        "answers": [
            {
                "from": "user/chris",
                "to": "admin",
                "answer": "conditional",
                "steps": ["e02"],
                "aside": [],
                "conditions": [MFA_KEY],
                "unknown": ["var.a"],
                "alternatives": [],
            }
        ],
        "nodes": [
            {
                "id": "role/a",
                "kind": "role",
                "account": ACCOUNT,
                "arn": f"arn:aws:iam::{ACCOUNT}:role/a",
                "address": "aws_iam_role.a",
                "admin": False,
                "place": {"path": "iam.json", "range": NAMED},
            }
        ],
        "edges": [
            {
                "id": "e02",
                "from": "role/deploy",
                "to": "role/debug",
                "how": "pass-role",
                "path": "lambda-create-invoke",
                "actions": ["iam:PassRole", "lambda:CreateFunction"],
                "through": None,
                "by": None,
                "level": "sure",
                "conditions": [],
                "assumptions": ["Lambda is allowed in the account"],
                "places": [
                    PASSES,
                    {
                        "path": "deploy.json",
                        "range": NAMED,
                        "policy": None,
                        "sid": None,
                        "says": "attaches the policy",
                    },
                    {
                        "path": None,
                        "range": None,
                        "policy": AWS_MANAGED,
                        "sid": None,
                        "says": "may create the function",
                    },
                ],
            }
        ],
        "not_analysed": [],
        "summary": {
            "principals": 10,
            "administrators": 1,
            "yes": 0,
            "conditional": 1,
            "unknown": 0,
            "no": 0,
        },
    }
    assert report(found, OUTPUT) == json.dumps(expected, indent=1) + "\n"


def test_everything_keeps_its_order() -> None:
    value = read(GRAPH)

    assert [one["from"] for one in value["answers"]] == [one.start for one in ANSWERS]
    assert [one["id"] for one in value["nodes"]] == [one.id for one in NODES]
    assert [one["id"] for one in value["edges"]] == [one.id for one in EDGES]
    assert value["summary"] == {
        "principals": 10,
        "administrators": 1,
        "yes": 3,
        "conditional": 2,
        "unknown": 2,
        "no": 2,
    }


def test_answers_have_what_is_aside_and_alternatives() -> None:
    answers = {one["from"]: one for one in read(GRAPH)["answers"]}

    assert (answers[OIDC]["steps"], answers[OIDC]["aside"]) == (["e04", "e05", "e06"], ["e07"])
    assert answers["user/chris"]["alternatives"] == [{"steps": ["e01", "e14"], "aside": []}]
    assert answers["role/debug"] == {
        "from": "role/debug",
        "to": "admin",
        "answer": "yes",
        "steps": [],
        "aside": [],
        "conditions": [],
        "unknown": [],
        "alternatives": [],
    }


def test_steps_have_what_is_unknown_and_who_can_tag_only_if_there_is_such() -> None:
    edges = {one["id"]: one for one in read(GRAPH)["edges"]}

    assert edges["e13"] == {
        "id": "e13",
        "from": "var.deployer_arn",
        "to": "role/debug",
        "how": "assume-role",
        "path": None,
        "actions": [],
        "through": None,
        "by": None,
        "level": "unknown",
        "conditions": [],
        "unknown": ["var.deployer_arn"],
        "why": "`${var.deployer_arn}` is not known",
        "places": [TRUSTS],
    }
    assert edges["e07"]["conditions"] == [
        {
            "key": "aws:PrincipalTag/team",
            "values": ["ops", "dev"],
            "set_by": "tagger",
            "taggers": ["role/tagger"],
        }
    ]


def test_node_without_file_has_no_place() -> None:
    nodes = {one["id"]: one for one in read(GRAPH)["nodes"]}

    assert nodes["role/debug"]["admin"]
    assert nodes["role/deploy"] == {
        "id": "role/deploy",
        "kind": "role",
        "account": ACCOUNT,
        "arn": None,
        "address": "aws_iam_role.deploy",
        "admin": False,
        "place": None,
    }


def test_closed_ways_and_assumptions_are_there_if_there_are_any() -> None:
    value = read(GRAPH)

    assert list(value) == [
        *("version", "tool", "to", "action", "answers", "nodes", "edges"),
        *("closed", "assumptions", "not_analysed", "summary"),
    ]
    assert value["assumptions"] == ["no SCP limits the account"]
    assert value["closed"][0] == {
        "state": "dormant",
        "from": None,
        "path": "lambda-create-invoke",
        "why": "nothing has it",
        "places": [PASSES],
    }
    assert list(read(EMPTY)) == [
        *("version", "tool", "to", "action", "answers", "nodes", "edges"),
        *("not_analysed", "summary"),
    ]


def test_change_has_new_answers_and_those_that_are_gone() -> None:
    value = read(CHANGE)

    assert value["against"] == "main"
    assert [(one["from"], one["answer"]) for one in value["answers"]] == [
        (OIDC, "conditional"),
        (PARTNER, "yes"),
        ("var.deployer_arn", "unknown"),
        ("role/tagger", "unknown"),
    ]
    assert [(one["from"], one["answer"]) for one in value["gone"]["answers"]] == [
        (SAML, "yes"),
        ("role/old", "conditional"),
    ]
    assert [one["id"] for one in value["gone"]["edges"]] == ["o1", "o2"]
    assert [one["id"] for one in value["edges"]] == [
        *("e03", "e04", "e05", "e06", "e07", "e12", "e13")
    ]
    assert value["summary"] == read(GRAPH)["summary"]


def test_access_key_is_masked() -> None:
    key = "AKIA" + "Q3EGRN5XYLABCDEF"
    found = replace(EMPTY, answers=(answer(f"user/{key}", Reaching.NO),))

    text = report(found, OUTPUT)

    assert key not in text
    assert json.loads(text)["answers"][0]["from"] == "user/AKIA…CDEF"
