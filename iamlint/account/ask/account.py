"""Questions about the account: can a principal do something?"""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from iamlint.account.ask.alike import Alike
from iamlint.account.ask.answer import Answer, PartialAnswer, Question, Where
from iamlint.account.ask.applicable import ApplicablePolicies, is_about_trust
from iamlint.account.ask.assumptions import assumptions
from iamlint.account.ask.distinct import distinct
from iamlint.account.ask.principal import at_home, of_account, unsure_keys
from iamlint.account.ask.validate import (
    actions_of,
    arn_patterns,
    check_fit,
    checked_context,
    checked_resource,
    concrete,
    fits,
    refuse_keys,
    time_context,
)
from iamlint.account.model import UNKNOWN_ACCOUNT
from iamlint.errors import UsageError
from iamlint.evaluator.context import Context, Gap, Missing, Partly
from iamlint.evaluator.decision import evaluate
from iamlint.evaluator.derive import Membership, Surroundings, complete, derive_context
from iamlint.evaluator.patterns.question import PatternAnswer, ask_pattern, decide_one
from iamlint.evaluator.request import CallerKind, Request
from iamlint.evaluator.settings import Settings
from iamlint.evaluator.way import OF_THE_WAY, imply_keys, is_impossible, ways
from iamlint.fast_dataclass import replace
from iamlint.policy.requested import EVERYTHING, RequestedResource
from iamlint.policy.truth import Truth
from iamlint.policy.wildcard import is_wild

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from iamlint.account.ask.alike import Decided
    from iamlint.account.ask.principal import Actor
    from iamlint.account.model import Accounts
    from iamlint.account.origin import PolicyKey
    from iamlint.catalog import Catalog
    from iamlint.evaluator.context import ContextValue
    from iamlint.evaluator.policy_set import PolicySet
    from iamlint.evaluator.statement import CompiledPolicy

EVERY: Final = "*"
MAYBE: Final = Truth.MAYBE
_OF_TAGS: Final = "aws:principaltag/"
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount
_OF_OWNERS: Final[Mapping[str, ContextValue]] = {
    "aws:ResourceAccount": Partly((Gap.ACCOUNT,)),
    "s3:ResourceAccount": Partly((Gap.ACCOUNT,)),
    "aws:ResourceOrgID": Missing.UNKNOWN,
    "aws:ResourceOrgPaths": Missing.UNKNOWN,
}


