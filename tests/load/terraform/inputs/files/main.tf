resource "aws_iam_policy" "file" {
  policy = file("${path.module}/policies/app.json")
}

resource "aws_s3_bucket_policy" "template" {
  bucket = "b"
  policy = templatefile("policies/bucket.json.tftpl", {
    bucket = "data"
    role   = aws_iam_role.app.arn
    arns   = var.arns
  })
}

resource "aws_iam_policy" "missing" {
  policy = file("policies/none.json")
}

resource "aws_iam_policy" "absolute" {
  policy = file("/etc/passwd")
}

resource "aws_iam_policy" "above" {
  policy = templatefile("${path.module}/../../../../../../../../../../../etc/passwd", {})
}
