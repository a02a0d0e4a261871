"""One account with one link, and the answers that follow from it in every carrier.

A `Cell` is a link of one kind whose policy allows or denies. Its `Open` part is not known, and then
there are several worlds: the answer is that of all of them, or it depends.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from iamlint.account.ask.answer import Ruling
from iamlint.evaluator.decision import evaluate
from iamlint.evaluator.policy_set import PolicySet
from iamlint.evaluator.request import Request, caller_of
from iamlint.evaluator.statement import CompiledPolicy, compile_policy
from iamlint.evaluator.verdict import Verdict
from iamlint.policy.grammar import Kind
from iamlint.policy.parse import parse_policy
from iamlint.policy.requested import RequestedResource

if TYPE_CHECKING:
    from collections.abc import Iterator

Policy = dict[str, Any]

HOME: Final = "111122223333"
APP: Final = f"arn:aws:iam::{HOME}:role/app"
KIM: Final = f"arn:aws:iam::{HOME}:user/kim"
VAULT: Final = f"arn:aws:iam::{HOME}:role/vault"
ROOT: Final = f"arn:aws:iam::{HOME}:root"
STRANGER: Final = f"arn:aws:iam::{HOME}:role/stranger"
GUARD: Final = f"arn:aws:iam::{HOME}:policy/guard"
ELSEWHERE: Final = f"arn:aws:iam::{HOME}:policy/elsewhere"
DEPOT: Final = "arn:aws:s3:::depot"
JOBS: Final = f"arn:aws:sqs:eu-west-1:{HOME}:jobs"
ORGANIZATION: Final = "o-a1b2c3d4e5"


class Linked(StrEnum):
    """The kinds of links, by their two ends."""

    INLINE = "inline policy"
    ATTACHED = "attached policy"
    BOUNDARY = "permissions boundary"
    MEMBER = "group"
    TRUST = "trust policy"
    BUCKET = "bucket policy"
    QUEUE = "queue policy"
    SCP = "SCP"
    RCP = "RCP"


class Content(StrEnum):
    ALLOWS = "allows"
    DENIES = "denies"


class Open(StrEnum):
    """The part of a link that is not known."""

    NOTHING = "known"
    HOLDER = "unknown holder"  # whom or what a policy is linked to; whom it trusts
    TARGET = "unknown policy"  # which policy, or which group, is linked
    TEXT = "unknown text"  # what the policy says


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A link of the matrix."""

    linked: Linked
    content: Content
    open: Open = Open.NOTHING

    def __str__(self) -> str:
        return f"{self.linked} that {self.content}, {self.open}"

    @property
    def subject(self) -> str:
        """The subject of the questions; `app` and `kim` hold `BASE`."""
        return "user/kim" if self.linked is Linked.MEMBER else "role/app"

    @property
    def text(self) -> Policy:
        """The policy that is linked."""
        return _TEXTS[self.linked, self.content]


@dataclass(frozen=True, slots=True, order=True)
class Question:
    action: str
    on: str

    def __str__(self) -> str:
        return f"{self.action} on {self.on}"


def policy(*statements: Policy) -> Policy:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _allow(*actions: str, **more: object) -> Policy:
    return {"Effect": "Allow", "Action": list(actions), **({"Resource": "*"} | more)}


def _deny(*actions: str, **more: object) -> Policy:
    return _allow(*actions, **more) | {"Effect": "Deny"}


