"""Measures Terraform whose policies depend on conditions that nobody knows, at three sizes.

    python -m benchmarks.conditions [--sizes 100 400 1600]

Each series writes a module of so many conditions, or of so many blocks, into a temporary folder and
loads it. Figures are CPU seconds of one process, and the exponent between the last two sizes.
"""

from __future__ import annotations

import argparse
import gc
import math
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.load import LoadOptions, load

if TYPE_CHECKING:
    from collections.abc import Callable

POLICY = (
    'jsonencode({Statement = [{Effect = "Allow", Action = "s3:GetObject", '
    'Resource = "arn:aws:s3:::b/*"}]})'
)


def variables(size: int) -> str:
    return "".join(f'variable "v{n}" {{}}\n' for n in range(size))


def policies(size: int, *arguments: str) -> str:
    """Return so many policies of one role; `%` in their arguments stands for their number."""
    return "".join(
        f'resource "aws_iam_role_policy" "p{n}" {{\n'
        + "".join(f"  {argument.replace('%', str(n))}\n" for argument in arguments)
        + f"  policy = {POLICY}\n}}\n"
        for n in range(size)
    )


def counts(size: int) -> str:
    """Each policy is made on a condition of its own, and its role has one of two names."""
    role = 'resource "aws_iam_role" "r" {\n  name = var.v0 ? "a" : "b"\n}\n'
    made = policies(size, "count = var.v% ? 1 : 0", "role  = aws_iam_role.r.name")
    return variables(size) + role + made


def members(size: int) -> str:
    """Each policy uses one member of an object, and each member depends on a condition."""
    inside = "".join(f'    k{n} = var.v{n} ? "a" : "b"\n' for n in range(size))
    return f"{variables(size)}locals {{\n  c = {{\n{inside}  }}\n}}\n" + policies(
        size, "role = local.c.k%"
    )


def statements(size: int) -> str:
    """One policy, of which each statement is there on a condition of its own."""
    inside = "".join(
        f'  dynamic "statement" {{\n    for_each = var.v{n} ? [1] : []\n    content {{\n'
        f'      actions   = ["s3:GetObject"]\n      resources = ["arn:aws:s3:::n{n}/*"]\n'
        "    }\n  }\n"
        for n in range(size)
    )
    return f'{variables(size)}data "aws_iam_policy_document" "d" {{\n{inside}}}\n'


def instances(size: int) -> str:
    """One policy with an instance for each of a list."""
    names = ", ".join(f'"n{n}"' for n in range(size))
    role = 'resource "aws_iam_role_policy" "p" {\n'
    return f"{role}  for_each = toset([{names}])\n  role = each.key\n  policy = {POLICY}\n}}\n"


SERIES = (counts, members, statements, instances)


def seconds(make: Callable[[int], str], size: int) -> float:
    """Return how long a module takes to load."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "main.tf").write_text(make(size))
        start = time.process_time()
        load([folder], LoadOptions())
        return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 400, 1600])
    sizes = parser.parse_args().sizes
    gc.disable()
    seconds(counts, 1)  # imports
    for make in SERIES:
        took = [seconds(make, size) for size in sizes]
        exponent = math.log(took[-1] / took[-2]) / math.log(sizes[-1] / sizes[-2])
        figures = ", ".join(f"{size}: {s:.2f} s" for size, s in zip(sizes, took, strict=True))
        print(f"{make.__name__:<12} {figures}, exponent {exponent:.2f}")


if __name__ == "__main__":
    main()
