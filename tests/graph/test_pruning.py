"""What the search leaves out changes no answer."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from iamlint.graph import held, near
from iamlint.graph.answer import StepLevel
from iamlint.graph.asking import StepAsking
from iamlint.graph.find import GraphQuestion, _Question, find_graph
from iamlint.graph.near import NearFinder, NearPrincipals
from tests.graph.test_properties import ROLES, SEEDS, account, world_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from iamlint.graph.answer import Graph
    from iamlint.graph.world import Being, GraphWorld

BROKEN: Final = "Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties: a: b\n"
NOT_KNOWN: Final = "arn:aws:iam::aws:policy/OfTheFuture"
QUESTIONS: Final = (
    GraphQuestion(),
    GraphQuestion(of_known=True),
    GraphQuestion(of_known=True, alone=True),
    GraphQuestion(end=ROLES[1].title),
)


def with_unknown(folder: Path, seed: int) -> None:
    """Write an account in which some policies are not known: of a principal, or of anybody."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    made = account(seed)
    number = chance.randrange(len(made.principals))
    changed = replace(made.principals[number], attached=(NOT_KNOWN,))
    rest = (*made.principals[:number], *made.principals[number + 1 :])
    replace(made, principals=(*rest, changed)).write(folder, "dump")
    if seed % 3 == 0:
        (folder / "template.yaml").write_text(BROKEN, encoding="utf-8")


def graphs(world: GraphWorld) -> list[object]:
    return [comparable(find_graph(world, question)) for question in QUESTIONS]


def comparable(graph: Graph) -> object:
    return graph.answers, graph.nodes, graph.edges, graph.closed


def everybody(finder: NearFinder, beings: Sequence[Being], _: object) -> NearPrincipals:
    return finder.near(beings, {being.id for being in beings})


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("of", "name", "otherwise"),
    [
        pytest.param(
            StepAsking,
            "strongest",
            lambda *_: StepLevel.SURE,
            id="steps that an unknown text may deny, where they cannot count",
        ),
        pytest.param(NearFinder, "find", everybody, id="those who become nobody, among several"),
        pytest.param(near, "_MANY", 1, id="ways that many share, if they are not open"),
    ],
)
def test_what_is_left_out_changes_no_part_of_a_graph(
    of: object,
    name: str,
    otherwise: object,
    seed: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_unknown(tmp_path, seed)
    world = world_of(tmp_path)
    pruned = graphs(world)
    monkeypatch.setattr(of, name, otherwise)
    assert pruned == graphs(world)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "otherwise",
    [
        pytest.param([(held, "_within", lambda _: {})], id="resources outside of a boundary"),
        pytest.param(
            [
                (held, "_stopped", lambda _: frozenset()),
                (_Question, "_is_at_end", lambda *_: False),
            ],
            id="those who are stopped, or at the end",
        ),
    ],
)
def test_what_is_left_out_changes_no_answer(
    otherwise: list[tuple[object, str, object]],
    seed: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_unknown(tmp_path, seed)
    world = world_of(tmp_path)
    pruned = [find_graph(world, question).answers for question in QUESTIONS]
    for change in otherwise:
        monkeypatch.setattr(*change)
    assert pruned == [find_graph(world, question).answers for question in QUESTIONS]
