locals {
  suffix = "Tagging"
  arn    = "arn:aws:s3:::${local.name}"
  name   = "fixed"
}

data "aws_iam_policy_document" "override" {
  statement {
    sid       = "Own"
    actions   = ["s3:DeleteObject"]
    resources = ["*"]
  }
}