def trust(**principal: str) -> Policy:
    return policy({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


BASE: Final = policy(
    _allow("s3:GetObject", "s3:DeleteObject", "sts:AssumeRole", "sqs:PurgeQueue", "sqs:GetQueueUrl")
)
EC2: Final = trust(Service="ec2.amazonaws.com")
GIVES: Final = policy(_allow("s3:PutObject"))
TAKES: Final = policy(_deny("s3:DeleteObject"))

_WITHIN: Final = policy(_allow("s3:*", "sts:*"))
_WITHOUT: Final = policy(_allow("*"), _deny("s3:DeleteObject"))
_TEXTS: Final[dict[tuple[Linked, Content], Policy]] = {
    **{
        (linked, content): text
        for linked in (Linked.INLINE, Linked.ATTACHED, Linked.MEMBER)
        for content, text in ((Content.ALLOWS, GIVES), (Content.DENIES, TAKES))
    },
    (Linked.BOUNDARY, Content.ALLOWS): _WITHIN,
    (Linked.BOUNDARY, Content.DENIES): _WITHOUT,
    (Linked.TRUST, Content.ALLOWS): trust(AWS=APP),
    (Linked.TRUST, Content.DENIES): policy(
        trust(AWS=ROOT)["Statement"][0],
        trust(AWS=APP)["Statement"][0] | {"Effect": "Deny"},
    ),
    (Linked.BUCKET, Content.ALLOWS): policy(_allow("s3:PutObject", Principal={"AWS": APP})),
    (Linked.BUCKET, Content.DENIES): policy(_deny("s3:DeleteObject", Principal="*")),
    (Linked.QUEUE, Content.ALLOWS): policy(_allow("sqs:SendMessage", Principal={"AWS": APP})),
    (Linked.QUEUE, Content.DENIES): policy(_deny("sqs:PurgeQueue", Principal="*")),
    (Linked.SCP, Content.ALLOWS): _WITHIN,
    (Linked.SCP, Content.DENIES): TAKES,
    (Linked.RCP, Content.ALLOWS): policy(_deny("s3:PutObjectAcl", Principal="*")),
    (Linked.RCP, Content.DENIES): policy(_deny("s3:DeleteObject", Principal="*")),
}
_EVERYTHING: Final = policy(_allow("*"))
_NOTHING: Final = policy(_deny("*"))
_FOR_ALL: Final = policy({"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"})
_FOR_NONE: Final = policy({"Effect": "Deny", "Action": "*", "Resource": "*", "Principal": "*"})
# What a policy, a group or a text that is not known may say.
_ANY: Final[dict[Linked, tuple[Policy | None, ...]]] = {
    Linked.INLINE: (_EVERYTHING, _NOTHING),
    Linked.ATTACHED: (_EVERYTHING, _NOTHING),
    Linked.MEMBER: (_EVERYTHING, _NOTHING),
    Linked.BOUNDARY: (_EVERYTHING, _NOTHING),
    Linked.TRUST: (_FOR_ALL, _FOR_NONE),
    Linked.BUCKET: (_FOR_ALL, _FOR_NONE),
    Linked.QUEUE: (_FOR_ALL, _FOR_NONE),
    Linked.SCP: (_EVERYTHING, _NOTHING),
    Linked.RCP: (None, _FOR_NONE),
}
_KINDS: Final = {
    Linked.TRUST: Kind.TRUST,
    Linked.BUCKET: Kind.RESOURCE,
    Linked.QUEUE: Kind.RESOURCE,
    Linked.BOUNDARY: Kind.BOUNDARY,
    Linked.SCP: Kind.SCP,
    Linked.RCP: Kind.RCP,
}
_QUESTIONS: Final = (
    Question("s3:PutObject", f"{DEPOT}/k"),
    Question("s3:DeleteObject", f"{DEPOT}/k"),
    Question("s3:GetObject", f"{DEPOT}/k"),
    Question("s3:GetObject", "arn:aws:s3:::attic/k"),
    Question("ec2:StopInstances", f"arn:aws:ec2:eu-west-1:{HOME}:instance/i-0123456789abcdef0"),
)
_MORE: Final = {
    Linked.TRUST: (Question("sts:AssumeRole", VAULT),),
    Linked.QUEUE: (
        Question("sqs:SendMessage", JOBS),
        Question("sqs:PurgeQueue", JOBS),
        Question("sqs:GetQueueUrl", JOBS),
        Question("sqs:PurgeQueue", f"{JOBS}-of-others"),
    ),
}


def questions(cell: Cell) -> tuple[Question, ...]:
    """Return the questions: those that the policies of the cells decide, and others."""
    return (*_QUESTIONS, *_MORE.get(cell.linked, ()))


@cache
def expected(cell: Cell, question: Question) -> Ruling:
    """Return the decision of the evaluator in all worlds, or that it depends on the world."""
    found = {_ruling(cell, text, question) for text in _worlds(cell, question)}
    return found.pop() if len(found) == 1 else Ruling.DEPENDS


def _worlds(cell: Cell, question: Question) -> Iterator[Policy | None]:
    """Yield the linked policy for a question, None for no policy, in each world."""
    is_about = _concerns(cell.linked, question)
    match cell.open:
        case Open.NOTHING:
            yield cell.text if is_about else None
        case Open.HOLDER if cell.linked is Linked.TRUST:
            yield cell.text if is_about else None
            yield with_principal(cell.text, STRANGER) if is_about else None
        case Open.HOLDER:
            yield cell.text if is_about or _is_like(cell.linked, question) else None
            yield None
        case Open.TARGET | Open.TEXT:
            yield from _ANY[cell.linked] if is_about else (None,)


def with_principal(text: Any, arn: str) -> Any:
    """Return a policy with the ARN of the role replaced."""
    if isinstance(text, dict):
        return {key: with_principal(value, arn) for key, value in text.items()}
    if isinstance(text, list):
        return [with_principal(value, arn) for value in text]
    return arn if text == APP else text


def _ruling(cell: Cell, text: Policy | None, question: Question) -> Ruling:
    caller = caller_of(KIM if cell.linked is Linked.MEMBER else APP)
    assert caller is not None
    request = Request(caller, question.action, RequestedResource.of(question.on), HOME)
    policies = PolicySet(identity=(_compiled(BASE, Kind.IDENTITY),))
    if text is not None:
        policies = _with(cell.linked, text, policies)
    verdict = evaluate(request, policies).verdict
    return Ruling.ALLOWED if verdict is Verdict.ALLOWED else Ruling.DENIED


def _concerns(linked: Linked, question: Question) -> bool:
    match linked:
        case Linked.BUCKET:
            return question.on.startswith(f"{DEPOT}/")
        case Linked.QUEUE:
            return question.on == JOBS
        case Linked.TRUST:
            return question.on == VAULT
    return True


def _is_like(linked: Linked, question: Question) -> bool:
    """Return whether a policy with an unknown holder may be that of the subject."""
    service = {Linked.BUCKET: "arn:aws:s3:", Linked.QUEUE: "arn:aws:sqs:"}.get(linked, "")
    return question.on.startswith(service)


def _with(linked: Linked, text: Policy, policies: PolicySet) -> PolicySet:
    policy = _compiled(text, _KINDS.get(linked, Kind.IDENTITY))
    match linked:
        case Linked.INLINE | Linked.ATTACHED | Linked.MEMBER:
            return replace(policies, identity=(*policies.identity, policy))
        case Linked.BOUNDARY:
            return replace(policies, boundary=(policy,))
        case Linked.TRUST | Linked.BUCKET | Linked.QUEUE:
            return replace(policies, resource=(policy,))
        case Linked.SCP:
            # Who allows nothing has FullAWSAccess beside it.
            beside = () if any(s.allows for s in policy.source.statements) else (_FULL,)
            return replace(policies, scp=((*beside, policy),))
        case Linked.RCP:
            return replace(policies, rcp=((policy,),))


def _compiled(text: Policy, kind: Kind) -> CompiledPolicy:
    return compile_policy(parse_policy(text, kind), "the model")


_FULL: Final = _compiled(_EVERYTHING, Kind.SCP)
