"""Write the generated schema of the configuration: `docs/schemas/config.schema.json`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from iamlint.config.schema import schema  # noqa: E402 - the path comes first
from iamlint.rules import BUILTIN  # noqa: E402

if __name__ == "__main__":
    text = json.dumps(schema(BUILTIN), indent=1) + "\n"
    (ROOT / "docs" / "schemas" / "config.schema.json").write_text(text, encoding="utf-8")
