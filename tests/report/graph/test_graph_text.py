"""What people read about a graph: chains, conditions, what is unknown, and the last line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from iamlint.fast_dataclass import replace
from iamlint.graph.answer import How, Reaching, StepLevel
from iamlint.report.graph.formats import GRAPH_FORMATS
from iamlint.report.graph.words import step_of
from tests.report.graph.graphs import (
    ACCESS,
    ALL,
    CHANGE,
    EDGES,
    EMPTY,
    GRAPH,
    MFA,
    OUTPUT,
    answer,
    edge,
    hostile,
    principal,
)

if TYPE_CHECKING:
    from iamlint.report.graph.view import GraphFound

report = GRAPH_FORMATS["text"]
TEXT = r"""
arn:aws:iam::111122223333:oidc-provider/token.example.com can become admin, with conditions
  also assumes role/writer with a token              by iam.json:5   if aws:PrincipalTag/team is ops or dev
  assumes role/ci with a token                       by iam.json:5   if token.example.com:sub is repo:a/b
  runs code as role/etl in aws_lambda_function.etl   by iam.json:5
  rewrites the policies of role/etl as role/writer   by iam.json:5
arn:aws:iam::111122223333:saml-provider/corp can become admin, with conditions
  assumes user/dana with a SAML assertion   by iam.json:5   if aws:SourceVpce is absent and MFA
  makes credentials of user/eve             by iam.json:5
  joins group/admins                        by iam.json:5
  rewrites its own policies                 by iam.json:5
arn:aws:iam::444455556666:root can become admin
  rewrites the trust policy of role/builder   by iam.json:4
  makes a principal with any policy
user/chris can become admin
  assumes role/deploy                      by iam.json:5, trust.json:5
  passes role/debug (admin) to a service   by iam.json:4, deploy.json:2, arn:aws:iam::aws:policy/IAMFullAccess
  or
  assumes role/deploy          by iam.json:5, trust.json:5
  assumes role/debug (admin)   by trust.json:5
conditional on token.example.com:sub is repo:a/b (set by a token): arn:aws:iam::111122223333:oidc-provider/token.example.com
conditional on aws:PrincipalTag/team is ops or dev (set by role/tagger): arn:aws:iam::111122223333:oidc-provider/token.example.com
conditional on aws:SourceVpce is absent (set by the caller): arn:aws:iam::111122223333:saml-provider/corp
conditional on MFA (set by the caller): arn:aws:iam::111122223333:saml-provider/corp
unknown whether var.deployer_arn can become admin
  because `${var.deployer_arn}` is not known
  help: give `--var deployer_arn=VALUE`
unknown whether role/tagger can become admin
  help: it depends on `sts-assume-root`
no chain in these files: anonymous, user/zoe
administrators: role/debug
not open (dormant): lambda-create-invoke: nothing has it   by iam.json:4
not open (latent): role/reader: lambda-update-code: no function has a role
not open (guarded): user/zoe: iam-put-user-policy: denied by an SCP   by trust.json:5
not analysed: a\nb.yaml: `Resources.0`: too deep
taken for granted: no SCP limits the account
taken for granted: Lambda is allowed in the account
3 yes, 2 conditional, 2 unknown, 2 no; 1 administrator of 10 principals; 1 place not analysed
""".lstrip()  # noqa: E501 - as it is printed
CHANGED = r"""
arn:aws:iam::111122223333:oidc-provider/token.example.com can become admin, with conditions (new)
  also assumes role/writer with a token              by iam.json:5   if aws:PrincipalTag/team is ops or dev
  assumes role/ci with a token                       by iam.json:5   if token.example.com:sub is repo:a/b
  runs code as role/etl in aws_lambda_function.etl   by iam.json:5
  rewrites the policies of role/etl as role/writer   by iam.json:5
arn:aws:iam::444455556666:root can become admin (was unknown)
  rewrites the trust policy of role/builder   by iam.json:4
  makes a principal with any policy
gone: arn:aws:iam::111122223333:saml-provider/corp to admin: was yes, now conditional
gone: role/old to admin: was conditional, now no
conditional on token.example.com:sub is repo:a/b (set by a token): arn:aws:iam::111122223333:oidc-provider/token.example.com
conditional on aws:PrincipalTag/team is ops or dev (set by role/tagger): arn:aws:iam::111122223333:oidc-provider/token.example.com
unknown whether var.deployer_arn can become admin
  because `${var.deployer_arn}` is not known
  help: give `--var deployer_arn=VALUE`
unknown whether role/tagger can become admin
  help: it depends on `sts-assume-root`
