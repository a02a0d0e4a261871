include "root" {
  path = find_in_parent_folders()
}
locals {
  bucket = "logs"
}
inputs = {
  name   = "app"
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::${local.bucket}/*" }]
  })
}
