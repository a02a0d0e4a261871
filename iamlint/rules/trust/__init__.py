"""The rules of the family `trust`, in report order: one line a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rules.trust import (
    bare_wildcard_in_trust,
    broad_github_subject,
    foreign_account_without_condition,
    github_oidc_without_subject,
    incomplete_pod_identity_trust,
    incomplete_roles_anywhere_trust,
    invalid_federated_principal,
    mismatched_trust_action,
    multivalued_audience,
    not_principal_in_trust,
    oidc_without_condition,
    open_roles_anywhere_trust,
    public_trust,
    resource_in_trust,
    service_trust_without_source,
    shared_oidc_without_tenant,
    weak_external_id,
)

if TYPE_CHECKING:
    from iamlint.rule import Rule

RULES: tuple[Rule, ...] = (
    public_trust.RULE,
    foreign_account_without_condition.RULE,
    weak_external_id.RULE,
    service_trust_without_source.RULE,
    oidc_without_condition.RULE,
    github_oidc_without_subject.RULE,
    shared_oidc_without_tenant.RULE,
    broad_github_subject.RULE,
    multivalued_audience.RULE,
    open_roles_anywhere_trust.RULE,
    mismatched_trust_action.RULE,
    incomplete_roles_anywhere_trust.RULE,
    incomplete_pod_identity_trust.RULE,
    invalid_federated_principal.RULE,
    bare_wildcard_in_trust.RULE,
    not_principal_in_trust.RULE,
    resource_in_trust.RULE,
)
