"""What a rule asks of other subjects of a run is asked once, however many subjects it looks at."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iamlint.rules.hygiene import _user_data, root_with_virtual_mfa, weak_password_policy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.program import Program

MANY = 40
ARN = "arn:aws:iam::111122223333"
DEVICE = {"SerialNumber": f"{ARN}:mfa/root-account-mfa-device", "EnableDate": "2026-01-01"}
POLICY = {"PasswordPolicy": {"MinimumPasswordLength": 6, "RequireNumbers": True}}
KEY = "Bq4pT7xW0nZr+eJ2kVdYm9LhS/c5Ga1UfQ8iOtXz"
INSTANCE = f"""
resource "aws_instance" "web" {{
  user_data = "AWS_SECRET_ACCESS_KEY={KEY}"
}}
"""


@pytest.mark.parametrize(
    ("module", "asked", "rule"),
    [
        (root_with_virtual_mfa, "has_credential", "root-with-virtual-mfa"),
        (weak_password_policy, "truth", "weak-password-policy"),
        (_user_data, "without_role", "secret-in-the-open"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_each_other_subject_is_looked_at_once(
    iamlint: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    asked: str,
    rule: str,
) -> None:
    rows = "".join(f"u{number},{ARN}:user/u{number},true,true,false\n" for number in range(MANY))
    (tmp_path / "report.csv").write_text(
        "user,arn,password_enabled,mfa_active,access_key_1_active\n"
        f"<root_account>,{ARN}:root,true,true,false\n{rows}"
    )
    (tmp_path / "devices.json").write_text(json.dumps([{"VirtualMFADevices": [DEVICE]}] * MANY))
    (tmp_path / "policies.json").write_text(json.dumps([POLICY] * MANY))
    for number in range(MANY):
        (tmp_path / f"m{number}").mkdir()
        (tmp_path / f"m{number}" / "main.tf").write_text(INSTANCE)
    real: Callable[..., object] = getattr(module, asked)
    calls: list[object] = []

    def counted(*args: object) -> object:
        calls.append(args)
        return real(*args)

    monkeypatch.setattr(module, asked, counted)
    result = iamlint(
        "check", "--profile", "strict", "--select", rule, "--output-format", "json", "."
    )

    assert len(json.loads(result.out)["findings"]) >= MANY
    assert MANY <= len(calls) <= 2 * MANY
