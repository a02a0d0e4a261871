"""Flags a root user whose multi-factor authentication (MFA) is an app on a phone or computer.

A copy of the app's secret, as in a backup, makes the same codes. The CIS benchmark and AWS's
Foundational Security Best Practices ask for a hardware device; a passkey is as good. This is a matter of
effort, so the rule is strict. An account whose root user has no credential is not reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.load.file_value import SubjectKind
from iamlint.load.recognise.context import member, text_of
from iamlint.policy.at import At
from iamlint.rule import Confidence, Controls, Family, Hit, Profile, Rule, Severity, bad, good
from iamlint.rules.hygiene._root import has_credential

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.file_value import Subject
    from iamlint.rule import SubjectContext
    from iamlint.text.source import Value

_SERIAL = ":mfa/root-account-mfa-device"
_REPORTS = (SubjectKind.SUMMARY, SubjectKind.CREDENTIALS)


def check_subject(subject: Subject, context: SubjectContext) -> Iterator[Hit]:
    devices = subject.node(("VirtualMFADevices",))
    for index, device in enumerate(devices if isinstance(devices, list) else ()):
        if _is_of_root(device) and _may_be_used(device, context):
            yield Hit(
                At(("VirtualMFADevices", index, "SerialNumber")),
                "the root user has a virtual MFA device, not one of hardware",
            )


def _is_of_root(device: Value) -> bool:
    """Return whether a device is assigned to the root user."""
    if (arn := text_of(member(device, "User"), "Arn")) is not None:
        return arn.endswith(":root")
    serial = text_of(device, "SerialNumber") or ""
    return serial.endswith(_SERIAL) and member(device, "EnableDate") is not None


def _may_be_used(device: Value, context: SubjectContext) -> bool:
    """Return whether no report of the account says that its root user has no credential."""
    by_account = context.once(_credentials)
    account = _account_in(text_of(device, "SerialNumber") or "")
    known = by_account.get(None, set()) | by_account.get(account, set())
    return False not in known or True in known


def _credentials(context: SubjectContext) -> dict[str | None, set[bool | None]]:
    """Return what reports say of the root user's credentials, by account, as far as they name it."""
    found: dict[str | None, set[bool | None]] = {}
    for one in (one for kind in _REPORTS for one in context.of_kind(kind)):
        account = _account_in(one.identity) if one.identity else None
        found.setdefault(account, set()).add(has_credential(one))
    return found


def _account_in(arn: str) -> str:
    return "".join(arn.split(":")[4:5])


RULE = Rule(
    name="root-with-virtual-mfa",
    family=Family.HYGIENE,
    module=__name__,
    summary="the MFA device of the root user is virtual, not of hardware",
    severity=Severity.NOTE,
    confidence=Confidence.MEDIUM,
    profile=Profile.STRICT,
    controls=Controls(cis=("1.6",), cis_7=("2.6",), fsbp=("IAM.6",)),
    subjects=frozenset({SubjectKind.VIRTUAL_MFA}),
    advice="register a passkey or a hardware device, and remove the virtual one",
    sources=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/enable-hw-mfa-for-root.html",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-6",
    ),
    check_subject=check_subject,
    bad=(
        bad(
            "the virtual device of the root user",
            """
{"VirtualMFADevices": [{
  "SerialNumber": "arn:aws:iam::111122223333:mfa/root-account-mfa-device", //!
  "EnableDate": "2020-01-02T03:04:05+00:00"
}]}""",
            file="devices.json",
        ),
        bad(
            "a device with another name",
            """
{"VirtualMFADevices": [{
  "SerialNumber": "arn:aws:iam::111122223333:mfa/phone", //!
  "EnableDate": "2020-01-02T03:04:05+00:00",
  "User": {"Arn": "arn:aws:iam::111122223333:root"}
}]}""",
            file="devices.json",
        ),
    ),
    good=(
        good(
            "the device of a user",
            """
{"VirtualMFADevices": [{
  "SerialNumber": "arn:aws:iam::111122223333:mfa/ann",
  "EnableDate": "2020-01-02T03:04:05+00:00",
  "User": {"Arn": "arn:aws:iam::111122223333:user/ann"}
}]}""",
            file="devices.json",
        ),
        good(
            "a device without a user",
            """
{"VirtualMFADevices": [
  {"SerialNumber": "arn:aws:iam::111122223333:mfa/root-account-mfa-device"}
]}""",
            file="devices.json",
        ),
        good(
            "a root user without any credential",
            """
{"VirtualMFADevices": [{
  "SerialNumber": "arn:aws:iam::111122223333:mfa/root-account-mfa-device",
  "EnableDate": "2020-01-02T03:04:05+00:00"
}]}""",
            file="devices.json",
            files={
                "report.csv": """
user,arn,password_enabled,mfa_active,access_key_1_active,access_key_2_active
<root_account>,arn:aws:iam::111122223333:root,false,false,false,false"""
            },
        ),
    ),
)
