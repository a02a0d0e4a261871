"""Reads one policy for a script."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from iamlint.api.choice import chosen
from iamlint.errors import UsageError
from iamlint.load.document import Document
from iamlint.policy.grammar import Kind
from iamlint.text.read import read_text
from iamlint.text.source import Dialect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.policy.model import Policy


def parse_policy(policy: str | Mapping[str, object], kind: str) -> Policy:
    """Return a policy; its `problems` are all the ways in which it is not valid.

    The policy is JSON text, or the same as plain data; the kind is a `Kind` or its value.
    """
    text = policy if isinstance(policy, str) else _written(policy)
    source = read_text(text, Dialect.JSON)
    return Document("<policy>", source, (), (), chosen("kind", kind, Kind)).policy


def _written(policy: Mapping[str, object]) -> str:
    try:
        return json.dumps(dict(policy))
    except (TypeError, ValueError, RecursionError) as error:
        raise UsageError(f"the policy is not plain JSON data: {error}") from error
