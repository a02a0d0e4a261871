"""How AWS combines policies: the decision flow, in its order, one function a kind of policy.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html

Truths combine as in logic with a third value: `min` is and, `max` is or.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.evaluator import endpoints
from iamlint.evaluator.request import CallerKind, PrincipalMatch, StatementRequest
from iamlint.evaluator.services import kms, s3, sts
from iamlint.evaluator.verdict import Verdict
from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.policy.grammar import Kind
from iamlint.policy.truth import Truth

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.evaluator.policy_set import PolicySet, StatementIndex
    from iamlint.evaluator.request import Request
    from iamlint.evaluator.settings import Settings
    from iamlint.evaluator.statement import Match

NO, MAYBE, YES = Truth.NO, Truth.MAYBE, Truth.YES

_GUARDED: Final = ("kms:", "sts:")
_LIMITED: Final = frozenset({CallerKind.USER, CallerKind.ROLE, CallerKind.FEDERATED_USER})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out, and through which statements.

    `denies` holds the Denies that decide or may decide, `grants` the Allows that grant or may
    grant, `limits` the Allows of kinds that only limit, `blocked_by` the kinds whose silence
    denies. `is_refused` where the service takes no such call, whatever policies say.
    """

    verdict: Verdict
    denies: list[Match] = field(default_factory=list)
    grants: list[Match] = field(default_factory=list)
    limits: list[Match] = field(default_factory=list)
    blocked_by: tuple[Kind, ...] = ()
    is_refused: bool = False


class Decider:
    """One request before the policies that apply to it."""

    __slots__ = (
        "asked",
        "limited",
        "needs_resource_policy",
        "policies",
        "request",
        "settings",
        "view",
    )

    def __init__(self, request: Request, policies: PolicySet, settings: Settings) -> None:
        self.request = request
        self.policies = policies
        self.settings = settings
        self.asked = StatementRequest(request)
        self.view = policies.view(self.asked.action)
        # Whether identity, boundary and session policies apply to the caller.
        self.limited = request.caller.kind in _LIMITED
        # Keys and roles give access only through their own policy, even in their account.
        self.needs_resource_policy = self.asked.action.startswith(_GUARDED) and (
            kms.needs_key_policy(request) or sts.needs_trust_policy(request)
        )

    @property
    def under_scps(self) -> bool:
        """Whether service control policies apply: they bind users, roles, root users of members.

        Not services, not strangers without account. That they leave service-linked roles alone
        (and RCPs do) is documented; it was read in quotations of the page only.
        https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
        """
        caller = self.request.caller
        bound = self.policies.scp is not None and caller.kind.has_account
        return bound and not caller.is_service_linked

    @property
    def under_rcps(self) -> bool:
        """Whether resource control policies apply: to every caller, in services that support them.

        https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
        """
        if self.policies.rcp is None or self.request.caller.is_service_linked:
            return False
        services = self.settings.rcp_services
        known = services is None or self.request.service in services
        return known and not kms.is_beyond_rcps(self.request)

    @property
    def resource_kind(self) -> Kind:
        return Kind.TRUST if sts.needs_trust_policy(self.request) else Kind.RESOURCE


def combine(request: Request, policies: PolicySet, settings: Settings) -> Outcome:
    """Return the outcome of one request."""
    case = Decider(request, policies, settings)
    is_of_sts = case.asked.action.startswith("sts:")
    if is_of_sts and sts.always_succeeds(request):
        return Outcome(Verdict.ALLOWED)
    denies = explicit_denies(case)
    if certain := denies and [match for match in denies if match.truth is YES]:
        # INVARIANT: a Deny that applies is final
        return Outcome(Verdict.EXPLICITLY_DENIED, denies=certain)
    if is_of_sts and sts.refuses(request):
        return Outcome(Verdict.IMPLICITLY_DENIED, is_refused=True)
    said = KindResults(case)
    allowed = said.allowed
    if allowed is NO:
        return Outcome(
            Verdict.IMPLICITLY_DENIED,
            grants=[*said.identity, *said.resource],
            limits=said.limits,
            blocked_by=tuple(blockers(case, said)),
        )
    if allowed is YES and not denies:
        return Outcome(Verdict.ALLOWED, grants=[m for m in said.grants if m.truth is YES])
    return Outcome(Verdict.UNDETERMINED, denies=denies, grants=said.grants, limits=said.limits)


