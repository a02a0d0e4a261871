"""Writes the files that are measured: `python -m benchmarks.compare.workloads FOLDER NAME…`.

A process of its own, because a large one makes the processes that it starts look large.
A workload that is there already, and whose content is still the same, is not written again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from benchmarks.compare.workloads import policies
from benchmarks.compare.workloads.assertions import empty_session, large_dump, small_repository
from benchmarks.compare.workloads.dumps import dump
from benchmarks.compare.workloads.reference import invariants, service_reference
from benchmarks.compare.workloads.reports import report
from benchmarks.compare.workloads.scenarios import scenarios
from benchmarks.compare.workloads.templates import template, templates
from benchmarks.compare.workloads.terraform import plan, roles, terraform

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SMALL = {
    "Version": policies.VERSION,
    "Statement": [
        {
            "Sid": "ReadReports",
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:ListBucket"],
            "Resource": ["arn:aws:s3:::shop-reports", "arn:aws:s3:::shop-reports/*"],
        },
        {
            "Sid": "Queue",
            "Effect": "Allow",
            "Action": "sqs:SendMessage",
            "Resource": "arn:aws:sqs:eu-west-1:111122223333:shop-events",
            "Condition": {"Bool": {"aws:SecureTransport": "true"}},
        },
    ],
}


def policy(folder: Path) -> None:
    (folder / "policy.json").write_text(json.dumps(SMALL, indent=2), encoding="utf-8")


def one_template(folder: Path) -> None:
    text = template(Random(7))
    (folder / "template.yaml").write_text(text, encoding="utf-8")


def one_terraform(folder: Path) -> None:
    local = 'locals {\n  prefix = "shop"\n  arns   = { bucket = "arn:aws:s3:::shop" }\n}\n\n'
    text = local + roles(Random(7))
    (folder / "iam.tf").write_text(text, encoding="utf-8")


def managed(folder: Path) -> None:
    for name, document in policies.managed():
        file = folder / f"{name.rpartition('/')[2]}.json"
        file.write_text(json.dumps(document, indent=4), encoding="utf-8")


WORKLOADS: Mapping[str, Callable[[Path], None]] = {
    "policy": policy,
    "template": one_template,
    "terraform": one_terraform,
    "managed": managed,
    "templates-300": partial(templates, count=300),
    "terraform-300": partial(terraform, count=300),
    "dump-1000": partial(dump, roles=1_000),
    "dump-5000": partial(dump, roles=5_000),
    "dump-20000": partial(dump, roles=20_000),
    "report-5000": partial(report, users=5_000),
    "report-5000-base64": partial(report, users=5_000, encoded=True),
    "scenarios": partial(scenarios, count=20_000, repeat=True),
    "scenarios-own": partial(scenarios, count=20_000, repeat=False),
    "plan-2000": partial(plan, resources=2_000),
    "pytest-empty": empty_session,
    "pytest-repository": small_repository,
    "pytest-dump": large_dump,
    "invariants": invariants,
    "service-reference": service_reference,
}


def digest() -> str:
    """Return what the content of all workloads depends on."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    content = b"".join(path.read_bytes() for path in [*sources, policies.MANAGED])
    return hashlib.sha256(content).hexdigest()


def main() -> None:
    into, *names = sys.argv[1:]
    made_by = digest()
    for name in names:
        folder = Path(into) / name
        stamp = Path(into) / f"{name}.sha256"
        if stamp.is_file() and stamp.read_text(encoding="utf-8") == made_by:
            continue
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        WORKLOADS[name](folder)
        stamp.write_text(made_by, encoding="utf-8")


if __name__ == "__main__":
    main()
