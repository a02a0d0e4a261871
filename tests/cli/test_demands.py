"""`[[require-condition]]` of the configuration reaches the policies it is about."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program


CONFIG = """
[[require-condition]]
actions = ["iam:PassRole"]
keys = ["iam:PassedToService"]
reason = "a role may be passed only to known services"
"""
POLICY = """{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
 "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/web"}}
"""


def test_a_demand_of_the_configuration_is_reported_with_its_reason(
    iamlint: Program, tmp_path: Path
) -> None:
    (tmp_path / "policy.json").write_text(POLICY)
    assert iamlint("check", str(tmp_path)).code == 0

    (tmp_path / "iamlint.toml").write_text(CONFIG)
    result = iamlint("check", str(tmp_path), "--output-format", "json")

    (finding,) = json.loads(result.out)["findings"]
    assert result.code == 1
    assert finding["rule"] == "missing-required-condition"
    assert finding["message"] == (
        "`iam:PassRole` is granted without a condition on `iam:PassedToService`: "
        "a role may be passed only to known services"
    )
    assert finding["pointer"] == ["Statement", "Action"]