def explicit_denies(case: Decider) -> list[Match]:
    """Return the Denies of every kind of policy; one that applies is final."""
    view, asked = case.view, case.asked
    if not view.may_deny:
        return []
    found = _resource_denies(case)
    if case.under_rcps:
        for level in view.rcp:
            found += level.denies(asked) if level.may_deny else ()
    if case.under_scps:
        for level in view.scp:
            found += level.denies(asked) if level.may_deny else ()
    if case.policies.endpoint:
        found += _of_endpoint(case, view.endpoint.denies)
    if case.limited:
        for held in (view.identity, view.boundary, view.session):
            found += held.denies(asked) if held.may_deny else ()
    return found


def _resource_denies(case: Decider) -> list[Match]:
    """Return the Denies of the resource policy.

    One with `NotPrincipal` always hits a principal under a boundary, whoever is listed:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    """
    if s3.is_beyond_bucket_policy(case.request):
        return []
    found = case.view.resource.denies(case.asked)
    if not (case.limited and case.policies.boundary and any(case.view.resource.exceptions())):
        return found
    stranger = StatementRequest(case.request)
    stranger.names = {}
    bound = case.policies.has_boundary
    excepting = [m for m in case.view.resource.denies(stranger) if m.statement.excepts_principals]
    if bound is YES:
        return [m for m in found if not m.statement.excepts_principals] + excepting
    met = {id(match.statement) for match in found}
    return found + [
        replace(m, truth=min(m.truth, bound)) for m in excepting if id(m.statement) not in met
    ]


class KindResults:
    """What each kind of policy says of a request that no Deny stops."""

    __slots__ = (
        "allowed",
        "boundary",
        "endpoint",
        "granted",
        "grants",
        "identity",
        "limits",
        "path",
        "rcp",
        "resource",
        "scp",
        "session",
        "truth",
    )

    def __init__(self, case: Decider) -> None:
        policies = case.policies
        self.limits: list[Match] = []
        self.rcp = rcps_allow(case, self.limits) if policies.rcp else YES
        self.scp = scps_allow(case, self.limits) if policies.scp else YES
        self.endpoint = endpoint_allows(case, self.limits) if policies.endpoint else YES
        self.resource = resource_allows(case) if policies.resource else []
        self.identity = case.view.identity.allows(case.asked) if case.limited else []
        self.truth = identity_allows(case, self.identity)
        self.boundary = boundary_allows(case, self.limits)
        self.session = session_allows(case, self.limits)
        # The way through the caller's own account; boundary and session policies never grant.
        self.path = min(self.truth, self.boundary, self.session)
        self.grants, self.granted = grant(case, self)
        self.allowed = min(self.granted, self.rcp, self.scp, self.endpoint)


def rcps_allow(case: Decider, limits: list[Match]) -> Truth:
    """Return whether the resource control policies allow: each level must.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
    """
    if case.settings.rcp_default_allow or not case.under_rcps:
        return YES
    return _every_level_says(case.view.rcp, case.asked, limits)


def scps_allow(case: Decider, limits: list[Match]) -> Truth:
    """Return whether the service control policies allow: each level must, one without never does.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
    """
    if not case.under_scps:
        return YES
    return _every_level_says(case.view.scp, case.asked, limits)


def endpoint_allows(case: Decider, limits: list[Match]) -> Truth:
    """Return whether the policy of the VPC endpoint that the request uses allows.

    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    """
    matches = _of_endpoint(case, case.view.endpoint.allows)
    limits += matches
    return _strongest(matches)


def _of_endpoint(case: Decider, said: Callable[[StatementRequest], list[Match]]) -> list[Match]:
    """Return what an endpoint says; see `endpoints.without_account`.

    Where it is not known whether the endpoint is one, what both kinds say is sure.
    """
    is_gateway = endpoints.is_gateway(case.request, case.settings)
    if is_gateway is False:
        return said(case.asked)
    found = said(endpoints.without_account(case.request))
    if is_gateway:
        return found
    other = said(case.asked)
    sure = {(id(m.statement), m.truth) for m in found} & {(id(m.statement), m.truth) for m in other}
    either = {id(m.statement): m for m in (*found, *other)}.values()
    return [m if (id(m.statement), m.truth) in sure else replace(m, truth=MAYBE) for m in either]


