"""Rules about reports on an account: faults once in every source, and no false alarms of others."""

from __future__ import annotations

import json
from io import BytesIO, TextIOWrapper
from typing import TYPE_CHECKING, Any

import pytest

from tests.load.reports.report import OLD, ROOT, output, table, user

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program

NOW = "2026-03-01T00:00:00+00:00"
LATELY = "2026-02-20T00:00:00+00:00"
MONTHS_AGO = "2025-06-01T00:00:00+00:00"
YEARS_AGO = "2015-06-01T00:00:00+00:00"


def key(number: int, made: str, used: str = LATELY) -> dict[str, str]:
    name = f"access_key_{number}"
    cells = ("active", "true"), ("last_rotated", made), ("last_used_date", used)
    return {f"{name}_{column}": cell for column, cell in cells}


def password(used: str = LATELY, changed: str = LATELY, mfa: str = "true") -> dict[str, str]:
    return {
        "password_enabled": "true",
        "password_last_used": used,
        "password_last_changed": changed,
        "mfa_active": mfa,
    }


SAFE_ROOT = user(ROOT, password_enabled="false")


@pytest.fixture
def found(iamlint: Program, tmp_path: Path) -> Found:
    return Found(iamlint, tmp_path)


class Found:
    """Checks files at a time, and returns rule, name and column of each finding."""

    def __init__(self, iamlint: Program, folder: Path) -> None:
        self._iamlint = iamlint
        self._folder = folder

    def __call__(self, *args: str, **files: str) -> list[tuple[str, str | None, str]]:
        return [
            (one["rule"], one["policy"]["name"], str(one["pointer"][-1]))
            for one in self.whole(*args, **files)
        ]

    def whole(self, *args: str, at: str | None = NOW, **files: str) -> list[dict[str, Any]]:
        for name, text in files.items():
            (self._folder / name.replace("_", ".")).write_text(text)
        given = ("--at", at) if at else ()
        result = self._iamlint("check", "--output-format", "json", *given, *args)
        assert result.code in (0, 1), result.err
        findings: list[dict[str, Any]] = json.loads(result.out)["findings"]
        return findings


FAULTS = {
    "root-access-key": (user(ROOT, **key(2, LATELY, "N/A")), "access_key_2_active"),
    "root-without-mfa": (user(ROOT, password_enabled="TRUE"), "mfa_active"),
    "root-in-use": (
        user(ROOT, mfa_active="true", password_last_used=LATELY),
        "password_last_used",
    ),
    "password-without-mfa": (user("ann", **password(mfa="FALSE")), "mfa_active"),
    "old-access-key": (user("ann", **key(1, MONTHS_AGO)), "access_key_1_last_rotated"),
    "unused-credential": (user("ann", **password(MONTHS_AGO, MONTHS_AGO)), "password_last_used"),
}
ALSO = {"root-access-key": [("root-without-mfa", ROOT, "mfa_active")]}


@pytest.mark.parametrize("rule", FAULTS)
@pytest.mark.parametrize("form", ["report_csv", "report_json"])
def test_each_fault_is_found_once_at_its_cell(found: Found, rule: str, form: str) -> None:
    row, column = FAULTS[rule]
    text = table(SAFE_ROOT, row, user("bob", **password(), **key(1, LATELY)))

    assert sorted(found(**{form: text if form == "report_csv" else output(text)})) == sorted(
        [(rule, row["user"], column), *ALSO.get(rule, [])]
    )


def test_two_active_keys_are_found_at_the_second_and_name_the_older(found: Found) -> None:
    ann = user("ann", **key(1, LATELY), **key(2, MONTHS_AGO))

    (both, old) = sorted(
        found.whole(report_csv=table(ann)), key=lambda one: one["range"]["start"]["offset"]
    )

    assert (both["rule"], both["pointer"]) == ("two-active-keys", ["access_key_2_active"])
    assert [one["pointer"] for one in both["related"]] == [["access_key_2_last_rotated"]]
    assert (old["rule"], old["pointer"]) == ("old-access-key", ["access_key_2_last_rotated"])


USED = table(user(ROOT, mfa_active="true", password_enabled="true", password_last_used=YEARS_AGO))
THEN = "2015-06-20T00:00:00+00:00"


