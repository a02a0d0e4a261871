"""The paths of escalation that an identity can go with several of its policies together.

The names of actions say first whether such a path is possible, so that most runs build no account.
Rules then find the paths, and the account confirms each step: that the identity is surely allowed
to take it, after its boundary, the Denies of all its policies and the SCPs of the run. What is not
known leaves an answer open, and an open answer confirms nothing.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from iamlint.account.origin import Origin, place
from iamlint.catalog.escalation import escalation
from iamlint.errors import UsageError
from iamlint.fast_dataclass import dataclass
from iamlint.grants.carried import as_carried
from iamlint.grants.reach import ANY_NAME, Reach, reach_of_entry, resource_patterns
from iamlint.load.link import Thing, key_of_name
from iamlint.policy.arn_patterns import overlaps_arn, pad
from iamlint.policy.grammar import Kind, Version
from iamlint.policy.model import Policy
from iamlint.policy.truth import Truth
from iamlint.policy.wildcard import covers, is_wild
from iamlint.rule import AccountHit, Hit, Note, Severity
from iamlint.rules.escalation._paths import (
    SCORES,
    could_escalate,
    implied_by,
    is_quiet,
    makes_administrator,
    opened_by,
)
from iamlint.rules.escalation._principals import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from iamlint.account.ask.account import Account
    from iamlint.account.ask.principal import Actor
    from iamlint.account.described import DescribedFiles
    from iamlint.account.holdings import Key
    from iamlint.account.model import Identity
    from iamlint.load.document import Document
    from iamlint.policy.at import At
    from iamlint.rule import AccountContext
    from iamlint.rules.escalation._paths import Opened
    from iamlint.rules.escalation._permissions import Holding

    _Found = tuple["Crossing", list[Identity]]

_SERVICE = "iam:PassedToService"
_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class PathStep:
    """What grants one of the actions of a path; AWS's own policies have no document."""

    holding: Holding
    document: Document | None
    place: str

    @property
    def action(self) -> str:
        return f"`{escalation().spelled[self.holding.action]}`"


@dataclass(frozen=True, slots=True)
class Crossing:
    """A path that several policies of an identity open together, with one step for each need.

    `service` is the one that a role is passed to, empty where none is.
    """

    opened: Opened
    service: str
    steps: tuple[PathStep, ...]

    @property
    def first(self) -> PathStep:
        """The first step that a file of the run grants."""
        return next(step for step in self.steps if step.document is not None)

    @property
    def key(self) -> tuple[object, ...]:
        return (
            self.first.place,
            self.first.holding.at,
            self.opened.path.id,
            tuple(step.place for step in self.steps),
        )


def across(context: AccountContext, possible: frozenset[Key], rule: str) -> Iterator[AccountHit]:
    """Yield the paths of a rule: the strongest at each entry, with all the identities that can go it.

    Only the principals that are `possible` are looked at.
    """
    for crossing, identities in _remembered(context, possible):
        if crossing.opened.path.rule == rule:
            yield _hit(crossing, identities)


def _remembered(context: AccountContext, possible: frozenset[Key]) -> list[_Found]:
    """Return what is found in an account; each rule of the family asks for the same in turn."""
    found = _FOUND.get(context.described)
    if found is None:
        found = _FOUND[context.described] = _all_crossings(context, possible)
    return found


_FOUND: WeakKeyDictionary[DescribedFiles, list[_Found]] = WeakKeyDictionary()


def _all_crossings(context: AccountContext, possible: frozenset[Key]) -> list[_Found]:
    found: dict[tuple[object, ...], _Found] = {}
    account = context.described.account_of(possible)
    for _, identity in sorted(account.accounts.identities.items()):
        if _key_of(identity) in possible:
            for crossing in _Asked(context, account, identity).crossings():
                found.setdefault(crossing.key, (crossing, []))[1].append(identity)
    return list(found.values())


def _key_of(identity: Identity) -> Key | None:
    name = key_of_name(identity.name if identity.named is None else identity.named)
    return None if name is None else (Thing(identity.kind.value), name)


