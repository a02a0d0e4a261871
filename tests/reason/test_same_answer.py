"""The same policies give the same answer in every run, witnesses included."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from iamlint.text.source import Value

ALLOW: dict[str, Value] = {
    "Effect": "Allow",
    "Action": ["s3:*", "sqs:SendMessage", "iam:PassRole"],
    "Resource": ["arn:aws:s3:::shelf/${aws:PrincipalTag/team}/${aws:PrincipalTag/unit}/*", "*"],
    "Condition": {
        "StringEquals": {"aws:PrincipalTag/team": "a", "aws:ResourceTag/team": "b"},
        "Bool": {"aws:MultiFactorAuthPresent": "true", "aws:SecureTransport": "true"},
    },
}


def report(folder: Path, seed: int) -> str:
    command = [sys.executable, "-m", "iamlint", "diff", "old.json", "new.json"]
    done = subprocess.run(
        [*command, "--output-format", "json"],
        cwd=folder,
        env={**os.environ, "PYTHONHASHSEED": str(seed)},
        capture_output=True,
        check=False,
    )
    return done.stdout.decode()


def test_answer_does_not_depend_on_the_order_of_hashes(tmp_path: Path) -> None:
    for name, statements in (("old", []), ("new", [ALLOW])):
        value = {"Version": "2012-10-17", "Statement": statements}
        (tmp_path / f"{name}.json").write_text(json.dumps(value))
    first = report(tmp_path, 1)

    assert json.loads(first)["verdict"] == "wider"
    assert all(report(tmp_path, seed) == first for seed in (2, 3))