@pytest.mark.parametrize(
    ("name", "text", "at", "rules"),
    [
        ("report.csv", USED, None, []),
        ("report.json", output(USED, generated=None), None, []),
        ("report.csv", USED, THEN, ["root-in-use"]),
        ("report.json", output(USED, generated=THEN), None, ["root-in-use"]),
        ("status_reports_2015-06-20.csv", USED, None, ["root-in-use"]),
    ],
)
def test_use_of_the_root_user_is_recent_at_a_time_that_is_stated_alone(
    found: Found, tmp_path: Path, name: str, text: str, at: str | None, rules: list[str]
) -> None:
    """At the newest date in a report, which may be that of the use, every use is recent."""
    (tmp_path / name).write_text(text)

    assert [one["rule"] for one in found.whole(at=at)] == rules


def test_an_account_with_central_root_management_and_no_users_has_no_findings(
    found: Found,
) -> None:
    summary = {"AccountMFAEnabled": 0, "AccountAccessKeysPresent": 0, "AccountPasswordPresent": 0}
    files = {"report_csv": table(SAFE_ROOT), "summary_json": json.dumps({"SummaryMap": summary})}

    assert found("--profile", "strict", **files) == []


FALSE_ALARMS = {
    "prowler#275, #3176, ScoutSuite's rules: a user without an active credential": table(
        user("ann", password_last_used=YEARS_AGO, access_key_1_last_rotated=YEARS_AGO)
    ),
    "prowler#513: a key beside no password that was never used, and is new": table(
        user("ann", **key(1, LATELY, "N/A"))
    ),
    "ScoutSuite#1710, prowler org_managed: a root user without any credential": table(SAFE_ROOT),
    "ScoutSuite#1710: an old report that does not say whether there is one": table(
        user(ROOT, password_enabled="not_supported", password_last_used="no_information"),
        columns=OLD,
    ),
    "inactive keys keep their dates": table(
        user("ann", access_key_1_last_rotated=YEARS_AGO, access_key_2_last_rotated=YEARS_AGO)
    ),
    "a rotation has two keys for a while": table(
        user("ann", **key(1, "2025-12-20T00:00:00Z"), **key(2, LATELY))
    ),
    "an unknown word is not a fact": table(
        user("ann", password_enabled="maybe", access_key_1_active="N/A", cert_1_active="?")
    ),
    "a password that was set anew lately": table(user("ann", **password(YEARS_AGO, LATELY))),
}


@pytest.mark.parametrize("report", FALSE_ALARMS)
def test_what_others_report_wrongly_is_not_reported(found: Found, report: str) -> None:
    assert (
        found("--profile", "strict", "--ignore", "no-support-role", report_csv=FALSE_ALARMS[report])
        == []
    )


@pytest.mark.parametrize("used", ["N/A", "no_information"])
def test_a_credential_that_was_never_used_counts_from_its_creation(found: Found, used: str) -> None:
    """Others pass it, since `N/A` is not a date: prowler#469, `iam_user_accesskey_unused`."""
    ann = user("ann", **password(used, MONTHS_AGO), **key(1, LATELY, "N/A"))
    bob = user("bob", **key(2, YEARS_AGO, used))

    assert [one for one in found(report_csv=table(ann, bob)) if one[0] == "unused-credential"] == [
        ("unused-credential", "ann", "password_last_used"),
        ("unused-credential", "bob", "access_key_2_last_used_date"),
    ]


def test_an_old_use_of_the_password_does_not_hide_that_of_a_key_of_the_root_user(
    found: Found,
) -> None:
    """Prowler's `iam_avoid_root_usage` asks for the keys only if the password has no date."""
    root = user(ROOT, **password(YEARS_AGO, YEARS_AGO), **key(2, YEARS_AGO, LATELY))

    assert ("root-in-use", ROOT, "access_key_2_last_used_date") in found(report_csv=table(root))


WEAK = json.dumps({"PasswordPolicy": {"MinimumPasswordLength": 8, "RequireNumbers": False}})


