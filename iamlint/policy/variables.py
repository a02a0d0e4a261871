"""Policy variables: `${key}`, `${key, 'default'}` and the escapes `${*}`, `${?}`, `${$}`.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

from enum import StrEnum

from iamlint.fast_dataclass import dataclass

_ESCAPES = ("*", "?", "$")


class VariableFault(StrEnum):
    UNCLOSED = "unclosed"
    EMPTY = "empty"
    SPACE = "space"
    UNQUOTED_DEFAULT = "unquoted default"


@dataclass(frozen=True, slots=True)
class Variable:
    """A reference to a key of the request; `text` is how the policy writes it."""

    key: str
    default: str | None
    text: str
    fault: VariableFault | None = None

    @property
    def name(self) -> str:
        """The key in lower case: AWS compares keys without regard to case."""
        return self.key.strip().lower()


@dataclass(frozen=True, slots=True)
class Escape:
    """A character that means itself: `${*}` is a plain `*`."""

    char: str


Part = str | Variable | Escape


def split_variables(text: str) -> tuple[Part, ...]:
    """Return the plain text, variables and escapes of a value, in order."""
    parts: list[Part] = []
    at = 0
    while (start := text.find("${", at)) >= 0:
        if start > at:
            parts.append(text[at:start])
        end = text.find("}", start)
        if end < 0:
            parts.append(Variable(text[start + 2 :], None, text[start:], VariableFault.UNCLOSED))
            return tuple(parts)
        inner = text[start + 2 : end]
        parts.append(Escape(inner) if inner in _ESCAPES else _variable(inner))
        at = end + 1
    if at < len(text):
        parts.append(text[at:])
    return tuple(parts)


def variables(text: str) -> tuple[Variable, ...]:
    """Return the variables of a value, without escapes."""
    if "${" not in text:
        return ()
    return tuple(part for part in split_variables(text) if isinstance(part, Variable))


def _variable(inner: str) -> Variable:
    text = f"${{{inner}}}"
    key, comma, rest = inner.partition(",")
    default = rest.strip()
    if not key.strip():
        return Variable("", None, text, VariableFault.EMPTY)
    if key != key.strip() or " " in key.partition("/")[0]:
        return Variable(key.strip(), None, text, VariableFault.SPACE)
    if not comma:
        return Variable(key, None, text)
    if len(default) < len("''") or default[0] != "'" or default[-1] != "'":
        return Variable(key, None, text, VariableFault.UNQUOTED_DEFAULT)
    return Variable(key, default[1:-1], text)
