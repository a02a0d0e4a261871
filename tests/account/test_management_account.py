"""SCPs and RCPs bind every account of an organization but the management account.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.errors import UsageError
from tests.account.holding_texts import BUCKET, HOME, OBJECT, OTHER, allow, deny, policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.account.conftest import Open

NO_S3 = policy(deny("s3:*", Sid="NoS3"))
NO_ONE = policy(deny("s3:*", Sid="NoOne", Principal="*"))
APP = {
    "roles/app/read.json": policy(allow("s3:GetObject", f"{BUCKET}/*")),
    f"accounts/{OTHER}/roles/ops/read.json": policy(allow("s3:GetObject", f"{BUCKET}/*")),
    "resources/bucket.json": policy(allow("s3:GetObject", f"{BUCKET}/*", Principal={"AWS": OTHER})),
}
HERE = f'account = "{HOME}"\n'
LEVELS = '[organization-policies]\nscp = [["s.json"]]\nrcp = [["r.json"]]\n'
LEVELS += f'[organization-policies.accounts."{OTHER}"]\nscp = [["s.json"]]\n'
FOLDERS: dict[str, object] = {
    "organization/scp/s.json": NO_S3,
    "organization/rcp/r.json": NO_ONE,
    f"organization/work/{OTHER}/scp/s.json": policy(deny("sqs:*")),
}
FORMS: dict[str, tuple[dict[str, object], str]] = {
    "folders and the configuration": (
        {**FOLDERS, f"organization/{HOME}/scp/s.json": policy(deny("sqs:*"))},
        f'{HERE}management-account = "{HOME}"\n',
    ),
    "folders without one of its own": (FOLDERS, f'{HERE}management-account = "{HOME}"\n'),
    "folders alone": (
        {**FOLDERS, f"organization/management-account/{HOME}/scp/s.json": policy(deny("sqs:*"))},
        HERE,
    ),
    "levels of the configuration": (
        {"s.json": NO_S3, "r.json": NO_ONE},
        f'{HERE}management-account = "{HOME}"\n{LEVELS}',
    ),
}


def ruling(opened: Open, files: Mapping[str, object], toml: str, who: str) -> str:
    read = opened({**APP, **files}, toml)
    return read.account.ask(read.subject(who), ["s3:GetObject"], OBJECT).ruling


@pytest.mark.parametrize("form", FORMS)
def test_neither_scp_nor_rcp_binds_the_management_account(repository: Open, form: str) -> None:
    files, toml = FORMS[form]

    assert ruling(repository, files, toml, "role/app") == "allowed"
    assert ruling(repository, files, toml, f"arn:aws:iam::{OTHER}:role/ops") == "denied"


def test_without_a_word_of_it_every_account_is_bound(repository: Open) -> None:
    files, toml = FORMS["levels of the configuration"]

    assert ruling(repository, files, toml.replace("management-", "# "), "role/app") == "denied"


def test_account_that_is_not_known_may_be_the_management_account(repository: Open) -> None:
    toml = f'management-account = "{OTHER}"\n'
    files = {"organization/scp/s.json": NO_S3}
    read = repository({"roles/app/a.json": policy(allow("*")), **files}, toml)

    answer = read.account.ask(read.subject("role/app"), ["s3:GetObject"], OBJECT)
    other = read.account.ask(read.subject("role/app"), ["sqs:ListQueues"])

    assert (answer.ruling, other.ruling) == ("depends", "allowed")
    assert f"the account may be `{OTHER}`, which is the management account" in answer.reason


def test_two_management_accounts_are_an_error(repository: Open) -> None:
    folder = {f"organization/management-account/{OTHER}/scp/s.json": NO_S3}
    with pytest.raises(UsageError) as raised:
        repository(folder, f'{HERE}management-account = "{HOME}"\n')

    assert raised.value.message == (
        f"an organization has one management account, but files name `{HOME}` and `{OTHER}`"
    )


def test_management_account_of_the_configuration_has_twelve_digits(repository: Open) -> None:
    with pytest.raises(UsageError, match="`1111` is not an account id"):
        repository({}, 'management-account = "1111"\n')
