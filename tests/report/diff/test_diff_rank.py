"""What is shown first: all rights, ways to more, sensitive actions, then by access level."""

from __future__ import annotations

import itertools

from iamlint.report.diff.rank import Ranking
from tests.report.diff.diffs import OUTPUT, difference

STRONGEST_FIRST = (
    difference("*", resources=("*",)),
    difference("iam:Attach*"),  # critical
    difference("iam:PassRole"),  # high
    difference("ssm:SendCommand"),  # medium
    difference("s3:PutBucketPolicy"),  # permissions management
    difference("sts:GetFederationToken"),  # writes, and of a high band
    difference("dynamodb:DeleteTable"),  # of a medium one
    difference("s3:GetObject"),
    difference("s3:CreateBucket", resources=("*",)),
    difference("s3:CreateBucket"),
    difference("ec2:CreateTags"),
    difference("ec2:GetConsoleScreenshot"),
    difference("s3:ListAllMyBuckets"),
)


def test_strongest_comes_first_in_any_order() -> None:
    ranking = Ranking(OUTPUT.catalog)

    for some in itertools.permutations(STRONGEST_FIRST, 2):
        assert [*ranking.strongest_first(some)] == sorted(some, key=STRONGEST_FIRST.index)


def test_all_rights_and_ways_to_more_are_grave() -> None:
    ranking = Ranking(OUTPUT.catalog)

    assert [one for one in STRONGEST_FIRST if ranking.is_grave(one)] == [*STRONGEST_FIRST[:4]]
    assert ranking.is_grave(difference("*:*", resources=("*",)))
    assert not ranking.is_grave(difference("*"))
    assert not ranking.is_grave(difference("nosuch:Action"))
