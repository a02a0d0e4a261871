"""Checks what was read of some files: findings out, and the facts that need the other files."""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from iamlint.account.named import names_principals
from iamlint.errors import BrokenPart, InternalError
from iamlint.fast_dataclass import dataclass, replace
from iamlint.linter.causes import with_chains, with_implied
from iamlint.linter.check import AccountOutcome, apply_rules_by_default, deduplicate
from iamlint.linter.lint_options import check_options
from iamlint.linter.parallel import check_in_parallel
from iamlint.linter.suppress import Marked, find_waivers, mark_suppressed
from iamlint.linter.uses import of_every_use
from iamlint.load import NotAnalysed, SubjectKind
from iamlint.rule import SubjectContext
from iamlint.rule.finding import Finding, Profile
from iamlint.rule.run import DatedReport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date

    from iamlint.config import Config, Scopes
    from iamlint.linter.check import CheckOptions, Outcome
    from iamlint.linter.holders import HolderLookup
    from iamlint.linter.lint_options import LintOptions
    from iamlint.load import Loaded, Subject
    from iamlint.load.document import ByDefault, Document
    from iamlint.plugins.extensions import Extensions
    from iamlint.rule.finding import Ignore
    from iamlint.text.span import Lines

    Watch = Callable[[int, int], None]

Hidden: TypeAlias = tuple[str, int, int]
"""The path of a file, and where a password starts and ends in its text."""

_Located = TypeVar("_Located", "Document", "ByDefault")


@dataclass(frozen=True, slots=True)
class Answered:
    """The files of one configuration that were checked, and the rules that gave no answer there.

    `config` is the path of the configuration, and `unanswered` are of the rules that it selects.
    The ignores of the configuration that were `used`, and those `about` a file of these. Some
    ignore expires after each of the `days`.
    """

    config: str
    paths: tuple[str, ...]
    unanswered: frozenset[str] = frozenset()
    used: frozenset[Ignore] = frozenset()
    about: frozenset[Ignore] = frozenset()
    days: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class PartResult:
    """What a run found in some of its files, whose findings need no other file.

    Plain data: rules and configurations are in it by name. `files`, `policies` and `subjects` are
    counts, `texts` the paths of the files whose text a report may show, `with_secrets` those that
    have secrets, and `hidden` passwords that only a rule knows. `reports` are on accounts.
    """

    findings: tuple[Finding, ...] = ()
    not_analysed: tuple[NotAnalysed, ...] = ()
    broken: tuple[InternalError, ...] = ()
    files: int = 0
    policies: int = 0
    texts: tuple[str, ...] = ()
    answered: tuple[Answered, ...] = ()
    subjects: int = 0
    reports: tuple[DatedReport, ...] = ()
    with_secrets: tuple[str, ...] = ()
    hidden: tuple[Hidden, ...] = ()


def check_part(
    loads: Sequence[Loaded],
    beside: Sequence[Loaded],
    request: LintOptions,
    plugged: Extensions,
    scopes: Scopes,
    watch: Watch | None = None,
) -> PartResult:
    """Return what the rules find in files; those `beside` them may say who holds a policy.

    `watch` is called with the number of policies, and of those done.
    """
    lines = {path: of_file for loaded in loads for path, of_file in loaded.lines.items()}
    documents = list(_documents(loads))
    by_default = [one for loaded in loads for one in loaded.by_default]
    subjects = [one for loaded in loads for one in loaded.subjects]
    looked = partial(watch or nobody, len(documents))
    found: list[Outcome] = [item for loaded in loads for item in loaded.broken]
    answered: list[Answered] = []
    named = {path for loaded in loads for path in loaded.paths}
    for config, paths, here, others in _grouped(scopes, lines, documents, by_default):
        own = {path: lines[path] for path in paths}
        about = [one for one in subjects if one.path in own]
        of_config = _OfConfig(request, plugged, config, own, about)
        lookup = of_config.lookup([*loads, *beside], scopes)
        made, facts = of_config.checked(lookup, named, here, others, looked)
        found += made
        answered.append(facts)
    result = PartResult(
        findings=tuple(item for item in found if isinstance(item, Finding)),
        not_analysed=tuple(chain(*(loaded.not_analysed for loaded in loads), _unjudged(found))),
        broken=tuple(item for item in found if isinstance(item, InternalError)),
        files=sum(loaded.files for loaded in loads),
        policies=len({(document.path, document.pointer) for document in documents}),
        texts=tuple(lines),
        answered=tuple(answered),
        subjects=sum(one.kind is not SubjectKind.TEXT for one in subjects),
        reports=tuple(_dated(subjects)),
    )
    return _without_secrets(result, subjects, lines, request)


