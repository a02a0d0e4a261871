"""The text for Graphviz, whole, and that no text ends a label."""

from __future__ import annotations

import re

from iamlint.graph.answer import NodeKind
from iamlint.report.graph.dot import _SHAPES
from iamlint.report.graph.formats import GRAPH_FORMATS
from tests.report.graph.graphs import ALL, CHANGE, EMPTY, GRAPH, OUTPUT, hostile

report = GRAPH_FORMATS["dot"]
DOT = r"""
// solid: allowed, dashed: allowed with conditions, dotted: unknown
digraph iamlint {
  rankdir=LR
  n0 [label="admin", shape=doublecircle]
  n1 [label="arn:aws:iam::111122223333:oidc-provider/token.example.com", shape=hexagon]
  n2 [label="arn:aws:iam::111122223333:saml-provider/corp", shape=hexagon]
  n3 [label="arn:aws:iam::444455556666:root", shape=hexagon]
  n4 [label="var.deployer_arn", shape=hexagon]
  n5 [label="user/eve&amp;group/admins", shape=box]
  n6 [label="role/builder", shape=ellipse]
  n7 [label="role/ci", shape=ellipse]
  n8 [label="role/debug (admin)", shape=ellipse, style=bold]
  n9 [label="role/deploy", shape=ellipse]
  n10 [label="role/etl", shape=ellipse]
  n11 [label="role/writer", shape=ellipse]
  n12 [label="user/chris", shape=box]
  n13 [label="user/dana", shape=box]
  n14 [label="user/eve", shape=box]
  n12 -> n9 [label="assumes", style=solid]
  n9 -> n8 [label="passes the role", style=solid]
  n6 -> n0 [label="makes a principal", style=solid]
  n1 -> n7 [label="assumes with a token if token.example.com:sub is repo:a/b", style=dashed]
  n7 -> n10 [label="runs code in aws_lambda_function.etl", style=solid]
  n10 -> n0 [label="policies rewritten by role/writer", style=solid]
  n1 -> n11 [label="assumes with a token if aws:PrincipalTag/team is ops or dev", style=dashed]
  n2 -> n13 [label="assumes with SAML if aws:SourceVpce is absent and MFA", style=dashed]
  n13 -> n14 [label="makes credentials", style=solid]
  n14 -> n5 [label="joins group/admins", style=solid]
  n5 -> n0 [label="rewrites its own policies", style=solid]
  n3 -> n6 [label="rewrites the trust", style=solid]
  n4 -> n8 [label="assumes (unknown)", style=dotted]
  n9 -> n8 [label="assumes", style=solid]
}
""".lstrip()
_LABEL = r'"(?:[^"\\]|\\[\\"])*"'
_LINE = re.compile(
    rf"// [a-z ,:]+|digraph iamlint {{|  rankdir=LR|}}"
    rf"|  n\d+ \[label={_LABEL}, shape=[a-z]+(, style=bold)?\]"
    rf"|  n\d+ -> n\d+ \[label={_LABEL}, style=(solid|dashed|dotted)\]"
)


def test_report_has_the_steps_of_the_chains() -> None:
    assert report(GRAPH, ALL) == DOT


def test_chains_below_the_level_are_left_out() -> None:
    assert "var.deployer_arn" not in report(GRAPH, OUTPUT)


def test_report_of_a_change_has_what_is_new() -> None:
    shown = report(CHANGE, OUTPUT)

    assert "role/builder" in shown
    assert "saml-provider" not in shown


def test_graph_without_steps_is_empty() -> None:
    assert report(EMPTY, OUTPUT).splitlines()[1:] == ["digraph iamlint {", "  rankdir=LR", "}"]


def test_every_kind_of_node_has_its_shape() -> None:
    assert set(_SHAPES) == set(NodeKind)


def test_hostile_texts_do_not_end_their_label() -> None:
    for shown in (report(hostile(), ALL), report(GRAPH, ALL)):
        assert [line for line in shown.splitlines() if not _LINE.fullmatch(line)] == []
