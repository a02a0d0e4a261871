variable "root" { type = string }
variable "workloads_unit" { type = string }

resource "aws_organizations_policy" "guardrails" {
  name = "guardrails"
  type = "SERVICE_CONTROL_POLICY"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "KeepTheTrail"
        Effect   = "Deny"
        Action   = ["cloudtrail:StopLogging", "cloudtrail:DeleteTrail", "cloudtrail:UpdateTrail", "cloudtrail:PutEventSelectors"]
        Resource = "*"
      },
      {
        Sid      = "StayInTheOrganization"
        Effect   = "Deny"
        Action   = "organizations:LeaveOrganization"
        Resource = "*"
      },
    ]
  })
}

resource "aws_organizations_policy_attachment" "guardrails" {
  policy_id = aws_organizations_policy.guardrails.id
  target_id = var.root
}

data "aws_iam_policy_document" "europe" {
  statement {
    sid       = "StayInEurope"
    effect    = "Deny"
    actions   = ["ec2:*", "kms:*", "lambda:*", "sqs:*"]
    resources = ["*"]
    condition {
      test     = "StringNotEquals"
      variable = "aws:RequestedRegion"
      values   = ["eu-west-1", "eu-central-1"]
    }
  }
}

resource "aws_organizations_policy" "europe" {
  name    = "europe"
  content = data.aws_iam_policy_document.europe.json
}

resource "aws_organizations_policy_attachment" "europe" {
  policy_id = aws_organizations_policy.europe.id
  target_id = var.workloads_unit
}

resource "aws_organizations_policy" "no_long_lived_keys" {
  name = "no-long-lived-keys"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = {
      Sid      = "NoLongLivedKeys"
      Effect   = "Deny"
      Action   = "iam:CreateAccessKey"
      Resource = "*"
    }
  })
}

resource "aws_organizations_policy_attachment" "no_long_lived_keys" {
  policy_id = aws_organizations_policy.no_long_lived_keys.id
  target_id = "111122223333"
}

resource "aws_organizations_policy" "read_only" {
  name = "read-only"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = {
      Sid      = "AuditorsChangeNothing"
      Effect   = "Deny"
      Action   = ["s3:Put*", "s3:Delete*", "iam:Create*", "iam:Delete*"]
      Resource = "*"
    }
  })
}

resource "aws_organizations_policy_attachment" "read_only" {
  policy_id = aws_organizations_policy.read_only.id
  target_id = "444455556666"
}
