"""A provider that is named by reference is judged as the one whose ARN is written out."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

import pytest

from iamlint.rules.trust._federation import GITHUB
from iamlint.rules.trust._private_issuers import PRIVATE
from iamlint.rules.trust._shared_issuers import ISSUERS
from tests.load.twins import findings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.program import Program

    Way: TypeAlias = "Callable[[str, Test], dict[str, str]]"
    Wanted: TypeAlias = "Callable[[Test], dict[str, set[str]]]"


class Test(Enum):
    """What a statement tests of the token."""

    __test__ = False

    AUDIENCE = "audience"
    NOTHING = "nothing"


# AWS has these built in: a role names them by their host, and no ARN leads to them.
_BUILT_IN = {
    "cognito-identity.amazonaws.com",
    "www.amazon.com",
    "graph.facebook.com",
    "accounts.google.com",
}
HOSTS = sorted(
    {GITHUB, *ISSUERS, *(row.hosts.replace("*", "a1.b2") for row in PRIVATE)} - _BUILT_IN
)

ROLE = """
resource "aws_iam_role" "deploy" {{
  name = "deploy"
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = {{ Federated = {provider} }}
      {condition}
    }}]
  }})
}}
"""
DOCUMENT = """
data "aws_iam_policy_document" "trust" {{
  statement {{
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {{
      type        = "Federated"
      identifiers = [{provider}]
    }}
    {condition}
  }}
}}
resource "aws_iam_role" "deploy" {{
  name               = "deploy"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}}
"""
PROVIDER = """
resource "aws_iam_openid_connect_provider" "this" {{
  url            = "https://{host}"
  client_id_list = ["sts.amazonaws.com"]
}}
"""
FOUND_BY_URL = """
data "aws_iam_openid_connect_provider" "this" {{
  url = "https://{host}"
}}
"""
FOUND_BY_ARN = """
data "aws_iam_openid_connect_provider" "this" {{
  arn = "arn:aws:iam::111122223333:oidc-provider/{host}"
}}
"""
TEMPLATE = """
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  ProviderArn: {{Type: String}}
Resources:
  Provider:
    Type: AWS::IAM::OIDCProvider
    Properties:
      Url: https://{host}
      ClientIdList: [sts.amazonaws.com]
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {{Federated: {provider}}}
            Action: sts:AssumeRoleWithWebIdentity
            {condition}
