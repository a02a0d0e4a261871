data "aws_iam_policy_document" "reader" {
  policy_id = "reader"
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject", "s3:GetObject${local.suffix}"]
    resources = ["arn:aws:s3:::${var.bucket}/&{aws:username}/*", "${local.arn}/*"]

    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalTag/team"
      values   = ["red", "blue"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalTag/stage"
      values   = [var.stage]
    }
  }
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
    principals {
      type        = "AWS"
      identifiers = [for name in ["one", "two"] : "arn:aws:iam::123456789012:role/${name}"]
    }
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "everyone" {
  statement {
    effect = "Deny"
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    not_actions   = ["s3:GetObject"]
    not_resources = [aws_s3_bucket.logs.arn]
  }
}

data "aws_iam_policy_document" "merged" {
  source_policy_documents   = [data.aws_iam_policy_document.reader.json, var.more]
  override_policy_documents = [data.aws_iam_policy_document.override.json, file("${path.module}/override.json")]

  statement {
    sid       = "Own"
    actions   = ["s3:PutObject"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "dynamic" {
  dynamic "statement" {
    for_each = { one = ["s3:GetObject"], two = ["s3:PutObject"] }
    content {
      sid       = statement.key
      actions   = statement.value
      resources = ["*"]
    }
  }
  dynamic "statement" {
    for_each = var.buckets
    iterator = bucket
    content {
      actions   = ["s3:ListBucket"]
      resources = ["arn:aws:s3:::${bucket.value}"]
    }
  }
}

data "aws_iam_policy_document" "unused" {
  statement {
    actions   = ["sqs:*"]
    resources = ["*"]
  }
}

resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "app" {
  name   = "read"
  role   = aws_iam_role.app.name
  policy = data.aws_iam_policy_document.merged.json
}

resource "aws_iam_role_policy" "other" {
  name   = "read"
  role   = "other"
  policy = data.aws_iam_policy_document.merged.json
}

resource "aws_s3_bucket" "logs" {
  bucket = "logs"
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = data.aws_iam_policy_document.everyone.minified_json
}

resource "aws_iam_policy" "dynamic" {
  policy = data.aws_iam_policy_document.dynamic[0].json
}
