"""The sample organization is the same in each of the forms that its policies are kept in."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parent.parent / "sample_policies" / "company"
FORMS = ("folders", "cloudformation", "terraform")
ENDS_OF = {"folders": ".json", "cloudformation": ".yaml", "terraform": ".tf"}


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    plain = ("-q", "-c", "/dev/null", "-p", "no:cacheprovider")
    return subprocess.run(
        [sys.executable, "-m", "pytest", *plain, *options, "."],
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


@pytest.mark.parametrize(
    ("sid", "test"),
    [
        ("PublishArtifacts", "test_deploy_publishes_and_encrypts"),
        ("NoLongLivedKeys", "test_organization_takes_long_lived_keys_away"),
        ("AuditorsRead", "test_alice_becomes_auditor_with_mfa"),
        ("OnlyOverTls", "test_nobody_gets_anything_without_tls"),
    ],
)
def test_sentence_is_about_its_statement_in_every_form(sid: str, test: str, tmp_path: Path) -> None:
    company = shutil.copytree(SAMPLES, tmp_path / "company")
    for form in FORMS:
        changed = 0
        for path in (company / form).rglob(f"*{ENDS_OF[form]}"):
            text = path.read_text(encoding="utf-8")
            found = re.search(rf"[Ss]id\W+{sid}", text)
            if found:
                path.write_text(_turned(text, found.start()), encoding="utf-8")
                changed += 1
        assert changed == 1, form

    result = run(company, "-k", test)

    assert f"{len(FORMS)} failed" in result.stdout, result.stdout


def _turned(text: str, at: int) -> str:
    """Let the statement be about another action."""
    start = min(i for i in (text.find("s3:", at), text.find("iam:", at)) if i >= 0)
    word = text[start:].partition(":")[0]
    return f"{text[:start]}sqs:No{text[start + len(word) + 1 :]}"
