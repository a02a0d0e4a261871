"""Templating that is in for values: `${…}`, `{{…}}`, `<%…%>`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.late_pattern import late_pattern
from iamlint.text.source import Partial, Unknown

if TYPE_CHECKING:
    from iamlint.text.source import Value

_CLOSERS = {"{{": "}}", "<%": "%>"}
_OPENER = late_pattern(r"\$?\{\{|<%")
_BRACE = late_pattern(r"[{}]")


def placeholder_end(text: str, start: int) -> int | None:
    """Return the end of the placeholder that starts at `start`, or None if none does."""
    opener = text[start : start + 2]
    if opener == "${":
        return _brace_end(text, start)
    if opener not in _CLOSERS:
        return None
    end = text.find(_CLOSERS[opener], start + 2)
    # `{{` over several lines is rather a misplaced brace of JSON.
    if end < 0 or (opener == "{{" and "\n" in text[start:end]):
        return None
    end += 2
    while opener == "{{" and text.startswith("{", start + 2) and text.startswith("}", end):
        start, end = start + 1, end + 1
    return end


def _brace_end(text: str, start: int) -> int | None:
    depth = 0
    for brace in _BRACE.finditer(text, start):
        depth += 1 if brace[0] == "{" else -1
        if not depth:
            return brace.end()
    return None


def may_be_partial(text: str) -> bool:
    return "{{" in text or "<%" in text


def partial(text: str) -> str | Partial:
    """Return `text` split at its `{{…}}` and `<%…%>`.

    `${…}` stays text: an IAM policy variable looks the same.
    """
    parts: list[str | Unknown] = []
    done = 0
    while opener := _OPENER.search(text, done):
        end = placeholder_end(text, opener.start())
        if end is None:
            break
        if opener.start() > done:
            parts.append(text[done : opener.start()])
        written = text[opener.start() : end]
        parts.append(Unknown(written, written=written))
        done = end
    if not parts:
        return text
    if done < len(text):
        parts.append(text[done:])
    return Partial(tuple(parts))


def with_partials(value: Value) -> Value:
    """Return `value` with every string inside it split, in place."""
    root: list[Value] = [value]
    todo: list[list[Value] | dict[str, Value]] = [root]
    while todo:
        node = todo.pop()
        items = list(node.items()) if isinstance(node, dict) else list(enumerate(node))
        for step, item in items:
            if isinstance(item, str) and may_be_partial(item):
                node[step] = partial(item)  # type: ignore[index]  # step is the node's own
            elif isinstance(item, dict | list):
                todo.append(item)
    return root[0]
