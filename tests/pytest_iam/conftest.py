"""A project with a few policies, and pytest run in it."""

from __future__ import annotations

import pkgutil
from importlib import import_module, metadata
from typing import TYPE_CHECKING

import hypothesis  # noqa: F401 - see `_LEFT_OUT`
import pytest

import iamlint
import pytest_iam
from iamlint.config import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Run = Callable[..., pytest.RunResult]

TOML = """
account = "111122223333"

[principals."role/deployer"]
policies = ["deployer.json"]
trust = "trust.json"

[principals."role/reader"]
policies = ["reader.json"]

[resources."arn:aws:s3:::artifacts"]
"""
DEPLOYER = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Publish",
      "Effect": "Allow",
      "Action": ["s3:PutObject", "s3:GetObject"],
      "Resource": "arn:aws:s3:::artifacts/*"
    },
    {
      "Sid": "KeepReleases",
      "Effect": "Deny",
      "Action": "s3:PutObject",
      "Resource": "arn:aws:s3:::artifacts/releases/*"
    },
    {
      "Sid": "StopWithMfa",
      "Effect": "Allow",
      "Action": "ec2:StopInstances",
      "Resource": "*",
      "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    },
    {
      "Sid": "UntilNewYear",
      "Effect": "Allow",
      "Action": "sqs:SendMessage",
      "Resource": "*",
      "Condition": {"DateLessThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}}
    }
  ]
}
"""
READER = """{
  "Version": "2012-10-17",
  "Statement": {
    "Sid": "Read",
    "Effect": "Allow",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::reports/*"
  }
}
"""
TRUST = """{
  "Version": "2012-10-17",
  "Statement": {
    "Sid": "Lambda",
    "Effect": "Allow",
    "Principal": {"Service": "lambda.amazonaws.com"},
    "Action": "sts:AssumeRole"
  }
}
"""
# pytester forgets what the inner run imports first: classes would then exist twice, and
# hypothesis's plugin would import hypothesis again in each run.
_LEFT_OUT = ("iamlint.cli", "iamlint.__main__", "iamlint.text.hcl.parse", "iamlint.pytest_guard")
for _part in (iamlint, pytest_iam):
    for _module in pkgutil.walk_packages(_part.__path__, f"{_part.__name__}."):
        if not _module.name.startswith(_LEFT_OUT):
            import_module(_module.name)

INSTALLED = any(
    point.value == "iamlint.pytest_guard" for point in metadata.entry_points(group="pytest11")
)


@pytest.fixture
def project(pytester: pytest.Pytester) -> Iterator[pytest.Pytester]:
    """Write the project."""
    nearest.cache_clear()
    files = {"deployer": DEPLOYER, "reader": READER, "trust": TRUST}
    for name, text in files.items():
        (pytester.path / f"{name}.json").write_text(text)
    (pytester.path / "iamlint.toml").write_text(TOML)
    yield pytester
    nearest.cache_clear()


@pytest.fixture
def run(project: pytest.Pytester) -> Run:
    """Run pytest in the project on the body of one test, or on what is there."""

    def call(body: str = "", *args: str, apart: bool = False) -> pytest.RunResult:
        nearest.cache_clear()
        if body:
            lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
            (project.path / "test_it.py").write_text(
                f"import pytest\n\ndef test_it(iam):\n{lines}\n"
            )
        plugin = () if INSTALLED else ("-p", "iamlint.pytest_guard")
        start = project.runpytest_subprocess if apart else project.runpytest_inprocess
        return start(*plugin, "-p", "no:cacheprovider", *args)

    return call
