module "policy" {
  source = "terraform-aws-modules/iam/aws//modules/iam-policy"
  policy = data.aws_iam_policy_document.doc.json
}

module "role" {
  source                    = "example/role/aws"
  custom_trust_policy       = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "123456789012" }, Action = "sts:AssumeRole" }] })
  iam_source_policies       = [<<EOT
{"Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}]}
EOT
  ]
  number_of_custom_policies = 1
}

data "aws_iam_policy_document" "doc" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}

resource "example_thing" "generic" {
  settings {
    document = jsonencode({ Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*" }] })
  }
}

output "unused" {
  value = { inner = jsonencode({ Statement = [{ Effect = "Allow", Action = "sns:Publish", Resource = "*" }] }) }
}
