"""Who can do something: all identities of the repository, and those its resources allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.account.ask.applicable import is_about_trust
from iamlint.account.ask.named import ANONYMOUS, accounts_of, member_of, subject_of
from iamlint.account.ask.principal import Subject
from iamlint.account.ask.validate import checked_resource
from iamlint.account.model import IdentityKind, known_names
from iamlint.errors import UsageError
from iamlint.evaluator.request import EVERYONE, CallerKind, caller_of, typed_key
from iamlint.fast_dataclass import dataclass, field
from iamlint.policy.arn import is_account_id, parse_arn
from iamlint.policy.arn_patterns import covers_arn
from iamlint.policy.grammar import PrincipalType
from iamlint.policy.requested import EVERYTHING
from iamlint.policy.truth import Truth
from iamlint.policy.wildcard import is_wild
from iamlint.text.source import Partial, Pseudo, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from iamlint.account.ask.account import Account
    from iamlint.account.ask.answer import Answer
    from iamlint.evaluator.context import ContextValue
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.policy.model import Condition, Principal


@dataclass(frozen=True, slots=True)
class Who:
    """The answers by the names of principals: who can do it on any resource, and who cannot.

    For those in `undetermined` it depends.
    """

    allowed: Mapping[str, Answer] = field(default_factory=dict)
    denied: Mapping[str, Answer] = field(default_factory=dict)
    undetermined: Mapping[str, Answer] = field(default_factory=dict)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The assumptions in the answers of all principals."""
        answers = (*self.allowed.values(), *self.denied.values(), *self.undetermined.values())
        return tuple(dict.fromkeys(note for answer in answers for note in answer.assumptions))

    def includes(self, name: str) -> bool:
        """Return whether a principal can; raise for a name that was not asked about."""
        if name not in self.allowed and name not in self.denied:
            asked = sorted((*self.allowed, *self.denied))
            short = name.rpartition(":")[2] if name.startswith("arn:") else name
            raise UsageError(
                f"the question was not about `{name}`", help=known_names(short, asked, "asked")
            )
        return name in self.allowed

    def why(self, name: str) -> str:
        """Return the line that says why a principal is among those allowed, or is not."""
        answer = self.allowed.get(name) or self.denied.get(name)
        return answer.line if answer else f"{name} is not known here"


def who_can(
    account: Account,
    action: str,
    on: str | None = None,
    *,
    context: Mapping[str, ContextValue] | None = None,
    at: datetime | str | None = None,
) -> Who:
    """Return the principals that can; raise if the answer for one of them is open."""
    who = ask_everybody(account, action, on, context=context, at=at)
    for answer in who.undetermined.values():
        raise UsageError(
            f"could not decide who can do `{action}`: {answer.line}",
            help=answer.help or "ask about one resource",
        )
    return who


def ask_everybody(
    account: Account,
    action: str,
    on: str | None = None,
    *,
    context: Mapping[str, ContextValue] | None = None,
    at: datetime | str | None = None,
) -> Who:
    """Return the answer for every principal, also for those whose answer is open."""
    allowed: dict[str, Answer] = {}
    denied: dict[str, Answer] = {}
    undetermined: dict[str, Answer] = {}
    places = tuple(_places(account, action, on))
    asked: list[tuple[Subject, str | tuple[str, ...] | None]]
    asked = [(subject, on) for subject in _insiders(account)]
    asked += [(subject, places) for subject in _outsiders(account, action, places)]
    for subject, resources in asked:
        if subject.name == EVERYONE and (ANONYMOUS in allowed or ANONYMOUS in undetermined):
            continue  # who needs no credentials may have some
        answer = account.ask(subject, [action], resources, context=context, at=at)
        if answer.any is Truth.MAYBE or (answer.any is Truth.YES and _is_beside(answer, on)):
            undetermined[subject.name] = answer
        else:
            (allowed if answer.any is Truth.YES else denied)[subject.name] = answer
    if not allowed and not denied and not undetermined:
        raise UsageError(
            "no principals are known here",
            help="declare `[principals]`, or keep policies in `roles/NAME/`",
        )
    return Who(allowed, denied, undetermined)


def _insiders(account: Account) -> Iterator[Subject]:
    for name, identity in account.accounts.identities.items():
        if identity.kind is not IdentityKind.GROUP:
            yield subject_of(account.accounts, name)


