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
from iamlint.revisions.diff import diff_pairs
from iamlint.revisions.sides.opening import open_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parent.parent / "docs" / "diff-examples.md"
INTRODUCTION = """\
# Ten pull requests, and what `iamlint diff` reports

Each section is one commit of a sample repository, and the Markdown that
`iamlint diff HEAD~1 HEAD --output-format markdown` writes about it. `make docs` makes the
repository and this page.
"""

GUARDRAIL, BACKUP_FILE = "guardrails/root.json", "roles/backup/read.json"
CONFIGURATION = """\
account = "111122223333"

[organization-policies]
scp = [["guardrails/root.json"]]
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


def _replaced(text: str, old: str, new: str) -> str:
    """Return a text with a part replaced that must be there."""
    if old not in text:
        raise LookupError(old)
    return text.replace(old, new)


TRUSTED = """\
    principals {
      type        = "AWS"
      identifiers = ["444455556666"]
    }
    principals {
      type        = "Service\""""
MFA = """\
    condition {
      test     = "Bool"
      variable = "aws:MultiFactorAuthPresent"
      values   = ["true"]
    }
"""
KEEP_TRAILS = """,
    {"Sid": "KeepTrails", "Effect": "Deny", "Action": "cloudtrail:StopLogging", "Resource": "*"}"""
CALL = """\
module "deployer" {
  source = "./modules/deployer"
}
"""


def pull_requests() -> Iterator[PullRequest]:
    """Yield the commits in their order; each starts from the one before."""
    role, module = "infra/deployer.tf", "infra/modules/deployer"
    text = _replaced(DEPLOYER, 'name   = "deploy"', 'name   = "deploy-site"')
    text = _replaced(text, '"Upload"', '"Release"')
    about = "The policy and a statement get other names."
    yield PullRequest("Rename a policy", about, ((role, text),))
    text = _replaced(text, "site/releases/*", "site*")
    about = "A shorter pattern lets in all of the site, and other buckets."
    yield PullRequest("Widen by a glob", about, ((role, text),))
    text = _replaced(text, MFA, "")
    about = "Objects can be deleted without MFA."
    yield PullRequest("Drop a condition", about, ((role, text),))
    text = _replaced(text, '    principals {\n      type        = "Service"', TRUSTED)
    about = "Another account may assume the role."
    yield PullRequest("New trust", about, ((role, text),))
    text = _replaced(text, "  permissions_boundary = aws_iam_policy.boundary.arn\n", "")
    about = "The boundary does not hold back the role any more."
    yield PullRequest("Boundary removed", about, ((role, text),))
    about = "The organization does not protect the trails any more."
    yield PullRequest("SCP loosened", about, ((GUARDRAIL, _replaced(ROOT, KEEP_TRAILS, "")),))
    about = "The same role, in a module."
    moved = ((role, None), ("infra/main.tf", CALL), (f"{module}/main.tf", text))
    yield PullRequest("Refactoring into modules", about, moved)
    about = "An auditor with a policy of AWS."
    yield PullRequest("New role", about, ((f"{module}/auditor.tf", AUDITOR),))
    about = "A role loses its only policy."
    yield PullRequest("Deleted policy", about, ((BACKUP_FILE, None),))
    text = _replaced(text.replace("  ", "    "), '["s3:*", ', '[\n"s3:*",\n')
    about = "Another indentation, and a list over several lines."
    yield PullRequest("Formatting only", about, ((f"{module}/main.tf", text),))


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
        ("iamlint.toml", CONFIGURATION), (GUARDRAIL, ROOT), ("infra/deployer.tf", DEPLOYER),
        (BACKUP_FILE, BACKUP),
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
            pairs = open_pairs("HEAD~1", "HEAD", here=folder)
            diff = diff_pairs(pairs)
            look = DiffOutput(pairs[0][1].repository.account.catalog, folder)
            report = DIFF_FORMATS["markdown"](diff, look)
            text = report.replace("### iamlint diff\n\n", "")
            parts.append(f"## {one.title}\n\n{one.about}\n\n{text.strip()}\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
