resource "aws_iam_user" "ann" {
  name                 = "ann"
  path                 = "/people/"
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_role" "unnamed" {
  assume_role_policy  = data.aws_iam_policy_document.trust.json
  managed_policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
}

resource "aws_iam_policy" "boundary" {
  name   = "boundary"
  policy = jsonencode({ Statement = { Effect = "Allow", Action = "s3:*", Resource = "*" } })
}

resource "aws_iam_role_policy_attachment" "unnamed" {
  role       = aws_iam_role.unnamed.name
  policy_arn = aws_iam_policy.boundary.arn
}

data "aws_partition" "current" {}

data "aws_iam_policy" "by_name" {
  name = "ViewOnlyAccess"
}

data "aws_iam_policy" "by_arn" {
  arn = "arn:aws:iam::aws:policy/SecurityAudit"
}

resource "aws_iam_user_policy_attachment" "each" {
  for_each   = toset([data.aws_iam_policy.by_arn.arn, "arn:${data.aws_partition.current.partition}:iam::aws:policy/job-function/Billing"])
  user       = aws_iam_user.ann.name
  policy_arn = each.value
}

resource "aws_iam_role_policy_attachment" "elsewhere" {
  role       = "elsewhere"
  policy_arn = data.aws_iam_policy.by_name.arn
}

resource "aws_iam_role_policy_attachments_exclusive" "unnamed" {
  role_name   = aws_iam_role.unnamed.name
  policy_arns = [aws_iam_policy.boundary.arn, var.another]
}
