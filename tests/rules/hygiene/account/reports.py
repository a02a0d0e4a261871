"""Reports on the account: the credential report and the outputs of AWS's tools."""

from __future__ import annotations

import json
from random import Random

from tests.load.reports.report import ROOT, output, table, user
from tests.rules.hygiene.account.fault import Content, Fault, Found, Source
from tests.rules.hygiene.account.policies import ARN, OF_INSTANCES, OF_PEOPLE, OF_ROLE, trust
from tests.support.keys import key_id

NOW = "2026-03-01T00:00:00+00:00"
TODAY = "2026-02-28T12:00:00+00:00"
LATELY = "2026-02-20T00:00:00+00:00"
MONTHS_AGO = "2025-06-01T00:00:00+00:00"
CSV = "status_reports_2026-03-01.csv"


def as_json(content: Content) -> str:
    return json.dumps(content, indent=1)


def _user(name: str) -> dict[str, str]:
    """Return a user with a password and one key, who uses both."""
    key = {"active": "true", "last_rotated": LATELY, "last_used_date": LATELY}
    return user(
        name,
        password_enabled="true",
        password_last_used=LATELY,
        password_last_changed=LATELY,
        mfa_active="true",
        **{f"access_key_1_{column}": cell for column, cell in key.items()},
    )


def _cell(who: str, rule: str, severity: str, **cells: str) -> Fault:
    """Return a fault of a user: it is found at the first of the cells."""
    column = next(iter(cells))
    found = Found(rule, column, cells[column], severity)
    return Fault(rule, lambda rows: rows[who].update(cells), (found,))


def _second_key(rows: Content) -> None:
    rows["bob"] |= {"access_key_2_active": "true", "access_key_2_last_rotated": LATELY}
    rows["bob"] |= {"access_key_2_last_used_date": LATELY, "access_key_1_last_rotated": MONTHS_AGO}


CREDENTIALS = Source(
    {
        ROOT: user(ROOT, password_enabled="true", mfa_active="true", password_last_used=MONTHS_AGO),
        **{name: _user(name) for name in ("ann", "bob", "cat")},
    },
    (
        _cell(ROOT, "root-access-key", "warning", access_key_2_active="true"),
        _cell(ROOT, "root-without-mfa", "warning", mfa_active="false"),
        _cell(ROOT, "root-in-use", "note", password_last_used=TODAY),
        _cell("ann", "password-without-mfa", "warning", mfa_active="FALSE"),
        _cell(
            "cat",
            "unused-credential",
            "warning",
            password_last_used=MONTHS_AGO,
            password_last_changed=MONTHS_AGO,
        ),
        Fault(
            "two-active-keys",
            _second_key,
            (
                Found("two-active-keys", "access_key_2_active", "true", "note"),
                Found("old-access-key", "access_key_1_last_rotated", MONTHS_AGO, "note"),
            ),
        ),
    ),
    {
        CSV: lambda rows: table(*rows.values()),
        "credentials.json": lambda rows: output(table(*rows.values()), NOW),
    },
)


def _set(rule: str, severity: str, value: object, *steps: str | int) -> Fault:
    """Return a fault of one value in an output."""

    def change(content: Content) -> None:
        for step in steps[:-1]:
            content = content[step]
        content[steps[-1]] = value

    return Fault(rule, change, (Found(rule, steps[-1], value, severity),))


