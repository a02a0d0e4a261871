"""Issuers that sign the tokens of many customers, and the claims that separate them.

State of 2026-11; GitHub Actions, the most used of them, has `_github`. An issuer that belongs to one
customer (an EKS cluster, an Auth0 tenant) is not shared and not listed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.grants.grants import restricts
from iamlint.grants.pinned import is_id, is_literal, text_of
from iamlint.policy.wildcard import is_wild
from iamlint.rules.trust._federation import host_and_claim

if TYPE_CHECKING:
    from iamlint.policy.model import Condition, Entry


@dataclass(frozen=True, slots=True)
class Issuer:
    """`claims` name a customer by their whole value; `subject` is what precedes it in `sub`.

    `end` is the character after the customer's name there. Without `subject`, `sub` does not name
    the customer, unless it is among the claims. `by_session`: the name of the session does.
    """

    claims: frozenset[str] = frozenset()
    subject: str | None = None
    end: str = ":"
    by_session: bool = False

    @property
    def example(self) -> str:
        """The claims to test, for advice."""
        if self.by_session:
            return "`sts:RoleSessionName` with `StringEquals`"
        if self.subject is not None:
            return f"`sub` with `{self.subject}NAME{self.end}…`"
        return " or ".join(f"`{claim}`" for claim in sorted(self.claims))


def _claims(*names: str) -> frozenset[str]:
    return frozenset(names)


# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
ISSUERS: Final = {
    "accounts.google.com": Issuer(_claims("aud", "oaud", "sub", "google/organization_number")),
    "agent.buildkite.com": Issuer(_claims("organization_id", "organization_slug"), "organization:"),
    "api.pulumi.com": Issuer(_claims("aud"), "pulumi:deploy:org:"),
    "api.pulumi.com/oidc": Issuer(_claims("aud"), "pulumi:deploy:org:"),
    "app.terraform.io": Issuer(subject="organization:"),
    "cognito-identity.amazonaws.com": Issuer(_claims("aud")),
    "gitlab.com": Issuer(_claims("namespace_id", "project_id"), "project_path:", "/"),
    "graph.facebook.com": Issuer(_claims("app_id")),
    "oidc-configuration.audit-log.githubusercontent.com": Issuer(_claims("sub")),
    "oidc.codefresh.io": Issuer(subject="account:"),
    "oidc.vercel.com": Issuer(_claims("aud"), "owner:"),
    "proidc.upbound.io": Issuer(subject="mcp:", end="/"),
    "sandboxes.cloud": Issuer(_claims("aud")),
    "scalr.io": Issuer(subject="account:"),
    # https://learn.microsoft.com/azure/sentinel/connect-aws
    "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d": Issuer(by_session=True),
    "studio.datachain.ai/api": Issuer(subject="credentials:", end="/"),
    "tokens.cloud.shisho.dev": Issuer(subject="job:"),
    "www.amazon.com": Issuer(_claims("app_id")),
}


def pins_customer(condition: Condition, issuer: Issuer) -> bool:
    """Return whether only tokens of a known customer of the issuer meet the condition."""
    _, claim = host_and_claim(condition)
    if not restricts(condition):
        return False
    if issuer.by_session:
        return condition.name == "sts:rolesessionname" and all(map(is_id, condition.values))
    if claim in issuer.claims:
        return all((is_literal if _is_exact(condition) else is_id)(e) for e in condition.values)
    if claim == "sub" and issuer.subject is not None:
        return all(subject_names_customer(entry, condition, issuer) for entry in condition.values)
    return False


def subject_names_customer(entry: Entry, condition: Condition, issuer: Issuer) -> bool:
    """Return whether a subject names the whole customer; another form counts by its text."""
    text = text_of(entry)
    if _is_exact(condition) or not is_wild(text):
        return True
    prefix = issuer.subject or ""
    if not text.startswith(prefix):
        # Such as another sort of subject: `pulumi:environments:org:…`. Its first wildcard decides.
        return text.split("*", 1)[0].split("?", 1)[0].count(":") > prefix.count(":")
    name, end, _ = text.removeprefix(prefix).partition(issuer.end)
    return bool(name and end) and not is_wild(name)


def _is_exact(condition: Condition) -> bool:
    return condition.operator is not None and not condition.operator.wildcards
