"""The flowchart for GitHub: its text, its limits, and that no text is syntax."""

from __future__ import annotations

import re

from iamlint.fast_dataclass import replace
from iamlint.graph.answer import Graph, How, NodeKind, Reaching
from iamlint.report.graph.formats import GRAPH_FORMATS
from iamlint.report.graph.mermaid import _SHAPES
from tests.report.graph.graphs import (
    ALL,
    CHANGE,
    EMPTY,
    GRAPH,
    NODES,
    OUTPUT,
    answer,
    edge,
    hostile,
    principal,
)

report = GRAPH_FORMATS["mermaid"]
CHART = r"""
flowchart LR
  %% thick: allowed, thin: allowed with conditions, dotted: unknown
  classDef admin stroke-width:3px
  n0{{"arn:aws:iam::111122223333:oidc-provider/token.example.com"}}
  n1("role/writer")
  n0 -->|"assumes with a token if aws:PrincipalTag/team is ops or dev"| n1
  n2("role/ci")
  n0 -->|"assumes with a token if token.example.com:sub is repo:a/b"| n2
  n3("role/etl")
  n2 ==>|"runs code in aws_lambda_function.etl"| n3
  n4(("admin")):::admin
  n3 ==>|"policies rewritten by role/writer"| n4
  n5{{"arn:aws:iam::111122223333:saml-provider/corp"}}
  n6["user/dana"]
  n5 -->|"assumes with SAML if aws:SourceVpce is absent and MFA"| n6
  n7["user/eve"]
  n6 ==>|"makes credentials"| n7
  n8["user/eve#38;group/admins"]
  n7 ==>|"joins group/admins"| n8
  n8 ==>|"rewrites its own policies"| n4
  n9{{"arn:aws:iam::444455556666:root"}}
  n10("role/builder")
  n9 ==>|"rewrites the trust"| n10
  n10 ==>|"makes a principal"| n4
  n11["user/chris"]
  n12("role/deploy")
  n11 ==>|"assumes"| n12
  n13("role/debug #40;admin#41;"):::admin
  n12 ==>|"passes the role"| n13
  n12 ==>|"assumes"| n13
""".lstrip()
_LABEL = r'"[\w /.,:+=…#;-]*"'
_ID = r"n\d+"
_LINE = re.compile(
    rf"flowchart LR|  %% [a-z ,:]+|  classDef admin stroke-width:3px|  more\[{_LABEL}\]"
    rf"|  {_ID}[\[({{/]+{_LABEL}[\])}}/]+(:::admin)?"
    rf"|  {_ID} (==>|-->|-\.->)\|{_LABEL}\| {_ID}"
)


def wide(number: int, name: str = "role/r") -> Graph:
    """Return a graph of many chains of one step."""
    return replace(
        EMPTY,
        answers=tuple(answer(f"{name}{i}", Reaching.YES, f"e{i}") for i in range(number)),
        nodes=(*NODES[:1], *(principal(f"{name}{i}") for i in range(number))),
        edges=tuple(edge(f"e{i}", f"{name}{i}", "admin", How.NEW_PRINCIPAL) for i in range(number)),
    )


def test_chart_has_the_steps_of_the_chains() -> None:
    assert report(GRAPH, OUTPUT) == CHART


def test_unknown_steps_are_dotted_and_say_so() -> None:
    assert '  n11 -.->|"assumes #40;unknown#41;"| n12\n' in report(GRAPH, ALL)


def test_chart_of_a_change_has_what_is_new() -> None:
    shown = report(CHANGE, OUTPUT)

    assert "role/builder" in shown
    assert "saml-provider" not in shown
    assert "user/chris" not in shown


def test_chart_without_chains_says_so() -> None:
    assert report(EMPTY, OUTPUT).splitlines()[3:] == ['  none["no chain"]']


def test_every_kind_of_node_has_its_shape() -> None:
    assert set(_SHAPES) == set(NodeKind)


def test_chart_has_at_most_500_steps_and_says_how_many_are_left_out() -> None:
    shown = report(wide(700), OUTPUT)

    assert len(re.findall(r"==>", shown)) == 500
    assert shown.endswith('  more["200 more steps left out"]\n')


def test_chart_has_at_most_50_000_characters() -> None:
    shown = report(wide(499, "role/" + "x" * 110), OUTPUT)

    steps = len(re.findall(r"==>", shown))
    assert 200 < steps < 499
    assert 45_000 < len(shown) <= 50_000
    assert shown.endswith(f'  more["{499 - steps} more steps left out"]\n')


def test_hostile_texts_are_no_syntax() -> None:
    for shown in (report(hostile(), ALL), report(GRAPH, ALL), report(wide(600), ALL)):
        assert [line for line in shown.splitlines() if not _LINE.fullmatch(line)] == []
