"""What files leave open is the same on both sides, wherever the sides are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.revisions.diff import diff_pairs
from tests.revisions.sides.repo import pairs

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.reason.answer import Diff
    from tests.revisions.sides.repo import Repo

MODULE = """\
variable "bucket" {{}}
resource "aws_iam_role_policy" "app" {{
  role   = "app"
  policy = jsonencode({{ Version = "2012-10-17", Statement = [
    {{ Effect = "Allow", Action = {actions}, Resource = "arn:aws:s3:::${{var.bucket}}/*" }}
  ] }})
}}
"""
TEMPLATE = """\
Parameters:
  Bucket: {{Type: String}}
Resources:
  App:
    Type: AWS::IAM::RolePolicy
    Properties:
      RoleName: app
      PolicyName: app
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          {{Effect: Allow, Action: {actions}, Resource: !Sub "arn:aws:s3:::${{Bucket}}/*"}}
"""
SERVERLESS = """\
service: app
provider:
  name: aws
  iam:
    role:
      statements:
        - Effect: Allow
          Action: {actions}
          Resource: !Sub "arn:aws:s3:::${{env:BUCKET}}/*"
"""
PROGRAM = """\
name: app
runtime: yaml
resources:
  logs: {{type: "aws:s3:Bucket"}}
  app:
    type: aws:iam:RolePolicy
    properties:
      role: app
      policy:
        fn::toJSON:
          Version: "2012-10-17"
          Statement:
            - {{Effect: Allow, Action: {actions}, Resource: "arn:aws:s3:::${{logs.bucket}}/*"}}
"""
FORMATS = {
    "main.tf": MODULE,
    "template.yaml": TEMPLATE,
    "serverless.yml": SERVERLESS,
    "Pulumi.yaml": PROGRAM,
}
READ, REWORDED, MORE = (
    '["s3:GetObject"]',
    '["s3:GetObject", "s3:GetObject"]',
    '["s3:GetObject*"]',
)


def of_folders(repo: Repo, path: str, old: str, new: str) -> Diff:
    repo.write({f"before/{path}": old, f"later/on/{path}": new})
    return diff_pairs(pairs(repo, "before", "later/on"))


def of_files(repo: Repo, path: str, old: str, new: str) -> Diff:
    repo.write({f"before/{path}": old, f"after/{path}": new})
    return diff_pairs(pairs(repo, f"before/{path}", f"after/{path}"))


def of_revisions(repo: Repo, path: str, old: str, new: str) -> Diff:
    repo.commit({path: old})
    repo.commit({path: new})
    return diff_pairs(pairs(repo, "HEAD~1", "HEAD"))


WAYS = (of_folders, of_files, of_revisions)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("path", FORMATS)
def test_copy_leaves_the_same_open(repo: Repo, path: str, way: Callable[..., Diff]) -> None:
    text = FORMATS[path]
    found = way(repo, path, text.format(actions=READ), text.format(actions=REWORDED))
    assert [change.comparison.relation for change in found.changes] == ["equivalent"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("path", FORMATS)
def test_wider_action_is_a_gain_on_what_is_open(
    repo: Repo, path: str, way: Callable[..., Diff]
) -> None:
    text = FORMATS[path]
    found = way(repo, path, text.format(actions=READ), text.format(actions=MORE))
    (comparison,) = (change.comparison for change in found.changes)
    assert (comparison.relation, comparison.open) == ("wider", ())
    assert all(len(gain.witness.given) == 1 for gain in comparison.gained)


@pytest.mark.parametrize("path", ["main.tf", "template.yaml"])
def test_names_of_two_files_decide_nothing(repo: Repo, path: str) -> None:
    text, old, new = FORMATS[path], f"before/old-{path}", f"after/{path}"
    repo.write({old: text.format(actions=READ), new: text.format(actions=REWORDED)})
    found = diff_pairs(pairs(repo, old, new))
    assert [change.comparison.relation for change in found.changes] == ["equivalent"]
