"""Documents in, findings out: runs every rule over every policy. Prints nothing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, TypeAlias

from iamlint.errors import BrokenPart, InternalError, describe_error
from iamlint.fast_dataclass import dataclass, field, replace
from iamlint.grants.carried import as_carried
from iamlint.linter.beside import beside_others
from iamlint.linter.cases import (
    Hold,
    by_policy,
    is_of_some_values,
    report_cases,
    reported_by_default,
)
from iamlint.linter.contents import KnownContents, arn_of, content_of
from iamlint.linter.fingerprint import Fingerprints, SubjectFingerprints, number_fingerprint
from iamlint.linter.gate import RuleGate
from iamlint.linter.uses import of_every_use
from iamlint.load.document import Cause, Document, NotAnalysed
from iamlint.policy.steps import EACH, LEAST, MAX_PARTS, TooManyStepsError, limit_steps, parts_of
from iamlint.rule import BesideContent, OwnAccounts, RuleContext, issue_code
from iamlint.rule.finding import Family, Finding, Range, Related, StatementRef
from iamlint.rule.holders import UNKNOWN_HOLDERS, Holders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.catalog import Catalog
    from iamlint.load.document import ByDefault
    from iamlint.load.file_value import FileValue
    from iamlint.policy.model import Statement
    from iamlint.rule import Hit, Note, Rule
    from iamlint.rule.finding import Patch, Severity
    from iamlint.rule.fix import Fix
    from iamlint.text.source import Source
    from iamlint.text.span import Pointer, Span

    Outcome: TypeAlias = Finding | InternalError | NotAnalysed
    _Found: TypeAlias = tuple[Rule, Statement | None, Hit]


_HOW_IT_IS_WRITTEN: Final = frozenset(
    {
        Family.SYNTAX,
        Family.ACTIONS,
        Family.RESOURCES,
        Family.CONDITIONS,
        Family.PRINCIPALS,
        Family.REDUNDANCY,
        Family.HYGIENE,
    }
)
"""The families about how a policy is written; the others are about what access it gives."""


def _not_known(_: Document) -> Holders:
    return UNKNOWN_HOLDERS


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """The rules of a check and their settings. `options` holds each rule's own by its name.

    `place` turns the path of a file into a name that does not depend on the current folder.
    `holders` returns what is known of the principals that hold a policy.
    """

    rules: tuple[Rule, ...]
    catalog: Catalog
    home: OwnAccounts = OwnAccounts()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    options: Mapping[str, object] = field(default_factory=dict)
    place: Callable[[str], str] = str
    holders: Callable[[Document], Holders] = _not_known
    gate: RuleGate = field(init=False, repr=False, compare=False)
    known: KnownContents = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "known", KnownContents())
        object.__setattr__(self, "gate", RuleGate(self.rules, self.catalog, self.home))

    def options_of(self, rule: Rule) -> object:
        """Return the own settings of a rule: its defaults, where nothing is set."""
        given = self.options.get(rule.name, self.options.get(rule.options_from))
        return rule.options() if given is None and rule.options is not None else given

    def without(self, rules: AbstractSet[str]) -> CheckOptions:
        """Return the same without some rules."""
        return replace(self, rules=tuple(rule for rule in self.rules if rule.name not in rules))


@dataclass(frozen=True, slots=True)
class AccountOutcome:
    """The findings in an account, and the policies left out by rules that are `unanswered`."""

    found: tuple[Finding, ...] = ()
    left_out: tuple[Outcome, ...] = ()
    unanswered: frozenset[str] = frozenset()


def check_documents(documents: Iterable[Document], settings: CheckOptions) -> Iterator[Outcome]:
    """Yield what the rules find, each once, in no order."""
    every = list(documents)
    found = apply_rules(every, settings, beside_others(every))
    return deduplicate(of_every_use(found, every, settings.rules))


def apply_rules(
    documents: Iterable[Document], settings: CheckOptions, beside: AbstractSet[int]
) -> Iterator[Outcome]:
    """Yield what the rules find in each policy, before `deduplicate`, and forget the policy.

    All documents of one policy must be among them; `beside` are the ids of those that an identity
    has beside others.
    """
    for cases in by_policy(documents):
        holds: list[Hold] = []
        for document in cases:
            for item in _look_at(document, settings, is_beside=id(document) in beside):
                if isinstance(item, Hold):
                    holds.append(item)
                else:
                    yield item
        if holds:
            yield from report_cases(cases, holds)
        for document in cases:
            document.forget_policy()


def apply_rules_by_default(found: Iterable[ByDefault], settings: CheckOptions) -> Iterator[Outcome]:
    """Yield what the rules find in policies only with the defaults of variables."""

    def holds(documents: Iterable[Document]) -> list[Hold]:
        looked = (_look_at(document, settings) for document in documents)
        return [item for items in looked for item in items if isinstance(item, Hold)]

    by_document = {id(one.document): one for one in found}
    for cases in by_policy(one.document for one in by_document.values()):
        if by_rules := holds(cases):
            one = by_document[id(cases[0])]
            yield from reported_by_default(one, cases, by_rules, holds(one.without))


def _look_at(
    document: Document, settings: CheckOptions, *, is_beside: bool = False
) -> Iterator[Hold | InternalError | NotAnalysed]:
    """Yield what the rules find in one policy."""
    content = content_of(document, is_beside=is_beside)
    found = settings.known.found(content, document)
    if found is None:
        context = _context(document, settings, is_beside=is_beside)
        found = []
        for item in _first_look(document, settings, context):
            if isinstance(item, InternalError | NotAnalysed):
                content = None
                yield item
            else:
                found.append(item)
        settings.known.keep(content, document, found, context.beside)
    if not found:
        return
    prints = Fingerprints(document, settings.place(document.path))
    for rule, statement, hit in found:
        finding = finding_of(rule, document, statement, hit, settings, prints)
        yield Hold(document, statement, finding)


def _first_look(
    document: Document, settings: CheckOptions, context: RuleContext
) -> Iterator[_Found | InternalError | NotAnalysed]:
    """Yield what the rules find in one policy, as far as its size allows."""
    parts = parts_of(document.policy)
    if parts > MAX_PARTS:
        yield _beyond(document, f"more than {MAX_PARTS:,} statements, keys and strings in a policy")
        # These count characters; AWS refuses nearly every policy of that size.
        quotas = tuple(rule for rule in settings.rules if rule.family is Family.QUOTAS)
        settings = replace(settings, rules=quotas)
    steps = LEAST + EACH * parts
    late: list[str] = []
    try:
        with limit_steps(steps):
            found = list(_looked_at(document, settings, context, late))
    except TooManyStepsError:
        yield _beyond(document, f"more than {steps:,} comparisons")
        return
    yield from found
    if late:
        yield _beyond(document, f"more than {steps:,} comparisons: {not_checked_by(late)}")


def not_checked_by(rules: Sequence[str]) -> str:
    """Return which rules did not check something, in words."""
    rest = f" and {len(rules) - 1} more rules" if len(rules) > 1 else ""
    return f"not checked by `{rules[0]}`{rest}"


def _beyond(document: Document, reason: str) -> NotAnalysed:
    return NotAnalysed(document.path, document.pointer, reason, cause=Cause.LIMIT)


def _asked(
    settings: CheckOptions, context: RuleContext
) -> Iterator[tuple[Rule, RuleContext, Sequence[Statement]]]:
    """Yield the rules that may find something, what each may ask, and about which statements."""
    gate, policy, resource_type = settings.gate, context.policy, context.resource_type
    carried = as_carried(policy, context.catalog) if gate.of_access else policy
    chosen = of_access = gate.chosen(policy, resource_type)
    as_it_counts = context
    if carried is not policy:
        of_access = gate.chosen(carried, resource_type)
        as_it_counts = replace(context, policy=carried)
    for number in sorted({*chosen, *of_access}):
        counts = number in gate.of_access
        statements = (of_access if counts else chosen).get(number)
        if statements is not None:
            yield settings.rules[number], as_it_counts if counts else context, statements


def _looked_at(
    document: Document, settings: CheckOptions, context: RuleContext, late: list[str]
) -> Iterator[_Found | InternalError]:
    """Yield what each rule finds; `late` takes those for which no steps are left."""
    for rule, asked, statements in _asked(settings, context):
        try:
            if (options := settings.options_of(rule)) is not None:
                asked = replace(asked, options=options)  # noqa: PLW2901 - the same, with options
            hits = list(_hits(rule, document, asked, statements))
            if hits and rule.family in _HOW_IT_IS_WRITTEN:
                hits = _without_generated(hits, document, asked)
        except TooManyStepsError:
            late.append(rule.name)
            continue
        except Exception as error:  # noqa: BLE001 - the boundary: a broken rule is exit 3
            yield InternalError(BrokenPart.RULE, rule.name, document.path, describe_error(error))
            continue
        yield from hits


def deduplicate(found: Iterable[Outcome]) -> Iterator[Outcome]:
    """Yield each finding once, with a unique fingerprint.

    Several readings of one policy, or several policies that share a part, give one finding. A fact
    of one of them is not found again for some values of another, nor is a finding of one call
    found again for another call.
    """
    every = list(_without_calls(found))
    facts = {
        (item.path, item.rule, item.range): item.message
        for item in every
        if isinstance(item, Finding) and not is_of_some_values(item)
    }
    seen_before: set[tuple[str, str, str, Range]] = set()
    seen: Counter[str] = Counter()
    for item in every:
        if not isinstance(item, Finding):
            yield item
            continue
        same = item.path, item.rule, item.message, item.range
        fact = facts.get((item.path, item.rule, item.range))
        if same in seen_before or (
            fact and is_of_some_values(item) and item.message.startswith(fact)
        ):
            continue
        seen_before.add(same)
        seen[item.fingerprint] += 1
        number = seen[item.fingerprint]
        yield (
            replace(item, fingerprint=number_fingerprint(item.fingerprint, number))
            if number > 1
            else item
        )


def _without_calls(found: Iterable[Outcome]) -> Iterator[Outcome]:
    """Yield items without the findings of an example or a test that are also found without it."""
    every = list(found)
    known = {
        (item.path, item.rule, item.range)
        for item in every
        if isinstance(item, Finding) and "call" not in item.properties
    }
    for item in every:
        if isinstance(item, Finding) and "call" in item.properties:
            if (item.path, item.rule, item.range) in known:
                continue
            known.add((item.path, item.rule, item.range))
        yield item


def _hits(
    rule: Rule, document: Document, context: RuleContext, of: Sequence[Statement]
) -> Iterator[_Found]:
    if (check := rule.check) is not None:
        for statement in of:
            for hit in check(statement, context):
                yield rule, statement, hit
    elif rule.check_policy is not None and (
        hits := list(rule.check_policy(context.policy, context))
    ):
        statements = {s.at.pointer: s for s in reversed(document.policy.statements)}
        yield from ((rule, _statement_of(hit.at.pointer, statements), hit) for hit in hits)


def _without_generated(
    hits: list[_Found], document: Document, context: RuleContext
) -> list[_Found]:
    """Return the hits of a rule that the user can fix.

    Only the tool can fix the parts that it writes for any arguments of the user.
    """
    by_tool = document.generated
    if by_tool is None:
        return hits
    asked = replace(context, policy=by_tool.policy, value=by_tool.value)
    rule = hits[0][0]
    own = {hit.at for *_, hit in _hits(rule, by_tool, asked, by_tool.policy.statements)}
    return [found for found in hits if found[2].at not in own]


def _context(document: Document, settings: CheckOptions, *, is_beside: bool) -> RuleContext:
    return RuleContext(
        policy=document.policy,
        catalog=settings.catalog,
        home=settings.home,
        value=document.value if document.source.readable else None,
        beside=BesideContent(lambda: document.written, settings.holders(document)),
        resource_type=document.attachment.resource_type,
        arn=arn_of(document),
        network=document.attachment.network,
        is_whole=document.is_whole,
        is_beside_others=is_beside,
    )


def _statement_of(pointer: Pointer, statements: Mapping[Pointer, Statement]) -> Statement | None:
    """Return the statement a node is in; a single-object `Statement` is the only one."""
    above = (pointer[:length] for length in range(len(pointer) + 1))
    return next((statements[at] for at in above if at in statements), None)


def finding_of(
    rule: Rule,
    document: FileValue,
    statement: Statement | None,
    hit: Hit,
    settings: CheckOptions,
    prints: Fingerprints | SubjectFingerprints,
) -> Finding:
    """Return a hit with all that its rule, its document or subject, and the settings add."""
    path, source = document.file_of(hit.at)
    return Finding(
        rule=rule.name,
        family=rule.family,
        severity=settings.severities.get(rule.name) or hit.severity or rule.severity,
        confidence=rule.confidence,
        profile=rule.profile,
        security_severity=hit.security_severity or rule.security_severity,
        access_analyzer=issue_code(rule, hit.access_analyzer),
        message=hit.message,
        help=hit.help or rule.advice or None,
        path=path,
        policy=prints.policy(settings.home.account),
        statement=StatementRef(statement.index, _sid(statement)) if statement else None,
        pointer=hit.at.pointer,
        range=_range(source, document.span(hit.at)),
        fingerprint=prints.of(rule, statement, hit),
        related=tuple(related_at(document, note, path) for note in hit.related),
        properties=hit.properties,
        fix=_fix(document, hit.fix) if hit.fix and isinstance(document, Document) else None,
        hides=hit.hides,
    )


def _fix(document: Document, fix: Fix) -> Patch | None:
    from iamlint.linter.edits import fix_of  # noqa: PLC0415 - only a fault that can be fixed pays

    return fix_of(document, fix)


def related_at(document: FileValue, note: Note, path: str) -> Related:
    """Return a further place of a finding in the file `path`."""
    other, source = document.file_of(note.at)
    place = _range(source, document.span(note.at))
    return Related(note.at.pointer, place, note.message, None if other == path else other)


def _sid(statement: Statement) -> str | None:
    return statement.sid.text if statement.sid else None


def _range(source: Source, span: Span) -> Range:
    return Range(source.lines.position(span.start), source.lines.position(span.end))
