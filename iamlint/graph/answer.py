"""What the graph answers: who gets where, by which steps, and what would decide the rest."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass, replace

if TYPE_CHECKING:
    from iamlint.load.document import Document, NotAnalysed
    from iamlint.load.link import NamedAt
    from iamlint.policy.at import At

ADMIN: Final = "admin"
"""The end of a chain whose last principal may do everything."""

OUTSIDERS: Final = "outsiders"
"""All that trust policies let in from elsewhere, as a start of chains."""

ANONYMOUS: Final = "anonymous"


class StepLevel(IntEnum):
    """How sure a step is: allowed, allowed with some values of keys, or not known."""

    UNKNOWN = 0
    CONDITIONAL = 1
    SURE = 2

    def __str__(self) -> str:
        return self.name.lower()


class Reaching(StrEnum):
    """Whether a chain exists; `no` is about the world that the files describe."""

    YES = "yes"
    CONDITIONAL = "conditional"
    UNKNOWN = "unknown"
    NO = "no"

    @classmethod
    def at(cls, level: StepLevel) -> Reaching:
        """Return the answer that a chain of a level gives."""
        return _BY_LEVEL[level]


_BY_LEVEL: Final = {
    StepLevel.SURE: Reaching.YES,
    StepLevel.CONDITIONAL: Reaching.CONDITIONAL,
    StepLevel.UNKNOWN: Reaching.UNKNOWN,
}


class NodeKind(StrEnum):
    """The kinds of nodes; `member` is a user with the policies of a group that it can join.

    So is a principal with any policy that it can be given, within limits that stay in force.
    """

    USER = "user"
    ROLE = "role"
    GROUP = "group"
    MEMBER = "member"
    WORKLOAD = "workload"
    OUTSIDER = "outsider"
    RESOURCE = "resource"
    ADMIN = "admin"


class How(StrEnum):
    """How one becomes the next; `does` is the last step to something other than a principal."""

    ASSUME_ROLE = "assume-role"
    WEB_IDENTITY = "assume-role-with-web-identity"
    SAML = "assume-role-with-saml"
    PASS_ROLE = "pass-role"  # noqa: S105 - the name of a step
    RUN_AS = "run-as"
    CREDENTIALS = "credentials"
    TRUST_REWRITTEN = "trust-rewritten"
    JOINS = "joins"
    POLICY_REWRITTEN = "policy-rewritten"
    NEW_PRINCIPAL = "new-principal"
    DOES = "does"


class SetBy(StrEnum):
    """Who can give a key the value that a step needs."""

    CALLER = "caller"
    TAGGER = "tagger"
    """A principal with the right to tag, of the resource or of the caller."""
    TOKEN = "token"  # noqa: S105 - a claim of one, not a secret
    ORGANIZATION = "organization"
    """The place of an account in an organization, which no caller chooses."""


@dataclass(frozen=True, slots=True)
class NeededKey:
    """A condition key that a step depends on, and values with which it is allowed.

    No value means that the key must be absent. `taggers` are the principals that can set a tag.
    """

    key: str
    values: tuple[str, ...]
    set_by: SetBy
    taggers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepPlace:
    """A place that a step depends on; a policy of AWS is in no file.

    `policy` is the kind of the policy, or the ARN of one that AWS manages; of a resource it is
    empty. `says` is what the place does for the step: "may pass the role".
    """

    says: str
    policy: str = ""
    sid: str | None = None
    document: Document | None = None
    at: At | None = None
    named_at: NamedAt | None = None

    @property
    def path(self) -> str | None:
        if self.document is not None and self.at is not None:
            return self.document.file_of(self.at)[0]
        return None if self.named_at is None else self.named_at.path

    @property
    def line(self) -> int | None:
        if self.document is not None and self.at is not None:
            start = self.document.span(self.at).start
            return self.document.file_of(self.at)[1].lines.position(start).line
        named = self.named_at
        return None if named is None else named.source.lines.position(named.span.start).line

    def __str__(self) -> str:
        return self.policy if self.path is None else f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A principal, workload, outsider or end; `id` is what questions and chains call it.

    `arn` is None where a part of it is not known, or where it has none.
    """

    id: str
    kind: NodeKind
    account: str | None = None
    arn: str | None = None
    address: str | None = None
    is_admin: bool = False
    place: StepPlace | None = None


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """A step from one node to another one, confirmed by what `can` answers.

    `path` is the path of escalation that it follows, if there is one. `through` is what it uses on
    the way: a workload, a group. `by` is the principal that rewrites the policy of `start`, or
    the first that meets a part of the needs of the step for it.
    `conditions` are the keys without which it is denied. `unknown` are the names that would decide
    it, and `why` says what is not known.
    """

    id: str
    start: str
    end: str
    how: How
    level: StepLevel
    path: str | None = None
    actions: tuple[str, ...] = ()
    through: str | None = None
    by: str | None = None
    conditions: tuple[NeededKey, ...] = ()
    unknown: tuple[str, ...] = ()
    why: str | None = None
    places: tuple[StepPlace, ...] = ()
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GraphChain:
    """The ids of the edges from a start to an end; `aside` lead to those that `by` names."""

    steps: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()


