"""Terraform: modules of four files, and the plan of a root module as JSON."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

from benchmarks.compare.workloads.policies import Json, listed, policy, trust

if TYPE_CHECKING:
    from pathlib import Path

VARIABLES = """\
variable "name" {{
  type        = string
  description = "prefix of all names"
  default     = "{team}"
}}

variable "tags" {{
  type    = map(string)
  default = {{ team = "{team}" }}
}}

locals {{
  partition = "aws"
  prefix    = "${{var.name}}-{number}"
  arns = {{
    bucket = "arn:aws:s3:::${{local.prefix}}"
    table  = aws_dynamodb_table.main.arn
  }}
}}
"""
MAIN = """\
resource "aws_s3_bucket" "main" {
  bucket = local.prefix
  tags   = var.tags
}

resource "aws_dynamodb_table" "main" {
  name         = local.prefix
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  tags         = merge(var.tags, { kind = "table" })

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_instance" "host" {
  count                  = 2
  ami                    = data.aws_ami.linux.id
  instance_type          = lookup(var.tags, "size", "t3.small")
  subnet_id              = module.network.private_subnets[count.index]
  vpc_security_group_ids = [aws_security_group.host.id]
  tags                   = merge(var.tags, { Name = "${local.prefix}-${count.index}" })

  root_block_device {
    volume_size = 40
    encrypted   = true
  }
}

resource "aws_security_group" "host" {
  name = local.prefix

  dynamic "ingress" {
    for_each = toset([443, 8443])
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["10.0.0.0/8"]
    }
  }
}
"""
IAM = """\
data "aws_iam_policy_document" "work_{n}" {{
{statements}
  statement {{
    sid       = "Own"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = [local.arns["bucket"], "${{local.arns["bucket"]}}/*"]

    condition {{
      test     = "StringEquals"
      variable = "aws:PrincipalTag/team"
      values   = ["&{{aws:ResourceTag/team}}"]
    }}
  }}
}}

resource "aws_iam_role" "work_{n}" {{
  name               = "${{local.prefix}}-{n}"
  assume_role_policy = jsonencode({trust})
  tags               = var.tags
}}

resource "aws_iam_role_policy" "work_{n}" {{
  name   = "work"
  role   = aws_iam_role.work_{n}.id
  policy = data.aws_iam_policy_document.work_{n}.json
}}

resource "aws_iam_policy" "more_{n}" {{
  name   = "${{local.prefix}}-more-{n}"
  policy = jsonencode({policy})
}}

resource "aws_iam_role_policy_attachment" "more_{n}" {{
  role       = aws_iam_role.work_{n}.name
  policy_arn = aws_iam_policy.more_{n}.arn
}}
"""
BUCKET = """\
resource "aws_s3_bucket_policy" "main" {
  bucket = aws_s3_bucket.main.id
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [{
        "Sid": "OnlyEncrypted",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["${aws_s3_bucket.main.arn}", "${aws_s3_bucket.main.arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}}
      }]
    }
  EOT
}

output "roles" {
  value = [aws_iam_role.work_0.arn]
}
"""


def terraform(folder: Path, count: int) -> None:
    """Write so many files: modules of four."""
    for number in range(count):
        module = folder / f"module-{number // 4}"
        module.mkdir(parents=True, exist_ok=True)
        name, text = _file(number)
        (module / name).write_text(text, encoding="utf-8")


def _file(number: int) -> tuple[str, str]:
    chance = Random(number)
    match number % 4:
        case 0:
            team = chance.choice(("shop", "search", "billing", "data"))
            return "variables.tf", VARIABLES.format(team=team, number=number)
        case 1:
            return "main.tf", MAIN
        case 2:
            return "iam.tf", roles(chance)
        case _:
            return "bucket.tf", BUCKET


def roles(chance: Random) -> str:
    """Return roles with their policies, in each of the ways in which Terraform writes them."""
    return "\n".join(
        IAM.format(
            n=n,
            statements="\n".join(map(_block, policy(chance)["Statement"])),
            trust=_hcl(trust(chance)),
            policy=_hcl(policy(chance)),
        )
        for n in range(chance.choice((1, 1, 2, 3)))
    )


def _block(statement: Json) -> str:
    """Return a statement as a block of `aws_iam_policy_document`."""
    lines = [f'effect = "{statement["Effect"]}"']
    for element, attribute in (
        ("Action", "actions"),
        ("NotAction", "not_actions"),
        ("Resource", "resources"),
        ("NotResource", "not_resources"),
    ):
        if element in statement:
            lines.append(f"{attribute} = {_hcl(listed(statement[element]), variables='&')}")
    for operator, tests in statement.get("Condition", {}).items():
        for key, values in tests.items():
            wanted = _hcl([str(value) for value in listed(values)], variables="&")
            lines += ["condition {", f'  test     = "{operator}"', f'  variable = "{key}"']
            lines += [f"  values   = {wanted}", "}"]
    return "  statement {\n" + "".join(f"    {line}\n" for line in lines) + "  }\n"


def _hcl(value: Any, *, variables: str = "$$") -> str:
    """Return a value as an expression; policy variables are written so that they stay."""
    if isinstance(value, dict):
        members = (f"{json.dumps(key)} = {_hcl(one)}" for key, one in value.items())
        return "{ " + ", ".join(members) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_hcl(one, variables=variables) for one in value) + "]"
    return json.dumps(value).replace("${", variables + "{")


def plan(folder: Path, resources: int) -> None:
    """Write a plan of so many resources: a third are roles, policies and what joins them."""
    chance = Random(resources)
    planned: list[Json] = []
    configured: list[Json] = []
    for number in range(resources):
        kind, values, expressions = _planned(number, chance)
        named = {"mode": "managed", "type": kind, "name": f"r{number}"}
        own = {**named, "address": f"{kind}.r{number}"}
        planned.append({**own, "schema_version": 0, "values": values})
        configured.append({**own, "provider_config_key": "aws", "expressions": expressions})
    content = {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "planned_values": {"root_module": {"resources": planned}},
        "resource_changes": [_change(one) for one in planned],
        "configuration": {"root_module": {"resources": configured}},
    }
    (folder / "plan.json").write_text(json.dumps(content), encoding="utf-8")


def _planned(number: int, chance: Random) -> tuple[str, Json, Json]:
    """Return the type of a resource, its values and the expressions that they come from."""
    named: Json = {"name": f"thing-{number}"}
    match number % 9:
        case 0:
            return "aws_iam_role", named | {"assume_role_policy": json.dumps(trust(chance))}, {}
        case 1:
            role = {"references": [f"aws_iam_role.r{number - 1}.name"]}
            values = named | {"role": f"thing-{number - 1}", "policy": json.dumps(policy(chance))}
            return "aws_iam_role_policy", values, {"role": role}
        case 2:
            return "aws_iam_policy", named | {"policy": json.dumps(policy(chance))}, {}
        case 3:
            return "aws_s3_bucket", {"bucket": f"bucket-{number}", "tags": {}}, {}
        case _:
            return "aws_cloudwatch_log_group", named | {"retention_in_days": 30, "tags": {}}, {}


def _change(planned: Json) -> Json:
    change = {"actions": ["create"], "before": None, "after": planned["values"]}
    return {key: planned[key] for key in ("address", "mode", "type", "name")} | {"change": change}
