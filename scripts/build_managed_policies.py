"""Rebuild the documents of AWS's managed policies from the Python package `moto`.

pip download --no-deps moto && unzip moto-*.whl
python -m scripts.build_managed_policies moto/iam/aws_managed_policies.py --source moto-VERSION
"""

from __future__ import annotations

import argparse
import ast
import json
from pathlib import Path
from typing import Any

from iamlint.catalog.managed_policies import FILE

# Only roles that AWS itself links to a service hold them, and nobody else can:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
LINKED = "/aws-service-role/"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("module", type=Path, help="`aws_managed_policies.py` of the package")
    parser.add_argument("--source", required=True, help="package and version")
    parser.add_argument("--into", type=Path, default=FILE, help="the file to write")
    options = parser.parse_args()

    policies = published(options.module.read_text(encoding="utf-8"))
    changed = max(facts["UpdateDate"] for facts in policies.values())[:10]
    head = {"date": changed, "source": options.source, "policies": len(policies)}
    lines = [head, *(entry(name, facts) for name, facts in sorted(policies.items()))]
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    options.into.write_text(text, encoding="utf-8", newline="\n")
    print(f"{len(policies)} policies, {len(text):,} bytes, from {options.source}, {changed}")


def published(module: str) -> dict[str, dict[str, Any]]:
    """Return the policies that can be attached, by path and name; executes nothing."""
    text = next(
        node.value.value
        for node in ast.parse(module).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    )
    return {
        f"{facts['Path'][1:]}{name}": facts
        for name, facts in json.loads(str(text)).items()
        if facts["Path"] != LINKED
    }


def entry(name: str, facts: dict[str, Any]) -> dict[str, object]:
    return {
        "policy": name,
        "version": facts["DefaultVersionId"],
        "date": facts["UpdateDate"][:10],
        "document": facts["Document"],
    }


if __name__ == "__main__":
    main()
