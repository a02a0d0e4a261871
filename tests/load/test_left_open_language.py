"""Twins: values that the language of Terraform leaves open, or decides."""

from __future__ import annotations

from tests.load.twins import Twin, as_test

POLICY = """
resource "aws_iam_policy" "p" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ACTION, Resource = "*" }]
  })
}
"""
DOCUMENT = """
data "aws_iam_policy_document" "p" {
  statement {
    STATEMENT
  }
}
resource "aws_iam_policy" "p" {
  policy = data.aws_iam_policy_document.p.json
}
"""
TEMPLATE = """
data "template_file" "p" {
  template = TEMPLATE
  vars     = { action = "ACTION" }
}
resource "aws_iam_policy" "p" {
  policy = data.template_file.p.rendered
}
"""
JSON = (
    '{"Version": "2012-10-17",'
    ' "Statement": [{"Effect": "Allow", "Action": "${action}", "Resource": "*"}]}'
)
HEREDOC = "<<EOT\n" + JSON.replace("${", "$${") + "\nEOT"
FILE = 'file("${path.module}/p.tpl")'


COUNTED = POLICY.replace("  policy =", "  count  = COUNT\n  policy =").replace("ACTION", '"*"')
LAMBDA = """
module "m" {
  source                   = "terraform-aws-modules/lambda/aws"
  attach_policy_statements = true
  policy_statements        = { a = { actions = ["ACTION"], resources = ["*"] } }
}
"""
TRUST = """
variable "names" { type = list(string) }
data "aws_iam_policy_document" "p" {
  statement {
    actions = ["sts:AssumeRole"]
    dynamic "principals" {
      for_each = EACH
      content {
        type        = "AWS"
        identifiers = ["arn:aws:iam::111122223333:role/${principals.value}"]
      }
    }
  }
}
resource "aws_iam_role" "r" {
  assume_role_policy = data.aws_iam_policy_document.p.json
}
"""
BUCKET = """
variable "names" { type = list(string) }
data "aws_iam_policy_document" "p" {
  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = ["arn:aws:s3:::depot/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    dynamic "condition" {
      for_each = EACH
      content {
        test     = "StringNotEquals"
        variable = "aws:SourceVpce"
        values   = var.names
      }
    }
  }
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::depot/*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:role/reader"]
    }
  }
}
resource "aws_s3_bucket_policy" "p" {
  bucket = "depot"
  policy = data.aws_iam_policy_document.p.json
}
"""


def policy(action: str) -> dict[str, str]:
    return {"main.tf": POLICY.replace("ACTION", action)}


def document(statement: str) -> dict[str, str]:
    return {"main.tf": DOCUMENT.replace("STATEMENT", statement)}


def template(text: str, action: str) -> dict[str, str]:
    return {"main.tf": TEMPLATE.replace("TEMPLATE", text).replace("ACTION", action), "p.tpl": JSON}


TWINS = [
    Twin(
        "the first branch of a chain of conditionals is chosen",
        harmless=policy('true ? "sqs:ListQueues" : true ? "iam:*" : "*"'),
        faulty=policy('true ? "*" : true ? "iam:*" : "sqs:ListQueues"'),
        rule="wildcard-admin",
    ),
    Twin(
        "the last branch of a chain of conditionals is chosen",
        harmless=policy('false ? "*" : false ? "iam:*" : "sqs:ListQueues"'),
        faulty=policy('false ? "sqs:ListQueues" : false ? "iam:*" : "*"'),
        rule="wildcard-admin",
    ),
    Twin(
        "a number is converted to a string in a data source, not in JSON",
        harmless=document('sid = 0\n    actions = ["sqs:ListQueues"]\n    resources = ["*"]'),
        faulty={
            "main.tf": POLICY.replace("ACTION", '"sqs:ListQueues"').replace(
                "{ Effect", "{ Sid = 0, Effect"
            )
        },
        rule="wrong-type",
    ),
    Twin(
        "a null for an attribute is not given",
        harmless=document(
            'actions = ["sqs:ListQueues"]\n    not_actions = null\n    resources = ["*"]'
        ),
        faulty=document(
            'actions = ["sqs:ListQueues"]\n    not_actions = ["a:B"]\n    resources = ["*"]'
        ),
        rule="conflicting-elements",
    ),
    Twin(
        "a template of a file is filled in",
        harmless=template(FILE, "sqs:ListQueues"),
        faulty=template(FILE, "*"),
        rule="wildcard-admin",
    ),
    Twin(
        "a template in the module is filled in",
        harmless=template(HEREDOC, "sqs:ListQueues"),
        faulty=template(HEREDOC, "*"),
        rule="wildcard-admin",
    ),
    Twin(
        "principals that a variable gives are not missing",
        harmless={"main.tf": TRUST.replace("EACH", "var.names")},
        faulty={"main.tf": TRUST.replace("EACH", "[]")},
        rule="missing-principal",
    ),
    Twin(
        "a condition that a variable gives may save a Deny",
        harmless={"main.tf": BUCKET.replace("EACH", "var.names")},
        faulty={"main.tf": BUCKET.replace("EACH", "[]")},
        rule="cancelled-allow",
    ),
    Twin(
        "a condition in a loop over an unknown list may not be there",
        harmless={"main.tf": BUCKET.replace("EACH", '[for n in var.names : "x"]')},
        faulty={"main.tf": BUCKET.replace("EACH", '[for n in [] : "x"]')},
        rule="cancelled-allow",
    ),
    Twin(
        "a condition that one branch makes may not be there",
        harmless={"main.tf": BUCKET.replace("EACH", "length(var.names) > 0 ? [1] : []")},
        faulty={"main.tf": BUCKET.replace("EACH", "length([]) > 0 ? [1] : []")},
        rule="cancelled-allow",
    ),
    Twin(
        "a policy with a count of zero is not there",
        harmless={"main.tf": COUNTED.replace("COUNT", "false ? 1 : 0")},
        faulty={"main.tf": COUNTED.replace("COUNT", "true ? 1 : 0")},
        rule="wildcard-admin",
    ),
    Twin(
        "statements of a module of the registry are read",
        harmless={"main.tf": LAMBDA.replace("ACTION", "sqs:ListQueues")},
        faulty={"main.tf": LAMBDA.replace("ACTION", "*")},
        rule="wildcard-admin",
    ),
    Twin(
        "each item of a set is its own key",
        harmless=policy('[for k, v in toset(["sqs:ListQueues"]) : k]'),
        faulty=policy('[for k, v in toset(["*"]) : k]'),
        rule="wildcard-admin",
    ),
]


test_only_the_faulty_twin_is_reported = as_test(TWINS)