def test_a_password_policy_counts_only_where_users_have_passwords(found: Found) -> None:
    """ScoutSuite#1496."""
    weak = [
        ("weak-password-policy", None, "MinimumPasswordLength"),
        ("weak-password-policy", None, "PasswordReusePrevention"),
    ]

    assert sorted(found(policy_json=WEAK)) == weak
    assert found(report_csv=table(user(ROOT, password_enabled="true", mfa_active="true"))) == []
    assert sorted(found(report_csv=table(SAFE_ROOT, user("ann", **password())))) == weak


def test_a_policy_is_judged_by_the_report_beside_it(found: Found, tmp_path: Path) -> None:
    for name, row in (("prod", user("robot")), ("test", user("ann", **password()))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "report.csv").write_text(table(row))
        (tmp_path / name / "policy.json").write_text(WEAK)

    assert {one["path"] for one in found.whole()} == {"test/policy.json"}


@pytest.mark.parametrize(
    ("profile", "columns"),
    [
        ("default", {"MinimumPasswordLength", "PasswordReusePrevention"}),
        (
            "strict",
            {"MinimumPasswordLength", "PasswordReusePrevention", "RequireNumbers", "MaxPasswordAge"}
            | {
                f"Require{name}"
                for name in ("Symbols", "UppercaseCharacters", "LowercaseCharacters")
            },
        ),
    ],
)
def test_classes_and_expiry_of_passwords_count_in_strict_alone(
    found: Found, profile: str, columns: set[str]
) -> None:
    assert {one[2] for one in found("--profile", profile, policy_json=WEAK)} == columns


@pytest.mark.parametrize(("profile", "days"), [("default", 90), ("strict", 45)])
def test_thresholds_of_unused_credentials_are_those_of_the_profile(
    found: Found, profile: str, days: int
) -> None:
    text = table(user("ann", **password("2025-01-01T00:00:00Z", "2025-01-01T00:00:00Z")))
    days_of = {90: ("03-31", "04-01"), 45: ("02-14", "02-15")}[days]
    reported = [
        found.whole("--profile", profile, at=f"2025-{day}T00:00:00Z", report_csv=text)
        for day in days_of
    ]

    assert [bool(one) for one in reported] == [False, True]


def test_options_of_rules_replace_the_thresholds(found: Found, tmp_path: Path) -> None:
    (tmp_path / "iamlint.toml").write_text(
        "[rules.old-access-key]\ndays = 400\n[rules.weak-password-policy]\nlength = 8\nreuse = 0\n"
    )

    assert found(policy_json=WEAK, report_csv=table(user("ann", **key(1, MONTHS_AGO)))) == []


@pytest.mark.parametrize(
    "option",
    [
        "old-access-key]\ndays = 0",
        "two-active-keys]\nold = 'x'",
        "weak-password-policy]\nlength = 999",
    ],
)
def test_options_that_are_not_valid_are_refused(
    iamlint: Program, tmp_path: Path, option: str
) -> None:
    (tmp_path / "iamlint.toml").write_text(f"[rules.{option}\n")
    (tmp_path / "report.csv").write_text(table(user("ann")))

    result = iamlint("check")

    assert (result.code, "must be" in result.err) == (2, True)


def test_a_finding_is_the_same_in_a_new_report_at_a_new_time(found: Found) -> None:
    ann, bob = user("ann", **key(1, MONTHS_AGO)), user("bob", **password(mfa="false"))

    first = found.whole(report_csv=table(ann, bob))
    used = user("bob", **password(used="2026-08-30T00:00:00Z", mfa="false"))
    later = "2026-09-01T00:00:00Z"
    again = found.whole(
        at=later, report_csv=table(user("aaa"), used, ann | key(1, MONTHS_AGO, later))
    )
    other = found.whole(report_csv="", report_json=output(table(bob, ann)))

    assert {one["rule"] for one in first} == {"old-access-key", "password-without-mfa"}
    for reports in (again, other):
        assert {one["fingerprint"] for one in reports} == {one["fingerprint"] for one in first}
    assert [one["message"] for one in again] != [one["message"] for one in first]


def test_a_finding_about_a_report_has_no_kind_of_policy_and_no_statement(found: Found) -> None:
    (one,) = found.whole(report_csv=table(user("bob", **password(mfa="false"))))

    assert one["policy"] == {"kind": None, "name": "bob", "pointer": [0]}
    assert one["statement"] is None
    assert one["range"]["start"]["line"] == 2


