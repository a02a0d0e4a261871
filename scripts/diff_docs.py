"""Writes docs/diff-examples.md: ten pull requests of one repository, and the report about each.

The repository is made with git in a folder of its own, with a commit for each pull request.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.report.diff.formats import DIFF_FORMATS
from iamlint.report.diff.units import DiffOutput
from iamlint.revisions.diff import diff_sides
from iamlint.revisions.sides.opening import open_sides

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parent.parent / "docs" / "diff-examples.md"
INTRODUCTION = """\
# Ten pull requests, and what `iamlint diff` reports

Each section is one commit of a sample repository, and the Markdown that
`iamlint diff HEAD~1 HEAD --output-format markdown` writes about it. `make docs` makes the
repository and this page.
"""

CONFIGURATION = """\
account = "111122223333"

[organization-policies]
scp = [["organization/root.json"]]
"""
ROOT = """\
{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "*", "Resource": "*"},
    {"Sid": "KeepTrails", "Effect": "Deny", "Action": "cloudtrail:StopLogging", "Resource": "*"}
  ]
}
"""
DEPLOYER = """\
resource "aws_iam_role" "deployer" {
  name                 = "deployer"
  permissions_boundary = aws_iam_policy.boundary.arn
  assume_role_policy   = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["codebuild.amazonaws.com"]
    }
  }
}

resource "aws_iam_policy" "boundary" {
  name = "boundary"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:*", "cloudtrail:*"], Resource = "*" }]
  })
}

resource "aws_iam_role_policy" "deploy" {
  name   = "deploy"
  role   = aws_iam_role.deployer.name
  policy = data.aws_iam_policy_document.deploy.json
}

data "aws_iam_policy_document" "deploy" {
  statement {
    sid       = "Upload"
    actions   = ["s3:PutObject"]
    resources = ["arn:aws:s3:::site/releases/*"]
  }
  statement {
    sid       = "Delete"
    actions   = ["s3:DeleteObject"]
    resources = ["arn:aws:s3:::site/*"]
    condition {
      test     = "Bool"
      variable = "aws:MultiFactorAuthPresent"
      values   = ["true"]
    }
  }
  statement {
    sid       = "Network"
    actions   = ["ec2:CreateVpc", "cloudtrail:StopLogging"]
    resources = ["*"]
  }
}
"""
BACKUP = """\
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Read",
      "Effect": "Allow",
      "Action": ["s3:GetObject", "s3:ListBucket"],
      "Resource": ["arn:aws:s3:::site", "arn:aws:s3:::site/*"]
    }
  ]
}
"""
AUDITOR = """\
resource "aws_iam_role" "auditor" {
  name               = "auditor"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachment" "auditor" {
  role       = aws_iam_role.auditor.name
  policy_arn = "arn:aws:iam::aws:policy/SecurityAudit"
}
"""


@dataclass(frozen=True)
class PullRequest:
    """A commit: what it is about, and the texts that it replaces; None removes a file."""

    title: str
    about: str
    files: tuple[tuple[str, str | None], ...]


def _replaced(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        if old not in text:
            raise LookupError(old)
        text = text.replace(old, new)
    return text


def pull_requests() -> Iterator[PullRequest]:
    """Yield the commits in their order; each starts from the one before."""
    role, root = "infra/deployer.tf", "organization/root.json"
    backup = "roles/backup/read.json"
    renamed = _replaced(
        DEPLOYER, ('name   = "deploy"', 'name   = "deploy-site"'), ("Upload", "Release")
    )
    yield PullRequest(
        "Rename a policy", "The policy and a statement get other names.", ((role, renamed),)
    )
    wider = _replaced(renamed, ("site/releases/*", "site*"))
    yield PullRequest(
        "Widen by a glob",
        "One character less in a pattern lets all of the site, and other buckets, in.",
        ((role, wider),),
    )
    condition = wider[
        wider.index("    condition {") : wider.index('  statement {\n    sid       = "Network')
    ]
    open_ = _replaced(wider, (condition, "  }\n"))
    yield PullRequest("Drop a condition", "Objects can be deleted without MFA.", ((role, open_),))
    trusted = _replaced(
        open_,
        (
            '    principals {\n      type        = "Service"',
            '    principals {\n      type        = "AWS"\n      identifiers = ["444455556666"]\n    }\n'
            '    principals {\n      type        = "Service"',
        ),
    )
    yield PullRequest("New trust", "Another account may assume the role.", ((role, trusted),))
    free = _replaced(trusted, ("  permissions_boundary = aws_iam_policy.boundary.arn\n", ""))
    yield PullRequest(
        "Boundary removed", "What the boundary held back is allowed now.", ((role, free),)
    )
    loose = _replaced(
        ROOT,
        (
            ',\n    {"Sid": "KeepTrails", "Effect": "Deny", "Action": "cloudtrail:StopLogging", "Resource": "*"}',
            "",
        ),
    )
    yield PullRequest(
        "SCP loosened", "The organization does not protect the trails any more.", ((root, loose),)
    )
    main = 'module "deployer" {\n  source = "./modules/deployer"\n}\n'
    yield PullRequest(
        "Refactoring into modules",
        "The same role, in a module.",
        ((role, None), ("infra/main.tf", main), ("infra/modules/deployer/main.tf", free)),
    )
    yield PullRequest(
        "New role",
        "An auditor with a policy of AWS.",
        (("infra/modules/deployer/auditor.tf", AUDITOR),),
    )
    yield PullRequest("Deleted policy", "A role loses its only policy.", ((backup, None),))
    tidy = free.replace("  ", "    ").replace(
        '["s3:*", "cloudtrail:*"]', '[\n "s3:*",\n "cloudtrail:*",\n]'
    )
    yield PullRequest(
        "Formatting only",
        "Another indentation, and a list over several lines.",
        (("infra/modules/deployer/main.tf", tidy),),
    )


def _git(folder: Path, *words: str) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
        "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
    }
    who = ("-c", "user.name=example", "-c", "user.email=example@example.com")
    subprocess.run(["git", *who, *words], cwd=folder, env=environment, check=True)


def build(folder: Path) -> Iterator[PullRequest]:
    """Make the repository in an empty folder; yield each pull request once it is committed."""
    _git(folder, "init", "-q", "-b", "main")
    start: tuple[tuple[str, str | None], ...] = (
        ("iamlint.toml", CONFIGURATION), ("organization/root.json", ROOT),
        ("infra/deployer.tf", DEPLOYER), ("roles/backup/read.json", BACKUP),
    )  # fmt: skip
    for one in (PullRequest("start", "", start), *pull_requests()):
        for path, text in one.files:
            place = folder / path
            if text is None:
                place.unlink()
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        _git(folder, "add", "-A")
        _git(folder, "commit", "-q", "-m", one.title)
        if one.about:
            yield one


def page() -> str:
    """Return the page."""
    parts = [INTRODUCTION]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(os.path.realpath(name))
        for one in build(folder):
            old, new = open_sides("HEAD~1", "HEAD", here=folder)
            diff = diff_sides(old, new)
            look = DiffOutput(new.repository.account.catalog, folder)
            report = DIFF_FORMATS["markdown"](diff, look)
            text = report.replace("### iamlint diff\n\n", "")
            parts.append(f"## {one.title}\n\n{one.about}\n\n{text.strip()}\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
