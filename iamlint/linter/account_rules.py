"""Applies the rules that look at a whole account: once a run, when all documents are read.

INVARIANT: what they find does not depend on the order of the files, or on how many processes look
at policies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from iamlint.account.described import DescribedFiles
from iamlint.errors import BrokenPart, IamlintError, InternalError, describe_error
from iamlint.fast_dataclass import replace
from iamlint.linter.cases import Hold, report_cases, when
from iamlint.linter.check import AccountOutcome, finding_of, not_checked_by, related_at
from iamlint.linter.fingerprint import fingerprints_of
from iamlint.load import Loaded
from iamlint.load.document import Cause, Document, NotAnalysed
from iamlint.policy.grammar import Kind
from iamlint.policy.steps import EACH, LEAST, TooManyStepsError, limit_steps
from iamlint.rule import AccountContext, Scope
from iamlint.rule.finding import Finding, ThreadFlow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from iamlint.catalog import Catalog
    from iamlint.config import Config, Scopes
    from iamlint.linter.check import CheckOptions, Outcome
    from iamlint.load.file_value import FileValue
    from iamlint.rule import Note, Rule
    from iamlint.rule.finding import Related

    _Documents = dict[tuple[object, ...], list[Document]]

_Placed = TypeVar("_Placed")

_OF_ORGANIZATIONS: Final = frozenset({Kind.SCP, Kind.RCP})
_OF_PRINCIPALS: Final = frozenset({Kind.IDENTITY, Kind.TRUST})


def apply_account_rules(
    described: DescribedFiles, settings: CheckOptions, path: str
) -> AccountOutcome:
    """Return what the rules find in the account that files describe; `path` names it in errors.

    Files that are not read may say more of the principals that others describe.
    """
    said = {"never": bool(settings.home.never), "references": bool(settings.home.references)}
    rules = [one for one in settings.rules if one.looks_at_account and is_asked(one, **said)]
    if not described.is_known:
        return AccountOutcome(unanswered=frozenset(rule.name for rule in rules))
    if not rules or not described.holdings.has_several:
        rules = [rule for rule in rules if rule.scope is Scope.ACCOUNT]
    rules = [rule for rule in rules if _may_find(rule, described)]
    if not rules:
        return AccountOutcome()
    found = _applied(rules, described, settings, path)
    whole = {rule.name for rule in rules if not rule.of_part}
    unread = frozenset[str]() if described.is_whole else whole
    return replace(found, unanswered=found.unanswered | unread)


def is_asked(rule: Rule, *, never: bool, references: bool) -> bool:
    """Return whether the configuration has the demands or the references that a rule is about."""
    said = {"own never": never, "own references": references}
    return all(said.get(word, True) for word in rule.when)


def _may_find(rule: Rule, described: DescribedFiles) -> bool:
    """Return whether files describe what a rule is about, by its kinds of policies.

    Most runs have no principals, and to import a rule takes longer than to see that.
    """
    if rule.kinds <= _OF_ORGANIZATIONS:
        return described.has_organization
    if not rule.kinds <= _OF_PRINCIPALS:
        return True
    return bool(described.holdings.bundles or described.read.nodes)


def _applied(
    rules: Sequence[Rule], described: DescribedFiles, settings: CheckOptions, path: str
) -> AccountOutcome:
    context = AccountContext(described, settings.catalog, settings.home)
    read = described.read
    steps = LEAST + EACH * described.parts
    found: list[Finding] = []
    left_out: list[Outcome] = []
    disagreeing: dict[str, list[str]] = {}
    unanswered: set[str] = set()
    for rule in rules:
        asked = replace(context, options=settings.options_of(rule))
        try:
            with limit_steps(steps):
                items = list(_found(rule, asked, read, settings))
            found += [item for item in items if isinstance(item, Finding)]
            left_out += [item for item in items if isinstance(item, NotAnalysed)]
            continue
        except TooManyStepsError:
            reason = f"more than {steps:,} comparisons in its account"
            left_out.append(_beyond(path, reason, [rule.name], Cause.LIMIT))
        except IamlintError as error:  # two sources disagree
            disagreeing.setdefault(error.message, []).append(rule.name)
        except Exception as error:  # noqa: BLE001 - the boundary: a broken rule is exit 3
            broken = InternalError(BrokenPart.RULE, rule.name, path, describe_error(error))
            left_out.append(broken)
        unanswered.add(rule.name)
    left_out += [_beyond(path, reason, names) for reason, names in disagreeing.items()]
    return AccountOutcome(tuple(found), tuple(left_out), frozenset(unanswered))


def described_in(
    loads: Sequence[Loaded], scopes: Scopes, config: Config, catalog: Catalog, *, is_known: bool
) -> DescribedFiles:
    """Return what the files of a configuration describe, read when it is asked for.

    Nothing is known of it where a loader broke.
    """
    own = scopes.account(config)
    return DescribedFiles(
        lambda: _read_by(loads, lambda path: scopes.of(path).path == config.path),
        (own or config).declared,
        catalog,
        is_known=is_known and not any(loaded.broken for loaded in loads),
        is_whole=own is not None,
        is_closed=all(loaded.is_closed for loaded in loads),
    )


def _read_by(loads: Sequence[Loaded], is_own: Callable[[str], bool]) -> Loaded:
    """Return what several loads found in own files, in the order of paths.

    Each item counts once: that of the first load that names its file.
    """
    first: dict[str, Loaded] = {}
    for loaded in loads:
        first |= {path: loaded for path in loaded.paths if path not in first}

    def own(loaded: Loaded, items: Iterable[_Placed]) -> Iterator[_Placed]:
        for item in items:
            path = _path(item)
            if first.get(path, loaded) is loaded and is_own(path):
                yield item

    return Loaded(
        documents=_by_path(item for one in loads for item in own(one, one.documents)),
        not_analysed=_by_path(item for one in loads for item in own(one, one.not_analysed)),
        paths=(),
        lines={},
        nodes=_by_path(item for one in loads for item in own(one, one.nodes)),
        links=_by_path(item for one in loads for item in own(one, one.links)),
        bindings=_by_path(item for one in loads for item in one.bindings),
        of_aws=_by_path(item for one in loads for item in own(one, one.of_aws)),
        workloads=_by_path(item for one in loads for item in own(one, one.workloads)),
    )


def _beyond(path: str, reason: str, rules: list[str], cause: Cause = Cause.OTHER) -> NotAnalysed:
    return NotAnalysed(path, (), f"{reason}: {not_checked_by(rules)}", cause=cause)


def _by_path(items: Iterable[_Placed]) -> tuple[_Placed, ...]:
    return tuple(sorted(items, key=_path))


def _path(item: object) -> str:
    path: str = item.path  # type: ignore[attr-defined] # all that is read has one
    return path


def _found(
    rule: Rule, context: AccountContext, read: Loaded, settings: CheckOptions
) -> Iterator[Finding | NotAnalysed]:
    """Yield the findings of one rule, and what it could not decide."""
    documents: _Documents = {}
    for document in read.documents:
        documents.setdefault((document.path, document.pointer), []).append(document)
    for hit in rule.check_account(context) if rule.check_account else ():
        if isinstance(hit, NotAnalysed):
            yield hit
            continue
        value = hit.document
        value = _as_read(value, documents) if isinstance(value, Document) else value
        prints = fingerprints_of(value, settings.place(value.path))
        found = finding_of(rule, value, hit.statement, hit.hit, settings, prints)
        related = (*found.related, *_related(hit.notes, found.path))
        flows = (ThreadFlow(one.start, tuple(_related(one.steps, found.path))) for one in hit.flows)
        found = replace(found, related=related, flows=tuple(flows))
        found = when(found, hit.given) if hit.given else found
        yield from report_cases([value], [Hold(value, hit.statement, found)])


def _as_read(document: Document, documents: _Documents) -> Document:
    """Return a document as it was read: without what is known of its account, or its cases.

    So no setting of the account changes a fingerprint. Of several at one place it stays as it is.
    """
    found = documents.get((document.path, document.pointer), [])
    return replace(found[0] if len(found) == 1 else document, cases=None)


def _related(notes: Iterable[tuple[FileValue, Note]], path: str) -> Iterator[Related]:
    for document, note in notes:
        yield related_at(document, note, path)
