"""Reports in JSON and YAML, recognised by the members that AWS's tools write.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_PasswordPolicy.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKeyMetadata.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListVirtualMFADevices.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_ServerCertificateMetadata.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOrganizationsFeatures.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.load.dumps.details import LISTS
from iamlint.load.dumps.outputs import MAX_AROUND
from iamlint.load.file_value import Subject, SubjectKind
from iamlint.load.reports import credentials
from iamlint.load.reports.marks import START
from iamlint.load.reports.times import newest, read_time
from iamlint.text.source import without_tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.load.document import Item
    from iamlint.text.source import Source, Value
    from iamlint.text.span import Pointer

    _Found = tuple[SubjectKind, Pointer, dict[str, Value]]

_DEEPEST: Final = MAX_AROUND + 2
"""Levels around one entry of a list of an output."""

_TEXTS: Final = {
    SubjectKind.ACCESS_KEY: ("AccessKeyId", "Status", "CreateDate"),
    SubjectKind.CERTIFICATE: ("ServerCertificateName", "Arn", "Expiration"),
    SubjectKind.ROLE: ("RoleName", "Arn"),
    SubjectKind.ORGANIZATION: ("OrganizationId",),
}
_NUMBERS: Final = {
    SubjectKind.SUMMARY: ("AccountMFAEnabled", "AccountAccessKeysPresent"),
    SubjectKind.PASSWORD_POLICY: ("MinimumPasswordLength",),
    SubjectKind.ROLE: ("MaxSessionDuration",),
}
_LISTS: Final = {
    SubjectKind.VIRTUAL_MFA: ("VirtualMFADevices",),
    SubjectKind.ORGANIZATION: ("EnabledFeatures",),
}
_TRUTHS: Final = {SubjectKind.PASSWORD_POLICY: ("RequireNumbers",)}
_BY_TYPE: Final = ((_TEXTS, str), (_NUMBERS, int), (_LISTS, list), (_TRUTHS, bool))
_KINDS: Final = (
    *(SubjectKind.SUMMARY, SubjectKind.PASSWORD_POLICY, SubjectKind.ACCESS_KEY),
    *(SubjectKind.CERTIFICATE, SubjectKind.ROLE, SubjectKind.VIRTUAL_MFA),
    SubjectKind.ORGANIZATION,
)
_NAMES: Final = {
    SubjectKind.ACCESS_KEY: ("UserName", "AccessKeyId"),
    SubjectKind.CERTIFICATE: ("ServerCertificateName", "Arn"),
    SubjectKind.ROLE: ("RoleName", "Arn"),
}
"""The members that have the name and the identity of an entry."""

_DATES: Final = ("CreateDate", "UploadDate", "GeneratedTime", "EnableDate")
_OF_ENTRIES: Final = ("CreateDate", "UpdateDate")


def items(path: str, source: Source) -> Iterator[Item]:
    """Yield the reports of a file. A script may have written outputs into an object of its own.

    One that does not say when it was made is as new as the newest date in the file.
    """
    found = list(_outputs(source.value))
    dates = [value[name] for _, _, value in found for name in _DATES if name in value]
    for kind, _, value in found:
        if kind is SubjectKind.DETAILS:
            dates += _dates_of_entries(value)
    as_of = newest(dates)
    for kind, at, value in found:
        if kind is SubjectKind.CREDENTIALS:
            made = read_time(value.get("GeneratedTime"))
            yield from credentials.encoded(path, source, (*at, "Content"), made)
            continue
        name, identity = (str(value.get(one, "")) for one in _NAMES.get(kind, ("", "")))
        yield Subject(kind, path, source, at, at, name=name, identity=identity, as_of=as_of)


def _outputs(value: Value) -> Iterator[_Found]:
    """Yield the values of known shapes; none of them is searched for others."""
    todo: list[tuple[Pointer, Value]] = [((), value)]
    while todo:
        at, one = todo.pop()
        one = without_tag(one)
        if isinstance(one, dict) and (kind := _kind_of(one)) is not None:
            yield kind, at, one
        elif len(at) < _DEEPEST and isinstance(one, dict | list):
            inner = one.items() if isinstance(one, dict) else enumerate(one)
            more = [((*at, step), child) for step, child in inner if isinstance(child, dict | list)]
            todo += reversed(more)


def _kind_of(value: dict[str, Value]) -> SubjectKind | None:
    if any(isinstance(value.get(name), list) for name in LISTS):
        return SubjectKind.DETAILS
    if _is_credential_report(value):
        return SubjectKind.CREDENTIALS
    return next((kind for kind in _KINDS if _has_shape(value, kind)), None)


def _is_credential_report(value: dict[str, Value]) -> bool:
    content = value.get("Content")
    if not isinstance(content, str):
        return False
    if not content.lstrip().startswith(START) and "ReportFormat" not in value:
        return False
    return credentials.is_report(content)


def _has_shape(value: dict[str, Value], kind: SubjectKind) -> bool:
    return all(
        type(value.get(name)) is type_ for names, type_ in _BY_TYPE for name in names.get(kind, ())
    )


def _dates_of_entries(details: dict[str, Value]) -> Iterator[Value]:
    """Yield the dates of users, groups, roles and policies, without a look at their policies."""
    for name in (*LISTS, "Policies"):
        entries = details.get(name)
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict):
                yield from (entry.get(one) for one in _OF_ENTRIES)
                used = entry.get("RoleLastUsed")
                if isinstance(used, dict):
                    yield used.get("LastUsedDate")
