data "aws_iam_policy_document" "github" {
  statement {
    sid     = "GitHubMain"
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type = "Federated"
      identifiers = [
        "arn:aws:iam::${data.aws_caller_identity.here.account_id}:oidc-provider/token.actions.githubusercontent.com",
      ]
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:example/shop:ref:refs/heads/main"]
    }
  }
}

resource "aws_iam_role" "deploy" {
  name                 = "deploy"
  max_session_duration = 7200
  permissions_boundary = aws_iam_policy.deploy_boundary.arn
  assume_role_policy   = data.aws_iam_policy_document.github.json
}

resource "aws_iam_policy" "deploy_boundary" {
  name = "deploy-boundary"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = {
      Sid      = "DeployersNeverDelete"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject", "kms:*", "iam:PassRole", "lambda:Update*"]
      Resource = "*"
    }
  })
}

data "aws_iam_policy_document" "publish" {
  statement {
    sid       = "PublishArtifacts"
    actions   = ["s3:PutObject", "s3:GetObject"]
    resources = ["${aws_s3_bucket.artifacts.arn}/*"]
  }
  statement {
    sid       = "EncryptArtifacts"
    actions   = ["kms:GenerateDataKey", "kms:Decrypt"]
    resources = ["arn:aws:kms:eu-west-1:${data.aws_caller_identity.here.account_id}:key/*"]
  }
  statement {
    sid       = "PassServerRole"
    actions   = ["iam:PassRole"]
    resources = [aws_iam_role.server.arn]
    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["ec2.amazonaws.com"]
    }
  }
  statement {
    sid       = "ManageFunctions"
    actions   = ["lambda:UpdateFunctionCode", "lambda:DeleteFunction"]
    resources = ["arn:aws:lambda:eu-west-1:${data.aws_caller_identity.here.account_id}:function:shop-*"]
  }
}

resource "aws_iam_role_policy" "publish" {
  name   = "publish"
  role   = aws_iam_role.deploy.id
  policy = data.aws_iam_policy_document.publish.json
}

resource "aws_iam_role" "server" {
  name = "server"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = {
      Sid       = "Instances"
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }
  })
}

resource "aws_iam_instance_profile" "server" {
  name = "server"
  role = aws_iam_role.server.name
}

resource "aws_iam_policy" "run" {
  name = "run"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "FetchArtifacts"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "${aws_s3_bucket.artifacts.arn}/*"
      },
      {
        Sid      = "WriteLogs"
        Effect   = "Allow"
        Action   = "s3:PutObject"
        Resource = "${aws_s3_bucket.logs.arn}/server/*"
      },
    ]
  })
}

resource "aws_iam_role_policy_attachment" "server_runs" {
  role       = aws_iam_role.server.name
  policy_arn = aws_iam_policy.run.arn
}
