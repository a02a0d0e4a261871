"""The results of the parts of a run, put together as they come, in any order."""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from iamlint.errors import InternalError
    from iamlint.linter.part import Answered, Hidden
    from iamlint.linter.written import WrittenPart
    from iamlint.load import NotAnalysed
    from iamlint.rule.finding import Finding, Ignore
    from iamlint.rule.run import DatedReport


@dataclass(slots=True)
class OfConfig:
    """What the parts say of the files of one configuration: see `Answered`."""

    unanswered: set[str] = field(default_factory=set)
    used: set[Ignore] = field(default_factory=set)
    about: set[Ignore] = field(default_factory=set)
    paths: dict[frozenset[str], list[str]] = field(default_factory=dict)
    """The files by the rules that gave no answer there, if these are asked for."""

    def add(self, answered: Answered, *, with_paths: bool) -> None:
        self.unanswered |= answered.unanswered
        self.used |= answered.used
        self.about |= answered.about
        if with_paths:
            self.paths.setdefault(answered.unanswered, []).extend(answered.paths)


class GatheredParts:
    """What the parts of a run say. Findings of several parts are kept on disk."""

    def __init__(self, results: Iterable[tuple[int, WrittenPart]], *, with_paths: bool) -> None:
        self.files = 0
        self.policies = 0
        self.subjects = 0
        self.texts: list[str] = []
        self.with_secrets: list[str] = []
        self.hidden: list[Hidden] = []
        self.configs: dict[str, OfConfig] = {}
        self._not_analysed: dict[int, tuple[NotAnalysed, ...]] = {}
        self._broken: dict[int, tuple[InternalError, ...]] = {}
        self._reports: dict[int, tuple[DatedReport, ...]] = {}
        self._with_paths = with_paths
        self.findings: Iterable[Finding] = ()
        self.is_on_disk = False
        self._take(iter(results))

    @property
    def not_analysed(self) -> tuple[NotAnalysed, ...]:
        """What is not analysed, in the order of the parts."""
        return tuple(item for _, items in sorted(self._not_analysed.items()) for item in items)

    @property
    def broken(self) -> tuple[InternalError, ...]:
        """What broke, in the order of the parts."""
        return tuple(item for _, items in sorted(self._broken.items()) for item in items)

    @property
    def reports(self) -> tuple[DatedReport, ...]:
        """The reports that state their time, in the order of the parts."""
        return tuple(item for _, items in sorted(self._reports.items()) for item in items)

    def _take(self, results: Iterator[tuple[int, WrittenPart]]) -> None:
        number, part = next(results)
        self._add(number, part)
        if (following := next(results, None)) is None:
            self.findings = sorted(part.result.findings, key=lambda f: f.order)
            return
        from iamlint.linter.stored import FindingsStore  # noqa: PLC0415 - few runs have several

        self.is_on_disk = True
        self.findings = store = FindingsStore()
        store.add(number, part)
        del part
        while following is not None:
            store.add(*following)
            self._add(*following)
            following = next(results, None)

    def _add(self, number: int, part: WrittenPart) -> None:
        facts = part.facts
        self.files += facts.files
        self.policies += facts.policies
        self.subjects += facts.subjects
        self.texts += map(intern, facts.texts)
        self.with_secrets += facts.with_secrets
        self.hidden += facts.hidden
        for answered in facts.answered:
            of_config = self.configs.setdefault(answered.config, OfConfig())
            of_config.add(answered, with_paths=self._with_paths)
        if facts.not_analysed:
            self._not_analysed[number] = facts.not_analysed
        if facts.broken:
            self._broken[number] = facts.broken
        if facts.reports:
            self._reports[number] = facts.reports


def unasked(
    every: AbstractSet[str], selected: Mapping[str, AbstractSet[str]], parts: GatheredParts
) -> dict[str, AbstractSet[str]]:
    """Return the rules, of all, that gave no answer in each file.

    `selected` are those that each configuration selects.
    """
    return {
        path: gave_none
        for name, of_config in parts.configs.items()
        for unanswered, paths in of_config.paths.items()
        for gave_none in (every - selected[name] | unanswered,)
        for path in paths
    }
