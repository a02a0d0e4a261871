"""Outputs of AWS's command line about an account, recognised by their shape."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import yaml

from iamlint.load import LoadOptions, SubjectKind, load
from iamlint.load.recognise.marks import may_hold_policy
from iamlint.load.reports.marks import may_hold_report
from tests.load.reports.report import reports
from tests.support.loading import load_text

if TYPE_CHECKING:
    from pathlib import Path

    from iamlint.text.span import Pointer

ACCOUNT = "111122223333"
OLD = "2020-01-02T03:04:05+00:00"
KEY = {"UserName": "ann", "AccessKeyId": "AKIAQNZGKIQY56JQ7WML", "Status": "Active"}
ROLE = {
    "Path": "/",
    "RoleName": "deploy",
    "Arn": f"arn:aws:iam::{ACCOUNT}:role/deploy",
    "CreateDate": OLD,
    "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []},
    "MaxSessionDuration": 3600,
}
CERTIFICATE = {
    "ServerCertificateName": "site",
    "Arn": f"arn:aws:iam::{ACCOUNT}:server-certificate/site",
    "UploadDate": OLD,
    "Expiration": "2021-01-02T03:04:05+00:00",
}
CLASSES = ("Symbols", "Numbers", "UppercaseCharacters", "LowercaseCharacters")
POLICY = {
    "MinimumPasswordLength": 14,
    **{f"Require{name}": False for name in CLASSES},
    "AllowUsersToChangePassword": True,
    "ExpirePasswords": False,
}
SUMMARY = {"AccountMFAEnabled": 1, "AccountAccessKeysPresent": 0, "Users": 5, "UsersQuota": 5000}
DETAILS = {
    "UserDetailList": [{"UserName": "ann", "CreateDate": OLD}],
    "GroupDetailList": [],
    "RoleDetailList": [{"RoleName": "r", "RoleLastUsed": {"LastUsedDate": "2026-02-03T04:05:06Z"}}],
    "Policies": [{"PolicyName": "p", "UpdateDate": "2022-01-01T00:00:00Z"}],
}
MFA = {"SerialNumber": f"arn:aws:iam::{ACCOUNT}:mfa/root-account-mfa-device", "EnableDate": OLD}
OUTPUTS: dict[str, tuple[object, SubjectKind, Pointer]] = {
    "get-account-summary": ({"SummaryMap": SUMMARY}, SubjectKind.SUMMARY, ("SummaryMap",)),
    "get-account-password-policy": (
        {"PasswordPolicy": POLICY},
        SubjectKind.PASSWORD_POLICY,
        ("PasswordPolicy",),
    ),
    "list-access-keys": (
        {"AccessKeyMetadata": [{**KEY, "CreateDate": OLD}]},
        SubjectKind.ACCESS_KEY,
        ("AccessKeyMetadata", 0),
    ),
    "list-virtual-mfa-devices": ({"VirtualMFADevices": [MFA]}, SubjectKind.VIRTUAL_MFA, ()),
    "list-server-certificates": (
        {"ServerCertificateMetadataList": [CERTIFICATE]},
        SubjectKind.CERTIFICATE,
        ("ServerCertificateMetadataList", 0),
    ),
    "get-role": ({"Role": ROLE}, SubjectKind.ROLE, ("Role",)),
    "list-roles": ({"Roles": [ROLE]}, SubjectKind.ROLE, ("Roles", 0)),
    "list-organizations-features": (
        {"OrganizationId": "o-a1b2c3d4e5", "EnabledFeatures": ["RootSessions"]},
        SubjectKind.ORGANIZATION,
        (),
    ),
    "get-account-authorization-details": (DETAILS, SubjectKind.DETAILS, ()),
}
EACH = pytest.mark.parametrize("command", OUTPUTS)


@EACH
@pytest.mark.parametrize("write", [json.dumps, yaml.safe_dump], ids=["json", "yaml"])
@pytest.mark.parametrize("around", [(), ("prod",), ("accounts", 0, "output")], ids=str)
def test_each_output_is_recognised_alone_and_in_the_object_of_a_script(
    command: str, write: object, around: Pointer
) -> None:
    value, kind, pointer = OUTPUTS[command]
    for step in reversed(around):
        value = [value] if isinstance(step, int) else {str(step): value}
    assert callable(write)

    (found,) = reports(load_text(write(value), "output.json" if write is json.dumps else "o.yaml"))

    assert (found.kind, found.pointer) == (kind, (*around, *pointer))
    assert found.source.place(found.root) is not None


@EACH
def test_the_quick_check_reads_no_more_than_outputs(command: str) -> None:
    data = json.dumps(OUTPUTS[command][0]).encode()

    assert may_hold_report(data)
    assert may_hold_report(data.decode().encode("utf-16"))


@pytest.mark.parametrize(
    "text",
    [
        '{"AccessKeyId": "AKIAQNZGKIQY56JQ7WML"}',
        '{"Policies": {"PasswordPolicy": {"MinimumLength": 8}}}',
        '{"name": "x", "Content": "dXNlcg=="}',
        '{"Role": {"RoleName": "a"}}',
    ],
)
def test_the_quick_check_passes_over_other_files(text: str) -> None:
    assert not may_hold_report(text.encode())
    assert not may_hold_policy(text.encode())
    assert reports(load_text(text, "a.json")) == []


def test_names_and_identities_are_those_of_the_thing_and_not_of_its_place() -> None:
    text = json.dumps([one[0] for one in OUTPUTS.values()])

    found = {one.kind: (one.name, one.identity) for one in reports(load_text(text, "a.json"))}

    assert found == {
        **dict.fromkeys((kind for _, kind, _ in OUTPUTS.values()), ("", "")),
        SubjectKind.ACCESS_KEY: ("ann", "AKIAQNZGKIQY56JQ7WML"),
        SubjectKind.CERTIFICATE: ("site", CERTIFICATE["Arn"]),
        SubjectKind.ROLE: ("deploy", ROLE["Arn"]),
    }


def test_an_output_is_as_new_as_the_newest_past_date_in_it() -> None:
    made = {
        name: reports(load_text(json.dumps(value), "a.json"))[0].as_of
        for name, (value, _, _) in OUTPUTS.items()
    }
    old = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)

    assert made == {
        **dict.fromkeys(OUTPUTS, None),
        "get-account-authorization-details": datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC),
        **dict.fromkeys(("get-role", "list-roles"), old),
        **dict.fromkeys(("list-access-keys", "list-server-certificates"), old),
    }


def test_the_value_of_a_dump_is_that_of_its_file() -> None:
    (found,) = reports(load_text(json.dumps(DETAILS), "dump.json"))

    assert found.value is found.source.value


def test_templates_and_settings_are_no_outputs() -> None:
    template = {
        "Resources": {
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {"RoleName": "a", "MaxSessionDuration": 3600, "Arn": {"Ref": "b"}},
            },
            "Pool": {"Type": "Custom::Pool", "Properties": {"MinimumPasswordLength": "8"}},
        }
    }

    assert reports(load_text(json.dumps(template), "template.json")) == []


def test_programs_and_pages_that_name_members_of_outputs_are_not_read(tmp_path: Path) -> None:
    text = "x = client.get_role()['MaxSessionDuration']: ReportFormat {\n"
    for name in ("a.py", "a.md", "a.txt"):
        (tmp_path / name).write_text(text)

    loaded = load([tmp_path], LoadOptions(root=tmp_path, here=tmp_path, include=("**/*",)))

    assert (reports(loaded), loaded.not_analysed) == ([], ())
