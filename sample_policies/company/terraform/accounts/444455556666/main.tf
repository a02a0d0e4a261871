data "aws_iam_policy_document" "trust" {
  statement {
    sid     = "OurPeopleWithMfa"
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:root"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalOrgID"
      values   = ["o-a1b2c3d4e5"]
    }
    condition {
      test     = "Bool"
      variable = "aws:MultiFactorAuthPresent"
      values   = ["true"]
    }
  }
}

resource "aws_iam_role" "audit" {
  name               = "audit"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "look" {
  statement {
    sid       = "LookAtLogs"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["arn:aws:s3:::example-logs/*"]
  }
}

resource "aws_iam_role_policy" "look" {
  name   = "look"
  role   = aws_iam_role.audit.id
  policy = data.aws_iam_policy_document.look.json
}