def _joined(policies: Sequence[Policy]) -> Policy:
    """Return one policy that grants what several do."""
    statements = tuple(statement for policy in policies for statement in policy.statements)
    return Policy(Kind.IDENTITY, statements, Version.V2012, has_version=True)


class _Asked:
    """One identity, its policies, and what the account answers about it."""

    def __init__(self, context: AccountContext, account: Account, identity: Identity) -> None:
        from iamlint.account.ask.principal import of_identity  # noqa: PLC0415 - few runs ask

        self.account = account
        self.described = context.described
        self.catalog = context.catalog
        self.identity = identity
        self.subject: Actor = of_identity(account.accounts, identity)
        self._confirmed: dict[tuple[str, str, str], bool] = {}

    def crossings(self) -> Iterator[Crossing]:
        """Yield the paths that no policy opens alone, if all that the identity holds is known."""
        sources = [policy.source for policy in self.subject.policies]
        if not self.identity.is_described or any(source.opaque for source in sources):
            return
        if not self.described.has_all(self._files):
            return
        if sum(any(map(could_escalate, source.statements)) for source in sources) < _SEVERAL:
            return
        held = [as_carried(source, self.catalog) for source in sources]
        if any(map(makes_administrator, held)):
            return
        alone = [one for source in held for one in opened_by(source, self.catalog)]
        yield from self._beside(alone, held)

    def _beside(self, alone: Sequence[Opened], held: Sequence[Policy]) -> Iterator[Crossing]:
        """Yield the strongest path at each entry that is in none that one policy opens.

        To confirm a path takes longest, so those come first that may contain others.
        """
        labels = self._labels(held)
        together = opened_by(_joined(held), self.catalog)
        inside = implied_by([*alone, *together])
        seen = {name for one in alone for name in (one.path.id, *inside[one.path.id])}
        starts = {_start(one.held[0][0]) for one in alone}
        for opened in sorted(together, key=lambda one: (one.gives, len(one.actions)), reverse=True):
            if opened.path.id in seen or _start(opened.held[0][0]) in starts:
                continue
            ways = (self._way(opened, s, labels) for s in opened.path.services or ("",))
            crossing = next(filter(None, ways), None)
            if crossing is None or _start(crossing.first.holding) in starts:
                continue
            seen |= inside[opened.path.id]
            starts |= {_start(opened.held[0][0]), _start(crossing.first.holding)}
            yield crossing

    def _labels(self, held: Sequence[Policy]) -> dict[int, object]:
        """Return what each statement is of."""
        return {
            id(statement): compiled.label
            for compiled, policy in zip(self.subject.policies, held, strict=True)
            for statement in policy.statements
        }

    @property
    def _files(self) -> set[str]:
        """The files with policies of the identity."""
        labels = (policy.label for policy in self.subject.policies)
        documents = (one.document for one in labels if isinstance(one, Origin))
        return {document.path for document in documents if document is not None}

    def _way(self, opened: Opened, service: str, labels: Mapping[int, object]) -> Crossing | None:
        """Return a path, through a service, as the identity can surely go it."""
        steps = []
        for need in opened.held:
            surely = (one for one in need if self._is_allowed(one, service))
            if (holding := next(surely, None)) is None:
                return None
            steps.append(_step(holding, labels[id(holding.statement)]))
        is_ours = any(step.document is not None for step in steps)
        return Crossing(opened, service, tuple(steps)) if is_ours else None

    def _is_allowed(self, holding: Holding, service: str) -> bool:
        """Return whether the identity surely has what is granted, on a resource of any name.

        Of an action that needs several resources, each must be allowed.
        """
        known = escalation()
        spelled = known.spelled[holding.action]
        fact = self.catalog.action(spelled)
        if fact is None:
            return False
        service = service if self.catalog.may_carry(fact, _SERVICE) else ""
        groups = known.targets.get(holding.action, ((),))
        return all(
            any(
                self._asks(spelled, resource, service)
                for resource in self._resources(
                    holding, resource_patterns(fact, self.catalog, group)
                )
            )
            for group in groups
        )

    def _resources(self, holding: Holding, patterns: Sequence[str]) -> Iterator[str]:
        """Yield a resource of any name for each pattern by which the grant reaches far.

        One that is named in full proves nothing about the others.
        """
        account = (self.subject.account if self.subject.account_known else None) or "*"
        pairs = list(itertools.product(holding.resources, patterns))
        far = [reach_of_entry(*pair) for pair in pairs]
        least = max(Reach.SELF, min(Reach.SOME, max(far, default=Reach.NONE)))
        for pair, reach in zip(pairs, far, strict=True):
            resource = _inside(*pair, self.account.accounts.partition, account)
            if reach >= least and resource is not None:
                yield resource

    def _asks(self, action: str, resource: str, service: str) -> bool:
        key = action, resource, service
        if key not in self._confirmed:
            given = self.account.context({_SERVICE: service} if service else {})
            on = None if resource == "*" else resource
            try:
                answer = self.account.ask(self.subject, (action,), on, context=given)
            except UsageError:  # not a resource that can be asked about
                self._confirmed[key] = False
            else:
                # Which account it is may not be known: then it must hold in any.
                sure = answer.any if self.subject.account_known else answer.every
                self._confirmed[key] = sure is Truth.YES
        return self._confirmed[key]


