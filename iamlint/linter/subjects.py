"""Applies the rules that look at subjects: reports on an account, and resources beside policies."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from iamlint.errors import BrokenPart, InternalError, describe_error
from iamlint.fast_dataclass import replace
from iamlint.linter.cases import Hold, by_policy, report_cases
from iamlint.linter.check import finding_of, not_checked_by
from iamlint.linter.fingerprint import SubjectFingerprints
from iamlint.load.document import Cause, NotAnalysed
from iamlint.policy.steps import EACH, LEAST, TooManyStepsError, limit_steps
from iamlint.text.source import nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from iamlint.linter.check import CheckOptions, Outcome
    from iamlint.load.file_value import Subject
    from iamlint.rule import Rule, SubjectContext


def check_subjects(
    subjects: Sequence[Subject], context: SubjectContext, settings: CheckOptions
) -> Iterator[Outcome]:
    """Yield what the rules find in subjects, each once for all cases of a subject."""
    kinds = {subject.kind for subject in subjects}
    rules = [
        (rule, replace(context, options=settings.options_of(rule)))
        for rule in settings.rules
        if not kinds.isdisjoint(rule.subjects)
    ]
    place = cache(settings.place)  # a report has thousands of subjects
    for cases in by_policy(subjects) if rules else ():
        holds: list[Hold] = []
        for subject in cases:
            fitting = [one for one in rules if subject.kind in one[0].subjects]
            steps = LEAST + EACH * _size(subject) if fitting else 0
            for rule, asked in fitting:
                for item in _found(rule, subject, asked, settings, steps, place):
                    if isinstance(item, Hold):
                        holds.append(item)
                    else:
                        yield item
        if holds:
            yield from report_cases(cases, holds)


def _found(
    rule: Rule,
    subject: Subject,
    context: SubjectContext,
    settings: CheckOptions,
    steps: int,
    place: Callable[[str], str],
) -> Iterator[Hold | InternalError | NotAnalysed]:
    try:
        with limit_steps(steps):
            hits = list(rule.check_subject(subject, context)) if rule.check_subject else []
    except TooManyStepsError:
        reason = f"more than {steps:,} comparisons: {not_checked_by([rule.name])}"
        yield NotAnalysed(subject.path, subject.pointer, reason, cause=Cause.LIMIT)
        return
    except Exception as error:  # noqa: BLE001 - the boundary: a broken rule is exit 3
        yield InternalError(BrokenPart.RULE, rule.name, subject.path, describe_error(error))
        return
    prints = SubjectFingerprints(subject, place(subject.path))
    for hit in hits:
        found = finding_of(rule, subject, None, hit, settings, prints)
        yield Hold(subject, None, found)


def _size(subject: Subject) -> int:
    """Return the number of nodes of a subject; of a whole file, which may be large, at most."""
    return sum(1 for _ in nodes(subject.value)) if subject.root else len(subject.source.text)