"""
JSON = """{{"Version": "2012-10-17", "Statement": {{
  "Effect": "Allow", "Principal": {{"Federated": "{provider}"}},
  "Action": "sts:AssumeRoleWithWebIdentity"{condition}
}}}}"""

AUDIENCE = {
    "tf": 'Condition = {{ StringEquals = {{ "{host}:aud" = "sts.amazonaws.com" }} }}',
    "hcl": 'condition {{\n test = "StringEquals"\n variable = "{key}:aud"\n'
    ' values = ["sts.amazonaws.com"]\n }}',
    "yaml": 'Condition: {{StringEquals: {{"{host}:aud": sts.amazonaws.com}}}}',
    "json": ', "Condition": {{"StringEquals": {{"{host}:aud": "sts.amazonaws.com"}}}}',
}


def written(host: str, test: Test) -> dict[str, str]:
    condition = AUDIENCE["tf"].format(host=host) if test is Test.AUDIENCE else ""
    provider = f'"arn:aws:iam::111122223333:oidc-provider/{host}"'
    return {"main.tf": ROLE.format(provider=provider, condition=condition)}


def role(before: str, provider: str) -> Way:
    def made(host: str, test: Test) -> dict[str, str]:
        condition = AUDIENCE["tf"].format(host=host) if test is Test.AUDIENCE else ""
        text = before.format(host=host) + ROLE.format(provider=provider, condition=condition)
        return {"main.tf": text}

    return made


def document(before: str, provider: str, key: str) -> Way:
    def made(host: str, test: Test) -> dict[str, str]:
        condition = (
            AUDIENCE["hcl"].format(key=key.replace("HOST", host)) if test is Test.AUDIENCE else ""
        )
        text = before.format(host=host) + DOCUMENT.format(provider=provider, condition=condition)
        return {"main.tf": text}

    return made


def template(provider: str) -> Way:
    def made(host: str, test: Test) -> dict[str, str]:
        condition = AUDIENCE["yaml"].format(host=host) if test is Test.AUDIENCE else ""
        text = TEMPLATE.format(host=host, provider=provider, condition=condition)
        return {"template.yaml": text}

    return made


def output(host: str, test: Test) -> dict[str, str]:
    module = 'module "idp" {\n  source = "./idp"\n}\n'
    value = "aws_iam_openid_connect_provider.this.arn"
    return {
        "main.tf": module + role("", "module.idp.arn")(host, test)["main.tf"],
        "idp/main.tf": f'{PROVIDER.format(host=host)}output "arn" {{\n  value = {value}\n}}\n',
    }


def plain(provider: str) -> Way:
    def made(host: str, test: Test) -> dict[str, str]:
        condition = AUDIENCE["json"].format(host=host) if test is Test.AUDIENCE else ""
        return {"trust.json": JSON.format(provider=provider.format(host=host), condition=condition)}

    return made


RESOURCE = "aws_iam_openid_connect_provider.this"
OF_RESOURCE = {
    "a resource": role(PROVIDER, f"{RESOURCE}.arn"),
    "the id of a resource": role(PROVIDER, f"{RESOURCE}.id"),
    "a data source with its URL": role(FOUND_BY_URL, f"data.{RESOURCE}.arn"),
    "a data source with its ARN": role(FOUND_BY_ARN, f"data.{RESOURCE}.arn"),
    "a statement block": document(PROVIDER, f"{RESOURCE}.arn", "HOST"),
    "the output of a module": output,
    "GetAtt": template("!GetAtt Provider.Arn"),
    "Ref of a resource": template("!Ref Provider"),
    "a placeholder for the account": plain("arn:aws:iam::{{account}}:oidc-provider/{host}"),
}
BY_KEY = {
    "the url of a resource in the key": document(
        PROVIDER, f"{RESOURCE}.arn", f"${{{RESOURCE}.url}}"
    ),
    "the url without its scheme": document(
        PROVIDER, f"{RESOURCE}.arn", f'${{replace({RESOURCE}.url, "https://", "")}}'
    ),
    "the url of a data source in the key": document(
        FOUND_BY_URL, f"data.{RESOURCE}.arn", f"${{data.{RESOURCE}.url}}"
    ),
    "a variable": role('variable "arn" {{}}\n', "var.arn"),
    "the output of a foreign module": role(
        'module "idp" {{\n  source = "idp/idp/aws"\n}}\n', "module.idp.arn"
    ),
    "a parameter": template("!Ref ProviderArn"),
    "an import": template("!ImportValue idp"),
    "a placeholder": plain("${{PROVIDER_ARN}}"),
}


def reported(
    files: Callable[[str], dict[str, str]],
    iamlint: Program,
    folder: Path,
) -> dict[str, set[str]]:
    """Return which rules report the role of each issuer."""
    every = {f"i{n}/{path}": t for n, h in enumerate(HOSTS) for path, t in files(h).items()}
    found = findings(every, iamlint, folder)
    return {
        host: {one.rule for one in found if one.path.startswith(f"i{n}/")}
        for n, host in enumerate(HOSTS)
    }


@pytest.fixture(scope="module")
def known() -> dict[Test, dict[str, set[str]]]:
    """What is reported where ARNs are written out, which is the same for all ways."""
    return {}


@pytest.fixture
def wanted(known: dict[Test, dict[str, set[str]]], iamlint: Program, tmp_path: Path) -> Wanted:
    """Return what is reported of each issuer whose ARN is written out."""

    def of(test: Test) -> dict[str, set[str]]:
        if test not in known:
            known[test] = reported(lambda h: written(h, test), iamlint, tmp_path / "written")
        return known[test]

    return of


@pytest.mark.parametrize("test", Test)
@pytest.mark.parametrize("way", OF_RESOURCE)
def test_the_provider_of_a_reference_is_judged_by_its_url(
    way: str, test: Test, iamlint: Program, tmp_path: Path, wanted: Wanted
) -> None:
    expected = wanted(test)
    assert sum(map(bool, expected.values())) > len(HOSTS) // 2
    made = OF_RESOURCE[way]
    assert reported(lambda h: made(h, test), iamlint, tmp_path / "reference") == expected


@pytest.mark.parametrize("way", BY_KEY)
def test_an_unknown_provider_is_judged_by_the_claims_that_are_demanded(
    way: str, iamlint: Program, tmp_path: Path, wanted: Wanted
) -> None:
    made = BY_KEY[way]
    found = reported(lambda h: made(h, Test.AUDIENCE), iamlint, tmp_path / "reference")
    assert found == wanted(Test.AUDIENCE)


VARIABLE = 'variable "a" {{}}\n'
GUARDS = {
    "a variable without a condition": role('variable "arn" {{}}\n', "var.arn")("", Test.NOTHING),
    "keys that a variable begins": document('variable "a" {{}}\n', "var.a", "${var.a}")(
        "", Test.AUDIENCE
    ),
    "a provider whose URL is a variable": document(
        'variable "url" {{}}\n' + PROVIDER.replace('"https://{host}"', "var.url"),
        f"{RESOURCE}.arn",
        f'${{replace({RESOURCE}.url, "https://", "")}}',
    )("", Test.AUDIENCE),
    "a SAML provider": role(VARIABLE, "aws_iam_saml_provider.this.arn")("", Test.NOTHING),
    "a parameter without a condition": template("!Ref ProviderArn")("x", Test.NOTHING),
    "a placeholder without a condition": plain("${{PROVIDER_ARN}}")("", Test.NOTHING),
}


@pytest.mark.parametrize("guard", GUARDS)
def test_nothing_is_reported_where_no_file_says_whose_provider_it_is(
    guard: str, iamlint: Program, tmp_path: Path
) -> None:
    assert findings(GUARDS[guard], iamlint, tmp_path / "guard") == []


@pytest.mark.parametrize(
    ("operator", "found"), [("StringEquals", True), ("StringEqualsIfExists", False)]
)
def test_a_claim_that_may_be_absent_shows_no_issuer(
    operator: str,
    found: bool,  # noqa: FBT001 - a column of the table
    iamlint: Program,
    tmp_path: Path,
) -> None:
    text = role('variable "arn" {{}}\n', "var.arn")(GITHUB, Test.AUDIENCE)["main.tf"]
    files = {"main.tf": text.replace("StringEquals", operator)}
    assert bool(findings(files, iamlint, tmp_path / "in")) is found