SUMMARY = Source(
    {
        "SummaryMap": {
            "AccountMFAEnabled": 1,
            "AccountAccessKeysPresent": 0,
            "AccountSigningCertificatesPresent": 0,
            "AccountPasswordPresent": 1,
            "Users": 3,
        }
    },
    (
        _set("root-access-key", "warning", 1, "SummaryMap", "AccountAccessKeysPresent"),
        _set("root-without-mfa", "warning", 0, "SummaryMap", "AccountMFAEnabled"),
    ),
    {"summary.json": as_json},
)
PASSWORDS = Source(
    {
        "PasswordPolicy": {
            "MinimumPasswordLength": 14,
            "RequireSymbols": True,
            "RequireNumbers": True,
            "RequireUppercaseCharacters": True,
            "RequireLowercaseCharacters": True,
            "AllowUsersToChangePassword": True,
            "ExpirePasswords": True,
            "MaxPasswordAge": 90,
            "PasswordReusePrevention": 24,
        }
    },
    (_set("weak-password-policy", "warning", 8, "PasswordPolicy", "MinimumPasswordLength"),),
    {"passwords.json": as_json},
)
_ID = key_id(Random(7))  # noqa: S311 - the same in each run
KEYS = Source(
    {
        "AccessKeyMetadata": [
            {"UserName": "ann", "AccessKeyId": _ID, "Status": "Active", "CreateDate": LATELY}
        ]
    },
    (_set("old-access-key", "note", MONTHS_AGO, "AccessKeyMetadata", 0, "CreateDate"),),
    {"keys.json": as_json},
)
_OF_ROOT = {
    "SerialNumber": f"{ARN}mfa/root-account-mfa-device",
    "User": {"UserName": "root", "Arn": f"{ARN}root"},
    "EnableDate": LATELY,
}
DEVICES = Source(
    {
        "VirtualMFADevices": [
            {
                "SerialNumber": f"{ARN}mfa/ann",
                "User": {"UserName": "ann", "Arn": f"{ARN}user/ann"},
                "EnableDate": LATELY,
            }
        ]
    },
    (
        Fault(
            "root-with-virtual-mfa",
            lambda content: content["VirtualMFADevices"].append(_OF_ROOT),
            (Found("root-with-virtual-mfa", "SerialNumber", _OF_ROOT["SerialNumber"], "note"),),
        ),
    ),
    {"devices.json": as_json},
)
CERTIFICATES = Source(
    {
        "ServerCertificateMetadataList": [
            {
                "Path": "/",
                "ServerCertificateName": "shop",
                "ServerCertificateId": "ASCAEXAMPLE",
                "Arn": f"{ARN}server-certificate/shop",
                "UploadDate": MONTHS_AGO,
                "Expiration": "2027-01-01T00:00:00+00:00",
            }
        ]
    },
    (
        _set(
            "expired-server-certificate",
            "warning",
            LATELY,
            *("ServerCertificateMetadataList", 0, "Expiration"),
        ),
    ),
    {"certificates.json": as_json},
)


def _role(name: str, principal: dict[str, str]) -> dict[str, object]:
    return {
        "Path": "/",
        "RoleName": name,
        "Arn": f"{ARN}role/{name}",
        "CreateDate": LATELY,
        "AssumeRolePolicyDocument": trust(principal),
        "MaxSessionDuration": 3600,
    }


ROLES = Source(
    {
        "Roles": [
            _role("web", OF_INSTANCES),
            _role("people", OF_PEOPLE),
            _role("jobs", OF_ROLE),
        ]
    },
    (
        _set("session-length-out-of-range", "error", 60, "Roles", 0, "MaxSessionDuration"),
        _set("long-session-for-many", "note", 43_200, "Roles", 1, "MaxSessionDuration"),
        _set("chained-session-too-long", "warning", 7200, "Roles", 2, "MaxSessionDuration"),
    ),
    {"roles.json": as_json},
)
ONE_ROLE = Source(
    {"Role": _role("people", OF_PEOPLE)},
    (_set("long-session-for-many", "note", 43_200, "Role", "MaxSessionDuration"),),
    {"role.json": as_json},
)
REPORTS = (*(CREDENTIALS, SUMMARY, PASSWORDS, KEYS, DEVICES, CERTIFICATES, ROLES, ONE_ROLE),)
CENTRAL = {
    CSV: table(user(ROOT)),
    "summary.json": as_json(
        {
            "SummaryMap": {
                "AccountMFAEnabled": 0,
                "AccountAccessKeysPresent": 0,
                "AccountSigningCertificatesPresent": 0,
                "AccountPasswordPresent": 0,
                "Users": 0,
            }
        }
    ),
    "devices.json": as_json({"VirtualMFADevices": []}),
    "features.json": as_json(
        {
            "OrganizationId": "o-a1b2c3d4e5",
            "EnabledFeatures": ["RootCredentialsManagement", "RootSessions"],
        }
    ),
    "details.json": as_json(
        {
            "UserDetailList": [],
            "GroupDetailList": [],
            "RoleDetailList": [],
            "Policies": [],
            "IsTruncated": False,
        }
    ),
}
"""What an account shows whose organization manages its root user, and that has no users."""
