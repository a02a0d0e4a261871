locals {
  actions = ["sns:Publish", "sns:Subscribe"]
  policy = {
    Version   = "2012-10-17"
    Statement = local.statements
  }
  statements = concat([
    { Effect = "Allow", Action = local.actions, Resource = format("arn:aws:sns:*:%s:%s", "123456789012", var.topic) },
  ], var.public ? [{ Effect = "Allow", Action = "sns:GetTopicAttributes", Resource = "*" }] : [])
  a = local.b
  b = local.a
}

resource "aws_iam_policy" "encoded" {
  name   = "encoded-${var.stage}"
  policy = jsonencode(local.policy)
}

resource "aws_sns_topic_policy" "heredoc" {
  arn    = aws_sns_topic.all.arn
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Principal": {"AWS": ${jsonencode(["123456789012", "210987654321"])}},
          "Action": "sns:Publish",
          "Resource": "${aws_sns_topic.all.arn}",
          "Condition": {"StringEquals": {"aws:PrincipalTag/team": "$${aws:PrincipalTag/team}"}}
        },
        ${local.more}
      ]
    }
  EOT
}

resource "aws_iam_role" "inline" {
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })

  inline_policy {
    name   = "one"
    policy = jsonencode({ Statement = { Effect = "Allow", Action = var.action, Resource = "*" } })
  }
  dynamic "inline_policy" {
    for_each = toset(["two"])
    content {
      name   = inline_policy.value
      policy = jsonencode({ Statement = { Effect = "Allow", Action = "s3:${inline_policy.value}", Resource = "*" } })
    }
  }
}

resource "aws_iam_policy" "unknown" {
  policy = var.policy
}

resource "aws_iam_policy" "circle" {
  policy = jsonencode(local.a)
}

resource "aws_iam_policy" "either" {
  policy = var.x ? jsonencode({ Statement = { Effect = "Allow", Action = "s3:GetObject", Resource = "*" } }) : null
}

resource "aws_organizations_policy" "rcp" {
  type    = "RESOURCE_CONTROL_POLICY"
  content = "{\"Statement\": {\"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"s3:*\", \"Resource\": \"*\"}}"
}

resource "aws_organizations_policy" "tags" {
  type    = "TAG_POLICY"
  content = jsonencode({ tags = {}, Statement = [] })
}

resource "aws_ecr_lifecycle_policy" "no_iam" {
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })
}

resource "aws_ram_permission" "part" {
  policy_template = jsonencode({ Effect = "Allow", Action = ["backup:ListProtectedResources"] })
}

resource "aws_api_gateway_rest_api" "body" {
  body = jsonencode({
    openapi                       = "3.0.1"
    "x-amazon-apigateway-policy" = {
      Statement = [{ Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "*" }]
    }
  })
}
