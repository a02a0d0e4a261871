"""Who can do something: everybody the repository knows, and whom its resources let in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iamlint.account.checks import checked_arn
from iamlint.account.model import HolderKind, known_names
from iamlint.account.subject import Subject, subject_of
from iamlint.errors import IamlintError, UsageError
from iamlint.evaluate.request import anonymous, caller_of, service
from iamlint.evaluate.truth import Truth
from iamlint.policy.grammar import PrincipalType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from iamlint.account.answer import Answer
    from iamlint.account.ask import Account
    from iamlint.evaluate.context import ContextValue
    from iamlint.evaluate.statement import CompiledPolicy


@dataclass(frozen=True, slots=True)
class Who:
    """The answers by the names of principals: who can do it on any resource, and who cannot."""

    able: Mapping[str, Answer] = field(default_factory=dict)
    unable: Mapping[str, Answer] = field(default_factory=dict)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was taken for granted of anybody."""
        answers = (*self.able.values(), *self.unable.values())
        return tuple(dict.fromkeys(note for answer in answers for note in answer.assumptions))

    def includes(self, name: str) -> bool:
        """Tell whether somebody who was asked can; raise for a name that nobody asked has."""
        if name not in self.able and name not in self.unable:
            asked = sorted((*self.able, *self.unable))
            short = name.rpartition(":")[2] if name.startswith("arn:") else name
            raise UsageError(f"`{name}` was not asked", help=known_names(short, asked, "asked"))
        return name in self.able

    def why(self, name: str) -> str:
        """Return the line that says why somebody is among the able, or is not."""
        answer = self.able.get(name) or self.unable.get(name)
        return answer.line if answer else f"{name} is not known here"


def who_can(
    account: Account,
    action: str,
    on: str | None = None,
    *,
    context: Mapping[str, ContextValue] | None = None,
    at: datetime | str | None = None,
) -> Who:
    """Ask everybody; raise when the answer for somebody stays open."""
    able: dict[str, Answer] = {}
    unable: dict[str, Answer] = {}
    for subject in _everybody(account, on):
        answer = account.ask(subject, [action], on, context=context, at=at)
        if answer.any is Truth.MAYBE:
            raise UsageError(
                f"who can do `{action}` stays open: {answer.line}",
                help=answer.help,
            )
        (able if answer.any is Truth.YES else unable)[subject.name] = answer
    if not able and not unable:
        raise UsageError(
            "nobody is known here who could be asked",
            help="declare `[principals]`, or keep policies in `roles/NAME/`",
        )
    return Who(able, unable)


def _everybody(account: Account, on: str | None) -> Iterator[Subject]:
    holdings = account.holdings
    for name, holder in holdings.holders.items():
        if holder.kind is not HolderKind.GROUP:
            yield subject_of(holdings, name)
    known = {holder.arn for holder in holdings.holders.values()}
    for name in dict.fromkeys(_named(account, on)):
        if name not in known:
            found = _outsider(account, name)
            if found is not None:
                yield found


def _named(account: Account, on: str | None) -> Iterator[str]:
    """Yield the principals that the policies of a resource name; `*` for everybody."""
    for policy in _policies_on(account, on):
        for statement in policy.source.statements:
            if statement.not_principal is not None:
                yield "*"
            for principal in statement.principals if statement.allows else ():
                if principal.type is not PrincipalType.CANONICAL_USER:
                    yield principal.entry.known or "*"


def _policies_on(account: Account, on: str | None) -> Iterator[CompiledPolicy]:
    arn = checked_arn(account.catalog, on) if on is not None else "*"
    role = account.holdings.find(arn)
    if role is not None and role.trust is not None:
        yield role.trust
    resource = account.holdings.resource_at(arn)
    if resource is not None and resource.policy is not None:
        yield resource.policy


def _outsider(account: Account, name: str) -> Subject | None:
    """Return whom a resource policy names; None for whom nobody can ask about."""
    if name == "*":
        return Subject("anonymous", anonymous())
    caller = caller_of(name)
    if caller is not None and caller.account in (None, account.holdings.account):
        return Subject(name, caller) if caller.account is None else None
    try:
        return subject_of(account.holdings, name)
    except IamlintError:
        return Subject(name, service(name)) if ":" not in name else None