def _without_secrets(
    result: PartResult,
    subjects: Iterable[Subject],
    lines: Mapping[str, Lines],
    request: LintOptions,
) -> PartResult:
    """Return a result as reports show it; fixes that are written have the texts of the files."""
    paths = tuple(one.path for one in subjects if one.kind is SubjectKind.TEXT)
    hidden = tuple(
        (found.path, found.range.start.offset, found.range.end.offset)
        for found in result.findings
        if found.hides
    )
    for path, start, end in hidden:
        if path in lines:
            lines[path].hide(start, end)
    if not (paths or hidden):
        return result
    from iamlint.linter import masked_result as masked  # noqa: PLC0415 - few files have a secret

    findings = map(masked.mask_finding, result.findings)
    return replace(
        result,
        findings=tuple(findings if request.is_for_fixes else masked.mask_fixes(findings)),
        not_analysed=tuple(map(masked.mask_reason, result.not_analysed)),
        broken=tuple(map(masked.mask_error, result.broken)),
        with_secrets=paths,
        hidden=hidden,
    )


@dataclass(frozen=True, slots=True)
class _OfConfig:
    """The files of one configuration, with their lines and what is in them besides policies."""

    request: LintOptions
    plugged: Extensions
    config: Config
    lines: Mapping[str, Lines]
    subjects: Sequence[Subject]

    def lookup(self, loads: Sequence[Loaded], scopes: Scopes) -> HolderLookup | None:
        """Return who holds the policies; None if neither files nor the configuration say it."""
        is_known = self.request.kind is None
        is_part = scopes.account(self.config) is None and self.config.declared.has_none
        if is_known and is_part and not any(map(names_principals, loads)):
            return None
        from iamlint.linter.account_rules import described_in  # noqa: PLC0415 - not for one policy
        from iamlint.linter.holders import HolderLookup  # noqa: PLC0415 - the same

        catalog = self.plugged.catalog
        return HolderLookup(described_in(loads, scopes, self.config, catalog, is_known=is_known))

    def checked(
        self,
        lookup: HolderLookup | None,
        named: AbstractSet[str],
        documents: list[Document],
        by_default: list[ByDefault],
        looked: Callable[[int], None],
    ) -> tuple[list[Outcome], Answered]:
        """Return what is found in policies, and which rules gave an answer."""
        settings = check_options(self.request, self.config, self.plugged)
        settings = settings if lookup is None else replace(settings, holders=lookup.of)
        looked_at = check_in_parallel(documents, settings, self.request.jobs, looked)
        attached, account = self._of_principals(lookup, named, settings)
        seen = chain(looked_at, attached, account.found, self._of_subjects(settings))
        found = list(_each_once(seen, documents, by_default, settings))
        settings = settings.without(account.unanswered)
        every = [*documents, *(one.document for one in by_default)]
        marked = self._marked(found, every, named, settings)
        others = [item for item in found if not isinstance(item, Finding)]
        answered = Answered(
            config_name(self.config),
            tuple(sorted(named & self.lines.keys())),
            account.unanswered,
            marked.used,
            marked.about,
            marked.days,
        )
        return [*marked.findings, *others, *account.left_out], answered

    def _of_principals(
        self, lookup: HolderLookup | None, named: AbstractSet[str], settings: CheckOptions
    ) -> tuple[Iterable[Outcome], AccountOutcome]:
        """Return what is found in attached policies of AWS, and in the account."""
        if lookup is None:
            return (), AccountOutcome()
        from iamlint.linter.account_rules import apply_account_rules  # noqa: PLC0415 - see `lookup`
        from iamlint.linter.attached import check_attachments  # noqa: PLC0415 - the same

        shown = self.config.shown or str(self.config.here)
        account = apply_account_rules(lookup.described, settings, shown)
        return check_attachments(lookup, named, settings), account

    def _of_subjects(self, settings: CheckOptions) -> Iterable[Outcome]:
        """Return what is found besides policies."""
        if not self.subjects:
            return ()
        from iamlint.linter.subjects import check_subjects  # noqa: PLC0415 - few runs have some

        profile = self.request.profile or self.config.profile
        context = SubjectContext(
            catalog=settings.catalog,
            home=settings.home,
            subjects=self.subjects,
            at=self.request.at,
            is_strict=profile is Profile.STRICT,
        )
        return check_subjects(self.subjects, context, settings)

    def _marked(
        self,
        found: Sequence[Outcome],
        documents: Sequence[Document],
        named: AbstractSet[str],
        settings: CheckOptions,
    ) -> Marked:
        """Return the findings, ignored ones marked, and what is wrong with ignores in files."""
        findings = [item for item in found if isinstance(item, Finding)]
        if not self.request.honour_ignores:
            return Marked(findings)
        enabled = {rule.name for rule in settings.rules}
        left_out = (item.path for item in found if isinstance(item, NotAnalysed))
        return mark_suppressed(
            findings,
            self.lines,
            (*self.config.ignore_finding, *find_waivers([*documents, *self.subjects])),
            settings.rules,
            self.request.today,
            switched_off=frozenset(rule.name for rule in self.plugged.rules) - enabled,
            documents=documents,
            folder=str(self.request.here.absolute()),
            place=settings.place,
            partly=(self.lines.keys() - named).union(left_out),
        )