def _inside(text: str, pattern: str, partition: str, account: str) -> str | None:
    """Return an ARN of any name that two patterns name, in the account and in any region.

    A role of another account cannot be passed, for example. Where no file says which account it
    is, it is the one that the policy names: of another one, the policy would grant nothing.
    """
    if pattern == "*":
        return pattern
    fields = pad(pattern)
    if fields is None:
        return None
    if set(text) != {"*"}:
        named = pad(text, short=True)
        if named is None or not overlaps_arn(text, pattern):
            return None
        fields = [p if covers(t, p) else t for t, p in zip(named, fields, strict=True)]
    _, of, service, region, owner, name = fields
    of = partition if is_wild(of) or "$" in of else of
    region = "*" if is_wild(region) or "$" in region else region
    if owner not in ("", account) and not (is_wild(account + owner) or "$" in owner):
        return None
    if not is_wild(account) or is_wild(owner) or "$" in owner:
        owner = owner and account
    name = name.replace("*", ANY_NAME).replace("?", "x")
    return None if "$" in name else f"arn:{of}:{service}:{region}:{owner}:{name}"


def _start(holding: Holding) -> tuple[int, At]:
    return id(holding.statement), holding.at


def _step(holding: Holding, label: object) -> PathStep:
    document = label.document if isinstance(label, Origin) else None
    where = f"`{label}`" if document is None else place(document, holding.at)
    return PathStep(holding, document, where)


def _hit(crossing: Crossing, identities: Sequence[Identity]) -> AccountHit:
    opened, first = crossing.opened, crossing.first
    by_place: dict[str, list[PathStep]] = {}
    for step in crossing.steps:
        by_place.setdefault(step.place, []).append(step)
    here = _actions(by_place.pop(first.place))
    there = " and ".join(f"{_actions(steps)} in {place}" for place, steps in by_place.items())
    gain = opened.path.gain or f"act as the roles that `{crossing.service}` may assume"
    who = in_words([f"{one.kind} `{one.name}`" for one in identities])
    message = f"{who} can {gain}: {here} here, with {there}"
    hit = Hit(
        first.holding.at,
        message,
        properties={
            "path": opened.path.id,
            "actions": [step.action.strip("`") for step in crossing.steps],
            "principals": [identity.title for identity in identities],
        },
        severity=Severity.NOTE if is_quiet(opened) else None,
        security_severity=SCORES[opened.band],
    )
    notes = tuple(
        (document, Note(steps[0].holding.at, f"this grants {_actions(steps)}"))
        for steps in by_place.values()
        if (document := steps[0].document) is not None
    )
    if first.document is None:  # pragma: no cover - `first` has one
        raise ValueError(message)
    return AccountHit(first.document, first.holding.statement, hit, notes)


def _actions(steps: Sequence[PathStep]) -> str:
    return " and ".join(dict.fromkeys(step.action for step in steps))
