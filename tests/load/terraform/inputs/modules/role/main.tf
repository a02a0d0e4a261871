variable "name" {}
variable "trust" {}
variable "actions" { default = ["s3:*"] }
variable "public" { default = false }
resource "aws_iam_role" "this" {
  name               = var.name
  assume_role_policy = var.trust
}
resource "aws_iam_role_policy" "this" {
  role   = aws_iam_role.this.name
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = var.actions, Resource = "*" }]
  })
}
data "aws_iam_policy_document" "topic" {
  statement {
    actions   = ["sns:Publish"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = [var.public ? "*" : "123456789012"]
    }
  }
}
output "topic_policy" { value = data.aws_iam_policy_document.topic.json }
output "role_arn" { value = aws_iam_role.this.arn }
output "role_name" { value = aws_iam_role.this.name }
