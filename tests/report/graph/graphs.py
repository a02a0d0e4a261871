"""A graph by hand with every kind of step, level, condition and answer, and a hostile one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.graph.answer import (
    ADMIN,
    ANONYMOUS,
    Closed,
    ClosedWay,
    Graph,
    GraphAnswer,
    GraphChain,
    GraphEdge,
    GraphNode,
    How,
    NeededKey,
    NodeKind,
    Reaching,
    SetBy,
    StepLevel,
    StepPlace,
)
from iamlint.graph.changed import GraphChange
from iamlint.load.document import Cause, NotAnalysed
from iamlint.load.link import NamedAt
from iamlint.report.graph.view import GraphOutput
from iamlint.text.json import read_json
from iamlint.text.span import Span
from tests.support.loading import load_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.load.document import Document

ACCOUNT = "111122223333"
OUTPUT = GraphOutput("2026-11-01")
ALL = GraphOutput("2026-11-01", StepLevel.UNKNOWN)
POLICY = """\
{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "Pass", "Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"},
    {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
  ]
}
"""
AWS_MANAGED = "arn:aws:iam::aws:policy/IAMFullAccess"
MFA = NeededKey("aws:MultiFactorAuthPresent", ("true",), SetBy.CALLER)
TEAM = NeededKey("aws:PrincipalTag/team", ("ops", "dev"), SetBy.TAGGER, ("role/tagger",))
SUBJECT = NeededKey("token.example.com:sub", ("repo:a/b",), SetBy.TOKEN)
NO_VPCE = NeededKey("aws:SourceVpce", (), SetBy.CALLER)


def document(name: str = "iam.json") -> Document:
    (found,) = load_text(POLICY, name).documents
    return found


def place(says: str, statement: int = 0, name: str = "iam.json") -> StepPlace:
    """Return the place of a statement of a file."""
    found = document(name)
    one = found.policy.statements[statement]
    return StepPlace(says, str(found.kind), one.sid.text if one.sid else None, found, one.at)


def named(says: str, path: str = "deploy.json") -> StepPlace:
    """Return the place of a resource or an attachment, which is the second line of a file."""
    return StepPlace(says, named_at=NamedAt(path, read_json('{\n "Role": "x"\n}'), Span(3, 14)))


PASSES, ASSUMES = place("may pass the role"), place("may assume the role", 1)
TRUSTS = place("trusts the caller", 1, "trust.json")
ATTACHED = named("attaches the policy")


def principal(name: str, **others: object) -> GraphNode:
    kind, _, last = name.partition("/")
    fields: Mapping[str, object] = {
        "account": ACCOUNT,
        "arn": f"arn:aws:iam::{ACCOUNT}:{name}",
        "address": f"aws_iam_{kind}.{last}",
        "place": named("is it", "iam.json"),
    }
    return GraphNode(name, NodeKind(kind), **{**fields, **others})  # type: ignore[arg-type]


def edge(name: str, start: str, end: str, how: How, **others: object) -> GraphEdge:
    fields: Mapping[str, object] = {"level": StepLevel.SURE, "places": (ASSUMES,)}
    return GraphEdge(name, start, end, how, **{**fields, **others})  # type: ignore[arg-type]


def answer(start: str, found: Reaching, *steps: str, **others: object) -> GraphAnswer:
    fields: Mapping[str, object] = {"end": ADMIN, "chain": GraphChain(steps)}
    return GraphAnswer(start, answer=found, **{**fields, **others})  # type: ignore[arg-type]


OIDC = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.example.com"
SAML = f"arn:aws:iam::{ACCOUNT}:saml-provider/corp"
PARTNER = "arn:aws:iam::444455556666:root"
MEMBER = "user/eve&group/admins"
FUNCTION = "aws_lambda_function.etl"

NODES = (
    GraphNode(ADMIN, NodeKind.ADMIN),
    GraphNode(ANONYMOUS, NodeKind.OUTSIDER),
    GraphNode(OIDC, NodeKind.OUTSIDER, ACCOUNT, OIDC),
    GraphNode(SAML, NodeKind.OUTSIDER, ACCOUNT, SAML),
    GraphNode(PARTNER, NodeKind.OUTSIDER, "444455556666", PARTNER),
    GraphNode("var.deployer_arn", NodeKind.OUTSIDER),
    GraphNode(FUNCTION, NodeKind.WORKLOAD, address=FUNCTION, place=named("runs it")),
    GraphNode("group/admins", NodeKind.GROUP, ACCOUNT),
    GraphNode(MEMBER, NodeKind.MEMBER, ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/eve"),
    principal("role/builder"),
    principal("role/ci"),
    principal("role/debug", is_admin=True),
    principal("role/deploy", arn=None, place=None),
    principal("role/etl"),
    principal("role/reader"),
    principal("role/tagger"),
    principal("role/writer"),
    principal("user/chris"),
    principal("user/dana"),
    principal("user/eve"),
    principal("user/zoe"),
)
EDGES = (
    edge("e01", "user/chris", "role/deploy", How.ASSUME_ROLE, places=(ASSUMES, TRUSTS, TRUSTS)),
    edge(
        "e02",
        "role/deploy",
        "role/debug",
        How.PASS_ROLE,
        path="lambda-create-invoke",
        actions=("iam:PassRole", "lambda:CreateFunction"),
        places=(PASSES, ATTACHED, StepPlace("may create the function", AWS_MANAGED)),
        assumptions=("Lambda is allowed in the account",),
    ),
    edge("e03", "role/builder", ADMIN, How.NEW_PRINCIPAL, path="iam-create-user", places=()),
    edge(
        "e04", OIDC, "role/ci", How.WEB_IDENTITY, level=StepLevel.CONDITIONAL, conditions=(SUBJECT,)
    ),
    edge("e05", "role/ci", "role/etl", How.RUN_AS, through=FUNCTION, path="lambda-update-code"),
    edge(
        "e06", "role/etl", ADMIN, How.POLICY_REWRITTEN, by="role/writer", path="iam-put-role-policy"
    ),
    edge(
        "e07",
        OIDC,
        "role/writer",
        How.WEB_IDENTITY,
        level=StepLevel.CONDITIONAL,
        conditions=(TEAM,),
    ),
    edge(
        "e08", SAML, "user/dana", How.SAML, level=StepLevel.CONDITIONAL, conditions=(NO_VPCE, MFA)
    ),
    edge("e09", "user/dana", "user/eve", How.CREDENTIALS, path="iam-create-access-key"),
    edge(
        "e10", "user/eve", MEMBER, How.JOINS, through="group/admins", path="iam-add-user-to-group"
    ),
    edge("e11", MEMBER, ADMIN, How.POLICY_REWRITTEN, by=MEMBER, path="iam-attach-user-policy"),
    edge(
        "e12",
        PARTNER,
        "role/builder",
        How.TRUST_REWRITTEN,
        path="iam-update-trust",
        places=(PASSES,),
    ),
    edge(
        "e13",
        "var.deployer_arn",
        "role/debug",
        How.ASSUME_ROLE,
        level=StepLevel.UNKNOWN,
        unknown=("var.deployer_arn",),
        why="`${var.deployer_arn}` is not known",
        places=(TRUSTS,),
    ),
    edge("e14", "role/deploy", "role/debug", How.ASSUME_ROLE, places=(TRUSTS,)),
)
ANSWERS = (
    answer(ANONYMOUS, Reaching.NO),
    answer(
        OIDC,
        Reaching.CONDITIONAL,
        chain=GraphChain(("e04", "e05", "e06"), ("e07",)),
        conditions=(SUBJECT, TEAM),
    ),
    answer(SAML, Reaching.CONDITIONAL, "e08", "e09", "e10", "e11", conditions=(NO_VPCE, MFA)),
    answer(PARTNER, Reaching.YES, "e12", "e03"),
    answer("var.deployer_arn", Reaching.UNKNOWN, "e13", unknown=("var.deployer_arn",)),
    answer("role/debug", Reaching.YES),
    answer("role/tagger", Reaching.UNKNOWN, unknown=("sts-assume-root",)),
    answer("user/chris", Reaching.YES, "e01", "e02", alternatives=(GraphChain(("e01", "e14")),)),
    answer("user/zoe", Reaching.NO),
)
GRAPH = Graph(
    ADMIN,
    answers=ANSWERS,
    nodes=NODES,
    edges=EDGES,
    closed=(
        ClosedWay(Closed.DORMANT, None, "lambda-create-invoke", "nothing has it", (PASSES,)),
        ClosedWay(Closed.LATENT, "role/reader", "lambda-update-code", "no function has a role"),
        ClosedWay(Closed.GUARDED, "user/zoe", "iam-put-user-policy", "denied by an SCP", (TRUSTS,)),
    ),
    not_analysed=(
        NotAnalysed("a\nb.yaml", ("Resources", 0), "too deep", unreadable=True),
        NotAnalysed("other.tf", (), "a policy of Google Cloud", cause=Cause.OTHER_CLOUD),
    ),
    principals=10,
    administrators=1,
    assumptions=("no SCP limits the account",),
)
OLD = Graph(
    ADMIN,
    answers=(
        answer(SAML, Reaching.YES, "o1", "o2"),
        answer(PARTNER, Reaching.UNKNOWN, unknown=("var.a",)),
        answer("role/debug", Reaching.YES),
        answer("role/old", Reaching.CONDITIONAL, "o2", conditions=(MFA,)),
        answer("user/chris", Reaching.YES, "o2"),
    ),
    nodes=(principal("role/old"), GraphNode(ADMIN, NodeKind.ADMIN)),
    edges=(
        edge("o1", SAML, "role/old", How.SAML),
        edge("o2", "role/old", ADMIN, How.NEW_PRINCIPAL, conditions=(MFA,)),
    ),
    principals=2,
)
CHANGE = GraphChange(OLD, GRAPH, "main")
EMPTY = Graph(ADMIN)
BUCKET = "arn:aws:s3:::data"
ACCESS = Graph(
    BUCKET,
    ("s3:GetObject", "s3:PutObject"),
    (answer("user/chris", Reaching.YES, "d1", end=BUCKET),),
    (principal("user/chris"), GraphNode(BUCKET, NodeKind.RESOURCE, arn=BUCKET)),
    (edge("d1", "user/chris", BUCKET, How.DOES, actions=("s3:GetObject",)),),
    principals=1,
)

HOSTILE = (
    "<script>alert(1)</script> \"q\" 's' `b` |p| ]]> --> %% \n## [x](javascript:1) @team "
    '\x1b[31m \\N \\" {d} $(id) &amp; :::class click end\u202e'
)


def hostile() -> Graph:
    """Return a graph in which every text that a file decides is hostile."""
    key = NeededKey(HOSTILE, (HOSTILE,), SetBy.TAGGER, (HOSTILE,))
    start, end = f"user/{HOSTILE}", f"role/{HOSTILE}"
    bad = NamedAt(f"javascript:{HOSTILE}", read_json("{}"), Span(0, 2))
    where = (StepPlace(HOSTILE, HOSTILE, HOSTILE, named_at=bad),)
    one = GraphEdge(
        "e1",
        start,
        end,
        How.RUN_AS,
        StepLevel.CONDITIONAL,
        HOSTILE,
        (HOSTILE,),
        HOSTILE,
        conditions=(key,),
        why=HOSTILE,
        places=where,
        assumptions=(HOSTILE,),
    )
    nodes = (
        GraphNode(start, NodeKind.USER, HOSTILE, HOSTILE, HOSTILE, place=where[0]),
        GraphNode(end, NodeKind.ROLE),
    )
    return Graph(
        end,
        answers=(
            answer(start, Reaching.CONDITIONAL, "e1", end=end, conditions=(key,)),
            answer(HOSTILE, Reaching.UNKNOWN, end=end, unknown=(HOSTILE,)),
        ),
        nodes=nodes,
        edges=(one,),
        closed=(ClosedWay(Closed.LATENT, start, HOSTILE, HOSTILE, where),),
        not_analysed=(NotAnalysed(HOSTILE, (HOSTILE,), HOSTILE, unreadable=True),),
        principals=2,
        assumptions=(HOSTILE,),
    )
