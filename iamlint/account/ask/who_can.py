"""Who can do something: all identities of the repository, and those its resources allow."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from iamlint.account.ask.applicable import is_about_trust
from iamlint.account.ask.named import ANONYMOUS, accounts_of, member_of, subject_of
from iamlint.account.ask.principal import Actor
from iamlint.account.ask.validate import checked_resource
from iamlint.account.model import IdentityKind, known_names
from iamlint.errors import UsageError
from iamlint.evaluator.request import EVERYONE, CallerKind, caller_of, typed_key
from iamlint.fast_dataclass import dataclass, field
from iamlint.policy.arn import is_account_id, parse_arn
from iamlint.policy.arn_patterns import covers_arn
from iamlint.policy.grammar import PrincipalType
from iamlint.policy.requested import EVERYTHING, RequestedResource
from iamlint.policy.truth import Truth
from iamlint.policy.wildcard import is_wild
from iamlint.text.source import Partial, Pseudo, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from iamlint.account.ask.account import Account
    from iamlint.account.ask.answer import Answer
    from iamlint.account.model import Identity
    from iamlint.evaluator.context import ContextValue
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.policy.model import Condition, Principal


@dataclass(frozen=True, slots=True)
class Who:
    """The answers by the names of principals: who can do it on any resource, and who cannot.

    For those in `undetermined` it depends. `assumptions` are those of all answers.
    """

    allowed: Mapping[str, Answer] = field(default_factory=dict)
    denied: Mapping[str, Answer] = field(default_factory=dict)
    undetermined: Mapping[str, Answer] = field(default_factory=dict)
    assumptions: tuple[str, ...] = ()

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
    asked = _Asked(account, action, on, partial(account.ask, context=context, at=at))
    places = tuple(_places(account, action, on))
    outsiders = list(_outsiders(account, action, places))
    for name, identity in account.accounts.identities.items():
        if identity.kind is not IdentityKind.GROUP:
            asked.add_insider(name, identity)
    for subject in outsiders:
        if subject.name == EVERYONE and asked.may_be_anonymous:
            continue  # who needs no credentials may have some
        asked.add(subject, places)
    return asked.answers()


class _Asked:
    """The answers to one question for one principal after the other."""

    def __init__(
        self, account: Account, action: str, on: str | None, ask: Callable[..., Answer]
    ) -> None:
        self._account = account
        self._action = action
        self._on = on
        self._ask = ask
        self._allowed: dict[str, Answer] = {}
        self._denied = _Denied(lambda name: self._answer(self._insider(name), on))
        self._undetermined: dict[str, Answer] = {}
        self._alike: set[object] = set()
        known, is_pattern = account.accounts, on is None or RequestedResource.of(on).is_pattern
        self._resource = None if is_pattern else on
        # Open links may be about anyone, and policies of other resources about parts of a pattern.
        is_simple = not (
            is_wild(action) or (is_pattern and (known.resources or known.open_policies))
        )
        self._may_be_alike = is_simple and not known.open and not account.around.instead

    def _insider(self, name: str) -> Actor:
        return subject_of(self._account.accounts, name)

    def _answer(self, subject: Actor, on: str | tuple[str, ...] | None) -> Answer:
        return self._ask(subject, [self._action], on)

    def add_insider(self, name: str, identity: Identity) -> None:
        """Ask for an identity; of those whose policies are silent and that are alike, for one.

        Where no policy of the resource is known, silence denies, whatever else the requests carry.
        """
        like: object = None
        if self._may_be_alike:
            limits = identity.limits_of_silent(self._action.lower(), self._resource)
            like = None if limits is None else (identity.kind, identity.account, limits)
        if like in self._alike:
            self._denied.leave(name)
            return
        answer = self.add(self._insider(name), self._on)
        if (
            like
            and answer.any is Truth.NO
            and not any(d.policies.resource for d in answer.decisions)
        ):
            self._alike.add(like)

    def add(self, subject: Actor, on: str | tuple[str, ...] | None) -> Answer:
        """Ask for a principal."""
        answer = self._answer(subject, on)
        if answer.any is Truth.NO:
            self._denied.add(subject.name, answer)
        elif answer.any is Truth.MAYBE or _is_beside(answer, self._on):
            self._undetermined[subject.name] = answer
        else:
            self._allowed[subject.name] = answer
        return answer

    @property
    def may_be_anonymous(self) -> bool:
        """Whether one without credentials can, or may be able to."""
        return ANONYMOUS in self._allowed or ANONYMOUS in self._undetermined

    def answers(self) -> Who:
        if not self._allowed and not self._denied and not self._undetermined:
            raise UsageError(
                "no principals are known here",
                help="declare `[principals]`, or keep policies in `roles/NAME/`",
            )
        # Those that are alike have the same.
        found = (*self._allowed.values(), *self._denied.found, *self._undetermined.values())
        notes = dict.fromkeys(note for answer in found for note in answer.assumptions)
        return Who(self._allowed, self._denied, self._undetermined, tuple(notes))


class _Denied(Mapping[str, "Answer"]):
    """The answers for those who cannot; some are found only when someone wants their reasons."""

    def __init__(self, find: Callable[[str], Answer]) -> None:
        self._find = find
        self._answers: dict[str, Answer | None] = {}

    def add(self, name: str, answer: Answer) -> None:
        self._answers[name] = answer

    def leave(self, name: str) -> None:
        """Note a principal whose answer is found later."""
        self._answers[name] = None

    @property
    def found(self) -> Iterator[Answer]:
        return (answer for answer in self._answers.values() if answer is not None)

    def __getitem__(self, name: str) -> Answer:
        answer = self._answers[name]
        if answer is None:
            answer = self._answers[name] = self._find(name)
        return answer

    def __iter__(self) -> Iterator[str]:
        return iter(self._answers)

    def __len__(self) -> int:
        return len(self._answers)


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


def _outsiders(account: Account, action: str, places: Iterable[str]) -> Iterator[Actor]:
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


def _outsider(account: Account, name: str) -> Actor | None:
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
        return Actor(name, caller, assumed=(note,))
