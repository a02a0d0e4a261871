"""One table of a TOML file: typed reading, where each wrong or unknown key is a clear error."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar, cast

from iamlint.errors import ConfigurationError
from iamlint.fast_dataclass import dataclass, field
from iamlint.policy.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iamlint.text.span import Pointer
    from iamlint.text.toml import Toml

FILE: Final = "iamlint.toml"
PYPROJECT: Final = "pyproject.toml"
TOOL: Final = ("tool", "iamlint")
"""Where the settings are in a `pyproject.toml`."""

Chosen = TypeVar("Chosen", bound=StrEnum)


@dataclass(slots=True)
class TomlTable:
    """The members of a table. Every member must be asked for before `finish`.

    `at` leads to the table from the top of the file, which is in `folder`.
    """

    file: str
    folder: Path
    toml: Toml
    members: Mapping[str, object]
    at: Pointer = ()
    known: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name of the table, which those of a list share; nothing for all of the settings."""
        own = self.at[len(TOOL) :] if self.at[: len(TOOL)] == TOOL else self.at
        return next((key for key in reversed(own) if isinstance(key, str)), "")

    def wrong(self, key: str, problem: str, *, help: str | None = None) -> ConfigurationError:  # noqa: A002 - the word users read
        line = self.line(key)
        place = self.folder / Path(self.file).name
        message = f"{self.file}:{line}: {problem}"
        return ConfigurationError(message, place, line, problem, help=help)

    def line(self, key: str) -> int:
        """Return the line of a key; of one that is not there, the line of the table."""
        return self.toml.line((*self.at, key))

    def _get(self, key: str) -> object:
        self.known.append(key)
        return self.members.get(key)

    def string(self, key: str) -> str | None:
        value = self._get(key)
        if value is None or isinstance(value, str):
            return value
        raise self.wrong(key, f"`{key}` must be a string")

    def required(self, key: str) -> str:
        value = self.string(key)
        if value is None:
            raise self.wrong(key, f"`{self.name}` needs `{key}`")
        return value

    def integer(self, key: str) -> int | None:
        value = self._get(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        raise self.wrong(key, f"`{key}` must be a whole number")

    def boolean(self, key: str) -> bool | None:
        value = self._get(key)
        if value is None or isinstance(value, bool):
            return value
        raise self.wrong(key, f"`{key}` must be true or false")

    def day(self, key: str) -> date | None:
        value = self._get(key)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        raise self.wrong(key, f"`{key}` must be a date", help="write it without quotes: 2027-03-31")

    def strings(self, key: str) -> tuple[str, ...] | None:
        value = self._get(key)
        if value is None:
            return None
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        raise self.wrong(key, f"`{key}` must be a list of strings", help=f'write {key} = ["…"]')

    def levels(self, key: str) -> tuple[tuple[str, ...], ...] | None:
        value = self._get(key)
        if value is None:
            return None
        if isinstance(value, list) and all(
            isinstance(level, list) and all(isinstance(item, str) for item in level)
            for level in value
        ):
            return tuple(tuple(level) for level in value)
        raise self.wrong(key, f"`{key}` must be a list of levels, each a list of files")

    def one_of(self, key: str, choices: type[Chosen]) -> Chosen | None:
        value = self.string(key)
        return None if value is None else self.chosen(key, value, choices)

    def chosen(self, key: str, value: object, choices: type[Chosen]) -> Chosen:
        names = [choice.value for choice in choices]
        if isinstance(value, str) and value in names:
            return choices(value)
        raise self.wrong(
            key,
            f"`{value}` is not a value for `{key}`",
            help=did_you_mean(str(value), names) or f"one of: {', '.join(names)}",
        )

    def table(self, key: str) -> TomlTable:
        value = self._get(key)
        if value is None or isinstance(value, dict):
            members = cast("dict[str, object]", value or {})
            return self._inner(members, key)
        raise self.wrong(key, f"`{key}` must be a table")

    def _inner(self, members: Mapping[str, object], *steps: str | int) -> TomlTable:
        return TomlTable(self.file, self.folder, self.toml, members, (*self.at, *steps))

    def tables(self, key: str) -> Iterator[tuple[str, TomlTable]]:
        """Yield the members of a table whose keys are the user's own names."""
        outer = self.table(key)
        for name in outer.members:
            yield name, outer.table(name)

    def each(self, key: str) -> Iterator[TomlTable]:
        """Yield the tables of a list of tables."""
        value = self._get(key)
        value = [] if value is None else value
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.wrong(key, f"`{key}` must be a list of tables", help=f"write [[{key}]]")
        for number, item in enumerate(value):
            yield self._inner(item, key, number)

    def mapped(self, key: str, choices: type[Chosen]) -> dict[str, Chosen]:
        """Return a table whose keys are the user's own and whose values are of a closed set."""
        inner = self.table(key)
        return {name: inner.chosen(name, value, choices) for name, value in inner.members.items()}

    def plain(self, key: str) -> object:
        """Return text, a number, a truth, or a list or table of these."""
        value = self._get(key)
        todo = [value]
        while todo:
            node = todo.pop()
            if isinstance(node, dict):
                todo += node.values()
            elif isinstance(node, list):
                todo += node
            elif not isinstance(node, str | int | float):
                raise self.wrong(key, f"`{key}` has a date in it", help="write it in quotes")
        return value

    def texts(self, key: str) -> dict[str, str]:
        inner = self.table(key)
        return {name: inner.required(name) for name in inner.members}

    def finish(self) -> None:
        """Raise for a key that was not read."""
        for key in self.members:
            if key not in self.known:
                where = f" in `{self.name}`" if self.name else ""
                raise self.wrong(
                    key,
                    f"unknown key `{key}`{where}",
                    help=did_you_mean(key, self.known)
                    or f"keys: {', '.join(sorted({*self.known}))}",
                )