def resource_allows(case: Decider) -> list[Match]:
    """Return the matches of the resource's policy, or of the trust policy of a role.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html
    """
    if not case.policies.resource or not sts.can_call(case.request):
        return []
    # Keys and roles take signed requests only, even where their policy names everyone:
    # https://docs.aws.amazon.com/kms/latest/APIReference/Welcome.html
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
    if case.needs_resource_policy and case.request.caller.kind is CallerKind.ANONYMOUS:
        return []
    if case.settings.block_public_access and s3.is_cut_off(case.request, case.policies.resource):
        return []
    return case.view.resource.allows(case.asked)


def identity_allows(case: Decider, found: list[Match]) -> Truth:
    """Return whether the caller's own policies together allow; a root user needs none.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html
    """
    if case.request.caller.kind is CallerKind.ROOT:
        return YES
    return _strongest(found)


def boundary_allows(case: Decider, limits: list[Match]) -> Truth:
    """Return whether the permissions boundary allows.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """
    if not case.limited or not case.policies.boundary:
        return YES
    return _says(case.view.boundary, case.asked, limits)


def session_allows(case: Decider, limits: list[Match]) -> Truth:
    """Return whether the session's policies allow; a federated user without any has no access.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
    """
    if not case.limited:
        return YES
    if not case.policies.session:
        return NO if case.request.caller.kind is CallerKind.FEDERATED_USER else YES
    return _says(case.view.session, case.asked, limits)


def grant(case: Decider, said: KindResults) -> tuple[list[Match], Truth]:
    """Return the grants of both sides, the caller's and the resource's, and whether they allow.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
    """
    caller = case.request.caller
    if not caller.kind.has_account:
        return said.resource, _strongest(said.resource)
    if case.request.crosses_accounts:
        named = _strongest(said.resource)
        return said.identity + said.resource, min(said.path, named)
    if not said.resource and not case.needs_resource_policy:
        return (said.identity if said.path is not NO else []), said.path
    opened = [m for m in said.resource if limit(m.naming, said) is not NO]
    named = max((min(m.truth, limit(m.naming, said)) for m in opened), default=NO)
    if case.needs_resource_policy:
        own = said.identity if any(m.naming is PrincipalMatch.ACCOUNT for m in opened) else []
        return own + opened, named
    own = said.identity if said.path is not NO else []
    direct = [m for m in opened if m.naming is not PrincipalMatch.ACCOUNT]
    return own + direct, max(said.path, named)


def limit(naming: PrincipalMatch, said: KindResults) -> Truth:
    """Return what the caller's own side must still allow, in one account, once it is named thus.

    Step 3 of https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
    and the notes on role sessions of
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    if naming is PrincipalMatch.ACCOUNT:
        return said.path
    if naming is PrincipalMatch.ROLE:
        return min(said.boundary, said.session)
    return YES


def blockers(case: Decider, said: KindResults) -> list[Kind]:
    """Return the kinds of policy that deny implicitly."""
    found = _granting_blockers(case, said)
    if said.scp is NO:
        found.append(Kind.SCP)
    if said.rcp is NO:
        found.append(Kind.RCP)
    if said.endpoint is NO:
        found.append(Kind.ENDPOINT)
    return found


def _granting_blockers(case: Decider, said: KindResults) -> list[Kind]:
    if said.granted is not NO:
        return []
    resource = [] if said.resource else [case.resource_kind]
    if not case.request.caller.kind.has_account:
        return resource
    limits = [Kind.BOUNDARY] if said.boundary is NO else []
    limits += [Kind.SESSION] if said.session is NO else []
    own = [Kind.IDENTITY] if said.truth is NO else []
    if case.request.crosses_accounts:
        return own + resource + limits
    if case.needs_resource_policy and resource:
        return resource
    if any(m.naming is PrincipalMatch.ROLE for m in said.resource):
        return limits
    silent = resource if own and case.policies.resource else []
    return own + silent + limits


def _every_level_says(
    levels: list[StatementIndex], asked: StatementRequest, limits: list[Match]
) -> Truth:
    found = YES
    for level in levels:
        found = min(found, _says(level, asked, limits))
    return found


def _says(voices: StatementIndex, asked: StatementRequest, limits: list[Match]) -> Truth:
    matches = voices.allows(asked)
    limits += matches
    return _strongest(matches)


def _strongest(matches: list[Match]) -> Truth:
    for match in matches:
        if match.truth is YES:
            return YES
    return max((match.truth for match in matches), default=NO)
