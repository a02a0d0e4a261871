"""The policies that apply to a request: the principal's, the resource's, the organization's."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from iamlint.account.ask.placed import Placed, find_placed
from iamlint.account.ask.region import Regional
from iamlint.account.build.compile import perhaps, perhaps_denying
from iamlint.account.build.managed import full_access, unknown_policy
from iamlint.account.build.resources import kind_at
from iamlint.account.model import UNKNOWN_ACCOUNT, Limits
from iamlint.account.origin import Origin, Why, key_of
from iamlint.evaluator.policy_set import PolicySet
from iamlint.evaluator.request import Request, anonymous
from iamlint.evaluator.services import kms, sts
from iamlint.fast_dataclass import replace
from iamlint.load.link import glob_of
from iamlint.policy.arn import above_in_arn
from iamlint.policy.arn_patterns import overlaps_arn
from iamlint.policy.grammar import Kind
from iamlint.policy.requested import RequestedResource
from iamlint.policy.wildcard import is_wild

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.account.ask.principal import Actor
    from iamlint.account.model import Accounts, Identity
    from iamlint.account.origin import PolicyKey
    from iamlint.evaluator.policy_set import Levels
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.load.link import Name

# Services whose resources can carry a policy of their own:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
_POLICED: Final = frozenset(
    {
        "acm-pca", "backup", "codeartifact", "codebuild", "dynamodb", "ecr", "elasticfilesystem",
        "es", "events", "execute-api", "glacier", "glue", "iot", "kinesis", "kms", "lambda",
        "lex", "logs", "mediastore", "redshift-serverless", "rekognition", "s3",
        "s3-object-lambda", "s3-outposts", "s3express", "s3tables", "schemas",
        "secretsmanager", "ses", "sns", "sqs", "ssm-incidents", "vpc-lattice",
    }
)  # fmt: skip
_ANY_ROLE: Final = RequestedResource.of("arn:aws:iam::000000000000:role/any")
_NOBODY: Final = anonymous()


def is_about_trust(action: str) -> bool:
    """Return whether a role's trust policy decides the action."""
    return sts.needs_trust_policy(Request(_NOBODY, action, _ANY_ROLE))


def is_unread(policy: CompiledPolicy) -> bool:
    """Return whether a policy could not be read."""
    return isinstance(policy.label, Origin) and policy.label.unread is not None


def can_have_policy(action: str) -> bool:
    """Return whether what the action acts on can have a policy of its own."""
    return action.partition(":")[0].lower() in _POLICED


def _is_beside(policy: CompiledPolicy) -> bool:
    """Return whether another file may give a policy its say, or could not be read."""
    label = policy.label
    return isinstance(label, Origin) and (label.why is not None or label.unread is not None)


def _sure(limits: Limits) -> Limits:
    """Return the limits that surely apply."""
    return Limits(_sure_levels(limits.scp), _sure_levels(limits.rcp))


def _sure_levels(levels: Levels | None) -> Levels | None:
    """Return the levels without policies that only may apply."""
    found = [tuple(p for p in level if not _is_beside(p)) for level in levels or ()]
    return tuple(level for level in found if level) or None


