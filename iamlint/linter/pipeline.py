"""Paths and configuration in, a run out: loads, checks, suppresses. Prints nothing."""

from __future__ import annotations

import os
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from iamlint.config import (
    Config,
    Scopes,
    holds_configuration,
    rule_options,
    rule_severities,
    select_rules,
)
from iamlint.config.loosened import switched_off
from iamlint.errors import BrokenPart, InternalError
from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.linter.account_rules import apply_account_rules, described_in
from iamlint.linter.attached import check_attachments
from iamlint.linter.causes import with_implied
from iamlint.linter.check import (
    CheckOptions,
    apply_rules_by_default,
    deduplicate,
)
from iamlint.linter.holders import HolderLookup
from iamlint.linter.parallel import check_in_parallel
from iamlint.linter.suppress import find_waivers, mark_suppressed
from iamlint.linter.uses import of_every_use
from iamlint.load import LoadOptions, NotAnalysed, list_files, load, refuse_unknown
from iamlint.load.find.uri import RepositoryPaths
from iamlint.rule import OwnAccounts, Scope
from iamlint.rule.finding import Finding
from iamlint.rule.run import Run

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date

    from iamlint.linter.baseline import Baseline
    from iamlint.linter.check import Outcome
    from iamlint.load import Loaded, Vars
    from iamlint.load.document import ByDefault, Document
    from iamlint.load.stated import Links
    from iamlint.plugins.extensions import Extensions
    from iamlint.policy.grammar import Kind
    from iamlint.rule import Rule
    from iamlint.rule.finding import Profile
    from iamlint.rule.run import SwitchedOff
    from iamlint.text.span import Lines

_Located = TypeVar("_Located", "Document", "ByDefault")


@dataclass(frozen=True, slots=True)
class LintOptions:
    """What to lint, and what to do otherwise than the configuration says; None leaves it be.

    Paths are relative to `here`, and so are those in reports. `contents` holds texts that are not
    on disk, by their real paths. `config` is used for every file in place of the nearest one.
    `jobs` is how many processes look at policies, and changes nothing else. `given` are values of
    variables and parameters. `nested` and `top` say which configurations count: see `Scopes`.
    """

    paths: tuple[str, ...]
    today: date
    config: Config | None = None
    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    profile: Profile | None = None
    exclude: tuple[str, ...] = ()
    kind: Kind | None = None
    force_exclude: bool = False
    respect_gitignore: bool = True
    honour_ignores: bool = True
    stdin: bytes | None = None
    stdin_name: str | None = None
    contents: Mapping[str, bytes] = field(default_factory=dict)
    baseline: Baseline | None = None
    jobs: int | None = None
    given: Vars = ()
    here: Path = Path()
    nested: bool = True
    top: Path | None = None

    @property
    def scopes(self) -> Scopes:
        """The configurations of the files below the paths."""
        return Scopes(self.paths, self.here.absolute(), self.config, self.nested, self.top)


def lint(
    request: LintOptions, plugged: Extensions, watch: Callable[[int, int], None] | None = None
) -> Run:
    """Return the run over paths; `watch` is called with the number of policies, and of those done.

    Each file is linted under its configuration.
    """
    scopes = request.scopes
    loads = _loads(request, plugged, scopes)
    lines = {path: of_file for loaded in loads for path, of_file in loaded.lines.items()}
    documents = list(_documents(loads))
    looked = partial(watch or _nobody, len(documents))
    by_default = [one for loaded in loads for one in loaded.by_default]
    found: list[Outcome] = [item for loaded in loads for item in loaded.broken]
    used: set[str] = set()
    unasked: dict[str, set[str]] = {}
    named = {path for loaded in loads for path in loaded.paths}
    for config, paths, here, others in _grouped(scopes, lines, documents, by_default):
        is_known = request.kind is None
        described = described_in(loads, scopes, config, plugged.catalog, is_known=is_known)
        settings, lookup = _settings(request, config, plugged), HolderLookup(described)
        used.update(rule.name for rule in settings.rules)
        settings = replace(settings, holders=lookup.of)
        of_config = {path: lines[path] for path in paths}
        looked_at = check_in_parallel(here, settings, request.jobs, looked)
        attached = check_attachments(lookup, named, settings)
        account = apply_account_rules(described, settings, config.shown or str(config.here))
        seen = _seen(chain(looked_at, attached, account.found), here, others, settings)
        here += [one.document for one in others]
        settings = settings.without(account.unanswered)
        found += _marked(request, config, seen, here, of_config, named, settings, plugged)
        found += account.left_out
        unasked |= _unasked(named.intersection(paths), settings, plugged)
        lines |= {config.shown: config.lines} if config.lines else {}
    run = _run(request, plugged, loads, documents, found, lines, used, scopes)
    if request.baseline and request.honour_ignores:
        run = _held_against(request.baseline, run, request, unasked)
    return replace(run, findings=tuple(sorted(run.findings, key=lambda f: f.order)))


