data "aws_caller_identity" "here" {}

resource "aws_iam_user" "alice" {
  name = "alice"
  tags = { team = "shop" }
}

resource "aws_iam_user_group_membership" "alice" {
  user   = aws_iam_user.alice.name
  groups = [aws_iam_group.developers.name, aws_iam_group.oncall.name]
}

resource "aws_iam_user_policy" "own_keys" {
  name = "own-keys"
  user = aws_iam_user.alice.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = {
      Sid      = "OwnKeys"
      Effect   = "Allow"
      Action   = ["iam:CreateAccessKey", "iam:DeleteAccessKey", "iam:ListAccessKeys"]
      Resource = "arn:aws:iam::${data.aws_caller_identity.here.account_id}:user/$${aws:username}"
    }
  })
}

resource "aws_iam_group" "developers" {
  name = "developers"
}

data "aws_iam_policy_document" "read" {
  statement {
    sid       = "ReadArtifacts"
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.artifacts.arn}/*"]
  }
  statement {
    sid     = "OwnTeamsFunctions"
    actions = ["lambda:InvokeFunction"]
    resources = [
      "arn:aws:lambda:eu-west-1:${data.aws_caller_identity.here.account_id}:function:&{aws:PrincipalTag/team}-*",
    ]
  }
}

resource "aws_iam_group_policy" "read" {
  name   = "read"
  group  = aws_iam_group.developers.name
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_group" "oncall" {
  name = "oncall"
}

resource "aws_iam_group_policy" "break_glass" {
  name  = "break-glass"
  group = aws_iam_group.oncall.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "StopInstancesWithMfa"
        Effect    = "Allow"
        Action    = "ec2:StopInstances"
        Resource  = "arn:aws:ec2:*:${data.aws_caller_identity.here.account_id}:instance/*"
        Condition = { Bool = { "aws:MultiFactorAuthPresent" = "true" } }
      },
      {
        Sid      = "BecomeAuditor"
        Effect   = "Allow"
        Action   = "sts:AssumeRole"
        Resource = "arn:aws:iam::444455556666:role/audit"
      },
    ]
  })
}
