resource "aws_lambda_function" "shelf" {
  function_name = "shelf"
}

resource "aws_lambda_permission" "topic" {
  statement_id  = "topic"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.shelf.function_name
  principal     = "sns.amazonaws.com"
  source_arn    = var.topic
}

resource "aws_lambda_permission" "each" {
  for_each      = toset(["events.amazonaws.com", "scheduler.amazonaws.com"])
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.shelf.arn
  qualifier     = "live"
  principal     = each.value
  source_account = var.limited ? "111122223333" : ""
}

resource "aws_lambda_layer_version_permission" "layer" {
  layer_name     = "arn:aws:lambda:eu-west-1:111122223333:layer:books"
  version_number = 3
  statement_id   = "everyone"
  action         = "lambda:GetLayerVersion"
  principal      = "*"
}

resource "aws_cloudwatch_event_permission" "organization" {
  principal    = "*"
  statement_id = "organization"

  condition {
    key   = "aws:PrincipalOrgID"
    type  = "StringEquals"
    value = var.organization
  }
}

resource "aws_signer_signing_profile_permission" "press" {
  profile_name = "press"
  action       = "signer:StartSigningJob"
  principal    = "444455556666"
}
