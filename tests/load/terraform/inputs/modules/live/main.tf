data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}
module "one" {
  source  = "../role"
  name    = "one"
  trust   = data.aws_iam_policy_document.trust.json
  actions = ["s3:GetObject"]
}
module "two" {
  source  = "../role"
  name    = "two"
  trust   = data.aws_iam_policy_document.trust.json
  actions = ["s3:PutObject"]
  public  = true
}
resource "aws_sns_topic_policy" "t" {
  arn    = "arn:aws:sns:us-east-1:123456789012:t"
  policy = module.one.topic_policy
}
resource "aws_iam_role_policy" "more" {
  role   = module.two.role_name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = module.one.role_arn }] })
}