class ApplicablePolicies:
    """The policies around principals and resources, kept between questions."""

    def __init__(
        self, accounts: Accounts, instead: Mapping[PolicyKey, CompiledPolicy] | None = None
    ) -> None:
        self.accounts = accounts
        self.instead = instead or {}
        self._sets: dict[tuple[object, ...], PolicySet] = {}
        self._kept: list[Actor] = []
        self.regional = Regional()
        self._placed: dict[str, Placed] = {}
        self._noted: dict[int, PolicySet] = {}
        self._known: dict[bool, Mapping[str, None]] = {}

    def policies(self, subject: Actor, request: Request) -> PolicySet:
        """Return all policies that apply to a request."""
        trust = sts.needs_trust_policy(request)
        known = None if trust else self.accounts.resource_at(request.resource.text)
        place = known.arn if known else request.resource.text
        key = (
            id(subject.policies), id(subject.boundary), id(subject.session), id(subject.scp),
            subject.caller, endpoint_of(request), place, trust, request.owner,
            subject.identity.scope if subject.identity is not None else None,
            known is None and can_have_policy(request.action),
        )  # fmt: skip
        found = self._sets.get(key)
        if found is None:
            found = self._sets[key] = self.find_policies(subject, request)
            # Keeps alive what a key knows by its id: ids of the dead are given away again.
            self._kept.append(subject)
        self._noted[id(found)] = found
        return found

    @contextmanager
    def noted(self) -> Iterator[dict[int, PolicySet]]:
        """Yield a dict that collects the policies asked for inside, by the ids of their sets."""
        before, self._noted = self._noted, {}
        try:
            yield self._noted
        finally:
            before |= self._noted
            self._noted = before

    def find_policies(self, subject: Actor, request: Request) -> PolicySet:
        """Return the same without keeping it."""
        account = subject.account if subject.account_known else None
        home = self._limits(account, is_described=subject.identity is not None)
        region = request.resource.region
        is_described = self.accounts.resource_at(request.resource.text) is not None
        is_described |= subject.identity is not None and request.owner == subject.account
        owners = self._limits(request.owner, is_described=is_described)
        on_resource = self._on_resource(subject, request)
        if subject.is_alone:
            home, owners = _sure(home), _sure(owners)
            if not (sts.needs_trust_policy(request) or needs_resource_policy(request)):
                on_resource = tuple(p for p in on_resource if not _is_beside(p))
        return PolicySet(
            identity=self._in(region, self._changed(subject.policies)),
            resource=self._in(region, self._changed(on_resource)),
            boundary=self._in(region, self._changed(subject.boundary)),
            session=self._changed(subject.session),
            scp=self._levels(home.scp if subject.scp is None else subject.scp),
            rcp=self._levels(owners.rcp),
            endpoint=self._changed(self._of_endpoint(request)),
        )

    def _limits(self, account: str | None, *, is_described: bool) -> Limits:
        """Return what limits an account; where no file says which is home, it only may limit it."""
        found, home = self.accounts.limits_of(account), self.accounts.account
        if is_described or home is not None or account in (None, *self.accounts.limits):
            return found
        why = Why(f"no file shows whether it limits `{account}`")
        scp, rcp = _perhaps(found.scp, Kind.SCP, why), _perhaps(found.rcp, Kind.RCP, why)
        return replace(found, scp=scp, rcp=rcp)

    def _changed(self, policies: tuple[CompiledPolicy, ...]) -> tuple[CompiledPolicy, ...]:
        """Return the policies, each that is to be replaced as its replacement."""
        if not self.instead:
            return policies
        return tuple(self._replaced(policy) for policy in policies)

    def _replaced(self, policy: CompiledPolicy) -> CompiledPolicy:
        key = key_of(policy)
        return policy if key is None else self.instead.get(key, policy)

    def _in(self, region: str, policies: tuple[CompiledPolicy, ...]) -> tuple[CompiledPolicy, ...]:
        if not region:
            return policies
        return tuple(self.regional.policy(policy, region) for policy in policies)

    def _levels(self, levels: Levels | None) -> Levels | None:
        return None if levels is None else tuple(map(self._changed, levels))

    def _on_resource(self, subject: Actor, request: Request) -> tuple[CompiledPolicy, ...]:
        """Return the policy on a resource; an open one where it is needed and not known."""
        arn = request.resource.text
        if sts.needs_trust_policy(request):
            return tuple(self._trust(self.trusting(subject, request.resource), arn))
        # What acts on no resource meets no policy of one; that of an endpoint is about what is
        # reached through it.
        if request.resource.is_everything or kind_at(arn) is Kind.ENDPOINT:
            return ()
        placed = self.placed(arn)
        if placed.is_known:
            return placed.policies
        if not can_have_policy(request.action):
            return tuple(p for p in placed.policies if not is_unread(p))
        if needs_resource_policy(request):
            return (*placed.policies, unknown_policy(f"policy of {arn}", Kind.RESOURCE))
        return placed.policies

    def trusting(self, subject: Actor, role: RequestedResource) -> tuple[Identity, ...]:
        """Return the role whose trust policy a principal needs, or all that it may be.

        A principal of an account that is not known asks for a role of the same one.
        """
        scope = subject.identity.scope if subject.identity is not None else None
        if role.arn is None:
            return ()
        if not subject.account_known:
            own = self.accounts.roles_at(replace(role.arn, account=""), scope)
            return own or self.accounts.roles_at(role.arn, scope)
        return self.accounts.roles_at(role.arn, scope)

    def _trust(self, roles: tuple[Identity, ...], arn: str) -> Iterator[CompiledPolicy]:
        """Yield the trust policy of a role; of several each that may be it."""
        gone = unknown_policy(f"trust policy of {arn}", Kind.TRUST)
        if len(roles) < 2:  # noqa: PLR2004 - two may be meant
            yield from (roles[0].trust if roles else ()) or (gone,)
            return
        titles = ", ".join(f"`{role.title}`" for role in roles)
        why = Why(f"`{arn}` may be any of {titles}")
        for role in roles:
            yield from (perhaps(policy, why) for policy in role.trust or (gone,))

    def _of_endpoint(self, request: Request) -> tuple[CompiledPolicy, ...]:
        name = endpoint_of(request)
        return self.endpoint(name).policies if name else ()

    def endpoint(self, name: str) -> Placed:
        """Return what is known of the policy of the VPC endpoint of that id."""
        ends = f":vpc-endpoint/{name}"
        found = next((r for arn, r in self.accounts.resources.items() if arn.endswith(ends)), None)
        if found is not None:
            return Placed(found.policies, is_known=True)
        account = self.accounts.account or UNKNOWN_ACCOUNT
        return self.placed(f"arn:{self.accounts.partition}:ec2:*:{account}{ends}")

    def placed(self, arn: str) -> Placed:
        """Return the policies that are, or may be, attached to a resource."""
        if arn not in self._placed:
            self._placed[arn] = find_placed(self.accounts, arn)
        return self._placed[arn]

    def _open_arns(self) -> Iterator[Name]:
        return (policy.arn for policy in self.accounts.open_policies)

    def special(self, action: str, pattern: RequestedResource) -> dict[str, str]:
        """Return patterns for the known resources that a pattern names among others.

        Each with the ARN of its resource.
        """
        return {
            inside: arn
            # Of two that are in each other the inner one counts, as in `resource_at`.
            for arn in sorted(self._special(is_about_trust(action)), key=len, reverse=True)
            for inside in (arn, f"{arn}/*", f"{arn}:*")
            if overlaps_arn(inside, pattern.text)
        }

    def has_special(self, action: str, arn: str) -> bool:
        """Return whether an ARN is, or may be in, a resource that has policies of its own."""
        known = self._special(is_about_trust(action))
        if any(above in known for above in (arn, *above_in_arn(arn))):
            return True
        wild = (one for one in known if is_wild(one))
        return any(
            overlaps_arn(inside, arn) for one in wild for inside in (one, f"{one}/*", f"{one}:*")
        )

    def _special(self, is_about_trust: bool) -> Mapping[str, None]:  # noqa: FBT001 - a key
        """Return the ARNs of resources with policies of their own: roles, or all others."""
        if is_about_trust not in self._known:
            found = (
                (one.arn_glob for one in self.accounts.identities.values() if one.trust)
                if is_about_trust
                else (*self.accounts.resources, *map(glob_of, self._open_arns()))
            )
            self._known[is_about_trust] = dict.fromkeys(found)
        return self._known[is_about_trust]


def _perhaps(levels: Levels | None, kind: Kind, why: Why) -> Levels | None:
    """Return levels that may not be there: without them all is allowed."""
    if levels is None:
        return None
    whole = perhaps(full_access(kind), why)
    return tuple((*(perhaps_denying(one, why) for one in level), whole) for level in levels)


def endpoint_of(request: Request) -> str | None:
    """Return the VPC endpoint that a request passes."""
    found = request.context.values.get("aws:sourcevpce")
    return found if isinstance(found, str) else None


def needs_resource_policy(request: Request) -> bool:
    """Return whether a request cannot be allowed without the resource's policy."""
    return (
        kms.needs_key_policy(request)
        or request.crosses_accounts
        or not request.caller.kind.has_account
    )
