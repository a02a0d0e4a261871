"""What peers need beside the files that iamlint reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.compare.workloads.policies import Json

CATALOG = Path(__file__).parents[3] / "iamlint" / "catalog" / "data"
INVARIANTS = """\
invariants:
  - id: lake
    description: Nobody may read the lake
    forbid:
      action: "s3:GetObject"
      resource: "arn:aws:s3:::data-lake/reports/2026.csv"
"""


def invariants(folder: Path) -> None:
    (folder / "invariants.yaml").write_text(INVARIANTS, encoding="utf-8")


def service_reference(folder: Path) -> None:
    """Write the actions of all services in the form of AWS's service reference."""
    listed = []
    for path in sorted(CATALOG.glob("*.json")):
        if path.name == "index.json":
            continue
        service = json.loads(path.read_text(encoding="utf-8"))
        content = json.dumps(_service(path.stem, service))
        (folder / path.name).write_text(content, encoding="utf-8")
        listed.append({"service": path.stem, "url": path.name})
    (folder / "_services.json").write_text(json.dumps(listed), encoding="utf-8")


def _service(prefix: str, service: Json) -> Json:
    keys, types = list(service["k"]), list(service["r"])

    def named(numbers: list[int]) -> list[str]:
        return [keys[number] for number in numbers]

    return {
        "Name": prefix,
        "Version": "v1.4",
        "Actions": [
            {
                "Name": name,
                "ActionConditionKeys": named(entry.get("k", [])),
                "Resources": [
                    {"Name": types[use]} for use in (*entry.get("q", []), *entry.get("o", []))
                ],
            }
            for name, entry in service["a"].items()
        ],
        "ConditionKeys": [{"Name": key, "Types": ["String"]} for key in keys],
        "Resources": [
            {
                "Name": name,
                "ARNFormats": entry.get("a", []),
                "ConditionKeys": named(entry.get("k", [])),
            }
            for name, entry in service["r"].items()
        ],
    }
