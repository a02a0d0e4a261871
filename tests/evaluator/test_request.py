from __future__ import annotations

import pytest

from iamlint.evaluator.request import (
    CallerKind,
    PrincipalMatch,
    Request,
    anonymous,
    caller_of,
    federated,
    role_key,
)
from iamlint.policy.pattern import is_open
from iamlint.policy.requested import RequestedResource

OWN = "111122223333"
ROOT = f"arn:aws:iam::{OWN}:root"
ACCOUNT = {OWN: PrincipalMatch.ACCOUNT, ROOT: PrincipalMatch.ACCOUNT, "*": PrincipalMatch.EVERYONE}


@pytest.mark.parametrize(
    ("principal", "kind", "name", "names"),
    [
        (f"arn:aws:iam::{OWN}:user/a/bob", CallerKind.USER, "bob", PrincipalMatch.DIRECT),
        (f"arn:aws:sts::{OWN}:assumed-role/app/s", CallerKind.ROLE, "app", PrincipalMatch.DIRECT),
        (
            f"arn:aws:sts::{OWN}:federated-user/c",
            CallerKind.FEDERATED_USER,
            "c",
            PrincipalMatch.DIRECT,
        ),
        (ROOT, CallerKind.ROOT, "", PrincipalMatch.ACCOUNT),
        ("sns.amazonaws.com", CallerKind.SERVICE, "sns.amazonaws.com", PrincipalMatch.NONE),
    ],
)
def test_a_principal_is_read_from_its_text(
    principal: str, kind: CallerKind, name: str, names: PrincipalMatch
) -> None:
    found = caller_of(principal)
    assert found is not None
    told = (found.kind, found.name, found.names.get(principal, PrincipalMatch.NONE))
    assert told == (kind, name, names)


@pytest.mark.parametrize(
    "principal",
    [
        "",
        "bob",
        "*",
        "arn:aws:s3:::bucket",
        f"arn:aws:iam::{OWN}:group/g",
        f"arn:aws:iam::{OWN}:user/",
        "arn:aws:iam::1:user/bob",
        f"arn:aws:sts::{OWN}:assumed-role/app",
        f"arn:aws:sts::{OWN}:assumed-role/a/b/c",
        f"arn:aws:iam:us-east-1:{OWN}:user/bob",
    ],
)
def test_other_texts_are_no_callers(principal: str) -> None:
    assert caller_of(principal) is None


def test_a_session_is_known_by_its_role_whatever_the_path() -> None:
    session = f"arn:aws:sts::{OWN}:assumed-role/app/s"
    found = caller_of(session, role_path="/team/")
    assert found is not None
    key = role_key("aws", OWN, "app")
    assert found.names == {**ACCOUNT, session: PrincipalMatch.DIRECT, key: PrincipalMatch.ROLE}
    assert found.principal_arn == f"arn:aws:iam::{OWN}:role/team/app"


def test_a_role_without_session_is_named_as_a_role() -> None:
    found = caller_of(f"arn:aws:iam::{OWN}:role/team/app")
    assert found is not None
    known = {name: naming for name, naming in found.names.items() if not is_open(name)}
    assert known == {**ACCOUNT, role_key("aws", OWN, "app"): PrincipalMatch.ROLE}
    assert found.principal_arn == f"arn:aws:iam::{OWN}:role/team/app"


def test_a_federated_session_is_known_by_the_user_who_asked_for_it() -> None:
    session, user = f"arn:aws:sts::{OWN}:federated-user/c", f"arn:aws:iam::{OWN}:user/bob"
    found = caller_of(session, federated_by=user)
    assert found is not None
    assert found.names == {**ACCOUNT, session: PrincipalMatch.DIRECT, user: PrincipalMatch.ROLE}


def test_providers_bring_federated_identities() -> None:
    provider = f"arn:aws:iam::{OWN}:saml-provider/idp"
    assert caller_of(provider) == federated(provider)
    assert anonymous().names == {"*": PrincipalMatch.EVERYONE}


@pytest.mark.parametrize(
    ("resource", "given", "owner"),
    [
        ("arn:aws:s3:::b", None, OWN),
        ("arn:aws:s3:::b", "444455556666", "444455556666"),
        ("arn:aws:sqs:us-east-1:444455556666:q", None, "444455556666"),
        ("*", None, OWN),
    ],
)
def test_the_owner_is_given_or_named_or_the_callers_account(
    resource: str, given: str | None, owner: str
) -> None:
    caller = caller_of(OWN)
    assert caller is not None
    assert Request(caller, "s3:GetObject", RequestedResource.of(resource), given).owner == owner
