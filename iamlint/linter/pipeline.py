"""Paths and configuration in, a run out: checks parts, puts them together. Prints nothing."""

from __future__ import annotations

import heapq
from functools import partial
from typing import TYPE_CHECKING

from iamlint.config.loosened import switched_off
from iamlint.fast_dataclass import replace
from iamlint.linter.gathered import GatheredParts, unasked
from iamlint.linter.lint_options import LintOptions, load_options, rules_of
from iamlint.linter.part import config_name
from iamlint.linter.parts import RunParts
from iamlint.linter.suppress import complaints_about
from iamlint.load import list_files
from iamlint.load.find.uri import RepositoryPaths
from iamlint.rule.run import Run, StoredFindings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from datetime import date

    from iamlint.config import Config, Scopes
    from iamlint.linter.baseline import Baseline
    from iamlint.linter.gathered import OfConfig
    from iamlint.linter.part import Watch
    from iamlint.linter.written import WrittenPart
    from iamlint.load.stated import Links
    from iamlint.plugins.extensions import Extensions
    from iamlint.rule.finding import Finding, Range
    from iamlint.rule.run import SwitchedOff
    from iamlint.text.span import Lines


def lint(request: LintOptions, plugged: Extensions, watch: Watch | None = None) -> Run:
    """Return the run over paths; `watch` is called with the number of policies, and of those done.

    Each file is linted under its configuration.
    """
    run = lint_parts(request, plugged, watch)
    return replace(run, findings=tuple(run.findings))


def lint_parts(request: LintOptions, plugged: Extensions, watch: Watch | None = None) -> Run:
    """Return the run over paths, like `lint`; findings of several parts stay on disk."""
    parts = RunParts(request, plugged)
    return merge(parts.results(watch), parts)


def merge(results: Iterable[tuple[int, WrittenPart]], parts: RunParts) -> Run:
    """Return the run of all parts: the same whatever checked them, and in whatever order."""
    request, plugged = parts.request, parts.plugged
    baseline = request.baseline if request.honour_ignores else None
    found = GatheredParts(results, with_paths=baseline is not None)
    every = {config_name(config): config for config, _ in parts.scopes.grouped(found.texts)}
    configs = {name: every[name] for name in found.configs}
    rules = {name: rules_of(request, config, plugged) for name, config in configs.items()}
    selected = {name: frozenset(rule.name for rule in some) for name, some in rules.items()}
    used = frozenset().union(*selected.values())
    about_ignores = [
        complaint
        for name, config in configs.items()
        for complaint in _about_ignores(parts, config, selected[name], found.configs[name])
    ]
    findings = partial(_sorted_in, found.findings, about_ignores)
    shown = {one.shown: one.lines for one in configs.values() if one.lines}
    if baseline is not None:
        gave_none = unasked({rule.name for rule in plugged.rules}, selected, found)
        complaints = _complaints(baseline, findings(), found, gave_none, request)
        wrong = [one for one in complaints if one.rule in used]
        findings = partial(_held_against, baseline, request.today, findings, wrong)
        shown |= {baseline.where: baseline.lines} if wrong else {}
    return Run(
        findings=StoredFindings(findings) if found.is_on_disk else tuple(findings()),
        not_analysed=found.not_analysed,
        broken=found.broken,
        files=found.files,
        policies=found.policies,
        lines=_knowing_secrets(parts.lines(found.texts, shown, found.hidden), found),
        rules=tuple(rule for rule in plugged.rules if rule.name in used),
        catalog_date=plugged.catalog.date,
        here=request.here.absolute(),
        switched_off=tuple(_switched_off(request, plugged, parts.scopes)),
        subjects=found.subjects,
        reports=found.reports,
        at=request.at,
    )


def _knowing_secrets(lines: Mapping[str, Lines], found: GatheredParts) -> Mapping[str, Lines]:
    """Read the files with secrets, so that no line of another file shows one; return the lines.

    Another process, or an earlier run, may have checked them.
    """
    for path in dict.fromkeys((*found.with_secrets, *(path for path, *_ in found.hidden))):
        if (of_file := lines.get(path)) is not None:
            _ = of_file.secrets
    return lines


def _sorted_in(findings: Iterable[Finding], more: Iterable[Finding]) -> Iterator[Finding]:
    """Yield sorted findings, and among them others."""
    return heapq.merge(findings, sorted(more, key=_order), key=_order)


def _order(finding: Finding) -> tuple[str, Range, str, str]:
    return finding.order


def _held_against(
    baseline: Baseline,
    today: date,
    findings: Callable[[], Iterable[Finding]],
    wrong: Iterable[Finding],
) -> Iterator[Finding]:
    """Yield findings, those that the baseline knows as ignored, and what is wrong with it."""
    return _sorted_in(baseline.mark(findings(), today), wrong)


def _about_ignores(
    parts: RunParts, config: Config, selected: frozenset[str], answered: OfConfig
) -> Iterator[Finding]:
    """Yield what is wrong with the ignores of a configuration, after all its files are checked."""
    request, plugged = parts.request, parts.plugged
    if not (config.ignore_finding and request.honour_ignores):
        return
    everywhere = selected - answered.unanswered
    yield from complaints_about(
        config.ignore_finding,
        answered.used,
        [rule for rule in plugged.rules if rule.name in everywhere],
        request.today,
        switched_off=frozenset(rule.name for rule in plugged.rules) - everywhere,
        place=RepositoryPaths(request.here).of,
        about=answered.about,
    )


def _switched_off(
    request: LintOptions, plugged: Extensions, scopes: Scopes
) -> Iterator[SwitchedOff]:
    """Yield what configurations below the named folders hide."""
    for own, base in scopes.loosening:
        rules = [rules_of(request, config, plugged) for config in (own, base)]
        if found := switched_off(own, base, *rules):
            yield found


def _complaints(
    baseline: Baseline,
    findings: Iterable[Finding],
    found: GatheredParts,
    gave_none: dict[str, AbstractSet[str]],
    request: LintOptions,
) -> Iterator[Finding]:
    """Yield what is wrong with a baseline.

    `gave_none` are the rules that gave no answer in each file. An entry of a file that is not among
    them is not wrong: only some of its policies were looked at.
    """
    from iamlint.linter.baseline import Checked  # noqa: PLC0415 - few runs have one

    for item in found.broken:
        gave_none[item.path] = gave_none.get(item.path, frozenset()) | {item.name}
    for partly in found.not_analysed:
        gave_none.pop(partly.path, None)
    checked = Checked.of(gave_none, request.paths, request.here)
    return baseline.complaints(checked, findings, request.today)


def files(request: LintOptions, plugged: Extensions) -> tuple[str, ...]:
    """Return the files that would be read."""
    scopes = request.scopes
    return tuple(
        file.path
        for config, paths in scopes.grouped(request.paths)
        for file in list_files(paths, load_options(request, config, plugged, scopes)).files
    )


def links(request: LintOptions, plugged: Extensions) -> Links:
    """Return the links between policies, principals and resources that the files state."""
    from iamlint.load.stated import links_of  # noqa: PLC0415 - few runs ask

    return links_of(RunParts(request, plugged).loads())
