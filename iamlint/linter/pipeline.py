"""Paths and configuration in, a run out: checks parts, puts them together. Prints nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.config.loosened import switched_off
from iamlint.fast_dataclass import replace
from iamlint.linter.lint_options import LintOptions, load_options, rules_of
from iamlint.linter.part import config_name
from iamlint.linter.parts import RunParts
from iamlint.linter.suppress import complaints_about
from iamlint.load import list_files
from iamlint.load.find.uri import RepositoryPaths
from iamlint.rule.run import Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iamlint.config import Config, Scopes
    from iamlint.linter.baseline import Baseline
    from iamlint.linter.part import Answered, PartResult, Watch
    from iamlint.load.stated import Links
    from iamlint.plugins.extensions import Extensions
    from iamlint.rule.finding import Finding
    from iamlint.rule.run import SwitchedOff
    from iamlint.text.span import Lines


def lint(request: LintOptions, plugged: Extensions, watch: Watch | None = None) -> Run:
    """Return the run over paths; `watch` is called with the number of policies, and of those done.

    Each file is linted under its configuration.
    """
    parts = RunParts(request, plugged)
    return merge(list(parts.results(watch)), parts)


def merge(results: Sequence[PartResult], parts: RunParts) -> Run:
    """Return the run of all parts: the same whatever checked them, and in whatever order."""
    request, plugged = parts.request, parts.plugged
    by_config: dict[str, list[Answered]] = {}
    for answered in (one for result in results for one in result.answered):
        by_config.setdefault(answered.config, []).append(answered)
    texts = [path for result in results for path in result.texts]
    configs = {config_name(config): config for config, _ in parts.scopes.grouped(texts)}
    found = [finding for result in results for finding in result.findings]
    shown: dict[str, Lines] = {}
    for name, every in by_config.items():
        config = configs[name]
        found += _about_ignores(request, plugged, config, every)
        shown |= {config.shown: config.lines} if config.lines else {}
    used = {name for every in by_config.values() for one in every for name in one.selected}
    run = Run(
        findings=tuple(found),
        not_analysed=tuple(item for result in results for item in result.not_analysed),
        broken=tuple(item for result in results for item in result.broken),
        files=sum(result.files for result in results),
        policies=sum(result.policies for result in results),
        lines={},
        rules=tuple(rule for rule in plugged.rules if rule.name in used),
        catalog_date=plugged.catalog.date,
        here=request.here.absolute(),
        switched_off=tuple(_switched_off(request, plugged, parts.scopes)),
    )
    if request.baseline and request.honour_ignores:
        every_file = [one for several in by_config.values() for one in several]
        run = _held_against(request.baseline, run, request, _unasked(every_file, plugged))
        if any(finding.path == request.baseline.where for finding in run.findings):
            shown[request.baseline.where] = request.baseline.lines
    findings = tuple(sorted(run.findings, key=lambda f: f.order))
    return replace(run, findings=findings, lines=parts.lines(texts, shown))


def _about_ignores(
    request: LintOptions, plugged: Extensions, config: Config, answered: Sequence[Answered]
) -> Iterator[Finding]:
    """Yield what is wrong with the ignores of a configuration, after all its files are checked."""
    if not (config.ignore_finding and request.honour_ignores):
        return
    everywhere = frozenset.intersection(*(one.rules for one in answered))
    rules = [rule for rule in plugged.rules if rule.name in everywhere]
    yield from complaints_about(
        config.ignore_finding,
        {ignore for one in answered for ignore in one.used},
        rules,
        request.today,
        switched_off=frozenset(rule.name for rule in plugged.rules) - everywhere,
        place=RepositoryPaths(request.here).of,
        about={ignore for one in answered for ignore in one.about},
    )


def _unasked(answered: Iterable[Answered], plugged: Extensions) -> dict[str, set[str]]:
    """Return the rules that gave no answer in each file."""
    every = {rule.name for rule in plugged.rules}
    return {path: every - one.rules for one in answered for path in one.paths}


def _switched_off(
    request: LintOptions, plugged: Extensions, scopes: Scopes
) -> Iterator[SwitchedOff]:
    """Yield what configurations below the named folders hide."""
    for own, base in scopes.loosening:
        rules = [rules_of(request, config, plugged) for config in (own, base)]
        if found := switched_off(own, base, *rules):
            yield found


def _held_against(
    baseline: Baseline, run: Run, request: LintOptions, unasked: dict[str, set[str]]
) -> Run:
    """Return the run with what the baseline knows as ignored, and what is wrong with it.

    `unasked` are the rules that gave no answer in each file. An entry of a file that is not among
    them is not wrong: only some of its policies were looked at.
    """
    from iamlint.linter.baseline import Checked  # noqa: PLC0415 - few runs have one

    for item in run.broken:
        unasked.setdefault(item.path, set()).add(item.name)
    for partly in run.not_analysed:
        unasked.pop(partly.path, None)
    checked = Checked.of(unasked, request.paths, request.here)
    ran = {rule.name for rule in run.rules}
    wrong = baseline.complaints(checked, run.findings, request.today)
    complaints = [complaint for complaint in wrong if complaint.rule in ran]
    known = baseline.mark(run.findings, request.today)
    return replace(run, findings=(*known, *complaints))


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
