resource "aws_iam_policy" "first" {
  policy = jsonencode({ Statement = { Effect = "Allow", Action = "s3:GetObject", Resource = "*" } })
}

resource "aws_iam_policy" "broken" {
  policy = jsonencode({ Statement = { Effect = "Allow", Action = = "s3:GetObject" } })
}

resource "aws_iam_policy" "comma" {
  policy = <<EOT
{"Statement": [{"Effect": "Allow" "Action": "s3:GetObject", "Resource": "*"}]}
EOT
}

resource "aws_iam_policy" "open" {
  policy = <<EOT
{"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"} ${var.more}]}
EOT
}

resource "aws_iam_policy" "text" {
  policy = "see the wiki"
}

resource "aws_iam_policy" "open_end" {
  policy = jsonencode({ Statement = {
