"""Keeps plugins from ending the program: an exit is an error, and a broken plugin is exit 3."""

from __future__ import annotations

from collections.abc import Iterator
from functools import wraps
from typing import TYPE_CHECKING, TypeVar, cast

from iamlint.errors import BrokenError
from iamlint.fast_dataclass import replace
from iamlint.report.formats import pieces_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from iamlint.load import Loader
    from iamlint.report.formats import Output, Reporter
    from iamlint.rule import Rule
    from iamlint.rule.run import Run

    Call = TypeVar("Call", bound=Callable[..., object])


def kept(call: Call) -> Call:
    """Return a function that does the same and raises an error in place of what ends a program."""

    @wraps(call)
    def safe(*args: object, **named: object) -> object:
        try:
            made = call(*args, **named)
            return list(made) if isinstance(made, Iterator) else made
        except (SystemExit, KeyboardInterrupt) as error:
            raise _broken(call, error) from error

    return cast("Call", safe)


def kept_reporter(reporter: Reporter) -> Reporter:
    """Return the same for a reporter, whose pieces are made one at a time."""

    @wraps(reporter)
    def safe(run: Run, output: Output) -> Iterator[str]:
        try:
            yield from pieces_of(reporter(run, output))
        except (SystemExit, KeyboardInterrupt) as error:
            raise _broken(reporter, error) from error

    return safe


def _broken(call: Callable[..., object], error: BaseException) -> BrokenError:
    name = getattr(call, "__module__", None) or "a plugin"
    return BrokenError(f"`{name}` tried to end the program: {type(error).__name__}")


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
