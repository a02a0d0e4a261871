"""Questions about the account: can somebody do something?"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from iamlint.account.ask.alike import Alike
from iamlint.account.ask.answer import Answer, PartialAnswer, Question, Where
from iamlint.account.ask.applicable import (
    ApplicablePolicies,
    can_have_policy,
    endpoint_of,
    is_about_trust,
    needs_resource_policy,
)
from iamlint.account.ask.principal import at_home, of_account, unsure_keys
from iamlint.account.ask.region import mentions, region_of
from iamlint.account.ask.validate import (
    actions_of,
    arn_patterns,
    check_fit,
    checked_arn,
    checked_context,
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
from iamlint.evaluator.patterns.question import PatternAnswer, ask_pattern, decided
from iamlint.evaluator.request import CallerKind, Request
from iamlint.evaluator.settings import Settings
from iamlint.evaluator.way import OF_THE_WAY, implied, is_impossible, ways
from iamlint.policy.arn import parse_arn
from iamlint.policy.truth import Truth
from iamlint.policy.wildcard import is_wild

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from iamlint.account.ask.alike import Decided
    from iamlint.account.ask.principal import Subject
    from iamlint.account.model import Accounts
    from iamlint.account.origin import PolicyKey
    from iamlint.catalog import Catalog
    from iamlint.evaluator.context import ContextValue
    from iamlint.evaluator.policy_set import PolicySet
    from iamlint.evaluator.statement import CompiledPolicy

EVERY: Final = "*"
MAYBE: Final = Truth.MAYBE
_REGION: Final = "aws:requestedregion"
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

    def ask(
        self,
        subject: Subject,
        actions: Iterable[str],
        on: str | Iterable[str] | None = None,
        *,
        context: Mapping[str, ContextValue] | None = None,
        at: datetime | str | None = None,
        also_for: Iterable[str] = (),
    ) -> Answer:
        """Ask whether a principal can do all of this; raise for what cannot be asked.

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
        question = Question(subject, asked, resources, given, self.where)
        return Answer(question, tuple(parts), tuple(notes))

    def with_instead(self, instead: Mapping[PolicyKey, CompiledPolicy]) -> Account:
        """Return the account as it would be with other policies in place of some."""
        return Account(self.accounts, self.catalog, instead, where=self.where)

    def context(self, given: Mapping[str, object]) -> dict[str, ContextValue]:
        """Return a context as questions take it; None is a key that is absent."""
        return checked_context(self.catalog, given)

    def acts_on(self, action: str, arn: str) -> bool:
        """Return whether an action, or a pattern of actions, may act on a resource."""
        for name in actions_of(self.catalog, (action,)):
            templates = arn_patterns(self.catalog, self.catalog.action(name))
            if templates is None or any(fits(template, arn) for template in templates):
                return True
        return False

    def _resources(self, on: str | Iterable[str] | None) -> tuple[str, ...] | None:
        if on is None:
            return None
        given = (on,) if isinstance(on, str) else tuple(on)
        if not given:
            raise UsageError("no resource was asked about", help="the list given as `on` is empty")
        return tuple(checked_arn(self.catalog, str(arn)) for arn in given)

    def _targets(
        self, subject: Subject, name: str, resources: tuple[str, ...] | None, *, is_exact: bool
    ) -> Iterator[str]:
        """Yield the resources to ask about; of a pattern of actions only those that fit count."""
        templates = arn_patterns(self.catalog, self.catalog.action(name))
        for arn in resources or (EVERY,):
            if arn == EVERY:
                yield from self._everything(subject, templates)
            elif is_exact:
                check_fit(name, arn, templates)
                yield arn
            elif templates is None or any(fits(template, arn) for template in templates):
                yield arn

    def _everything(self, subject: Subject, templates: tuple[str, ...] | None) -> Iterator[str]:
        if templates == ():
            yield EVERY
            return
        account = subject.account or self.accounts.account or EVERY
        if account == UNKNOWN_ACCOUNT and not self.accounts.possible_accounts:
            account = EVERY
        every = templates or ("arn:*:*:*:${Account}:*",)
        yield from dict.fromkeys(concrete(t, self.accounts.partition, account) for t in every)

    def _parts(
        self,
        subject: Subject,
        name: str,
        resources: tuple[str, ...] | None,
        given: Mapping[str, ContextValue],
        *,
        is_exact: bool,
    ) -> Decided:
        targets = self._targets(subject, name, resources, is_exact=is_exact)
        decided = (self._part(subject, name, resource, given) for resource in targets)
        return [(part, list(assumed)) for part, assumed in decided]

    def _part(
        self, subject: Subject, action: str, resource: str, given: Mapping[str, ContextValue]
    ) -> tuple[PartialAnswer, Iterable[str]]:
        if subject.account_known or not self.accounts.possible_accounts:
            return self._of_one(at_home(subject, _account_field(resource)), action, resource, given)
        found = {
            account: self._of_one(
                of_account(subject, account),
                action,
                resource.replace(UNKNOWN_ACCOUNT, account),
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
            action, resource.replace(UNKNOWN_ACCOUNT, EVERY), open_, is_of_several=True
        )
        return part, (_may_be_of(subject, self.accounts),)

    def _of_one(
        self, subject: Subject, action: str, resource: str, given: Mapping[str, ContextValue]
    ) -> tuple[PartialAnswer, Iterator[str]]:
        request = self._request(subject, action, resource, given)
        policies = self.around.policies(subject, request)
        answer = self._answer(subject, request, policies)
        if answer.undetermined and any(k.lower() in OF_THE_WAY for k in answer.missing_keys):
            answer = self._either_way(subject, request, policies) or answer
        notes = self._assumptions(subject, request, policies)
        return PartialAnswer(action, resource, answer), notes

    def _answer(self, subject: Subject, request: Request, policies: PolicySet) -> PatternAnswer:
        if request.resource == EVERY or not is_wild(request.resource):
            return decided(evaluate(request, policies, self.settings))
        return self._pattern(subject, request, policies)

    def _either_way(
        self, subject: Subject, request: Request, policies: PolicySet
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

    def _pattern(self, subject: Subject, request: Request, policies: PolicySet) -> PatternAnswer:
        inside = self.accounts.resource_at(request.resource)
        special = {}
        if inside is None or is_about_trust(request.action):
            special = {
                pattern: self.around.policies(subject, replace(request, resource=arn))
                for pattern, arn in self.around.special(request.action, request.resource).items()
            }
        return ask_pattern(request, policies, self.settings, special=special)

    def _request(
        self, subject: Subject, action: str, resource: str, given: Mapping[str, ContextValue]
    ) -> Request:
        known = self.accounts.resource_at(resource)
        owner = known.account if known is not None else None
        if owner is None and not subject.account_known and is_wild(_account_field(resource)):
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
        values |= implied(values)
        carried = {key: value for key, value in values.items() if may_carry(key)}
        if subject.has_no_other_tags or subject.caller.kind is CallerKind.ANONYMOUS:
            may_carry = _without(_OF_TAGS, may_carry)
        context = Context(complete(carried, derived), Missing.UNKNOWN, may_carry)
        return replace(request, context=context)

    def _may_carry(self, action: str) -> Callable[[str], bool]:
        """Return whether requests for an action may carry a key; of what is not known, they may."""
        known = self.catalog.action(action)
        if known is None:
            return lambda _: True
        return lambda key: self.catalog.may_carry(known, key)

    def _has_owner(self, resource: str) -> bool:
        """Return whether the ARN names the owner, or the repository describes the resource.

        The ARN of a bucket names no account.
        """
        account = _account_field(resource)
        if account:
            return not is_wild(account)
        return (
            self.accounts.resource_at(resource) is not None or self.around.placed(resource).is_known
        )

    def _surroundings(self, subject: Subject, request: Request) -> Surroundings:
        return Surroundings(
            principal_tags=subject.tags,
            principal_membership=self._membership(subject.account),
            resource_membership=self._membership(request.owner),
        )

    def _membership(self, account: str | None) -> Membership | None:
        """Return where an account is in the organization; its path there is never known."""
        organization = self.accounts.organization
        if organization is None or account is None:
            return None
        member = account == self.accounts.account or account in self.accounts.limits
        return Membership(organization) if member else None

    def _placed(self, subject: Subject, request: Request) -> Iterator[str]:
        """Yield what is taken for granted of the policies on a resource."""
        arn = request.resource
        if is_about_trust(request.action):
            roles = self.around.trusting(subject, arn)
            if len(roles) == 1 and self.accounts.find(arn) is None:
                yield f"`{arn}` is assumed to be `{roles[0].title}`"
            return
        if arn == EVERY:
            return
        placed = self.around.placed(arn)
        if placed.taken is not None and can_have_policy(request.action):
            yield placed.taken
        elif (
            not placed.is_known
            and can_have_policy(request.action)
            and not needs_resource_policy(request)
        ):
            more = "other " if placed.policies else ""
            yield f"`{arn}` has no {more}resource policy"

    def _assumptions(
        self, subject: Subject, request: Request, policies: PolicySet
    ) -> Iterator[str]:
        """Yield what was taken for granted and could matter."""
        arn = request.resource
        if not subject.account_known:
            yield "no `account` is configured: principal and resource are in one account"
        for folder, number in self.accounts.apart.items():
            policies_of = "1 policy is" if number == 1 else f"{number} policies are"
            yield f"`{folder}` has its own configuration: its {policies_of} of another account"
        if self.accounts.account_said is not None:
            yield (
                f"no `account` is configured: it is `{self.accounts.account}`, because "
                f"{self.accounts.account_said}"
            )
        known = self.accounts.resource_at(arn)
        if known is not None and known.open:
            yield f"`{known.arn}` has no other statements than those known here"
        yield from self._placed(subject, request)
        region = region_of(arn)
        for policy in policies.every():
            if self.around.regional.is_taken(policy) and policy.about(request.action.lower()):
                yield f"the unknown region in `{policy.label}` is `{region}`"
        derived = request.context.values.get(_REGION)
        if derived and derived == region and mentions(policies, request.action, _REGION):
            yield f"the request goes to the region of the resource, `{derived}`"
        endpoint = endpoint_of(request)
        if endpoint and not self.around.endpoint(endpoint).is_known:
            yield f"the policy of `{endpoint}` is the default one, which allows everything"
        limits = self.accounts.limits_of(subject.account)
        is_bound = subject.caller.kind.has_account and not limits.is_management
        if self.accounts.organization and policies.scp is None and is_bound:
            yield f"no SCP of `{self.accounts.organization}` denies this: none is known here"


def _without(prefix: str, may_carry: Callable[[str], bool]) -> Callable[[str], bool]:
    """Return the same, but for the keys of a prefix."""
    return lambda key: not key.startswith(prefix) and may_carry(key)


def _may_be_of(subject: Subject, accounts: Accounts, then: str = "") -> str:
    """Return which accounts a principal may be of, and what says so."""
    listed = ", or ".join(
        f"in `{one}`, because {said}" for one, said in accounts.possible_accounts.items()
    )
    return f"no `account` is configured: `{subject.name}` may be {listed}{then}"


def _without_guesses(
    request: Request, derived: Mapping[str, ContextValue], *, is_owned: bool
) -> dict[str, ContextValue]:
    """Return better values for keys of which the resource or the organization says too little."""
    found: dict[str, ContextValue] = {}
    for key in ("aws:PrincipalOrgPaths", "aws:ResourceOrgPaths"):
        if derived.get(key) == ():
            found[key] = Missing.UNKNOWN
    if not is_owned:
        found |= {key: value for key, value in _OF_OWNERS.items() if key in derived}
    region = region_of(request.resource)
    if region:
        # Requests for a resource go to the endpoint of the region that its ARN names.
        found["aws:RequestedRegion"] = region
    return found


def _account_field(resource: str) -> str:
    arn = parse_arn(resource)
    return arn.account if arn else ""
