"""Lets rules look at many documents, on several processors where that pays."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from iamlint.errors import BrokenPart, InternalError
from iamlint.linter.beside import beside_others
from iamlint.linter.cases import by_policy
from iamlint.linter.check import apply_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.linter.check import CheckOptions, Outcome
    from iamlint.load.document import Document

    Found = list[Outcome]
    Parts = Sequence[Sequence[Document]]
    Work = Callable[[Sequence[Document]], Found]

PART = 25  # documents, which take some 50 ms
_PAYS = 200  # documents a processor; starting another one takes as long as a tenth of them


def check_in_parallel(
    documents: Sequence[Document],
    settings: CheckOptions,
    jobs: int | None,
    watch: Callable[[int], None],
) -> Iterator[Outcome]:
    """Yield the items of `apply_rules` in its order; with None the number of jobs is chosen.

    `watch` is called with the number of documents that are done, each time some are.
    """
    parts = list(_parts(documents))
    work = partial(_looked, settings, beside_others(documents))
    chosen = min(jobs_that_pay(len(documents)) if jobs is None else jobs, len(parts))
    each = _in_processes if chosen > 1 and can_fork() else _here
    for part, found in zip(parts, each(parts, work, chosen), strict=True):
        yield from found
        watch(len(part))


def _parts(documents: Sequence[Document]) -> Iterator[list[Document]]:
    """Yield parts of about the same size; the documents of one policy stay together."""
    part: list[Document] = []
    for policy in by_policy(documents):
        part += policy
        if len(part) >= PART:
            yield part
            part = []
    if part:
        yield part


def _here(parts: Parts, work: Work, _jobs: int) -> Iterator[Found]:
    return map(work, parts)


def _in_processes(parts: Parts, work: Work, jobs: int) -> Iterator[Found]:
    """Yield the findings of parts, by processes that begin with all data, so that none is sent."""
    from iamlint.linter.crew import Crew, Died  # noqa: PLC0415 - few runs are that long

    crew = Crew(lambda number: work(parts[number]), jobs)
    for part, found in zip(parts, crew.results(len(parts)), strict=True):
        yield _one_by_one(part, work) if isinstance(found, Died) else found


def _looked(settings: CheckOptions, beside: AbstractSet[int], part: Sequence[Document]) -> Found:
    return list(apply_rules(part, settings, beside))


def _one_by_one(part: Sequence[Document], work: Work) -> Found:
    """Return the findings of a part, each policy in its own process, and those that end it."""
    from iamlint.linter.crew import Crew, Died  # noqa: PLC0415 - hardly ever

    found: Found = []
    for policy in by_policy(part):
        (made,) = Crew(lambda _: work(policy), 1).results(1)  # noqa: B023 - it runs at once
        if isinstance(made, Died):
            found.append(InternalError(BrokenPart.PROCESS, "check", policy[0].path, str(made)))
        else:
            found += made
    return found


def jobs_that_pay(documents: int) -> int:
    """Return how many processes pay for documents."""
    return jobs_for(documents // _PAYS)


def jobs_for(most: int) -> int:
    """Return how many processes there may be, at most so many."""
    return max(1, min(most, len(os.sched_getaffinity(0)) if can_fork() else 1))


def can_fork() -> bool:
    """Return whether a process can be split; macOS allows it, and its libraries then fail."""
    return hasattr(os, "sched_getaffinity") and hasattr(os, "fork")
