"""Write a new rule: its module, and its line in the list of its family.

python scripts/new_rule.py FAMILY NAME
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

RULES = Path(__file__).parent.parent / "iamlint" / "rules"

TEMPLATE = '''\
"""Flags …: what an attacker gains or what does not work, in a sentence or two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.rule import Ask, Confidence, Family, Hit, Rule, Severity, bad, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.policy.model import Statement


def check(statement: Statement, ask: Ask) -> Iterator[Hit]:
    if not statement.allows:
        return
    yield Hit(statement.at, "what can happen")


RULE = Rule(
    name="{name}",
    family=Family.{family},
    module=__name__,
    summary="what is wrong, in one line",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    advice="what to do",
    sources=("https://docs.aws.amazon.com/IAM/latest/UserGuide/",),
    check=check,
    bad=(),
    good=(),
)
'''


def main(family: str, name: str) -> None:
    """Write both files, or say why not."""
    if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
        sys.exit(f"`{name}` is no rule name: small letters, digits and hyphens")
    folder = RULES / family
    if not folder.is_dir():
        families = sorted(path.name for path in RULES.iterdir() if (path / "__init__.py").exists())
        sys.exit(f"there is no family `{family}`: {', '.join(families)}")
    module = name.replace("-", "_")
    path = folder / f"{module}.py"
    if path.exists():
        sys.exit(f"there is a rule `{name}` already")
    path.write_text(TEMPLATE.format(name=name, family=family.upper()), encoding="utf-8")
    listing = folder / "__init__.py"
    text = listing.read_text(encoding="utf-8")
    text = text.replace(
        "\nif TYPE_CHECKING:",
        f"\nfrom iamlint.rules.{family} import {module}\n\nif TYPE_CHECKING:",
        1,
    )
    text = re.sub(r"\)\s*$", f"    {module}.RULE,\n)\n", text)
    listing.write_text(text, encoding="utf-8")
    print(f"wrote {path.relative_to(RULES.parent.parent)}; now its check and its examples")


if __name__ == "__main__":
    if len(sys.argv) != len(("program", "family", "name")):
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