def config_name(config: Config) -> str:
    """Return the path of a configuration; empty where there is none."""
    return str(config.path or "")


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


def _each_once(
    looked_at: Iterable[Outcome],
    documents: Iterable[Document],
    by_default: Iterable[ByDefault],
    settings: CheckOptions,
) -> Iterator[Outcome]:
    """Return all that was found, each once, with what each finding includes."""
    every = chain(looked_at, apply_rules_by_default(by_default, settings))
    found = deduplicate(of_every_use(every, documents, settings.rules))
    return with_chains(list(with_implied(list(found), settings.rules)))


def _unjudged(found: Iterable[Outcome]) -> Iterator[NotAnalysed]:
    """Yield the policies without a verdict of a rule, or of all rules if the process died."""
    for item in found:
        if isinstance(item, NotAnalysed):
            yield item
        elif isinstance(item, InternalError) and item.part is BrokenPart.PROCESS:
            yield NotAnalysed(item.path, (), item.error)


def _dated(subjects: Iterable[Subject]) -> Iterator[DatedReport]:
    """Yield the reports on accounts that say when they were made, each once."""
    times = {(one.path, str(one.kind)): one.as_of for one in subjects if one.kind.is_report}
    for (path, kind), as_of in times.items():
        if as_of is not None:
            yield DatedReport(path, kind, as_of.isoformat())


def _documents(loads: Sequence[Loaded]) -> Iterator[Document]:
    """Yield documents once: those of a named file come with the paths that name it."""
    named = {path for loaded in loads for path in loaded.paths}
    for loaded in loads:
        others = named.difference(loaded.paths)
        yield from (d for d in loaded.documents if d.path not in others)


def nobody(_total: int, _done: int) -> None:
    """Watch nothing."""
