"""Every principal against a few questions of high impact, directly and as an administrator."""

from __future__ import annotations

import json
import shlex
from enum import StrEnum
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Final

from iamlint.errors import UsageError
from iamlint.fast_dataclass import dataclass, replace
from iamlint.graph.answer import ADMIN, How, NodeKind, Reaching, StepLevel
from iamlint.graph.asking import StepAsking
from iamlint.graph.find import GraphQuestion, find_graph
from iamlint.policy.truth import Truth

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from iamlint.account.ask.account import Account
    from iamlint.account.ask.answer import Where
    from iamlint.account.ask.principal import Actor
    from iamlint.graph.answer import Graph, GraphAnswer
    from iamlint.graph.world import Being, GraphWorld


class MatrixAnswer(StrEnum):
    """What a principal can do; weakest first."""

    DENIED = "denied"
    UNKNOWN = "unknown"
    CONDITIONAL = "conditional"
    ALLOWED = "allowed"


class MatrixAsk(StrEnum):
    """The subject of a question: all rights, one resource at least, every one, or some roles."""

    ADMIN = "admin"
    ANY = "any"
    EVERY = "every"
    ADMINISTRATORS = "administrators"


@dataclass(frozen=True, slots=True)
class MatrixQuestion:
    """A question of the matrix: whether one of the actions is allowed."""

    name: str
    title: str
    ask: MatrixAsk
    actions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """An answer. `via` is the administrator that a chain leads to; None if it needs no chain.

    `command` asks the same again, `conditions` are keys on which it depends, and `why` says what is
    not known.
    """

    answer: MatrixAnswer
    command: str
    via: str | None = None
    conditions: tuple[str, ...] = ()
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    """The cells of each principal, in the order of the questions."""

    questions: tuple[MatrixQuestion, ...]
    rows: Mapping[str, tuple[MatrixCell, ...]]


_OF_LEVEL: Final = {
    StepLevel.SURE: MatrixAnswer.ALLOWED,
    StepLevel.CONDITIONAL: MatrixAnswer.CONDITIONAL,
    StepLevel.UNKNOWN: MatrixAnswer.UNKNOWN,
}
_OF_CHAIN: Final = {
    Reaching.YES: MatrixAnswer.ALLOWED,
    Reaching.CONDITIONAL: MatrixAnswer.CONDITIONAL,
    Reaching.UNKNOWN: MatrixAnswer.UNKNOWN,
    Reaching.NO: MatrixAnswer.DENIED,
}
_RANK: Final = {answer: rank for rank, answer in enumerate(MatrixAnswer)}
_BY_RIGHTS: Final = (How.POLICY_REWRITTEN, How.NEW_PRINCIPAL)
"""Steps that end with any policy, not as a principal that the files describe."""


@cache
def matrix_questions() -> tuple[MatrixQuestion, ...]:
    """Return the questions, in the order of the table."""
    text = Path(__file__).with_name("matrix.json").read_text(encoding="utf-8")
    return tuple(
        MatrixQuestion(
            one["name"], one["title"], MatrixAsk(one["ask"]), tuple(one.get("actions", ()))
        )
        for one in json.loads(text)
    )


def find_matrix(world: GraphWorld, where: Where) -> Matrix:
    """Return the answers for all users and roles; `where` is where the command line asks them."""
    names = tuple(world.beings)
    graph = find_graph(world, GraphQuestion(names, ADMIN))
    asking = _MatrixAsking(world, graph, where)
    return Matrix(matrix_questions(), {name: tuple(asking.row(name)) for name in sorted(names)})


