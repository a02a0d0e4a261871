"""The sample organization is the same in each of the forms that its policies are kept in."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SAMPLES = Path(__file__).parent.parent / "sample_policies" / "company"
FORMS = ("folders", "cloudformation", "terraform")
ENDS_OF = {"folders": ".json", "cloudformation": ".yaml", "terraform": ".tf"}


def run(
    folder: Path, *options: str, paths: Sequence[str] = (".",)
) -> subprocess.CompletedProcess[str]:
    plain = ("-q", "-c", "/dev/null", "-p", "no:cacheprovider")
    return subprocess.run(
        [sys.executable, "-m", "pytest", *plain, *options, *paths],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_sentences_about_the_company_are_true_in_every_form() -> None:
    result = run(SAMPLES)

    count = (SAMPLES / "test_company.py").read_text(encoding="utf-8").count("\ndef test_")
    assert f"{count * len(FORMS)} passed" in result.stdout, result.stdout


def test_sentences_are_at_least_twenty() -> None:
    assert (SAMPLES / "test_company.py").read_text(encoding="utf-8").count("    assert ") > 20


TURNED = {
    "PublishArtifacts": "test_deploy_publishes_and_encrypts",
    "NoLongLivedKeys": "test_organization_takes_long_lived_keys_away",
    "AuditorsRead": "test_alice_becomes_auditor_with_mfa",
    "OnlyOverTls": "test_nobody_gets_anything_without_tls",
}


def test_sentence_is_about_its_statement_in_every_form(tmp_path: Path) -> None:
    for sid in TURNED:
        _turn(shutil.copytree(SAMPLES, tmp_path / sid), sid)

    tests = [f"{sid}/test_company.py::{test}" for sid, test in TURNED.items()]
    result = run(tmp_path, "--import-mode=importlib", "-rf", paths=tests)

    failed = re.findall(r"^FAILED (\S+)\[", result.stdout, re.MULTILINE)
    assert sorted(failed) == sorted(tests * len(FORMS)), result.stdout


def _turn(company: Path, sid: str) -> None:
    """Let the statement be about another action in every form."""
    for form in FORMS:
        changed = 0
        for path in (company / form).rglob(f"*{ENDS_OF[form]}"):
            text = path.read_text(encoding="utf-8")
            found = re.search(rf"[Ss]id\W+{sid}", text)
            if found:
                path.write_text(_turned(text, found.start()), encoding="utf-8")
                changed += 1
        assert changed == 1, form


def _turned(text: str, at: int) -> str:
    """Let the statement be about another action."""
    start = min(i for i in (text.find("s3:", at), text.find("iam:", at)) if i >= 0)
    word = text[start:].partition(":")[0]
    return f"{text[:start]}sqs:No{text[start + len(word) + 1 :]}"


def test_reports_on_the_account_have_three_faults() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "iamlint", "check", "account", "--output-format", "concise"],
        cwd=SAMPLES.parent,
        capture_output=True,
        text=True,
        check=False,
    )

    found = [line.partition("]")[0] for line in result.stdout.splitlines()[:-1]]
    assert found == [
        "account/credentials.csv:4:127: warning[password-without-mfa",
        "account/credentials.csv:5:99: note[old-access-key",
        "account/password-policy.json:3:30: warning[weak-password-policy",
    ]
