"""The rules of the family `exposure`, one line a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rules.exposure import (
    bucket_source_without_account,
    cross_account_resource_policy,
    foreign_organization,
    function_permission_beyond_invoke,
    open_endpoint,
    plain_http,
    public_resource_policy,
    recommended_source_key,
    service_principal_without_source,
)

if TYPE_CHECKING:
    from iamlint.rule import Rule

RULES: tuple[Rule, ...] = (
    bucket_source_without_account.RULE,
    cross_account_resource_policy.RULE,
    foreign_organization.RULE,
    function_permission_beyond_invoke.RULE,
    open_endpoint.RULE,
    plain_http.RULE,
    public_resource_policy.RULE,
    recommended_source_key.RULE,
    service_principal_without_source.RULE,
)