class _MatrixAsking:
    """Asks the questions, each principal's own ones once."""

    def __init__(self, world: GraphWorld, graph: Graph, where: Where) -> None:
        self._world = world
        self._graph = graph
        self._where = where
        self._asking = StepAsking(world)
        self._chains = {one.start: one for one in graph.answers}
        self._own: dict[tuple[str, str], MatrixCell] = {}
        nodes = {node.id for node in graph.nodes if node.is_admin and node.kind is NodeKind.ROLE}
        self._roles = [world.beings[name].arn for name in sorted(nodes)]

    def row(self, name: str) -> Iterator[MatrixCell]:
        """Yield the answers of a principal."""
        chain = self._chains[name]
        for question in matrix_questions():
            if question.ask is MatrixAsk.ADMIN:
                yield self._admin(chain)
                continue
            own = self._directly(name, question)
            other = self._by_chain(chain, question)
            is_more = other is not None and _RANK[other.answer] > _RANK[own.answer]
            yield other if other is not None and is_more else own

    def _admin(self, chain: GraphAnswer) -> MatrixCell:
        return MatrixCell(
            _OF_CHAIN[chain.answer],
            self._command("graph", "--from", chain.start, "--to", ADMIN),
            self._via(chain),
            tuple(dict.fromkeys(key.key for key in chain.conditions)),
            ", ".join(chain.deciders) or None,
        )

    def _via(self, chain: GraphAnswer) -> str | None:
        if not chain.chain.steps:
            return None
        last = self._graph.edge(chain.chain.steps[-1])
        return last.start if last.end == ADMIN else last.end

    def _by_chain(self, chain: GraphAnswer, question: MatrixQuestion) -> MatrixCell | None:
        """Return what the administrator at the end of a chain can do; None without a chain."""
        via = self._via(chain)
        if via is None or chain.answer is Reaching.NO:
            return None
        admin = self._admin(chain)
        last = self._graph.edge(chain.chain.steps[-1])
        if last.how in _BY_RIGHTS or via not in self._world.beings:
            why = "it may get any policy, but it is not known what a limit then denies"
            return replace(admin, answer=MatrixAnswer.UNKNOWN, why=why)
        then = self._directly(via, question)
        weakest = min(admin.answer, then.answer, key=lambda one: _RANK[one])
        return replace(
            admin,
            answer=weakest,
            conditions=tuple(dict.fromkeys((*admin.conditions, *then.conditions))),
            why=admin.why or then.why,
        )

    def _directly(self, name: str, question: MatrixQuestion) -> MatrixCell:
        key = name, question.name
        if key not in self._own:
            being = self._world.beings[name]
            cells = [*self._cells(being, question)]
            denied = MatrixCell(MatrixAnswer.DENIED, self._can(being, question))
            self._own[key] = max(cells, key=lambda one: _RANK[one.answer], default=denied)
        return self._own[key]

    def _cells(self, being: Being, question: MatrixQuestion) -> Iterator[MatrixCell]:
        """Yield what is not denied, by action and by role of an administrator."""
        command = self._can(being, question)
        is_every = question.ask is MatrixAsk.EVERY
        is_about_roles = question.ask is MatrixAsk.ADMINISTRATORS
        places: Sequence[str | None] = self._roles if is_about_roles else (None,)
        for action, on in product(question.actions, places):
            every = self._every(being, action) if is_every else Truth.YES
            found = self._asking.decide(being, action, on) if every is not Truth.NO else None
            keys = tuple(dict.fromkeys(key.key for key in found.conditions)) if found else ()
            answer = MatrixAnswer.DENIED if found is None else _OF_LEVEL[found.level]
            if every is Truth.MAYBE and answer is not MatrixAnswer.CONDITIONAL:
                why = found.why if found is not None else None
                why = why or "it is not known for some resources"
                yield MatrixCell(MatrixAnswer.UNKNOWN, command, None, keys, why)
            elif found is not None:
                yield MatrixCell(answer, command, None, keys, found.why)

    def _every(self, being: Being, action: str) -> Truth:
        """Return whether an action is allowed on all resources; other values may change it."""
        known = _every(self._world.account, being.actor, action)
        account, actor = self._world.in_files, being.in_files
        if account is None or actor is None or known is Truth.MAYBE:
            return known
        return known if _every(account, actor, action) is known else Truth.MAYBE

    def _can(self, being: Being, question: MatrixQuestion) -> str:
        """Return the command that asks a question directly."""
        places: Iterable[str] = ()
        if question.ask is MatrixAsk.ADMINISTRATORS:
            places = map(self._world.shown, self._roles)
        words = [word for arn in places for word in ("--on", arn)]
        some = [] if question.ask is MatrixAsk.EVERY else ["--some"]
        return self._command("can", being.id, *question.actions, *words, *some)

    def _command(self, *words: str) -> str:
        start = f"cd {shlex.quote(self._where.folder)} && " if self._where.folder else ""
        return start + shlex.join(("iamlint", *words, *self._where.values))


def _every(account: Account, actor: Actor, action: str) -> Truth:
    """Return whether an action is allowed on all that it acts on."""
    try:
        return account.ask(actor, (action,)).every
    except UsageError:
        return Truth.NO
