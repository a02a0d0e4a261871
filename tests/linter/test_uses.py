"""A text that several policies use: a fault in only some of the uses is not reported."""

from __future__ import annotations

from tests.load.twins import Twin, as_test

DOCUMENT = """
data "aws_iam_policy_document" "shared" {
  statement {
    actions   = ["s3:GetObject", "sqs:SendMessage"]
    resources = ["arn:aws:s3:::depot/*", "arn:aws:sqs:eu-west-1:111122223333:jobs"]
%s
  }
}
resource "aws_s3_bucket_policy" "depot" {
  bucket = "depot"
  policy = data.aws_iam_policy_document.shared.json
}
"""
PRINCIPAL = """
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:role/app"]
    }
"""
QUEUE = """
resource "aws_sqs_queue_policy" "jobs" {
  queue_url = "https://sqs.eu-west-1.amazonaws.com/111122223333/jobs"
  policy    = data.aws_iam_policy_document.shared.json
}
"""
BUCKET = """
resource "aws_s3_bucket_policy" "other" {
  bucket = "other"
  policy = data.aws_iam_policy_document.shared.json
}
"""
STATEMENT = """
locals {
  shared = {
    Effect    = "Allow"
    Action    = "sqs:SendMessage"
    Resource  = "*"
    Principal = { AWS = "111122223333" }
  }
}
resource "aws_s3_bucket_policy" "depot" {
  bucket = "depot"
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.shared] })
}
resource "%s" "%s" {
  %s = "%s"
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.shared] })
}
"""

TWINS = [
    Twin(
        "the policy of a bucket is that of a queue too",
        harmless={"main.tf": DOCUMENT % PRINCIPAL + QUEUE},
        faulty={"main.tf": DOCUMENT % PRINCIPAL + BUCKET},
        rule="action-outside-resource-type",
    ),
    Twin(
        "a resource is only outside of one of the types",
        harmless={"main.tf": DOCUMENT % PRINCIPAL + QUEUE},
        faulty={"main.tf": DOCUMENT % PRINCIPAL},
        rule="resource-outside-resource-type",
    ),
    Twin(
        "a statement is in the policies of a bucket and of a queue",
        harmless={"main.tf": STATEMENT % ("aws_sqs_queue_policy", "jobs", "queue_url", "jobs")},
        faulty={"main.tf": STATEMENT % ("aws_s3_bucket_policy", "other", "bucket", "other")},
        rule="action-outside-resource-type",
    ),
]

test_only_the_faulty_twin_is_reported = as_test(TWINS)