class Account:
    """The account in the repository, to be asked; compiled policies are kept between questions."""

    def __init__(
        self,
        accounts: Accounts,
        catalog: Catalog,
        instead: Mapping[PolicyKey, CompiledPolicy] | None = None,
        *,
        where: Where = Where(),  # noqa: B008 - it is frozen
    ) -> None:
        self.accounts = accounts
        self.where = where
        self.catalog = catalog
        self.around = ApplicablePolicies(accounts, instead)
        self.settings = Settings(rcp_services=catalog.rcp_services(), gateway_endpoint=None)

    @cached_property
    def _distinct(self) -> dict[str, str]:
        return distinct(self.accounts)

    def ask(
        self,
        subject: Actor,
        actions: Iterable[str],
        on: str | Iterable[str] | None = None,
        *,
        context: Mapping[str, ContextValue] | None = None,
        at: datetime | str | None = None,
        also_for: Iterable[str] = (),
    ) -> Answer:
        """Return whether a principal can do all of this; raise for a question that is not valid.

        The context may have keys that only other actions carry: those that it is `also_for`.
        """
        asked = tuple(actions)
        names = actions_of(self.catalog, asked)
        resources = self._resources(on)
        given = {**(context or {}), **(time_context(at) if at is not None else {})}
        carried = {**subject.context, **given}.items()
        keys = [key for key, value in carried if value is not Missing.UNKNOWN]
        refuse_keys(self.catalog, keys, (*names, *actions_of(self.catalog, also_for, least=0)))
        exact = {action.lower() for action in asked if not is_wild(action)}
        parts: list[PartialAnswer] = []
        notes = dict.fromkeys(subject.assumed)
        alike = Alike(self.catalog, self.around)
        for name in names:
            is_exact = name.lower() in exact
            decide = partial(self._parts, subject, name, resources, given, is_exact=is_exact)
            for part, assumed in decide() if is_exact else alike.parts(name, decide):
                parts.append(part)
                notes.update(dict.fromkeys(assumed))
        if not parts:
            raise UsageError(f"`{', '.join(asked)}` matches no action that acts on `{on}`")
        texts = None if resources is None else tuple(map(str, resources))
        question = Question(subject, asked, texts, given, self.where)
        return Answer(question, tuple(parts), tuple(notes))

    def lacks(self, subject: Actor, action: str, on: Iterable[str] | None = None) -> bool:
        """Return whether a principal surely cannot use an action on any resource, or any of these.

        The same as a question whose answer is *no*, and found sooner where it is another.
        """
        names = actions_of(self.catalog, (action,))
        resources = self._resources(on)
        is_exact = not is_wild(action)
        for name in names:
            for resource in self._targets(subject, name, resources, is_exact=is_exact):
                if self._may_elsewhere(subject, name, resource):
                    return False
        return self.ask(subject, (action,), on).any is Truth.NO

    def _may_elsewhere(self, subject: Actor, action: str, resource: RequestedResource) -> bool:
        """Return whether an action may be allowed on a resource that no file describes.

        Of thousands of roles each has a trust policy, which this question does not have to read.
        """
        if not resource.is_pattern or resource.is_everything:
            return False
        if not subject.account_known and self.accounts.possible_accounts:
            return False
        request = self._request(at_home(subject, resource.account), action, resource, {})
        answer = ask_pattern(request, self.around.policies(subject, request), self.settings)
        open_ = answer.allowed or answer.undetermined
        if open_ is None or any(key.lower() in OF_THE_WAY for key in open_.missing_keys):
            return False
        return not self.around.has_special(action, open_.request.resource.text)

    def with_instead(self, instead: Mapping[PolicyKey, CompiledPolicy]) -> Account:
        """Return the account as it would be with other policies in place of some."""
        return Account(self.accounts, self.catalog, instead, where=self.where)

    def context(self, given: Mapping[str, object]) -> dict[str, ContextValue]:
        """Return a context as questions take it; None is a key that is absent."""
        return checked_context(self.catalog, given)

    def acts_on(self, action: str, arn: str) -> bool:
        """Return whether an action, or a pattern of actions, may act on a resource."""
        resource = RequestedResource.of(arn)
        for name in actions_of(self.catalog, (action,)):
            templates = arn_patterns(self.catalog, self.catalog.action(name))
            if templates is None or any(fits(template, resource) for template in templates):
                return True
        return False

    def _resources(self, on: str | Iterable[str] | None) -> tuple[RequestedResource, ...] | None:
        if on is None:
            return None
        given = (on,) if isinstance(on, str) else tuple(on)
        if not given:
            raise UsageError(
                "the question does not name a resource", help="the list given as `on` is empty"
            )
        return tuple(checked_resource(self.catalog, str(arn)) for arn in given)

    def _targets(
        self,
        subject: Actor,
        name: str,
        resources: tuple[RequestedResource, ...] | None,
        *,
        is_exact: bool,
    ) -> Iterator[RequestedResource]:
        """Yield the resources to ask about; of a pattern of actions only those that fit count."""
        templates = arn_patterns(self.catalog, self.catalog.action(name))
        for resource in resources or (EVERYTHING,):
            if resource.is_everything:
                yield from self._everything(subject, templates)
            elif is_exact:
                check_fit(name, resource, templates)
                yield resource
            elif templates is None or any(fits(template, resource) for template in templates):
                yield resource

    def _everything(
        self, subject: Actor, templates: tuple[str, ...] | None
    ) -> Iterator[RequestedResource]:
        if templates == ():
            yield EVERYTHING
            return
        account = subject.account or self.accounts.account or EVERY
        if account == UNKNOWN_ACCOUNT and not self.accounts.possible_accounts:
            account = EVERY
        every = templates or ("arn:*:*:*:${Account}:*",)
        partition = self.accounts.partition
        texts = dict.fromkeys(concrete(template, partition, account) for template in every)
        yield from map(RequestedResource.of, texts)

    def _parts(
        self,
        subject: Actor,
        name: str,
        resources: tuple[RequestedResource, ...] | None,
        given: Mapping[str, ContextValue],
        *,
        is_exact: bool,
    ) -> Decided:
        targets = self._targets(subject, name, resources, is_exact=is_exact)
        decided = (self._part(subject, name, resource, given) for resource in targets)
        return [(part, list(assumed)) for part, assumed in decided]

    def _part(
        self,
        subject: Actor,
        action: str,
        resource: RequestedResource,
        given: Mapping[str, ContextValue],
    ) -> tuple[PartialAnswer, Iterable[str]]:
        if subject.account_known or not self.accounts.possible_accounts:
            return self._of_one(at_home(subject, resource.account), action, resource, given)
        found = {
            account: self._of_one(
                of_account(subject, account),
                action,
                RequestedResource.of(resource.text.replace(UNKNOWN_ACCOUNT, account)),
                given,
            )
            for account in self.accounts.possible_accounts
        }
        part, notes = next(iter(found.values()))
        rulings = {account: one.ruling for account, (one, _) in found.items()}
        if len(set(rulings.values())) == 1:
            return part, (*notes, _may_be_of(subject, self.accounts, "; the answer is the same"))
        ways = ", or ".join(f"{ruling} in `{account}`" for account, ruling in rulings.items())
        why = f"the account of `{subject.name}` is not known: {ways}"
        open_ = PatternAnswer(MAYBE, MAYBE, why=why)
        part = PartialAnswer(
            action, resource.text.replace(UNKNOWN_ACCOUNT, EVERY), open_, is_of_several=True
        )
        return part, (_may_be_of(subject, self.accounts),)

    def _of_one(
        self,
        subject: Actor,
        action: str,
        resource: RequestedResource,
        given: Mapping[str, ContextValue],
    ) -> tuple[PartialAnswer, Iterator[str]]:
        request = self._request(subject, action, resource, given)
        policies = self.around.policies(subject, request)
        answer = self._answer(subject, request, policies)
        if answer.undetermined and any(k.lower() in OF_THE_WAY for k in answer.missing_keys):
            answer = self._either_way(subject, request, policies) or answer
        notes = assumptions(self.around, subject, request, policies)
        return PartialAnswer(action, resource.text, answer), notes

    def _answer(self, subject: Actor, request: Request, policies: PolicySet) -> PatternAnswer:
        if request.resource.is_everything or not request.resource.is_pattern:
            return decide_one(evaluate(request, policies, self.settings))
        return self._pattern(subject, request, policies)

    def _either_way(
        self, subject: Actor, request: Request, policies: PolicySet
    ) -> PatternAnswer | None:
        """Return what comes out in whichever way the request comes; None where the ways differ."""
        context = request.context
        found = [
            self._answer(
                subject,
                replace(request, context=replace(context, values={**context.values, **way})),
                policies,
            )
            for way in ways(context.values)
        ]
        outcomes = {(answer.any, answer.every) for answer in found}
        return found[0] if len(outcomes) == 1 and found[0].undetermined is None else None

    def _pattern(self, subject: Actor, request: Request, policies: PolicySet) -> PatternAnswer:
        inside = self.accounts.resource_at(request.resource.text)
        special = {}
        if inside is None or is_about_trust(request.action):
            others = self.around.special(request.action, request.resource)
            special = {
                pattern: self.around.policies(subject, replace(request, resource=resource))
                for pattern, arn in others.items()
                for resource in (RequestedResource.of(arn),)
            }
        return ask_pattern(request, policies, self.settings, special=special)

    def _request(
        self,
        subject: Actor,
        action: str,
        resource: RequestedResource,
        given: Mapping[str, ContextValue],
    ) -> Request:
        known = self.accounts.resource_at(resource.text)
        owner = known.account if known is not None else None
        if owner is None and not subject.account_known and is_wild(resource.account):
            owner = subject.account  # both are taken to be of one account
        request = Request(subject.caller, action, resource, owner)
        derived = derive_context(request, self._surroundings(subject, request))
        derived |= _without_guesses(request, derived, is_owned=self._has_owner(resource))
        may_carry = self._may_carry(action)
        values = {**unsure_keys(subject), **subject.context, **given}
        if is_impossible(values):
            raise UsageError(
                "no request carries both `aws:SourceIp` and a key of a VPC endpoint",
                help="a request through an endpoint has no `aws:SourceIp`",
            )
        values |= imply_keys(values)
        carried = {key: value for key, value in values.items() if may_carry(key)}
        if subject.has_no_other_tags or subject.caller.kind is CallerKind.ANONYMOUS:
            may_carry = _without(_OF_TAGS, may_carry)
        values = complete(carried, derived)
        context = Context(values, Missing.UNKNOWN, may_carry, self._distinct)
        return replace(request, context=context)

    def _may_carry(self, action: str) -> Callable[[str], bool]:
        """Return whether requests for an action may carry a key; of what is not known, they may."""
        known = self.catalog.action(action)
        if known is None:
            return lambda _: True
        return lambda key: self.catalog.may_carry(known, key)

    def _has_owner(self, resource: RequestedResource) -> bool:
        """Return whether the ARN names the owner, or the repository describes the resource.

        The ARN of a bucket names no account.
        """
        if resource.account:
            return not is_wild(resource.account)
        is_described = self.accounts.resource_at(resource.text) is not None
        return is_described or self.around.placed(resource.text).is_known

    def _surroundings(self, subject: Actor, request: Request) -> Surroundings:
        return Surroundings(
            principal_tags=subject.tags,
            principal_membership=self.membership(subject.account),
            resource_membership=self.membership(request.owner),
        )

    def membership(self, account: str | None) -> Membership | None:
        """Return where an account is in the organization; its path there is never known."""
        organization = self.accounts.organization
        if organization is None or account is None:
            return None
        member = account == self.accounts.account or account in self.accounts.limits
        return Membership(organization) if member else None


def _without(prefix: str, may_carry: Callable[[str], bool]) -> Callable[[str], bool]:
    """Return the same, but for the keys of a prefix."""
    return lambda key: not key.startswith(prefix) and may_carry(key)


def _may_be_of(subject: Actor, accounts: Accounts, then: str = "") -> str:
    """Return which accounts a principal may be of, and what says so."""
    listed = ", or ".join(
        f"in `{one}`, because {said}" for one, said in accounts.possible_accounts.items()
    )
    return f"no `account` is configured: `{subject.name}` may be {listed}{then}"


def _without_guesses(
    request: Request, derived: Mapping[str, ContextValue], *, is_owned: bool
) -> dict[str, ContextValue]:
    """Return the values to use in place of those in `derived` that are only guesses."""
    found: dict[str, ContextValue] = {}
    for key in ("aws:PrincipalOrgPaths", "aws:ResourceOrgPaths"):
        if derived.get(key) == ():
            found[key] = Missing.UNKNOWN
    if not is_owned:
        found |= {key: value for key, value in _OF_OWNERS.items() if key in derived}
    region = request.resource.region
    if region:
        # Requests for a resource go to the endpoint of the region that its ARN names.
        found["aws:RequestedRegion"] = region
    return found
