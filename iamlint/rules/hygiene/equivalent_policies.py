"""Flags a policy that means the same as another one of the repository.

Who changes one of them may forget the other. That they mean the same is proved for all requests,
whatever else is attached beside them: they allow the same, and they deny the same. Policies are
compared within one template, one root module, one dump or one folder of policy files.

Only managed and inline policies of identities and SCPs are compared. Trust policies and those of
resources are often equal on purpose. A text that is the same is left to `repeated-inline-policy`.
If a value decides that iamlint does not know, if AWS may add actions that only one of them names,
or if the proof takes too many steps, nothing is reported.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.policy.at import At
from iamlint.policy.grammar import Kind
from iamlint.reason.budget import BudgetError
from iamlint.reason.covered import (
    NamedTogether,
    actions_of,
    are_known,
    is_covered,
    is_known,
    is_seen_wider,
    requests_of,
)
from iamlint.rule import (
    AccountContext,
    AccountHit,
    Confidence,
    Family,
    Hit,
    Note,
    Profile,
    Rule,
    Severity,
    bad,
    good,
)
from iamlint.rules.hygiene._said_actions import said_actions
from iamlint.rules.hygiene._same_text import place_of, text_of, unit_of

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence

    from iamlint.catalog import Catalog
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.load.document import Document
    from iamlint.reason.covered import NamedActions

_KINDS: Final = frozenset({Kind.IDENTITY, Kind.SCP})
_BUDGET: Final = 100_000
"""Steps of one proof; AWS has 22,000 actions."""
_ALL: Final = 2_000_000
"""What all proofs of an account may cost; one costs `_EACH`, and one for each action."""
_EACH: Final = 1_000
_MOST_PROOFS: Final = 20
"""Policies that name the same actions with which one is compared."""


def check_account(context: AccountContext) -> Iterator[AccountHit]:
    near: dict[Hashable, list[Document]] = {}
    for document in context.described.read.documents:
        if _is_compared(document):
            said = said_actions(document.value, context.catalog)
            near.setdefault((_unit(document), document.kind, said), []).append(document)
    proofs = _Proofs(context.catalog)
    for documents in near.values():
        if len(documents) > 1:
            alike = _by_text(one for one in documents if _is_known(one))
            if len(alike) > 1:
                yield from proofs.equal(alike)


def _by_text(documents: Iterable[Document]) -> Collection[Document]:
    """Return the first policy of each text; none of those with unknown values."""
    found: dict[Hashable, Document] = {}
    for document in documents:
        with suppress(LookupError):
            found.setdefault(text_of(document.value), document)
    return found.values()


def _is_compared(document: Document) -> bool:
    """Return whether a person wrote a policy, and it says one thing."""
    return (
        document.kind in _KINDS
        and document.source.readable
        and not document.readings
        and not document.when
        and document.attachment.construct is None
        and document.generated is None
        and document.shown_by is None
    )


def _is_known(document: Document) -> bool:
    return (
        bool(document.statements)
        and are_known(document.policy)
        and all(map(is_known, document.statements))
    )


def _unit(document: Document) -> str:
    """Return what a policy is compared within; that of a file of its own is the folder."""
    unit = unit_of(document)
    is_alone = not document.pointer and unit == document.path
    return PurePath(document.path).parent.as_posix() if is_alone else unit


@dataclass(slots=True)
class _Meaning:
    """What a policy says: the requests that it allows, and those that it denies."""

    document: Document
    allowed: CompiledPolicy
    denied: CompiledPolicy

    @classmethod
    def of(cls, document: Document) -> _Meaning:
        policy = document.policy
        allowed = requests_of(policy, (one for one in policy.statements if one.allows))
        denied = requests_of(policy, (one for one in policy.statements if one.denies))
        return cls(document, allowed, denied)


class _Proofs:
    """Proves that policies mean the same, as long as that does not cost too much."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._left = _ALL

    def equal(self, documents: Iterable[Document]) -> Iterator[AccountHit]:
        """Yield the policies that mean the same as an earlier one."""
        known: dict[Hashable, list[_Meaning]] = {}
        for document in documents:
            meaning = _Meaning.of(document)
            try:
                actions = tuple(map(self._actions, (meaning.allowed, meaning.denied)))
            except BudgetError:
                continue
            firsts = known.setdefault(actions, [])
            cost = _EACH + sum(map(len, actions))
            first = next((one for one in firsts if self._are_equal(one, meaning, cost)), None)
            if first is not None:
                yield _hit(document, first.document)
            elif len(firsts) < _MOST_PROOFS:
                firsts.append(meaning)

    def _actions(self, policy: CompiledPolicy) -> NamedActions:
        return actions_of(policy, self._catalog, budget=_BUDGET)

    def _are_equal(self, one: _Meaning, two: _Meaning, cost: int) -> bool:
        """Return whether it is proved that two policies mean the same."""
        self._left -= cost
        if self._left < 0:
            return False
        demanded: list[tuple[CompiledPolicy, Sequence[CompiledPolicy]]] = []
        for a, b in ((one, two), (two, one)):
            demanded += [(a.allowed, (b.allowed, b.denied)), (a.denied, (b.denied,))]
        if any(is_seen_wider(*asked, self._catalog) for asked in demanded):
            return False
        if not all(is_covered(*asked, self._catalog, budget=_BUDGET) for asked in demanded):
            return False
        policies = (one.allowed, one.denied, two.allowed, two.denied)
        every = range(sum(len(policy.statements) for policy in policies))
        return bool(NamedTogether(policies, self._catalog, budget=_BUDGET).by_action(every))


def _hit(document: Document, first: Document) -> AccountHit:
    message = f"this policy means the same as the one in `{place_of(first)}`"
    return AccountHit(document, None, Hit(At(()), message), ((first, Note(At(()), "the same")),))


_POLICIES = """
Resources:
  Reader:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: [s3:GetObject, s3:ListBucket]
            Resource: %s
  Viewer:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"%s
        Statement:
          - Effect: Allow
            Action: [s3:ListBucket]
            Resource: "*"
          - Effect: Allow
            Action: [s3:GetObject]
            Resource: ["arn:aws:s3:::shelf/*", "*"]
"""
_MODULE = """
resource "aws_organizations_policy" "one" {
  name    = "one"
  content = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Deny", Action = ["sqs:*"], Resource = "*" },
    { Effect = "Deny", Action = "sqs:SendMessage", Resource = "*" },
  ] })
}
resource "aws_organizations_policy" "two" {
  name    = "two"
  content = jsonencode({ Version = "2012-10-17", Statement = {%s
    Effect = "Deny", Action = "%s", Resource = "*"
  } })
}
"""

RULE = Rule(
    name="equivalent-policies",
    family=Family.HYGIENE,
    module=__name__,
    summary="two policies of a repository mean the same",
    severity=Severity.NOTE,
    confidence=Confidence.HIGH,
    profile=Profile.STRICT,
    kinds=_KINDS,
    of_part=True,
    advice="keep one of them, and attach it where the other one is",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
    ),
    check_account=check_account,
    bad=(
        bad(
            "two managed policies, one of them with more statements",
            _POLICIES % ('"*"', " //!"),
            file="template.yaml",
        ),
        bad(
            "two SCPs, one of them with a Deny too many",
            _MODULE % (" //!", "SQS:*"),
            file="main.tf",
        ),
    ),
    good=(
        good(
            "one of them is about a single bucket",
            _POLICIES % ("arn:aws:s3:::shelf/*", ""),
            file="template.yaml",
        ),
        good("the second names fewer actions", _MODULE % ("", "sqs:S*"), file="main.tf"),
    ),
)
