"""Decides requests about patterns: can it be done on any, on all of the resources of a pattern?

A decision depends on the resource only through the patterns of the statements that mention the
action. So one decision for one witness of each region those patterns cut out answers for all
resources: exactly, without sampling.
"""

from __future__ import annotations

import itertools
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from iamlint.evaluator.decision import evaluate
from iamlint.evaluator.elements import loose_text
from iamlint.evaluator.match import read_glob, read_template
from iamlint.evaluator.patterns.languages import (
    BUDGET,
    Language,
    MatchExtent,
    arn_language,
    cut,
    resource_language,
    text_language,
)
from iamlint.evaluator.settings import DEFAULTS
from iamlint.evaluator.verdict import Verdict
from iamlint.fast_dataclass import dataclass, replace
from iamlint.policy.arn import split_arn
from iamlint.policy.arn_patterns import FIELDS
from iamlint.policy.requested import RequestedResource
from iamlint.policy.truth import Truth

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iamlint.evaluator.decision import Decision
    from iamlint.evaluator.policy_set import PolicySet
    from iamlint.evaluator.request import Request
    from iamlint.evaluator.settings import Settings
    from iamlint.evaluator.statement import CompiledStatement
    from iamlint.policy.model import Entry

NO, MAYBE, YES = Truth.NO, Truth.MAYBE, Truth.YES

_NONE_SPECIAL: Final[Mapping[str, PolicySet]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PatternAnswer:
    """Whether any and whether every of the requests is allowed, with an example of each kind.

    `why` says what could not be decided where that is not for want of context keys.
    """

    any: Truth
    every: Truth
    allowed: Decision | None = None
    denied: Decision | None = None
    undetermined: Decision | None = None
    why: str | None = None

    @property
    def extent(self) -> MatchExtent:
        """The extent that is allowed: all, some or none."""
        if self.every is YES:
            return MatchExtent.ALL
        if self.any is NO:
            return MatchExtent.NONE
        settled = self.any is YES and self.every is NO
        return MatchExtent.SOME if settled else MatchExtent.UNDETERMINED

    @property
    def missing_keys(self) -> tuple[str, ...]:
        return self.undetermined.missing_keys if self.undetermined else ()


def ask_pattern(
    request: Request,
    policies: PolicySet,
    settings: Settings = DEFAULTS,
    *,
    special: Mapping[str, PolicySet] = _NONE_SPECIAL,
    budget: int = BUDGET,
) -> PatternAnswer:
    """Return the answer for a request whose resource may be a pattern; `*` means every ARN.

    The context must hold for all of the resources: leave keys that depend on the resource unknown.
    `special` holds the policies around resources that have their own, by patterns that do not
    overlap.
    """
    if not request.resource.is_pattern:
        return decide_one(evaluate(request, policies, settings))
    universe = resource_language(request.resource.text)
    if universe is None:
        return PatternAnswer(NO, NO, why=f"`{request.resource}` does not name a resource")
    own = {language: set_ for p, set_ in special.items() if (language := resource_language(p))}
    found = (_languages(request, set_) for set_ in (policies, *own.values()))
    languages = tuple(dict.fromkeys([*own, *itertools.chain.from_iterable(found)]))
    sets = list(own.values())
    decisions = []
    parts, are_all = cut(universe, languages, budget)
    for region in parts:
        concrete = replace(request, resource=RequestedResource.of(region.witness))
        at = min(region.named_by, default=len(sets))
        around = sets[at] if at < len(sets) else policies
        decisions.append(evaluate(concrete, around, settings))
    if not are_all:
        why = f"the policies cut `{request.resource}` into too many parts to evaluate"
        return _summary(decisions, why)
    return _summary(decisions)


def all_of(answers: Iterable[PatternAnswer]) -> PatternAnswer:
    """Return the answers to several questions as one, as for each action of a pattern."""
    answers = list(answers)
    return PatternAnswer(
        max((a.any for a in answers), default=NO),
        min((a.every for a in answers), default=NO),
        next((a.allowed for a in answers if a.allowed), None),
        next((a.denied for a in answers if a.denied), None),
        next((a.undetermined for a in answers if a.undetermined), None),
        next((a.why for a in answers if a.why), None if answers else "the pattern matches nothing"),
    )


def decide_one(decision: Decision) -> PatternAnswer:
    """Return the answer to a question about one resource."""
    return _summary([decision])


_TRUTHS: Final = {Verdict.ALLOWED: YES, Verdict.UNDETERMINED: MAYBE}


def _summary(decisions: list[Decision], why: str | None = None) -> PatternAnswer:
    """Return the answer of decisions; with a `why` some regions were not decided."""
    truths = [_TRUTHS.get(d.verdict, NO) for d in decisions] + ([MAYBE] if why else [])
    first = {_TRUTHS.get(d.verdict, NO): d for d in reversed(decisions)}
    return PatternAnswer(
        max(truths, default=NO), min(truths, default=NO), first.get(YES), first.get(NO),
        first.get(MAYBE), why,
    )  # fmt: skip


def _languages(request: Request, policies: PolicySet) -> Iterator[Language]:
    """Yield every language on which the decision may depend."""
    action = request.action.lower()
    for policy in policies.every():
        for statement, _ in policy.about(action):
            element = statement.source.resource_element
            for entry in element.entries if element else ():
                yield from _entry_languages(entry, statement, request)
    accounts = ["", request.caller.account or ""] if request.resource_account is None else []
    structure = [f"arn:*:*:*:{account}:*" for account in accounts]
    for pattern in (*structure, *_SERVICE_PATTERNS.get(request.service, ())):
        language = resource_language(pattern)
        if language is not None:
            yield language


_SERVICE_PATTERNS: Final = {
    "kms": ("arn:*:kms:*:*:key/*", "arn:*:kms:*:*:alias/aws/*"),
    "sts": ("arn:*:iam:*:*:role/*",),
}


def _entry_languages(
    entry: Entry, statement: CompiledStatement, request: Request
) -> Iterator[Language]:
    value = entry.value
    if value == "*":
        return
    if not isinstance(value, str):
        yield text_language(read_glob(loose_text(entry)))
        return
    variables = statement.variables and "${" in value
    fields = split_arn(value) if variables else value.split(":", FIELDS - 1)
    if fields[0] != "arn":
        return
    # Padding what may not be padded cuts finer than needed, which does no harm.
    globs = [read_glob(field) for field in [*fields, *["*"] * (FIELDS - len(fields))]]
    if variables and len(fields) == FIELDS:
        template = read_template(fields[-1], variables=True, wildcards=True)
        expansion = template.expand(request.context)
        if expansion is None:
            return
        globs[-1] = expansion.glob
    yield arn_language(globs)
