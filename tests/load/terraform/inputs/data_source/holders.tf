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
