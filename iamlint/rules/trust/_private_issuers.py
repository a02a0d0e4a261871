"""Issuers that belong to one customer, and what all that their tokens are given to have in common.

State of 2026-11, from the providers' own pages; of other issuers nothing is known.
"""

from __future__ import annotations

from typing import Final

from iamlint.fast_dataclass import dataclass
from iamlint.policy.wildcard import matches


@dataclass(frozen=True, slots=True)
class Private:
    """Issuers whose host matches a pattern; `holder` is who has their tokens.

    `runs_code`: tokens are for programs and share an audience. Those of users name by their
    audience the application they are for, which may be restriction enough.
    """

    hosts: str
    holder: str
    runs_code: bool = True
    gravity: float = 5.8


_USERS: Final = "user of the tenant who has a token for this application"

# https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
# https://docs.github.com/en/enterprise-server/admin/configuration/configuring-github-actions/enabling-oidc
# https://learn.microsoft.com/entra/identity-platform/access-tokens
PRIVATE: Final = (
    Private("oidc.eks.*/id/*", "pod of the cluster", gravity=7.6),
    Private("rh-oidc.s3.us-east-1.amazonaws.com/*", "pod of the cluster", gravity=7.6),
    Private("oidc.op1.openshiftapps.com/*", "pod of the cluster", gravity=7.6),
    Private("token.actions.githubusercontent.com/*", "repository of the enterprise"),
    Private("token.actions.*.ghe.com", "repository of the enterprise"),
    Private("*/_services/token", "repository of the server"),
    Private("gitlab.*", "project of the server"),
    Private("api.bitbucket.org/2.0/workspaces/*", "pipeline of the workspace"),
    Private("oidc.circleci.com/org/*", "job of the organization"),
    Private("oidc.vercel.com/*", "project of the team"),
    Private("oidc.fly.io/*", "app of the organization"),
    Private("*.semaphoreci.com", "project of the organization"),
    Private("*.spacelift.io", "stack of the account"),
    Private("vstoken.dev.azure.com/*", "service connection of the organization"),
    Private("idcs-*.identity.oraclecloud.com", "client of the domain"),
    Private("sts.windows.net/*", _USERS, runs_code=False, gravity=4.2),
    Private("login.microsoftonline.com/*", _USERS, runs_code=False, gravity=4.2),
    Private("*.auth0.com", _USERS, runs_code=False, gravity=4.2),
    Private("*.okta.com", _USERS, runs_code=False, gravity=4.2),
    Private("*.okta.com/oauth2/*", _USERS, runs_code=False, gravity=4.2),
)


def private_issuer(host: str) -> Private | None:
    """Return the row of an issuer that belongs to one customer."""
    return next((row for row in PRIVATE if matches(row.hosts, host)), None)
