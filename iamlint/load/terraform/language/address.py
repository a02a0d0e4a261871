"""The keys of instances, as Terraform writes them in addresses: `aws_iam_role.r["x"]`.

https://developer.hashicorp.com/terraform/cli/state/resource-addressing
https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
"""

from __future__ import annotations

import json
from typing import Final

from iamlint.late_pattern import late_pattern

_OPENER: Final = late_pattern(r"([$%])(?=\{)")
_ESCAPED: Final = late_pattern(r"([$%])\1(?=\{)")


def step_of(key: str | int) -> str:
    """Return the key of an instance with its brackets."""
    if isinstance(key, int):
        return f"[{key}]"
    return "[" + _OPENER.sub(r"\1\1", json.dumps(key, ensure_ascii=False)) + "]"


def unquoted(text: str) -> str:
    """Return the key that the text between the quotes of an address means."""
    try:
        found = str(json.loads(f'"{text}"')) if "\\" in text else text
    except ValueError:
        return text
    return _ESCAPED.sub(r"\1", found)