class Closed(StrEnum):
    """Why a way is not open: no principal has it, there is nothing to use it on, or a denial."""

    DORMANT = "dormant"
    LATENT = "latent"
    GUARDED = "guarded"


@dataclass(frozen=True, slots=True)
class ClosedWay:
    """A way that is not open, and why; `start` has it, if anybody."""

    closed: Closed
    start: str | None
    path: str
    why: str
    places: tuple[StepPlace, ...] = ()


@dataclass(frozen=True, slots=True)
class PathDoubt:
    """A path that a principal may go, and why it is not known where it leads."""

    path: str
    why: str

    def __str__(self) -> str:
        return f"{self.path}: {self.why}"


@dataclass(frozen=True, slots=True)
class GraphAnswer:
    """Whether one reaches an end, with the strongest of the shortest chains.

    An administrator reaches `admin` without a step. `conditions` are those of all steps. `unknown`
    names what would decide it: variables, documents. `doubts` are the paths that the graph does not
    model, or not to their end.
    """

    start: str
    end: str
    answer: Reaching
    chain: GraphChain = GraphChain()
    conditions: tuple[NeededKey, ...] = ()
    unknown: tuple[str, ...] = ()
    alternatives: tuple[GraphChain, ...] = ()
    doubts: tuple[PathDoubt, ...] = ()

    @property
    def deciders(self) -> tuple[str, ...]:
        """The texts of all that would decide an answer that is not known."""
        return (*self.unknown, *map(str, self.doubts))


@dataclass(frozen=True, slots=True)
class Graph:
    """The answers about one end, and the nodes and edges on their chains, by id.

    `end` is `admin`, a principal or a resource, `actions` what is done there. `principals` are all
    that files describe, `administrators` those that may do everything at once.
    """

    end: str
    actions: tuple[str, ...] = ()
    answers: tuple[GraphAnswer, ...] = ()
    nodes: tuple[GraphNode, ...] = ()
    edges: tuple[GraphEdge, ...] = ()
    closed: tuple[ClosedWay, ...] = ()
    not_analysed: tuple[NotAnalysed, ...] = ()
    principals: int = 0
    administrators: int = 0
    assumptions: tuple[str, ...] = ()

    def node(self, name: str) -> GraphNode:
        return next(one for one in self.nodes if one.id == name)

    def edge(self, name: str) -> GraphEdge:
        return next(one for one in self.edges if one.id == name)

    def count(self, answer: Reaching) -> int:
        """Return how many starts have an answer."""
        return sum(one.answer is answer for one in self.answers)

    def limited_to(self, answers: tuple[GraphAnswer, ...]) -> Graph:
        """Return the graph of some of its answers, with what is on their chains alone."""
        chains = [each for one in answers for each in (one.chain, *one.alternatives)]
        steps = {step for each in chains for step in (*each.steps, *each.aside)}
        edges = tuple(edge for edge in self.edges if edge.id in steps)
        names = {self.end, *(one.start for one in answers)}
        names |= {
            name for edge in edges for name in (edge.start, edge.end, edge.through, edge.by) if name
        }
        nodes = tuple(node for node in self.nodes if node.id in names)
        return replace(self, answers=answers, nodes=nodes, edges=edges)
