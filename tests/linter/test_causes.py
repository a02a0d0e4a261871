"""Findings of one cause at one place are one finding: the strongest, with the others inside."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.rules import BUILTIN

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.program import Program

    Find = Callable[..., dict[str, tuple[bool, list[str]]]]

ADMIN = {"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"}
LESSER = ["pass-role-to-any-role", "service-linked-role-for-any-service"]
IGNORE = '[[ignore-finding]]\nrule = "{}"\nfile = "p.json"\nsid = "All"\nreason = "SEC-12"\n'


@pytest.fixture
def find(iamlint: Program, tmp_path: Path) -> Find:
    """Return the rules that report statements, and the rules that their findings include."""

    def call(
        *statements: object, config: str = "", args: tuple[str, ...] = ()
    ) -> dict[str, tuple[bool, list[str]]]:
        policy = {"Version": "2012-10-17", "Statement": statements}
        (tmp_path / "p.json").write_text(json.dumps(policy))
        (tmp_path / "iamlint.toml").write_text(config)
        out = iamlint("check", "p.json", "--output-format", "json", *args).out
        return {
            f["rule"]: (f["suppressed"] is None, f["implied"]) for f in json.loads(out)["findings"]
        }

    return call


@pytest.mark.parametrize(
    ("action", "strongest", "included"),
    [
        ("*", "wildcard-admin", LESSER),
        ("iam:*", "self-escalation", [*LESSER, "wildcard-service"]),
        ("iam:*Role", LESSER[0], LESSER[1:]),
        ("lambda:*", "wildcard-service", ["running-role-takeover"]),
    ],
)
def test_strongest_finding_at_a_place_includes_the_others(
    find: Find, action: str, strongest: str, included: list[str]
) -> None:
    found = find({**ADMIN, "Action": action})

    assert found == {
        strongest: (True, included),
        **dict.fromkeys(included, (False, [])),
    }


def test_finding_at_another_place_is_not_included(find: Find) -> None:
    found = find({**ADMIN, "Action": ["ec2:*", "iam:PassRole"]})

    assert {rule for rule, (is_open, _) in found.items() if is_open} == {
        "passed-role-escalation",
        "running-role-takeover",
    }


def test_other_causes_at_the_same_place_stay_apart(find: Find) -> None:
    found = find({**ADMIN, "Action": ["*:*", "*"]})

    assert {rule for rule, (is_open, _) in found.items() if is_open} == {
        "redundant-action",
        "wildcard-admin",
        "wildcard-in-service-name",
    }


def test_lesser_findings_are_reported_when_the_rule_of_the_strongest_is_deselected(
    find: Find,
) -> None:
    found = find(ADMIN, args=("--ignore", "wildcard-admin"))

    assert found == {LESSER[0]: (True, LESSER[1:]), LESSER[1]: (False, [])}
    assert find(ADMIN, args=("--select", LESSER[1])) == {LESSER[1]: (True, [])}


def test_lesser_findings_are_not_reported_when_the_strongest_is_ignored(find: Find) -> None:
    found = find(ADMIN, config=IGNORE.format("wildcard-admin"))

    assert found == {"wildcard-admin": (False, LESSER), **dict.fromkeys(LESSER, (False, []))}


def test_ignore_of_a_lesser_finding_leaves_the_strongest_and_is_used(find: Find) -> None:
    found = find(ADMIN, config="".join(map(IGNORE.format, LESSER)))

    assert found == {"wildcard-admin": (True, LESSER), **dict.fromkeys(LESSER, (False, []))}


def test_severity_of_the_configuration_decides_which_is_the_strongest(find: Find) -> None:
    found = find(ADMIN, config='[severity]\nwildcard-admin = "note"\n')

    assert {rule for rule, (is_open, _) in found.items() if is_open} == {LESSER[0]}
    assert found[LESSER[0]][1] == [LESSER[1], "wildcard-admin"]


def test_baseline_with_an_entry_for_each_finding_has_no_entry_too_many(
    iamlint: Program, tmp_path: Path, find: Find
) -> None:
    find(ADMIN)
    out = iamlint("check", "p.json", "--output-format", "json").out
    keys = ("path", "rule", "message", "fingerprint")
    entries = [{key: f[key] for key in keys} for f in json.loads(out)["findings"]]
    assert len(entries) == 3
    written = {"version": 1, "reason": "known", "findings": entries}
    (tmp_path / "old.json").write_text(json.dumps(written))

    result = iamlint("check", "p.json", "--baseline", "old.json")

    assert (result.code, result.out) == (0, "no findings in 1 policy of 1 file; 3 ignored\n")


def test_strongest_finding_is_as_grave_as_the_gravest_that_it_includes(
    iamlint: Program, find: Find
) -> None:
    find({**ADMIN, "Action": "lambda:*"})

    findings = json.loads(iamlint("check", "p.json", "--output-format", "json").out)["findings"]

    gravest = max(f["security_severity"] for f in findings)
    assert [f["security_severity"] for f in findings if f["implied"]] == [gravest]


def test_text_names_what_is_included_and_counts_it_once(iamlint: Program, find: Find) -> None:
    find(ADMIN)

    out = iamlint("check", "p.json").out

    assert " = includes: `pass-role-to-any-role`, `service-linked-role-for-any-service`\n" in out
    assert out.endswith("1 warning in 1 policy of 1 file\n")


def test_included_finding_says_in_json_where_it_is_included(iamlint: Program, find: Find) -> None:
    find(ADMIN)

    out = iamlint("check", "p.json", "--output-format", "json").out

    reasons = [f["suppressed"] for f in json.loads(out)["findings"] if f["rule"] in LESSER]
    assert reasons == [{"reason": "included in `wildcard-admin`", "where": "p.json:1"}] * 2


def test_rules_imply_others_than_themselves_only_where_they_are_of_access() -> None:
    implying = {rule.name: {f.value for f in rule.implies} for rule in BUILTIN if rule.implies}
    of_access = {"breadth", "escalation"}

    assert {name for name, families in implying.items() if families - of_access} == {
        "wildcard-admin",  # also for who is an administrator
        "attached-administrator-access",
        "secret-in-the-open",  # of a resource that makes it
    }
    assert {family for families in implying.values() for family in families} - of_access == {
        "hygiene"
    }
    assert {"wildcard-admin", "self-escalation", "pass-role-to-any-role"} <= implying.keys()
