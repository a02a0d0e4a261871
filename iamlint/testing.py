"""Runs the examples of rules as tests: of the built-in ones and of anyone's plugin.

@pytest.mark.parametrize("case", cases(my_rules()), ids=str)
def test_example(case):
assert case.reported() == case.expected()
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

from iamlint.catalog import Catalog
from iamlint.finding import Finding
from iamlint.load.document import Attachment, Certainty, Document
from iamlint.run import Broken, Settings, check
from iamlint.text import Dialect, read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iamlint.rule import Example, Rule

MARK = "//!"


@dataclass(frozen=True, slots=True)
class Reported:
    """A finding, reduced to what an example can say about it."""

    line: int
    access_analyzer: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """One example of one rule."""

    rule: Rule
    example: Example

    def __str__(self) -> str:
        return f"{self.rule.name}: {self.example.reason}"

    def expected(self) -> list[Reported]:
        """Return what the marks of the example say: each marked line, exactly once."""
        code = self.example.access_analyzer or next(iter(self.rule.access_analyzer), None)
        lines = self.example.text.strip().splitlines()
        return [Reported(number, code) for number, line in enumerate(lines, 1) if MARK in line]

    def reported(self) -> list[Reported]:
        """Return what the rule reports; raise when the rule breaks."""
        found = []
        for item in check([document(self.example)], self._settings()):
            if isinstance(item, Broken):
                raise AssertionError(item.error)  # noqa: TRY004 - the rule broke, not its type
            found.append(Reported(item.range.start.line, item.access_analyzer))
        return sorted(found, key=lambda r: r.line)

    def _settings(self) -> Settings:
        options = self.rule.options(**self.example.options) if self.rule.options else None
        return Settings(
            rules=(self.rule,),
            catalog=_catalog(),
            home=self.example.home,
            options={self.rule.name: options},
        )


def cases(rules: Iterable[Rule]) -> Iterator[Case]:
    """Yield every example of the rules."""
    for rule in rules:
        for example in (*rule.bad, *rule.good):
            yield Case(rule, example)


def document(example: Example) -> Document:
    """Read an example; a bare statement becomes a policy of one."""
    text = example.text.strip().replace(MARK, " " * len(MARK))
    source = read_text(text, name=example.file)
    if source.readable and not _is_policy(source.value):
        # A prefix on the first line keeps every line where the example has it.
        source = read_text(f'{{Version: "2012-10-17", Statement: {text}\n}}', Dialect.JSON5)
    return Document(
        example.file,
        source,
        (),
        (),
        example.kind,
        certainty=Certainty.DECLARED,
        attachment=Attachment(resource_type=example.resource_type),
    )


def _is_policy(value: object) -> bool:
    keys = cast("dict[str, object]", value) if isinstance(value, dict) else {}
    return not any(name in keys for name in ("Effect", "Action", "NotAction"))


@cache
def _catalog() -> Catalog:
    return Catalog.open()


__all__ = ["Case", "Finding", "Reported", "cases", "document"]