def _run(
    request: LintOptions,
    plugged: Extensions,
    loads: Sequence[Loaded],
    documents: Iterable[Document],
    found: Sequence[Outcome],
    lines: Mapping[str, Lines],
    used: Container[str],
    scopes: Scopes,
) -> Run:
    """Return the run of all that was read and found; the rules that are `used` looked at it."""
    return Run(
        findings=tuple(f for f in found if isinstance(f, Finding)),
        not_analysed=tuple(chain(*(loaded.not_analysed for loaded in loads), _unjudged(found))),
        broken=tuple(item for item in found if isinstance(item, InternalError)),
        files=sum(loaded.files for loaded in loads),
        policies=len({(document.path, document.pointer) for document in documents}),
        lines=lines,
        rules=tuple(rule for rule in plugged.rules if rule.name in used),
        catalog_date=plugged.catalog.date,
        here=request.here.absolute(),
        switched_off=tuple(_switched_off(request, plugged, scopes)),
    )


def _grouped(
    scopes: Scopes,
    paths: Iterable[str],
    documents: Iterable[Document],
    by_default: Iterable[ByDefault],
) -> Iterator[tuple[Config, list[str], list[Document], list[ByDefault]]]:
    """Yield each configuration with the paths that it holds for, and what was read there."""
    groups = scopes.grouped(paths)
    each = zip(_by_group(groups, documents), _by_group(groups, by_default), strict=True)
    for (config, of_config), (here, others) in zip(groups, each, strict=True):
        yield config, of_config, here, others


def _by_group(
    groups: Sequence[tuple[Config, Sequence[str]]], items: Iterable[_Located]
) -> list[list[_Located]]:
    """Return the items of each group of paths, in their order."""
    group_of = {path: at for at, (_, paths) in enumerate(groups) for path in paths}
    found: list[list[_Located]] = [[] for _ in groups]
    for item in items:
        if (at := group_of.get(item.path)) is not None:
            found[at].append(item)
    return found


def _seen(
    looked_at: Iterable[Outcome],
    documents: Iterable[Document],
    by_default: Iterable[ByDefault],
    settings: CheckOptions,
) -> Iterator[Outcome]:
    """Return all that was found, each once, with what each finding includes."""
    every = chain(looked_at, apply_rules_by_default(by_default, settings))
    found = deduplicate(of_every_use(every, documents, settings.rules))
    return with_implied(list(found), settings.rules)


def _unasked(
    paths: Iterable[str], settings: CheckOptions, plugged: Extensions
) -> dict[str, set[str]]:
    """Return the rules that gave no answer in each file."""
    names = {rule.name for rule in plugged.rules} - {rule.name for rule in settings.rules}
    return {path: {*names} for path in paths}


def _unjudged(found: Iterable[Outcome]) -> Iterator[NotAnalysed]:
    """Yield the policies without a verdict of a rule, or of all rules if the process died."""
    for item in found:
        if isinstance(item, NotAnalysed):
            yield item
        elif isinstance(item, InternalError) and item.part is BrokenPart.PROCESS:
            yield NotAnalysed(item.path, (), item.error)


def _switched_off(
    request: LintOptions, plugged: Extensions, scopes: Scopes
) -> Iterator[SwitchedOff]:
    """Yield what configurations below the named folders hide."""
    for own, base in scopes.loosening:
        rules = [_rules(request, config, plugged) for config in (own, base)]
        if found := switched_off(own, base, *rules):
            yield found


def _loads(request: LintOptions, plugged: Extensions, scopes: Scopes) -> list[Loaded]:
    """Read what the paths name; raise for a value that nothing takes.

    One of the configuration may be for files that this run does not read.
    """
    loads: list[Loaded] = []
    for config, paths in scopes.grouped(request.paths):
        loaded = load(paths, _load_options(request, config, plugged, scopes))
        root = Path(os.path.realpath(config.root))
        if any(root.is_relative_to(os.path.realpath(request.here / path)) for path in paths):
            refuse_unknown((*config.terraform, *config.cloudformation), loaded.takers)
        loads.append(loaded)
    refuse_unknown(request.given, [taker for loaded in loads for taker in loaded.takers])
    return loads


