"""Signs of a policy in what no reader can read: it is listed, not passed over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iamlint.load.detect import untagged
from iamlint.policy.grammar import Kind
from iamlint.text.source import Partial

if TYPE_CHECKING:
    from iamlint.text.source import Value

TEXT: Final = "string that speaks of a policy, and is not json"
STATEMENT: Final = "statement outside of a policy, or with keys that IAM does not write so"

_EFFECTS: Final = frozenset({"allow", "deny"})
_ACTIONS: Final = ("action", "actions", "notaction", "notactions")
_ACTION: Final = re.compile(r"\*|[\w-]++:[\w*?]++")
_BEGINNING: Final = re.compile(r"""\s*+\{?+\s*+["']?(?:Version|Statement|Id)["']?\s*+:""")
_EFFECT: Final = re.compile(r"""(?i)\beffect\b[\\"'\s]*+[:=]>?[\\"'\s]*+(?:allow|deny)\b""")


def are_in_text(value: Value) -> bool:
    """Tell a string in which a statement is written, in any syntax."""
    if not isinstance(value, str | Partial):
        return False
    text = str(value)
    if "%3A" in text or "%3a" in text:
        text = _unquoted(text)
    if "ffect" not in text and "FFECT" not in text:
        return False
    return _EFFECT.search(text) is not None and "action" in text.lower()


def are_in_broken(text: str) -> bool:
    """Return whether a text that cannot be read was a policy: one mark alone may be chance."""
    has_date = "2012-10-17" in text or "2008-10-17" in text
    return has_date + ("Statement" in text) + ("Effect" in text) > 1


def are_at_start(text: str) -> bool:
    """Return whether a text that cannot be read begins like one policy."""
    return _BEGINNING.match(text) is not None


def kind_in(text: str) -> Kind:
    """Return the kind of the policy in a text that cannot be read."""
    return Kind.RESOURCE if '"Principal"' in text else Kind.IDENTITY


def _unquoted(text: str) -> str:
    from urllib.parse import unquote  # noqa: PLC0415 - slow to import and seldom needed

    return unquote(text)


def are_in_object(value: dict[str, Value]) -> bool:
    """Tell a statement by its effect and actions, however its keys are written."""
    if len(value) < 2:  # noqa: PLR2004 - an effect and actions
        return False
    plain = {name.lower(): item for name, item in value.items()}
    effect = untagged(plain.get("effect"))
    if not isinstance(effect, str) or effect.lower() not in _EFFECTS:
        return False
    found = (untagged(plain.get(name)) for name in _ACTIONS)
    return any(_is_action(one) for of in found for one in (of if isinstance(of, list) else (of,)))


def _is_action(value: Value) -> bool:
    return isinstance(value, str) and _ACTION.fullmatch(value) is not None
