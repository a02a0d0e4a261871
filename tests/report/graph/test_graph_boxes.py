"""What a picture shows: boxes of several principals, and what does not fit."""

from __future__ import annotations

from iamlint.fast_dataclass import replace
from iamlint.graph.answer import Graph, How, Reaching, StepLevel
from iamlint.report.graph.boxes import GraphPicture, picture
from iamlint.report.graph.view import GraphView
from tests.report.graph.graphs import EMPTY, GRAPH, MFA, NODES, answer, edge, principal
from tests.report.graph.many import many

ALL = StepLevel.UNKNOWN


def drawn(graph: Graph) -> GraphPicture:
    return picture(GraphView(graph, ALL))


def arrows(found: GraphPicture) -> list[tuple[str, str, str, str]]:
    """Return the arrows with the titles of their ends."""
    titles = [box.title for box in found.boxes]
    return [(titles[one.start], one.action, one.limits, titles[one.end]) for one in found.arrows]


def starts(*names: str, **others: object) -> Graph:
    """Return a graph in which principals make a principal, all in the same way."""
    return replace(
        EMPTY,
        answers=tuple(answer(name, Reaching.YES, f"e-{name}") for name in names),
        nodes=(NODES[0], *map(principal, names)),
        edges=tuple(
            edge(f"e-{name}", name, "admin", How.NEW_PRINCIPAL, **others) for name in names
        ),
    )


def test_steps_are_arrows_and_who_rewrites_a_policy_has_one_too() -> None:
    assert sorted(arrows(drawn(GRAPH))) == sorted(
        [
            ("user/chris", "assumes", "", "role/deploy"),
            ("role/deploy", "passes the role", "", "role/debug (admin)"),
            ("role/deploy", "assumes", "", "role/debug (admin)"),
            ("role/builder", "makes a principal", "", "admin"),
            (
                "arn:aws:iam::111122223333:oidc-provider/token.example.com",
                "assumes with a token",
                "if token.example.com:sub is repo:a/b",
                "role/ci",
            ),
            ("role/ci", "runs code in aws_lambda_function.etl", "", "role/etl"),
            ("role/etl", "policies rewritten by role/writer", "", "admin"),
            ("role/writer", "rewrites policies of role/etl", "", "admin"),
            (
                "arn:aws:iam::111122223333:oidc-provider/token.example.com",
                "assumes with a token",
                "if aws:PrincipalTag/team is ops or dev",
                "role/writer",
            ),
            (
                "arn:aws:iam::111122223333:saml-provider/corp",
                "assumes with SAML",
                "if aws:SourceVpce is absent and MFA",
                "user/dana",
            ),
            ("user/dana", "makes credentials", "", "user/eve"),
            ("user/eve", "joins group/admins", "", "user/eve&group/admins"),
            ("user/eve&group/admins", "rewrites its own policies", "", "admin"),
            ("arn:aws:iam::444455556666:root", "rewrites the trust", "", "role/builder"),
            ("var.deployer_arn", "assumes", "(unknown)", "role/debug (admin)"),
        ]
    )


def test_principals_with_the_same_steps_are_one_box() -> None:
    found = drawn(starts(*(f"role/deploy-{i}" for i in range(34))))

    assert arrows(found) == [("34 roles like deploy-*", "makes a principal", "", "admin")]
    assert {box.number for box in found.of_names.values()} == {0, 1}


def test_box_without_a_common_prefix_names_its_first() -> None:
    found = drawn(starts("role/b", "role/a", "role/c"))

    assert found.boxes[0].title == "3 roles like b"


def test_two_principals_are_two_boxes() -> None:
    assert len(drawn(starts("role/a1", "role/a2")).boxes) == 3


def test_principals_of_two_kinds_or_with_other_conditions_are_not_one_box() -> None:
    plain = starts("role/a1", "role/a2", "role/a3", "user/a4", "user/a5", "user/a6")
    limited = starts(
        "role/b1", "role/b2", "role/b3", level=StepLevel.CONDITIONAL, conditions=(MFA,)
    )
    both = replace(
        plain,
        answers=(*plain.answers, *limited.answers),
        nodes=(*plain.nodes, *limited.nodes[1:]),
        edges=(*plain.edges, *limited.edges),
    )

    assert [box.title for box in drawn(both).boxes] == [
        "3 roles like a1",
        "admin",
        "3 users like a4",
        "3 roles like b1",
    ]


def test_those_that_lead_to_different_roles_are_not_one_box() -> None:
    """One box would say that each of them can become each of the roles."""
    names = [f"user/contractor-{i}" for i in range(4)]
    middle = starts(*(f"role/sandbox-{i}" for i in range(4)))
    first = [
        edge(f"f{i}", name, f"role/sandbox-{i}", How.ASSUME_ROLE) for i, name in enumerate(names)
    ]
    chains = [
        answer(name, Reaching.YES, f"f{i}", f"e-role/sandbox-{i}") for i, name in enumerate(names)
    ]
    graph = replace(
        middle,
        answers=tuple(chains),
        nodes=(*middle.nodes, *map(principal, names)),
        edges=(*middle.edges, *first),
    )

    assert len(drawn(graph).boxes) == 9


def test_at_most_300_boxes_are_drawn_in_whole_chains() -> None:
    graph = many(2000)
    found = drawn(graph)

    assert len(found.boxes) <= 300
    chains = [one.chain.steps for one in graph.answers if one.chain.steps]
    whole = [steps for steps in chains if all(step in found.of_steps for step in steps)]
    assert found.left_out == len(chains) - len(whole) > 0
    ends = {one.start for one in found.arrows} | {one.end for one in found.arrows}
    assert ends == {box.number for box in found.boxes}


def test_depth_is_the_number_of_steps_to_the_end() -> None:
    found = drawn(GRAPH)
    depths = {box.title: found.depths[box.number] for box in found.boxes}

    assert depths == {
        "admin": 0,
        "role/debug (admin)": 0,
        "role/deploy": 1,
        "role/builder": 1,
        "role/etl": 1,
        "role/writer": 1,
        "user/eve&group/admins": 1,
        "var.deployer_arn": 1,
        "arn:aws:iam::444455556666:root": 2,
        "role/ci": 2,
        "user/chris": 2,
        "user/eve": 2,
        "arn:aws:iam::111122223333:oidc-provider/token.example.com": 3,
        "user/dana": 3,
        "arn:aws:iam::111122223333:saml-provider/corp": 4,
    }