def test_the_report_is_judged_at_its_own_time_and_never_at_that_of_the_clock(
    found: Found,
) -> None:
    text = output(table(user("ann", **key(1, MONTHS_AGO))), generated="2025-06-20T00:00:00Z")

    assert found.whole(at=None, report_json=text) == []
    assert [one["message"] for one in found.whole(report_json=text)] == [
        "access key 1 of `ann` was not rotated for 273 days"
    ]


KEYS = json.dumps(
    {
        "AccessKeyMetadata": [
            {
                "UserName": "ann",
                "AccessKeyId": f"AKIAQNZGKIQY56JQ7W{name}",
                "Status": status,
                "CreateDate": made,
            }
            for name, status, made in (
                ("ML", "Active", MONTHS_AGO),
                ("MM", "Inactive", YEARS_AGO),
                ("MN", "Active", LATELY),
            )
        ]
    }
)


def test_an_old_key_in_a_list_of_keys_is_found_without_its_id_in_the_message(found: Found) -> None:
    (one,) = found.whole(at=None, keys_json=KEYS)

    assert one["pointer"] == ["CreateDate"]
    assert one["message"] == "access key of `ann` was not rotated for 264 days"


def test_summaries_and_devices_show_the_root_user(found: Found) -> None:
    device = {
        "SerialNumber": "arn:aws:iam::111122223333:mfa/x",
        "User": {"Arn": "arn:aws:iam::111122223333:root"},
    }
    summary = {
        "AccountMFAEnabled": 0,
        "AccountAccessKeysPresent": 1,
        "AccountSigningCertificatesPresent": 1,
    }
    files = {
        "summary_json": json.dumps({"SummaryMap": summary}),
        "devices_json": json.dumps({"VirtualMFADevices": [device]}),
    }

    assert sorted(one[::2] for one in found("--profile", "strict", **files)) == [
        ("root-access-key", "AccountAccessKeysPresent"),
        ("root-access-key", "AccountSigningCertificatesPresent"),
        ("root-with-virtual-mfa", "SerialNumber"),
        ("root-without-mfa", "AccountMFAEnabled"),
    ]


UNSAFE = table(user("bob", **password(mfa="false")))


@pytest.mark.parametrize("text", [UNSAFE, output(UNSAFE)], ids=["csv", "json"])
def test_a_report_on_standard_input_is_checked(
    iamlint: Program, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(text.encode())))

    result = iamlint("check", "--output-format", "concise", "-")

    assert (result.code, result.out.splitlines()[0].partition(" ")[2]) == (
        1,
        "warning[password-without-mfa] `bob` has a password and no MFA",
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [(UNSAFE, 1), (table(SAFE_ROOT), 0), ("name,size\na,1\n", 4), (UNSAFE[:-9], 2)],
)
def test_a_folder_with_nothing_but_a_report_is_no_folder_without_policies(
    iamlint: Program, tmp_path: Path, text: str, code: int
) -> None:
    (tmp_path / "report.csv").write_text(text)

    assert iamlint("check").code == code


def test_a_report_that_is_cut_off_fails_a_gate_that_asks_for_all(
    iamlint: Program, tmp_path: Path
) -> None:
    (tmp_path / "report.csv").write_text(table(SAFE_ROOT, user("bob"))[:-9])

    assert iamlint("check").code == 0
    assert iamlint("check", "--fail-on-not-analysed").code != 0


def test_an_expired_certificate_is_expired_at_a_time(found: Found) -> None:
    certificate = {
        "ServerCertificateName": "site",
        "Arn": "arn:aws:iam::111122223333:server-certificate/site",
        "UploadDate": YEARS_AGO,
        "Expiration": MONTHS_AGO,
    }
    text = json.dumps({"ServerCertificateMetadataList": [certificate]})

    assert found(certificates_json=text) == [("expired-server-certificate", "site", "Expiration")]
    assert found.whole(at=None, certificates_json=text) == []


def test_a_day_is_the_time_at_which_it_starts_in_utc(found: Found) -> None:
    text = table(user("ann", **key(1, MONTHS_AGO)))
    day = NOW[:10]

    assert found.whole(at=day, report_csv=text) == found.whole(
        at=f"{day}T00:00:00Z", report_csv=text
    )