def _documents(loads: Sequence[Loaded]) -> Iterator[Document]:
    """Yield documents once: those of a named file come with the paths that name it."""
    named = {path for loaded in loads for path in loaded.paths}
    for loaded in loads:
        others = named.difference(loaded.paths)
        yield from (d for d in loaded.documents if d.path not in others)


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
    lines = {**run.lines, baseline.where: baseline.lines} if complaints else run.lines
    return replace(run, findings=(*known, *complaints), lines=lines)


def _nobody(_total: int, _done: int) -> None:
    """Watch nothing."""


def files(request: LintOptions, plugged: Extensions) -> tuple[str, ...]:
    """Return the files that would be read."""
    scopes = request.scopes
    return tuple(
        file.path
        for config, paths in scopes.grouped(request.paths)
        for file in list_files(paths, _load_options(request, config, plugged, scopes)).files
    )


def links(request: LintOptions, plugged: Extensions) -> Links:
    """Return the links between policies, principals and resources that the files state."""
    from iamlint.load.stated import links_of  # noqa: PLC0415 - few runs ask

    return links_of(_loads(request, plugged, request.scopes))


def _marked(
    request: LintOptions,
    config: Config,
    found: Iterable[Outcome],
    documents: Sequence[Document],
    lines: Mapping[str, Lines],
    named: AbstractSet[str],
    settings: CheckOptions,
    plugged: Extensions,
) -> list[Outcome]:
    """Return what was found, with what is ignored marked and what is wrong with the ignores."""
    every = list(found)
    if not request.honour_ignores:
        return every
    enabled = {rule.name for rule in settings.rules}
    findings = mark_suppressed(
        [item for item in every if isinstance(item, Finding)],
        lines,
        (*config.ignore_finding, *find_waivers(documents)),
        settings.rules,
        request.today,
        switched_off=frozenset(rule.name for rule in plugged.rules) - enabled,
        documents=documents,
        folder=str(request.here.absolute()),
        place=settings.place,
        partly=(lines.keys() - named).union(i.path for i in every if isinstance(i, NotAnalysed)),
    )
    return [*findings, *(item for item in every if not isinstance(item, Finding))]


def _load_options(
    request: LintOptions, config: Config, plugged: Extensions, scopes: Scopes
) -> LoadOptions:
    return LoadOptions(
        root=config.root,
        here=request.here,
        contents=request.contents,
        include=config.include,
        exclude=config.exclude,
        exclude_everywhere=request.exclude,
        nested=partial(_nested, request, plugged, scopes),
        force_exclude=request.force_exclude,
        respect_gitignore=request.respect_gitignore,
        kind=request.kind,
        kinds=config.kinds,
        aws_managed_policies=config.aws_managed_policies,
        loaders=plugged.loaders,
        stdin=request.stdin,
        stdin_name=request.stdin_name,
        given=(*config.terraform, *config.cloudformation, *request.given),
    )


def _nested(
    request: LintOptions, plugged: Extensions, scopes: Scopes, place: str, names: Container[str]
) -> LoadOptions | None:
    """Return what holds for the files of a folder that has a configuration of its own."""
    config = scopes.below(Path(place)) if holds_configuration(names) else None
    return None if config is None else _load_options(request, config, plugged, scopes)


def _rules(request: LintOptions, config: Config, plugged: Extensions) -> tuple[Rule, ...]:
    """Return the rules that are selected; those of the account alone if the run reads all of it."""
    rules = select_rules(
        plugged.rules,
        select=config.select if request.select is None else request.select,
        extend_select=(*config.extend_select, *request.extend_select),
        ignore=(*config.ignore, *request.ignore),
        profile=request.profile or config.profile,
    )
    local = tuple(rule for rule in rules if rule.scope is not Scope.ACCOUNT)
    if len(local) == len(rules):
        return rules
    is_whole = request.kind is None and request.scopes.account(config) is not None
    return rules if is_whole else local


def _settings(request: LintOptions, config: Config, plugged: Extensions) -> CheckOptions:
    return CheckOptions(
        rules=_rules(request, config, plugged),
        catalog=plugged.catalog,
        home=OwnAccounts(
            account=config.account,
            partition=config.partition,
            organization=config.organization,
            trusted_accounts=frozenset(config.trusted_accounts),
            demands=config.require_condition,
        ),
        severities=rule_severities(plugged.rules, config.severity),
        options=rule_options(plugged.rules, config.rules),
        place=RepositoryPaths(request.here).of,
    )
