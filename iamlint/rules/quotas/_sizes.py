"""Counts the characters of a policy, with and without white space."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from iamlint.errors import UsageError
from iamlint.fast_dataclass import dataclass
from iamlint.policy.at import At
from iamlint.rule import Hit
from iamlint.text.source import Partial

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.rule import RuleContext
    from iamlint.text.source import Value


@dataclass(frozen=True, slots=True)
class Maximum:
    """The rule's option `maximum`: the number of characters allowed, if it differs from AWS's."""

    maximum: int | None = None

    def __post_init__(self) -> None:
        given: object = self.maximum  # a configuration may hold anything
        if given is not None and (not isinstance(given, int) or given < 1):
            raise UsageError(f"`maximum` must be a number of characters, not `{self.maximum}`")


def maximum(context: RuleContext, default: int) -> int:
    """Return what the user allows, or else what AWS does."""
    given = context.options.maximum if isinstance(context.options, Maximum) else None
    return default if given is None else given


def too_long(size: int, limit: int, *, blanks: bool) -> Iterator[Hit]:
    """Yield a hit for the whole document when `size` is over the limit."""
    if size > limit:
        how = "characters, including white space" if blanks else "characters without white space"
        over = f"{size - limit:,} more than the limit of {limit:,}"
        yield Hit(At(()), f"the policy has {size:,} {how}, {over}", properties={"size": size})


def dense_size(context: RuleContext) -> int:
    """Return the number of characters but white space, without statements that may be absent."""
    return len("".join(_compact(_sure(context)).split()))


def sent_size(context: RuleContext) -> int:
    """Return the number of all characters that are sent to AWS.

    That is the file itself when it is JSON and nothing but the policy; elsewhere a tool will write
    the JSON, and is taken to waste nothing.
    """
    text = context.written()
    if _is_json(text) and not text.rpartition("\n")[2][:1].isspace():
        return len(text)
    return len(_compact(_sure(context)))


def _is_json(text: str) -> bool:
    try:
        value: object = json.loads(text)
    except ValueError:
        return False
    return isinstance(value, dict)  # JSON inside a string is written with escapes


def _sure(context: RuleContext) -> Value:
    """Return a policy without the statements that may not be there."""
    is_open = {statement.index for statement in context.policy.statements if statement.is_open}
    if not is_open or not isinstance(context.value, dict):
        return context.value
    several = context.value["Statement"]
    items = several if isinstance(several, list) else [several]
    sure = [item for index, item in enumerate(items) if index not in is_open]
    return {**context.value, "Statement": sure}


def _compact(value: Value) -> str:
    """Return JSON without blanks between its parts; unknown parts count as nothing."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=_known_part)


def _known_part(value: object) -> str:
    parts = value.parts if isinstance(value, Partial) else ()
    return "".join(part for part in parts if isinstance(part, str))
