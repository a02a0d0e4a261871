"""A request that shows access, in words and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iamlint.reason.answer import Difference, Witness


def plain_witness(witness: Witness) -> dict[str, object]:
    """Return a request as properties of a finding have it."""
    return {
        "principal": witness.principal,
        "action": witness.action,
        "resource": witness.resource,
        "context": {
            key: value if isinstance(value, str) else list(value)
            for key, value in witness.context.items()
        },
    }


def carried_by(found: Difference) -> str:
    """Return what the request that is shown carries, in words."""
    given = [
        f"`{key}` {value if isinstance(value, str) else ', '.join(value)}"
        for key, value in found.witness.context.items()
    ]
    given += [f"no `{key}`" for key in found.absent]
    return f" with {' and '.join(given)}" if given else ""
