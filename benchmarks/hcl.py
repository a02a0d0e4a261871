"""Measures the reading of Terraform: megabytes a second, and a repository of many files.

    python -m benchmarks.hcl [--files 500] [--folder FOLDER]

Writes modules of five files each into FOLDER (a temporary one by default) and loads them. Figures
are CPU seconds of one process that looks for garbage as seldom as the command does.
"""

from __future__ import annotations

import argparse
import gc
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.load import LoadOptions, load
from iamlint.text.hcl.parse import read_hcl

if TYPE_CHECKING:
    from collections.abc import Callable

SERVICES = ("s3", "sqs", "sns", "dynamodb", "kms", "lambda", "logs", "ecr")
OTHER = """
resource "aws_instance" "host_{n}" {{
  ami                    = data.aws_ami.linux.id
  instance_type          = var.types["{n}"]
  subnet_id              = module.network.private_subnets[{n}]
  vpc_security_group_ids = [aws_security_group.host.id, local.shared]
  tags                   = merge(local.tags, {{ Name = "${{var.name}}-{n}" }})

  root_block_device {{
    volume_size = 40
    encrypted   = true
  }}
}}
"""
POLICIES = """
data "aws_iam_policy_document" "service_{n}" {{
  statement {{
    sid       = "Use"
    actions   = ["{service}:Get*", "{service}:List*"]
    resources = ["arn:${{local.partition}}:{service}:::${{var.name}}-{n}", local.arns["{n}"]]

    condition {{
      test     = "StringEquals"
      variable = "aws:PrincipalTag/team"
      values   = ["red", "&{{aws:PrincipalTag/stage}}"]
    }}
  }}
}}

resource "aws_iam_role_policy" "service_{n}" {{
  role   = "role-{n}"
  policy = data.aws_iam_policy_document.service_{n}.json
}}

resource "aws_iam_policy" "encoded_{n}" {{
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = ["{service}:Get*"], Resource = local.arns["{n}"] }}]
  }})
}}

resource "aws_s3_bucket_policy" "bucket_{n}" {{
  bucket = "${{var.name}}-{n}"
  policy = <<-EOT
    {{
      "Version": "2012-10-17",
      "Statement": [{{
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "arn:aws:s3:::${{var.name}}-{n}/*",
        "Condition": {{"Bool": {{"aws:SecureTransport": "false"}}}}
      }}]
    }}
  EOT
}}
"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    gc.set_threshold(100_000)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        write(folder, options.files)
        texts = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.tf"))]
        size = sum(map(len, texts)) / 1e6
        parsed = _measure(lambda: [read_hcl(text) for text in texts])
        loaded = _measure(lambda: load([str(folder)], LoadOptions()))
        found = len(load([str(folder)], LoadOptions()).documents)
    print(f"{len(texts)} files, {size:.1f} MB, {found} policies")
    print(f"parsed in {parsed:6.2f} s, {size / parsed:5.1f} MB/s")
    print(f"loaded in {loaded:6.2f} s, {size / loaded:5.1f} MB/s")


def write(folder: Path, count: int) -> None:
    """Write so many files: of five, two hold policies and one the values that these use."""
    for number in range(count):
        module = folder / f"module_{number // 5}"
        module.mkdir(parents=True, exist_ok=True)
        part = number % 5
        if part == 0:
            arns = "\n".join(f'    "{n}" = "arn:aws:s3:::fixed-{n}"' for n in range(40))
            text = f'locals {{\n  partition = "aws"\n  arns = {{\n{arns}\n  }}\n}}\n'
        elif part in (1, 2):
            numbers = range(part * 8, part * 8 + 8)
            text = "".join(POLICIES.format(n=n, service=SERVICES[n % 8]) for n in numbers)
        else:
            text = "".join(OTHER.format(n=n) for n in range(30))
        (module / f"part_{part}.tf").write_text(text, encoding="utf-8")


def _measure(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
