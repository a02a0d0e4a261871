"""Keeps plugins from ending the program: an exit is an error, and a broken plugin is exit 3."""

from __future__ import annotations

from collections.abc import Iterator
from functools import wraps
from typing import TYPE_CHECKING, TypeVar, cast

from iamlint.errors import BrokenError
from iamlint.fast_dataclass import replace

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.load import Loader
    from iamlint.rule import Rule

    Call = TypeVar("Call", bound=Callable[..., object])


def kept(call: Call) -> Call:
    """Return a function that does the same and raises an error in place of what ends a program."""

    @wraps(call)
    def safe(*args: object, **named: object) -> object:
        try:
            made = call(*args, **named)
            return list(made) if isinstance(made, Iterator) else made
        except (SystemExit, KeyboardInterrupt) as error:
            name = getattr(call, "__module__", None) or "a plugin"
            raise BrokenError(
                f"`{name}` tried to end the program: {type(error).__name__}"
            ) from error

    return cast("Call", safe)


def kept_rule(rule: Rule) -> Rule:
    return replace(
        rule,
        check=kept(rule.check) if rule.check else None,
        check_policy=kept(rule.check_policy) if rule.check_policy else None,
        check_attachment=kept(rule.check_attachment) if rule.check_attachment else None,
        check_account=kept(rule.check_account) if rule.check_account else None,
    )


class KeptLoader:
    """A loader of a plugin; it has what that one has of the functions that a loader may have."""

    def __init__(self, loader: Loader) -> None:
        self.__name__ = getattr(loader, "__name__", type(loader).__name__)
        self.claims = kept(loader.claims)
        self.read = kept(loader.read)
        for name in ("read_all", "related", "links"):
            if hasattr(loader, name):
                setattr(self, name, kept(getattr(loader, name)))
