"""Flags keys of AWS that a file has in plain text or in base64.

Who can read the repository, its history, a template in the console, a state or the user data of an
instance can use such a key. A key of a user is valid until it is deactivated. An access key id alone
opens nothing, but names the account and belongs to a key somewhere.

A secret counts by its own name, such as `AWS_SECRET_ACCESS_KEY`, or beside an access key id. AWS's
documented examples, placeholders, hashes and keys of accounts that are known as bait are not
reported; `canary-accounts` adds accounts of your own. iamlint never shows a secret, and of an access
key id only its start and its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.fast_dataclass import dataclass
from iamlint.load.file_value import SubjectKind
from iamlint.policy.at import At
from iamlint.rule import Confidence, Controls, Family, Hit, Rule, Severity, bad, good
from iamlint.rules.hygiene import instance_key_instead_of_role
from iamlint.rules.hygiene._canaries import CANARY_ACCOUNTS
from iamlint.rules.hygiene._user_data import is_in_one, user_data_in
from iamlint.text.secrets import SecretKind, account_of_key, shown_id
from iamlint.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.file_value import Subject
    from iamlint.rule import SubjectContext
    from iamlint.text.secrets import Secret

# Made up, and in two parts, so that no scanner reports this file.
_ID: Final = "AKIA" + "RTX3GSDSZVTXZ6X5"
_SECRET: Final = "Bq4pT7xW0nZr+eJ2kVdY" + "m9LhS/c5Ga1UfQ8iOtXz"
_NAMES: Final = ("AKIA", "ACCA")
"""The ids of keys that last; the others are worth nothing without a token."""
_LISTED: Final = "AccessKeyMetadata"
"""The list of a report whose purpose is to name access keys."""


@dataclass(frozen=True, slots=True)
class Canaries:
    """The accounts whose keys are in files on purpose."""

    canary_accounts: tuple[str, ...] = ()


def check(subject: Subject, context: SubjectContext) -> Iterator[Hit]:
    given = context.options.canary_accounts if isinstance(context.options, Canaries) else ()
    canaries = CANARY_ACCOUNTS.union(given)
    secrets = [one for one in subject.source.lines.secrets if not _is_bait(one, canaries)]
    told = {one.key_id for one in secrets if one.opens}
    user_data = user_data_in(subject, context) if told else []
    for one in secrets:
        if one.opens and not one.is_word:
            yield _of_key(one, is_of_instance=is_in_one(one, user_data))
        elif one.kind is SecretKind.ACCESS_KEY_ID and one.key_id not in told:
            told.add(one.key_id)
            if one.key_id.startswith(_NAMES) and _LISTED not in subject.source.text:
                yield _of_id(one)


def _is_bait(secret: Secret, canaries: frozenset[str]) -> bool:
    return bool(secret.key_id) and account_of_key(secret.key_id) in canaries


def _of_key(secret: Secret, *, is_of_instance: bool) -> Hit:
    """Return what is said of a key; of one in user data, what is said of an instance, too."""
    message, help_ = _message(secret), None
    if is_of_instance:
        message = f"{message}, {instance_key_instead_of_role.MESSAGE}"
        help_ = instance_key_instead_of_role.RULE.advice
    return Hit(At((), span=Span(secret.start, secret.end)), message, help=help_)


def _message(secret: Secret) -> str:
    of = f" of `{shown_id(secret.key_id)}`" if secret.key_id else ""
    start = f"the {secret.kind}{of}" if of else f"{_article(secret.kind)} {secret.kind}"
    how = "in base64, which hides nothing" if secret.is_encoded else "in plain text"
    return f"{start} is in this file {how}: who can read the file can use it"


def _article(kind: SecretKind) -> str:
    return "an" if kind is SecretKind.SMTP_PASSWORD else "a"


def _of_id(secret: Secret) -> Hit:
    return Hit(
        At((), span=Span(secret.start, secret.end)),
        f"the access key id `{shown_id(secret.key_id)}` is in this file: it names the account of a "
        "key that lasts, and opens nothing without its secret",
        help="use a role in place of the key, and check that its secret is in no other file",
        severity=Severity.NOTE,
        security_severity=2.0,
    )


RULE = Rule(
    name="secret-in-the-open",
    family=Family.HYGIENE,
    module=__name__,
    summary="a key of AWS in a file opens the account to all readers of the file",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    security_severity=9.5,
    cwe=798,
    advice=(
        "deactivate the key, since the history of the file keeps it, and use a role, or read the "
        "key at run time from Secrets Manager"
    ),
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
    ),
    check_subject=check,
    subjects=frozenset({SubjectKind.TEXT}),
    implies=frozenset({Family.HYGIENE}),
    options=Canaries,
    controls=Controls(cis=("1.18",), cis_7=("2.16",), fsbp=("CodeBuild.2", "ECS.8")),
    bad=(
        bad(
            "keys in user data",
            f"""
            resource "aws_instance" "web" {{
              user_data = <<-EOT
                #!/bin/sh
                export AWS_ACCESS_KEY_ID={_ID}
                export AWS_SECRET_ACCESS_KEY={_SECRET} //!
              EOT
            }}""",
            file="main.tf",
        ),
        bad(
            "a default, which the console shows",
            f"""
            Parameters:
              SecretAccessKey:
                Type: String
                NoEcho: true
                Default: {_SECRET} #//!
            Resources:
              Queue:
                Type: AWS::SQS::Queue""",
            file="template.yaml",
        ),
        bad(
            "an access key id alone, a note",
            f"""
            variable "access_key" {{
              default = "{_ID}" //!
            }}""",
            file="main.tf",
        ),
    ),
    good=(
        good(
            "a reference to Secrets Manager",
            """
            Resources:
              Function:
                Type: AWS::Lambda::Function
                Properties:
                  Environment:
                    Variables:
                      AWS_SECRET_ACCESS_KEY: "{{resolve:secretsmanager:mail:SecretString:key}}"
            """,
            file="template.yaml",
        ),
        good(
            "AWS's own example",
            """
            provider "aws" {
              access_key = "AKIAIOSFODNN7EXAMPLE"
              secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
            }""",
            file="main.tf",
        ),
    ),
)
