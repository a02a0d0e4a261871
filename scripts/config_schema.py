"""Write the generated schema of the configuration: `docs/schemas/config.schema.json`."""

from __future__ import annotations

import json
from pathlib import Path

from iamlint.config.schema import schema
from iamlint.rules import BUILTIN

ROOT = Path(__file__).parent.parent

if __name__ == "__main__":
    text = json.dumps(schema(BUILTIN), indent=1) + "\n"
    (ROOT / "docs" / "schemas" / "config.schema.json").write_text(text, encoding="utf-8")
