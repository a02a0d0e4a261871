"""Flags `Federated` principals that are not an identity provider.

A trust policy names an OIDC or SAML provider of the account by its ARN, or one of the few providers
that AWS knows by their domain name. AWS rejects any other. From a misspelt issuer of an EKS cluster
no token comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.catalog.partitions import DATE
from iamlint.catalog.values.shapes import REGION
from iamlint.policy.arn_patterns import widened
from iamlint.policy.grammar import Kind
from iamlint.policy.text_shape import shape_of
from iamlint.policy.wildcard import is_wild
from iamlint.rule import Confidence, Family, Hit, Rule, RuleContext, Severity, bad, good
from iamlint.rules.resources._regions import region_meant
from iamlint.rules.trust._federation import ProviderKind, provider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, context: RuleContext) -> Iterator[Hit]:
    for principal in statement.principals:
        kind = provider(principal)
        if kind is ProviderKind.NONE:
            yield Hit(
                principal.at,
                f"`{principal.text}` is not an identity provider, so no token or assertion gets the role",
            )
        elif kind is ProviderKind.OIDC:
            advice = _fault(widened(principal.entry.pattern), context.catalog.regions())
            if advice:
                yield Hit(
                    principal.at,
                    f"no provider has the issuer in `{principal.text}`, so no token gets the role",
                    help=advice,
                    access_analyzer="",
                )


_ID = "[0-9A-Za-z]+"
_EKS = (
    f"oidc.eks.{REGION}.amazonaws.com/id/{_ID}",
    f"oidc.eks.{REGION}.amazonaws.com.cn/id/{_ID}",
)
_NAMES = frozenset({"eks", "oidc"})


def _fault(pattern: str, regions: frozenset[str]) -> str | None:
    """Return advice on an issuer that does not exist, as far as its parts are known."""
    issuer = pattern.rpartition("oidc-provider/")[2]
    if issuer.startswith(("https://", "http://")):
        return "write host and path of the issuer, without `https://`"
    host = issuer.partition("/")[0].removesuffix(".cn")
    labels = host.removesuffix(".amazonaws.com").split(".")
    names = {label for label in labels if "-" not in label and not is_wild(label)}
    if not host.endswith(".amazonaws.com") or "eks" not in names or not names <= _NAMES:
        return None
    if not any(shape_of(shape).meets(issuer) for shape in _EKS):
        return "the issuer of a cluster is `oidc.eks.REGION.amazonaws.com/id/ID`"
    unknown = next((one for one in labels if "-" in one and not is_wild(one)), None)
    if unknown is None or unknown in regions:
        return None
    return region_meant(unknown, sorted(regions)) or f"`{unknown}` is not a region (as of {DATE})"


RULE = Rule(
    name="invalid-federated-principal",
    family=Family.TRUST,
    module=__name__,
    summary="the federated principal is not an identity provider",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    kinds=frozenset({Kind.TRUST}),
    access_analyzer=("INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY",),
    advice="write the ARN of the provider, such as `arn:aws:iam::111122223333:oidc-provider/example.com`",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-federated-web-identity",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-invalid-federated-principal-syntax-in-role-trust-policy",
        "https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html",
    ),
    when=("principal Federated",),
    check=check,
    bad=(
        bad(
            "a name without a domain",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "myidp", //!
              },
              Action: "sts:AssumeRoleWithWebIdentity",
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "every provider",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "*", //!
              },
              Action: "sts:AssumeRoleWithSAML",
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "a role is not a provider",
            """
            {
              Effect: "Allow",
              Principal: {Federated: [
                "arn:aws:iam::111122223333:saml-provider/adfs",
                "arn:aws:iam::111122223333:role/adfs", //!
              ]},
              Action: "sts:AssumeRoleWithSAML",
            }""",
            kind=Kind.TRUST,
        ),
        bad(
            "the issuer of a cluster with its parts in another order",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eu-west-1.eks.amazonaws.com/id/A1B2C3", //!
              },
              Action: "sts:AssumeRoleWithWebIdentity",
            }""",
            kind=Kind.TRUST,
            access_analyzer="",
        ),
        bad(
            "the issuer of a cluster without `id`, as far as it is known",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "arn:aws:iam::${Account}:oidc-provider/oidc.eks.${Region}.amazonaws.com/A1B2C3", //!
              },
              Action: "sts:AssumeRoleWithWebIdentity",
            }""",
            kind=Kind.TRUST,
            access_analyzer="",
        ),
        bad(
            "a region that does not exist",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-wets-1.amazonaws.com/id/A1B2C3", //!
              },
              Action: "sts:AssumeRoleWithWebIdentity",
            }""",
            kind=Kind.TRUST,
            access_analyzer="",
        ),
        bad(
            "the address of the issuer",
            """
            {
              Effect: "Allow",
              Principal: {
                Federated: "arn:aws:iam::111122223333:oidc-provider/https://gitlab.example.com", //!
              },
              Action: "sts:AssumeRoleWithWebIdentity",
            }""",
            kind=Kind.TRUST,
            access_analyzer="",
        ),
    ),
    good=(
        good(
            "the two sorts of ARN",
            """
            {
              Effect: "Allow",
              Principal: {Federated: [
                "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1B2C3",
                "arn:aws:iam::111122223333:saml-provider/ADFS",
              ]},
              Action: ["sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"],
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "clusters, and issuers of others that have `eks` in their names",
            """
            {
              Effect: "Allow",
              Principal: {Federated: [
                "arn:aws:iam::111122223333:oidc-provider/oidc.eks.us-gov-west-1.amazonaws.com/id/A1B2C3",
                "arn:aws-cn:iam::111122223333:oidc-provider/oidc.eks.cn-north-1.amazonaws.com.cn/id/A1B2C3",
                "arn:aws:iam::111122223333:oidc-provider/oidc-eks.eu-west-1.api.aws/id/A1B2C3",
                "arn:aws:iam::111122223333:oidc-provider/eks.shelf.s3.amazonaws.com/cluster",
                "arn:aws:iam::111122223333:oidc-provider/oidc.eks.example.com",
              ]},
              Action: "sts:AssumeRoleWithWebIdentity",
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "providers that AWS knows by name",
            """
            {
              Effect: "Allow",
              Principal: {Federated: ["cognito-identity.amazonaws.com", "accounts.google.com"]},
              Action: "sts:AssumeRoleWithWebIdentity",
            }""",
            kind=Kind.TRUST,
        ),
        good(
            "a provider that a template fills in",
            """
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Principal: {Federated: !Ref Provider}
                Action: [sts:AssumeRole, sts:AssumeRoleWithWebIdentity]""",
            kind=Kind.TRUST,
            file="trust.yaml",
        ),
    ),
)
