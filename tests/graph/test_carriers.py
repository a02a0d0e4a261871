"""The same account gives the same graph, in whichever form its files are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.graph.answer import Reaching
from iamlint.graph.find import GraphQuestion, find_graph
from iamlint.graph.world import GraphWorld
from iamlint.repository import find_repository
from tests.support.chain_accounts import CHAINS

if TYPE_CHECKING:
    from pathlib import Path

    from iamlint.graph.answer import Graph

CARRIERS = ("dump", "terraform", "template-unknown-names")
"""`test_scenarios` has the others."""
Step = tuple[str, str | None, str, str | None]
Found = dict[str, tuple[Reaching, tuple[Step, ...], tuple[str, ...]]]


def graph_of(folder: Path, question: GraphQuestion = GraphQuestion()) -> Graph:  # noqa: B008
    repository = find_repository(folder, top=folder, here=folder, workloads=True)
    declared = repository.config.declared
    return find_graph(GraphWorld(repository.whole, declared, repository.account), question)


def answers(graph: Graph) -> Found:
    """Return the answers by start, with names as they are when the environment is known."""

    def name(text: str) -> str:
        return text.replace("${var.env}", "prod").replace("${Env}", "prod")

    return {
        name(one.start): (
            one.answer,
            tuple(
                (edge.how, edge.path, name(edge.end), edge.by and name(edge.by))
                for edge in map(graph.edge, one.chain.steps)
            ),
            tuple(key.key for key in one.conditions),
        )
        for one in graph.answers
    }


@pytest.mark.parametrize("title", CHAINS)
def test_each_carrier_of_an_account_gives_the_same_graph(title: str, tmp_path: Path) -> None:
    account = CHAINS[title].account
    found: dict[str, Found] = {}
    for carrier in CARRIERS:
        account.write(tmp_path / carrier, carrier)
        found[carrier] = answers(graph_of(tmp_path / carrier))
    expected = found["dump"]
    for carrier, got in found.items():
        if "unknown-names" not in carrier:
            assert got == expected, carrier
            continue
        # Where the text of a name decides, the answer is not known.
        differing = {start for start in expected if got[start] != expected[start]}
        assert {got[start][0] for start in differing} <= {Reaching.UNKNOWN}, carrier
        assert got.keys() == expected.keys()


def test_some_answers_depend_on_the_text_of_a_name(tmp_path: Path) -> None:
    account = CHAINS["trust of a role by the value of its name"].account
    account.write(tmp_path, "terraform-unknown-names")
    graph = graph_of(tmp_path)
    assert [(one.start, one.answer, one.unknown) for one in graph.answers] == [
        ("role/ci-${var.env}", Reaching.UNKNOWN, ("${var.env}",))
    ]


FUNCTION = """
resource "aws_iam_user" "dev" {{ name = "dev" }}

resource "aws_iam_user_policy" "dev" {{
  user = aws_iam_user.dev.name
  policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{
      Effect = "Allow", Action = "lambda:UpdateFunctionCode", Resource = {resource}
    }}]
  }})
}}

resource "aws_iam_role" "run" {{
  name = "run"
  assume_role_policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = {{ Service = "lambda.amazonaws.com" }}
    }}]
  }})
}}

resource "aws_iam_role_policy_attachment" "run" {{
  role       = aws_iam_role.run.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}}

resource "aws_lambda_function" "f" {{
  function_name = "f"
  role          = aws_iam_role.run.arn
}}
"""


@pytest.mark.parametrize(
    ("resource", "answer"),
    [
        ("aws_lambda_function.f.arn", Reaching.YES),
        ('"arn:aws:lambda:*:*:function:f"', Reaching.YES),
        ('"arn:aws:lambda:eu-west-1:*:function:f"', Reaching.UNKNOWN),
        ('"arn:aws:lambda:*:*:function:g"', Reaching.NO),
    ],
)
def test_function_is_in_the_region_that_its_module_leaves_open(
    resource: str, answer: Reaching, tmp_path: Path
) -> None:
    (tmp_path / "main.tf").write_text(FUNCTION.format(resource=resource), encoding="utf-8")
    (found,) = graph_of(tmp_path, GraphQuestion(("user/dev",))).answers
    assert found.answer is answer
