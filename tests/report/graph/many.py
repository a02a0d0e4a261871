"""Graphs of any size, like those of accounts: some principals alike, some on ways of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.graph.answer import (
    ADMIN,
    Graph,
    GraphAnswer,
    GraphChain,
    GraphEdge,
    GraphNode,
    How,
    NodeKind,
    Reaching,
    StepLevel,
)
from tests.report.graph.graphs import ACCOUNT, ASSUMES, MFA, PASSES, SUBJECT, TEAM, TRUSTS

if TYPE_CHECKING:
    from collections.abc import Iterator

TEAMS: Final = ("billing", "checkout", "data", "ledger", "payments", "search", "shipping")
_PARTNER: Final = "arn:aws:iam::444455556666:root"
_OIDC: Final = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"


class _Account:
    """Collects nodes, edges and answers; the last steps are shared."""

    def __init__(self) -> None:
        self.nodes = {ADMIN: GraphNode(ADMIN, NodeKind.ADMIN)}
        self.edges: list[GraphEdge] = []
        self.answers: list[GraphAnswer] = []

    def node(self, name: str, kind: NodeKind | None = None, *, is_admin: bool = False) -> str:
        found = kind or NodeKind(name.partition("/")[0])
        arn = name if name.startswith("arn:") else f"arn:aws:iam::{ACCOUNT}:{name}"
        self.nodes.setdefault(name, GraphNode(name, found, ACCOUNT, arn, is_admin=is_admin))
        return name

    def edge(self, start: str, end: str, how: How, **others: object) -> str:
        fields: dict[str, object] = {"level": StepLevel.SURE, "places": (ASSUMES, TRUSTS), **others}
        name = f"e{len(self.edges)}"
        self.edges.append(GraphEdge(name, start, end, how, **fields))  # type: ignore[arg-type]
        return name

    def reaches(self, start: str, *steps: str) -> None:
        edges = [one for one in self.edges if one.id in steps]
        level = min(one.level for one in edges)
        conditions = tuple(dict.fromkeys(key for one in edges for key in one.conditions))
        unknown = tuple(dict.fromkeys(name for one in edges for name in one.unknown))
        chain = GraphChain(steps)
        self.answers.append(
            GraphAnswer(start, ADMIN, Reaching.at(level), chain, conditions, unknown)
        )


def many(principals: int) -> Graph:
    """Return a graph in which about so many principals reach admin."""
    account = _Account()
    last = [*_ends(account)]
    for number in range(principals):
        _start(account, number, last)
    found = sorted(account.answers, key=lambda one: one.start)
    return Graph(
        ADMIN,
        answers=(*found, GraphAnswer("role/break-glass", ADMIN, Reaching.YES)),
        nodes=(*account.nodes.values(),),
        edges=(*account.edges,),
        principals=principals + 8,
        administrators=1,
        assumptions=("no SCP limits the account",),
    )


def _ends(account: _Account) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield roles and the steps from there to the end."""
    glass = account.node("role/break-glass", is_admin=True)
    for team in TEAMS:
        pipeline = account.node(f"role/{team}-pipeline")
        passing = {"path": "lambda-create-invoke", "places": (PASSES, ASSUMES)}
        step = account.edge(
            pipeline,
            glass,
            How.PASS_ROLE,
            actions=("iam:PassRole", "lambda:CreateFunction"),
            **passing,
        )
        yield pipeline, (step,)
        if team[0] < "m":
            continue
        ops = account.node(f"role/{team}-ops")
        yield ops, (account.edge(ops, ADMIN, How.NEW_PRINCIPAL, path="iam-create-user"),)


def _start(account: _Account, number: int, last: list[tuple[str, tuple[str, ...]]]) -> None:
    end, steps = last[number % len(last)]
    if number % 3 == 0:  # alike
        start = account.node(f"role/deploy-{end.partition('/')[2]}-{number}")
        account.reaches(start, account.edge(start, end, How.ASSUME_ROLE), *steps)
    elif number % 3 == 1:
        start = account.node(f"user/{TEAMS[number % 7]}-developer-{number}")
        fields = {"level": StepLevel.CONDITIONAL, "conditions": (MFA,)}
        account.reaches(start, account.edge(start, end, How.ASSUME_ROLE, **fields), *steps)
    elif number % 30 == 2:
        start = account.node(f"{_OIDC}:{number}", NodeKind.OUTSIDER)
        fields = {"level": StepLevel.CONDITIONAL, "conditions": (SUBJECT, TEAM)}
        account.reaches(start, account.edge(start, end, How.WEB_IDENTITY, **fields), *steps)
    elif number % 30 == 5:
        start = account.node(f"var.deployer_{number}", NodeKind.OUTSIDER)
        fields = {"level": StepLevel.UNKNOWN, "unknown": (f"var.deployer_{number}",)}
        account.reaches(start, account.edge(start, end, How.ASSUME_ROLE, **fields), *steps)
    else:
        start = account.node(f"user/contractor-{number}")
        middle = account.node(f"role/sandbox-{number}")
        first = account.edge(start, middle, How.TRUST_REWRITTEN, places=(PASSES,))
        account.reaches(start, first, account.edge(middle, end, How.ASSUME_ROLE), *steps)
