"""Signs of a policy in texts and values that no loader reads: they are listed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iamlint.policy.grammar import Kind
from iamlint.policy.spelling import closest
from iamlint.text.source import Partial, without_tag

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iamlint.text.source import Value

TEXT: Final = "string that looks like a policy, but is not JSON"
STATEMENT: Final = "statement outside a policy, or with keys in a spelling that IAM does not use"

_EFFECTS: Final = frozenset({"allow", "deny"})
_LONGEST_EFFECT: Final = 8
"""Characters of an effect with blanks around it."""

_ACTIONS: Final = ("action", "actions", "notaction", "notactions")
_STATEMENTS: Final = frozenset({"statement", "statements"})
_SHORTEST: Final = len("effect:deny,action")
"""Characters of the shortest text of a statement."""

# Compiled on demand: few files need them.
_ACTION: Final = r"\*|[\w-]++:[\w*?]++"
_BEGINNING: Final = r"""\s*+\{?+\s*+["']?(?:Version|Statement|Id)["']?\s*+:"""
_ESCAPE: Final = r"(?<!\\)\\++(?:[uU](?:0000)?00([0-9A-Fa-f]{2})|x([0-9A-Fa-f]{2})|\r?\n[ \t]*+)"
_IS: Final = r"""[\\"'\s]*+[:=]>?[\\"'\s]*+"""
_EFFECT: Final = rf"(?i)\b(\w{{4,8}}+){_IS}(?:allow|deny)\b"
_ABOUT: Final = r"action|acton|resource|principal"
_LIST: Final = rf"(?i)\bstatements?{_IS}[\[{{-]"
_ACTS: Final = rf"(?i)\b(?:not_?)?actions?{_IS}[\[\w*-]"
_EXACT: Final = rf"\bEffect{_IS}(?:Allow\b|Deny\b|[$%{{<])|\bStatement{_IS}[$%<\[{{-]"
_PLACE: Final = r"PolicyDocument\b|\bAWS::IAM::"


def are_in_text(value: Value) -> bool:
    """Return whether a string contains a statement, in any syntax and with slips."""
    if not isinstance(value, str | Partial):
        return False
    text = str(value)
    if len(text) < _SHORTEST:
        return False
    if "%3A" in text or "%3a" in text:
        text = _unquoted(text)
    low = text.lower()
    if "allow" not in low and "deny" not in low:
        return False
    return _has_effect(spelt_out(text)) and re.search(_ABOUT, low) is not None


def are_in_broken(text: str) -> bool:
    """Return whether a text that cannot be read was a policy: one mark alone may be chance."""
    has_date = "2012-10-17" in text or "2008-10-17" in text
    return has_date + ("Statement" in text) + ("Effect" in text) > 1


def may_be_in_broken(text: str) -> bool:
    """Return whether a text that cannot be read may have been a policy with odd names."""
    text = spelt_out(text)
    if are_in_broken(text) or re.search(_EXACT, text) or are_in_text(text):
        return True
    return re.search(_LIST, text) is not None and re.search(_ACTS, text) is not None


def name_a_place(text: str) -> bool:
    """Return whether a text names a block or a property for policies."""
    return re.search(_PLACE, text) is not None


def are_at_start(text: str) -> bool:
    """Return whether a text that cannot be read begins like one policy."""
    return re.match(_BEGINNING, text) is not None


def kind_in(text: str) -> Kind:
    """Return the kind of the policy in a text that cannot be read."""
    return Kind.RESOURCE if '"Principal"' in text else Kind.IDENTITY


def spelt_out(text: str) -> str:
    """Return a text with its ASCII escapes decoded."""
    return re.sub(_ESCAPE, _character, text) if "\\" in text else text


def _character(escape: re.Match[str]) -> str:
    digits = escape[1] or escape[2]
    return chr(int(digits, 16)) if digits else ""


def _has_effect(text: str) -> bool:
    return any(_is_near(found[1], ("effect",)) for found in re.finditer(_EFFECT, text))


def _unquoted(text: str) -> str:
    from urllib.parse import unquote  # noqa: PLC0415 - slow to import and seldom needed

    return unquote(text)


def are_in_object(value: dict[str, Value]) -> bool:
    """Return whether an object is a statement, or has statements, by its names, with slips."""
    if len(value) > 1 and _says_effect(value) and _says_actions(value):
        return True
    return any(
        name.lower() in _STATEMENTS and any(map(_is_of_statements, _items(value[name])))
        for name in value
        if len(name) < len("statements") + 1
    )


def _is_of_statements(value: Value) -> bool:
    value = without_tag(value)
    return isinstance(value, dict) and (_says_effect(value) or _says_actions(value))


def _says_effect(value: dict[str, Value]) -> bool:
    return any(_is_effect(item) and _is_near(name, ("effect",)) for name, item in value.items())


def _says_actions(value: dict[str, Value]) -> bool:
    return any(
        any(map(_is_action, _items(item))) and _is_near(name, _ACTIONS)
        for name, item in value.items()
    )


def _is_near(name: str, names: Iterable[str]) -> bool:
    """Return whether a name is a misspelling of one of these; only letters count."""
    return closest("".join(filter(str.isalpha, name)), names) is not None


def _is_effect(value: Value) -> bool:
    value = without_tag(value)
    if not isinstance(value, str) or len(value) > _LONGEST_EFFECT:
        return False
    return value.strip().lower() in _EFFECTS


def _is_action(value: Value) -> bool:
    value = without_tag(value)
    return isinstance(value, str) and re.fullmatch(_ACTION, value) is not None


def _items(value: Value) -> list[Value]:
    value = without_tag(value)
    return value if isinstance(value, list) else [value]