def _places(account: Account, action: str, on: str | None) -> Iterator[str]:
    """Yield what others are asked about: of a pattern the known resources alone.

    The policy of any other may let in anybody, so that nothing would ever be decided.
    """
    asked = EVERYTHING if on is None else checked_resource(account.catalog, on)
    is_one = not asked.is_pattern or account.accounts.resource_at(asked.text)
    if is_one and not asked.is_everything:
        yield asked.text
        return
    known = account.around.special(action, asked)
    for inside, resource in known.items():
        place = resource if is_about_trust(action) else inside
        if account.acts_on(action, place):
            yield place


def _is_beside(answer: Answer, on: str | None) -> bool:
    """Return whether all that is allowed may be outside of the pattern that was asked about."""
    allowed = [part.resource for part in answer.parts if part.answer.any is Truth.YES]
    return on is not None and not any(covers_arn(on, arn) for arn in allowed)


def _outsiders(account: Account, action: str, places: Iterable[str]) -> Iterator[Subject]:
    """Yield the principals in policies of resources that are not of this repository."""
    known = {identity.arn for identity in account.accounts.identities.values()}
    policies = (p for place in places for p in _policies_at(account, action, place))
    names = (name for policy in policies for name in _named(policy))
    for name in dict.fromkeys(names):
        found = None if name in known else _outsider(account, name)
        if found is not None:
            yield found


def _policies_at(account: Account, action: str, place: str) -> tuple[CompiledPolicy, ...]:
    if is_about_trust(action):
        role = account.accounts.find(place)
        return role.trust if role else ()
    resource = account.accounts.resource_at(place.removesuffix("/*").removesuffix(":*"))
    return resource.policies if resource else ()


def _named(policy: CompiledPolicy) -> Iterator[str]:
    """Yield the principals that a policy lets in, as questions name them."""
    for statement in policy.source.statements:
        if not statement.allows:
            continue
        names = [_name(one) for one in statement.principals if not _is_at_home(one)]
        if statement.not_principal is not None:
            names.append(EVERYONE)
        if EVERYONE in names:
            yield ANONYMOUS
            yield from (name for c in statement.conditions for name in _asked_for(c))
        yield from names


def _is_at_home(principal: Principal) -> bool:
    """Return whether a principal is of the account that a file is about, which is not known."""
    value = principal.entry.value
    parts = value.parts if isinstance(value, Partial) else ()
    return any(isinstance(part, Unknown) and part.means is Pseudo.ACCOUNT for part in parts)


def _name(principal: Principal) -> str:
    """Return how a principal is asked about; one that is not known may be any of its type."""
    known = principal.entry.known or EVERYONE
    if principal.type is PrincipalType.AWS:
        return known
    is_plain = principal.type is PrincipalType.SERVICE or caller_of(known) is not None
    return known if is_plain and known != EVERYONE else typed_key(principal.type, known)


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
# https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
_OF_CALLERS: Final = frozenset({"aws:principalaccount", "aws:principalarn", "kms:calleraccount"})


def _asked_for(condition: Condition) -> Iterator[str]:
    """Yield the principals and accounts that a condition picks out of everyone."""
    if condition.negated or condition.name not in _OF_CALLERS:
        return
    for entry in condition.values:
        text = entry.known or ""
        arn = parse_arn(text)
        if not is_wild(text) and caller_of(text) is not None:
            yield text
        elif arn is not None and is_account_id(arn.account):
            yield arn.account


def _outsider(account: Account, name: str) -> Subject | None:
    """Return the principal that a resource policy names; None if iamlint cannot ask about it."""
    if name in (EVERYONE, ANONYMOUS):
        return subject_of(account.accounts, name)
    caller = caller_of(name)
    if caller is None:
        is_typed = name.partition(":")[0] in tuple(PrincipalType)
        return subject_of(account.accounts, name) if is_typed else None
    if caller.kind is CallerKind.ROOT and caller.account == account.accounts.account:
        return None
    if caller.kind is CallerKind.ROOT and caller.account not in accounts_of(account.accounts):
        return member_of(name, caller.account or "", caller.partition)
    try:
        return subject_of(account.accounts, name)
    except UsageError:
        note = f"`{name}` has no policies of its own: no file describes it"
        return Subject(name, caller, assumed=(note,))
