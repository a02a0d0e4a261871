"""How a request comes: through a VPC endpoint, or from an address, and never both.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcevpce
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iamlint.evaluator.context import Gap, Missing, Partly

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.evaluator.context import ContextValue

_ADDRESS: Final = "aws:sourceip"
# Keys that each request through an endpoint carries, and those that some services add.
_ALWAYS: Final = ("aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip")
_SOMETIMES: Final = (
    "aws:sourcevpcarn", "aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths"
)  # fmt: skip
OF_THE_WAY: Final = frozenset({_ADDRESS, *_ALWAYS, *_SOMETIMES})

_SOME_TEXT: Final = Partly((Gap.ANY,))
_FROM_AN_ADDRESS: Final[dict[str, ContextValue]] = {
    _ADDRESS: _SOME_TEXT,
    **dict.fromkeys((*_ALWAYS, *_SOMETIMES), Missing.ABSENT),
}
_BY_ENDPOINT: Final[dict[str, ContextValue]] = {
    _ADDRESS: Missing.ABSENT,
    **dict.fromkeys(_ALWAYS, _SOME_TEXT),
}


def is_impossible(given: Mapping[str, ContextValue]) -> bool:
    """Return whether keys in lower case say that a request came both ways."""
    return _is_present(given.get(_ADDRESS)) and _is_by_endpoint(given)


def imply_keys(given: Mapping[str, ContextValue]) -> dict[str, ContextValue]:
    """Return the keys that follow from keys, in lower case, that a request carries or lacks.

    A request without such keys may use either way.
    """
    if _is_by_endpoint(given) or given.get(_ADDRESS) is Missing.ABSENT:
        found = _BY_ENDPOINT
    elif _is_present(given.get(_ADDRESS)) or any(
        given.get(key) is Missing.ABSENT for key in _ALWAYS
    ):
        found = _FROM_AN_ADDRESS
    else:
        return {}
    return {key: value for key, value in found.items() if key not in given}


def ways(given: Mapping[str, ContextValue]) -> tuple[dict[str, ContextValue], ...]:
    """Return the ways that a request may come, if keys in lower case say nothing of it."""
    if any(key in given for key in OF_THE_WAY):
        return ()
    return _FROM_AN_ADDRESS, _BY_ENDPOINT


def _is_by_endpoint(given: Mapping[str, ContextValue]) -> bool:
    return any(_is_present(given.get(key)) for key in (*_ALWAYS, *_SOMETIMES))


def _is_present(value: ContextValue | None) -> bool:
    return value is not None and not isinstance(value, Missing) and value != ()
