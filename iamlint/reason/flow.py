"""How AWS combines policies, as a formula: the flow of `evaluator.combine`, for many requests.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.evaluator import endpoints
from iamlint.evaluator.combine import Decider
from iamlint.evaluator.request import CallerKind, PrincipalMatch
from iamlint.evaluator.services import s3, sts
from iamlint.reason.formula import FALSE, TRUE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iamlint.evaluator.policy_set import Levels, PolicySet
    from iamlint.evaluator.settings import Settings
    from iamlint.evaluator.statement import CompiledPolicy
    from iamlint.reason.encode import Encoder, Situation


def allowed_alone(encoder: Encoder, policies: Sequence[CompiledPolicy], spot: Situation) -> int:
    """Return when policies alone allow: an Allow applies and no Deny does."""
    allows = encoder.matches(policies, spot, allowing=True)
    if not allows:
        return FALSE
    denies = encoder.matches(policies, spot, allowing=False)
    formulas = encoder.formulas
    denied = formulas.any(formula for formula, _, _ in denies)
    return formulas.all((formulas.any(one for one, _, _ in allows), formulas.negation(denied)))


class Flow:
    """The decision on the requests of a spot, under the policies that apply to them."""

    def __init__(
        self, encoder: Encoder, policies: PolicySet, spot: Situation, settings: Settings
    ) -> None:
        self.encoder = encoder
        self.formulas = encoder.formulas
        self.policies = policies
        self.spot = spot
        self.case = Decider(spot.request, policies, settings)

    def allowed(self) -> int:
        """Return when the requests are allowed."""
        request, formulas = self.spot.request, self.formulas
        if sts.always_succeeds(request):
            return TRUE
        if sts.refuses(request):
            return FALSE
        granted = self._granted()
        if granted == FALSE:
            return FALSE
        demanded = [granted, self._scps(), self._rcps()]
        if self.policies.endpoint:
            demanded.append(self._of_endpoint(allowing=True))
        return formulas.all((*demanded, formulas.negation(self._denied())))

    def _allows(self, policies: Sequence[CompiledPolicy]) -> int:
        found = self.encoder.matches(policies, self.spot, allowing=True)
        return self.formulas.any(formula for formula, _, _ in found)

    def _denies(self, policies: Sequence[CompiledPolicy]) -> int:
        found = self.encoder.matches(policies, self.spot, allowing=False)
        return self.formulas.any(formula for formula, _, _ in found)

    def _says(self, policies: Sequence[CompiledPolicy]) -> int:
        return self._allows(policies) if policies else TRUE

    def _every_level(self, levels: Levels | None) -> int:
        return self.formulas.all(self._allows(level) for level in levels or ())

    def _scps(self) -> int:
        return self._every_level(self.policies.scp) if self.case.under_scps else TRUE

    def _rcps(self) -> int:
        if self.case.settings.rcp_default_allow or not self.case.under_rcps:
            return TRUE
        return self._every_level(self.policies.rcp)

    def _denied(self) -> int:
        case, policies = self.case, self.policies
        found = [self._resource_denied()]
        if case.under_rcps:
            found += map(self._denies, policies.rcp or ())
        if case.under_scps:
            found += map(self._denies, policies.scp or ())
        found.append(self._of_endpoint(allowing=False))
        if case.limited:
            found += map(self._denies, (policies.identity, policies.boundary, policies.session))
        return self.formulas.any(found)

    def _of_endpoint(self, *, allowing: bool) -> int:
        """Return when an endpoint allows, or denies; see `combine._of_endpoint`."""
        policies, formulas = self.policies.endpoint, self.formulas
        say = self._allows if allowing else self._denies
        is_gateway = endpoints.is_gateway(self.spot.request, self.case.settings)
        if not policies or is_gateway is False:
            return say(policies)
        asked = endpoints.without_account(self.spot.request)
        matches = self.encoder.matches(policies, self.spot, allowing=allowing, asked=asked)
        of_gateway = formulas.any(formula for formula, _, _ in matches)
        if is_gateway:
            return of_gateway
        unsure = self.encoder.unsure(("gateway",), policies[0].statements[0])
        return formulas.any(
            (
                formulas.all((unsure, of_gateway)),
                formulas.all((formulas.negation(unsure), say(policies))),
            )
        )

    def _resource_denied(self) -> int:
        """Return when the resource's policy denies; see `combine._resource_denies`."""
        if s3.is_beyond_bucket_policy(self.spot.request):
            return FALSE
        denied = self._denies(self.policies.resource)
        if not (self.case.limited and self.policies.boundary):
            return denied
        found = [denied]
        asked = self.spot.asked
        for policy in self.policies.resource:
            for statement, truth in policy.about(asked.action):
                if statement.may_deny and statement.excepts_principals:
                    found.append(self.encoder.applies(statement, truth, self.spot, allowing=False))
        return self.formulas.any(found)

    def _granted(self) -> int:
        """Return when both sides, the caller's and the resource's, together allow."""
        case, policies, formulas = self.case, self.policies, self.formulas
        caller = self.spot.request.caller
        resource = self._resource_allows()
        if not caller.kind.has_account:
            return formulas.any(formula for formula, _ in resource)
        identity = self._allows(policies.identity) if case.limited else FALSE
        if caller.kind is CallerKind.ROOT:
            identity = TRUE
        boundary = self._says(policies.boundary) if case.limited else TRUE
        session = self._session() if case.limited else TRUE
        path = formulas.all((identity, boundary, session))
        if self.spot.request.crosses_accounts:
            return formulas.all((path, formulas.any(formula for formula, _ in resource)))
        limits = {
            PrincipalMatch.ACCOUNT: path,
            PrincipalMatch.ROLE: formulas.all((boundary, session)),
        }
        named = formulas.any(
            formulas.all((formula, limits.get(naming, TRUE))) for formula, naming in resource
        )
        return named if case.needs_resource_policy else formulas.any((path, named))

    def _session(self) -> int:
        if self.policies.session:
            return self._allows(self.policies.session)
        return FALSE if self.spot.request.caller.kind is CallerKind.FEDERATED_USER else TRUE

    def _resource_allows(self) -> list[tuple[int, PrincipalMatch]]:
        """Return when the resource's policy allows; see `combine.resource_allows`."""
        case, request = self.case, self.spot.request
        if not self.policies.resource or not sts.can_call(request):
            return []
        if case.needs_resource_policy and request.caller.kind is CallerKind.ANONYMOUS:
            return []
        if case.settings.block_public_access and s3.is_cut_off(request, self.policies.resource):
            return []
        found = self.encoder.matches(self.policies.resource, self.spot, allowing=True)
        return [(formula, naming) for formula, naming, _ in found]
