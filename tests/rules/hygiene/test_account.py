"""An account with each fault of the family once, in every source that shows it, and without any."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from iamlint.load.file_value import SubjectKind
from iamlint.rule import Family, Profile
from iamlint.rules import BUILTIN
from tests.rules.hygiene.account.details import DETAILS
from tests.rules.hygiene.account.module import MODULE
from tests.rules.hygiene.account.organization import (
    CONFIGURATION,
    DECLARED,
    FOLDERS,
    ORGANIZATION,
)
from tests.rules.hygiene.account.reports import CENTRAL, CSV, NOW, REPORTS
from tests.rules.hygiene.account.template import TEMPLATE
from tests.support.loading import write_files

if TYPE_CHECKING:
    from tests.rules.hygiene.account.fault import Fault, Source
    from tests.support.program import Program

SOURCES = (*REPORTS, DETAILS, TEMPLATE, MODULE, ORGANIZATION)
RULES = {rule.name: rule for rule in BUILTIN if rule.family is Family.HYGIENE}
OF_POLICIES = {
    *("duplicate-sid", "empty-action-list", "empty-condition", "empty-condition-values"),
    *("empty-principal", "empty-resource-list", "empty-sid", "invalid-sid", "missing-version"),
    *("expired-ignore", "unexplained-ignore", "unused-ignore"),
    "equivalent-policies",
}
"""The rules of the family about policies alone, and about ignores."""

IN_BASE64 = "credentials.json"
IN_FOLDERS = "a file in a folder"
FORMS_OF = {
    SubjectKind.CREDENTIALS: {CSV, IN_BASE64},
    SubjectKind.SUMMARY: {"summary.json"},
    SubjectKind.PASSWORD_POLICY: {"passwords.json"},
    SubjectKind.ACCESS_KEY: {"keys.json"},
    SubjectKind.VIRTUAL_MFA: {"devices.json"},
    SubjectKind.CERTIFICATE: {"certificates.json"},
    SubjectKind.ROLE: {"roles.json", "role.json"},
    SubjectKind.DETAILS: {"details.json"},
    SubjectKind.RESOURCE: {*TEMPLATE.forms, *MODULE.forms},
    SubjectKind.TEXT: {"details.json", *TEMPLATE.forms, *MODULE.forms},
}
"""Where rules find what they look at."""

FORMS = [(source, form) for source in SOURCES for form in source.forms]
ALONE = [(source, form, fault) for source, form in FORMS for fault in source.faults_in(form)]


def check(iamlint: Program, files: dict[str, str], *args: str) -> list[tuple[object, ...]]:
    """Return what is found in files: path, rule, place, what it says, severity and parts."""
    write_files(Path.cwd(), {"iamlint.toml": CONFIGURATION} | files)
    options = ("--no-cache", "--at", NOW, "--output-format", "json")
    report = json.loads(iamlint("check", ".", *options, *args).out)
    left_out = [one["reason"] for one in report["not_analysed"]]
    assert all(" has several roles: " in reason for reason in left_out), left_out
    return sorted(
        (_shown(one, files[one["path"]]) for one in report["findings"] if not one["suppressed"]),
        key=repr,
    )


def _shown(one: dict[str, Any], text: str) -> tuple[object, ...]:
    at = one["pointer"][-1] if one["pointer"] else ""
    start, end = (one["range"][edge]["offset"] for edge in ("start", "end"))
    said = " " * (one["range"]["start"]["column"] - 1) + text[start:end]
    if one["path"] == IN_BASE64:
        said = _decoded(text, start, end)
    value = yaml.load(said.replace('\\"', '"'), yaml.BaseLoader)  # noqa: S506 - texts alone
    inside = tuple(rule for rule in one["implied"] if rule in RULES)
    path = IN_FOLDERS if "/" in one["path"] else one["path"]
    return path, one["rule"], at, value, one["severity"], inside


def _decoded(text: str, start: int, end: int) -> str:
    """Return the bytes of which a stretch of base64 has a part."""
    begin = text.index(": ") + len(': "')
    first, last = start - begin, end - begin
    content = b64decode(text[begin : text.index('"', begin)])
    from_, to = (at // 4 * 3 + at % 4 for at in (first, last))
    return content[from_ : to - (last % 4 != 0)].decode()


def _expected(form: str, faults: list[Fault], profile: Profile) -> list[tuple[object, ...]]:
    path = IN_FOLDERS if form in (FOLDERS, DECLARED) else form
    return sorted(
        (
            (path, one.rule, one.at, _texts(one.values.get(form, one.value)), one.severity, inside)
            for fault in faults
            for one in fault.found
            if (inside := _reported(one.inside, profile)) or one.rule in _of(profile)
        ),
        key=repr,
    )


def _of(profile: Profile) -> set[str]:
    return {rule.name for rule in BUILTIN if profile is Profile.STRICT or rule.profile is profile}


def _reported(rules: tuple[str, ...], profile: Profile) -> tuple[str, ...]:
    return tuple(rule for rule in rules if rule in _of(profile))


def _texts(value: object) -> object:
    """Return a value with the texts of its scalars, as JSON has them."""
    if isinstance(value, dict):
        return {name: _texts(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_texts(one) for one in value]
    return value if isinstance(value, str) else json.dumps(value)


def name_of(one: object) -> str:
    return one if isinstance(one, str) else getattr(one, "rule", "")


@pytest.mark.parametrize(("source", "form", "fault"), ALONE, ids=name_of)
def test_each_fault_is_found_once_at_its_place_and_nothing_else(
    iamlint: Program, source: Source, form: str, fault: Fault
) -> None:
    found = check(iamlint, source.files(form, [fault]), "--profile", "strict")

    assert found == _expected(form, [fault], Profile.STRICT)


@pytest.mark.parametrize("profile", list(Profile))
@pytest.mark.parametrize(
    ("source", "form"), [one for one in FORMS if one[0] is not ORGANIZATION], ids=name_of
)
def test_all_faults_of_a_source_are_found_together(
    iamlint: Program, source: Source, form: str, profile: Profile
) -> None:
    faults = source.faults_in(form)
    found = check(iamlint, source.files(form, faults), "--profile", profile)

    assert found == _expected(form, faults, profile)


@pytest.mark.parametrize("profile", list(Profile))
@pytest.mark.parametrize(("source", "form"), FORMS, ids=name_of)
def test_a_source_without_faults_gives_no_finding(
    iamlint: Program, source: Source, form: str, profile: Profile
) -> None:
    assert check(iamlint, source.files(form), "--profile", profile) == []


def test_all_reports_of_an_account_together_show_each_of_their_faults(iamlint: Program) -> None:
    sources = [(source, form) for source in (*REPORTS, DETAILS) for form in source.forms]
    files: dict[str, str] = {}
    for source, form in sources:
        files |= source.files(form, source.faults)
    expected = [
        one
        for source, form in sources
        for one in _expected(form, list(source.faults), Profile.STRICT)
    ]

    assert check(iamlint, files, "--profile", "strict") == sorted(expected, key=repr)


@pytest.mark.parametrize("profile", list(Profile))
def test_an_account_without_faults_gives_no_finding(iamlint: Program, profile: Profile) -> None:
    files: dict[str, str] = {}
    for source in (*REPORTS, DETAILS):
        for form in source.forms:
            files |= source.files(form)

    assert check(iamlint, files, "--profile", profile) == []


@pytest.mark.parametrize("profile", list(Profile))
def test_an_account_with_central_root_management_and_no_users_gives_no_finding(
    iamlint: Program, profile: Profile
) -> None:
    assert check(iamlint, CENTRAL, "--profile", profile) == []


def test_every_rule_of_the_family_has_a_fault() -> None:
    shown = {fault.rule for source in SOURCES for fault in source.faults}

    assert shown | OF_POLICIES == set(RULES)
    assert not shown & OF_POLICIES


def test_every_kind_of_subject_that_a_rule_looks_at_has_a_source() -> None:
    shown = [
        (form, {fault.rule, *(rule for one in fault.found for rule in (one.rule, *one.inside))})
        for _, form, fault in ALONE
    ]
    for rule in RULES.values():
        forms = {form for form, rules in shown if rule.name in rules}
        for kind in rule.subjects:
            assert forms & FORMS_OF[kind], (rule.name, kind)