not analysed: a\nb.yaml: `Resources.0`: too deep
taken for granted: no SCP limits the account
4 new and 2 gone since main; 3 yes, 2 conditional, 2 unknown, 2 no; 1 administrator of 10 principals; 1 place not analysed
""".lstrip()  # noqa: E501 - as it is printed


def test_report_has_chains_then_what_is_open_then_counts() -> None:
    assert report(GRAPH, OUTPUT) == TEXT


def test_report_of_a_change_has_what_is_new_and_what_is_gone() -> None:
    assert report(CHANGE, OUTPUT) == CHANGED


@pytest.mark.parametrize(("found", "expected"), [(GRAPH, TEXT), (CHANGE, CHANGED)])
def test_colors_change_nothing_else(found: GraphFound, expected: str) -> None:
    colored = report(found, replace(OUTPUT, color=True))

    assert "\x1b[31marn:aws:iam::444455556666:root can become admin" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == expected


def test_steps_of_unknown_chains_are_shown_on_demand() -> None:
    lines = report(GRAPH, ALL).splitlines()

    at = lines.index("unknown whether var.deployer_arn can become admin")
    assert lines[at + 1] == "  assumes role/debug (admin)   by trust.json:5   unknown"


def test_chains_below_the_level_are_counted() -> None:
    lines = report(GRAPH, replace(OUTPUT, level=StepLevel.SURE)).splitlines()

    assert "not shown: 2 chains with conditions (`--level conditional`)" in lines
    assert not [line for line in lines if "with conditions" in line and "can become" in line]


def test_access_to_a_resource_names_the_actions() -> None:
    assert report(ACCESS, OUTPUT).splitlines() == [
        "user/chris can do s3:GetObject, s3:PutObject on arn:aws:s3:::data",
        "  does s3:GetObject on arn:aws:s3:::data   by iam.json:5",
        "1 yes; 0 administrators of 1 principal",
    ]


def test_graph_without_answers_says_so() -> None:
    assert report(EMPTY, OUTPUT) == "no answers; 0 administrators of 0 principals\n"


def test_every_kind_of_step_has_words_and_its_parts() -> None:
    shown = {how: step_of(edge("e", "role/a", "role/b", how, through="w"), {}) for how in How}

    assert set(shown) == {one.how for one in (*EDGES, *ACCESS.edges)}
    assert len(set(shown.values())) == len(How)
    assert step_of(edge("e", "role/a", "role/b", How.RUN_AS), {}) == "runs code as role/b"


@pytest.mark.parametrize(
    ("how", "words"),
    [(How.ASSUME_ROLE, "assumes role/b (admin)"), (How.JOINS, "joins group/g (admin)")],
)
def test_step_to_an_administrator_says_so(how: How, words: str) -> None:
    nodes = {"role/b": principal("role/b", is_admin=True)}

    assert step_of(edge("e", "role/a", "role/b", how, through="group/g"), nodes) == words


def test_long_lists_are_folded_and_alike_unknown_answers_are_joined() -> None:
    starts = [answer(f"role/r{i}", Reaching.UNKNOWN, unknown=("var.a",)) for i in range(20)]
    others = [answer(f"role/n{i}", Reaching.NO) for i in range(20)]
    closed = GRAPH.closed * 5

    lines = report(replace(EMPTY, answers=(*starts, *others), closed=closed), OUTPUT).splitlines()

    names = ", ".join(f"role/r{i}" for i in range(8))
    assert lines[:2] == [
        f"unknown whether {names} and 12 more can become admin",
        "  help: give `--var a=VALUE`",
    ]
    assert lines[2].endswith("role/n7 and 12 more")
    assert lines[-2] == "not open: 5 more ways"


def test_conditions_are_listed_once_for_all_starts() -> None:
    starts = [
        answer(f"role/r{i}", Reaching.CONDITIONAL, "e01", conditions=(MFA, MFA)) for i in range(2)
    ]

    lines = report(replace(EMPTY, answers=tuple(starts), edges=EDGES), OUTPUT).splitlines()

    assert "conditional on MFA (set by the caller): role/r0, role/r1" in lines


def test_hostile_texts_stay_on_their_lines_and_steer_nothing() -> None:
    shown = report(hostile(), OUTPUT)

    assert len(shown.splitlines()) == 9
    assert all(line.isprintable() for line in shown.splitlines())


def test_access_key_is_masked() -> None:
    key = "AKIA" + "Q3EGRN5XYLABCDEF"
    found = replace(EMPTY, answers=(answer(f"user/{key}", Reaching.NO),))

    assert report(found, OUTPUT).splitlines()[0] == "no chain in these files: user/AKIA…CDEF"


def test_an_administrator_under_conditions_is_listed_without_steps() -> None:
    one = answer("user/kim", Reaching.CONDITIONAL, conditions=(MFA,))
    found = replace(EMPTY, answers=(one,), nodes=(principal("user/kim"),))
    lines = report(found, OUTPUT).splitlines()
    assert lines[:2] == [
        "user/kim can become admin, with conditions",
        "conditional on MFA (set by the caller): user/kim",
    ]


def test_a_step_of_several_names_the_other() -> None:
    passes = edge("e1", "role/ci", "role/admin", How.PASS_ROLE, by="role/ops")
    assert step_of(passes, {}) == "passes role/admin to a service together with role/ops"
