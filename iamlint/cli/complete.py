"""What shells complete: rules, actions of AWS, and principals of the files of this folder."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Final

import click
from click.shell_completion import BashComplete, CompletionItem, add_completion_class

from iamlint.cli.command import session_of
from iamlint.rule.finding import Family

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from iamlint.rule import Rule

PATIENCE: Final = 2.0
"""For how many seconds a shell waits for words that are read from files."""


def selectors(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Return completions for the last of several rules, families and tags."""

    def known() -> Iterable[str]:
        from iamlint.config.select import selectors_of  # noqa: PLC0415 - only shells ask

        return selectors_of(_rules(ctx))

    return _last_of_several(_found(known), incomplete)


def rule_words(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Return completions for a rule, or for a family after `new`."""
    from iamlint.rule import RESERVED  # noqa: PLC0415 - only shells ask

    is_new = ctx.params.get("names", ())[:1] == (RESERVED,)
    known = [*Family] if is_new else _found(lambda: [rule.name for rule in _rules(ctx)])
    return [word for word in known if word.startswith(incomplete)]


def actions(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Return completions for an action: services up to the colon, then its actions."""

    def known() -> Iterable[str]:
        from iamlint.plugins.extensions import catalog_of  # noqa: PLC0415 - only shells ask

        catalog = catalog_of(session_of(ctx).config_for(os.curdir))
        if ":" in incomplete:
            return [action.full_name for action in catalog.expand(f"{incomplete}*")]
        return [f"{one}:" for one in catalog.services() if one.startswith(incomplete.lower())]

    return _found(known)


def principals(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return completions for a principal that the files of this folder describe, or for a file."""

    def known() -> Iterable[str]:
        from iamlint.repository import open_repository  # noqa: PLC0415 - only shells ask

        session = session_of(ctx)
        nested = session.fixed_config() is not None
        repository = open_repository(session.config_for(os.curdir), nested=nested)
        return sorted(repository.account.accounts.identities)

    words = _last_of_several(_found(known), incomplete)
    if words or isinstance(param, click.Option):
        return [CompletionItem(word) for word in words]
    return [CompletionItem(incomplete, type="file")]


def _rules(ctx: click.Context) -> tuple[Rule, ...]:
    from iamlint.plugins.extensions import load_extensions  # noqa: PLC0415 - only shells ask

    return load_extensions(session_of(ctx).config_for(os.curdir)).rules


def _last_of_several(known: Iterable[str], incomplete: str) -> list[str]:
    before, comma, last = incomplete.rpartition(",")
    return [f"{before}{comma}{word}" for word in known if word.startswith(last)]


def _found(known: Callable[[], Iterable[str]]) -> list[str]:
    """Return words; none after an error, or if it takes too long: a shell shows no message."""

    def give_up(*_: object) -> None:
        raise TimeoutError

    has_alarm = hasattr(signal, "setitimer")
    before = signal.signal(signal.SIGALRM, give_up) if has_alarm else None
    try:
        if has_alarm:
            signal.setitimer(signal.ITIMER_REAL, PATIENCE)
        return list(known())
    except Exception:  # noqa: BLE001 - whatever it is, there is nothing to complete
        return []
    finally:
        if has_alarm:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)


class _Bash(BashComplete):
    """Bash, which takes a colon for the end of a word, and replaces only what follows it."""

    source_template = BashComplete.source_template.replace(
        "COMPREPLY+=($value)",
        "COMPREPLY+=($value)\n            [[ $value == *: ]] && compopt -o nospace",
    )
    _split = ""

    def get_completion_args(self) -> tuple[list[str], str]:
        args, incomplete = super().get_completion_args()
        words: list[str] = []
        for word in (*args, incomplete):
            if words and (word.startswith(":") or words[-1].endswith(":")):
                words[-1] += word
            else:
                words.append(word)
        *args, incomplete = words
        before, colon, _ = incomplete.rpartition(":")
        self._split = before + colon
        return args, incomplete

    def format_completion(self, item: CompletionItem) -> str:
        item.value = item.value[len(self._split) :]
        return super().format_completion(item)


def complete_in_bash() -> None:
    """Let words with colons be completed in bash."""
    add_completion_class(_Bash, "bash")
