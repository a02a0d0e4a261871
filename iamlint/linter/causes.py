"""Findings that one cause has at one place are one finding: the strongest, with the others inside.

`*` on `*` makes an administrator, who also passes any role: to accept one is to accept both. The
same is true of a chain of steps, and a finding that its last step is possible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import replace
from iamlint.rule.finding import Finding, Related

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.errors import InternalError
    from iamlint.load.document import NotAnalysed
    from iamlint.rule import Rule
    from iamlint.rule.finding import Family

    _Families = AbstractSet[Family]


def with_implied(
    found: Sequence[Finding | InternalError | NotAnalysed], rules: Iterable[Rule]
) -> Iterator[Finding | InternalError | NotAnalysed]:
    """Yield what was found, in its order, where one finding may include others at its place.

    All stay, so that ignores and baselines of a weaker finding keep their meaning.
    """
    implies = {rule.name: rule.implies for rule in rules if rule.implies}
    by_place: dict[tuple[object, ...], list[Finding]] = {}
    for item in found:
        if isinstance(item, Finding):
            by_place.setdefault(_place(item), []).append(item)
    marked: dict[int, Finding] = {}
    for at_place in by_place.values():
        if len(at_place) > 1:
            marked.update(_marked(at_place, implies))
    for item in found:
        yield marked.get(id(item), item) if isinstance(item, Finding) else item


def _place(finding: Finding) -> tuple[object, ...]:
    """Return the place of a finding, and its values: another finding may need other values."""
    start, end = finding.range.start.offset, finding.range.end.offset
    given = finding.properties.get("when"), str(finding.properties.get("default"))
    return finding.path, start, end, *given


def _marked(
    at_place: Sequence[Finding], implies: Mapping[str, _Families]
) -> Iterator[tuple[int, Finding]]:
    families = {family for f in at_place for family in implies.get(f.rule, ())}
    alike = [f for f in at_place if f.family in families or f.rule in implies]
    if not families or len(alike) < 2:  # noqa: PLR2004 - a single one includes nothing
        return
    first = min(alike, key=lambda f: _strongest_first(f, len(implies.get(f.rule, ()))))
    names = tuple(sorted({f.rule for f in alike} - {first.rule}))
    score = max((f.security_severity for f in alike if f.security_severity), default=None)
    for finding in alike:
        if finding.rule == first.rule:
            yield id(finding), replace(finding, implied=names, security_severity=score)
        else:
            yield id(finding), replace(finding, implied_by=first.rule)


def _strongest_first(finding: Finding, families: int) -> tuple[object, ...]:
    """Return the order of findings at one place: of equal severity, what includes more is first."""
    return -finding.severity.rank, -families, -(finding.security_severity or 0), finding.rule


def with_chains(
    found: Sequence[Finding | InternalError | NotAnalysed],
) -> Iterator[Finding | InternalError | NotAnalysed]:
    """Yield what was found; a chain is part of the finding that reports its last step.

    That is the one that includes it, or the one on the same statement and path of escalation.
    """
    findings = [item for item in found if isinstance(item, Finding)]
    chains = [one for one in findings if one.flows]
    if not chains:
        yield from found
        return
    by_statement: dict[object, list[Finding]] = {}
    by_place: dict[object, Finding] = {}
    for one in findings:
        by_statement.setdefault(_statement(one), []).append(one)
        by_place.setdefault((one.rule, _place(one)), one)
    marked: dict[int, Finding] = {}
    for chain in chains:
        first = chain if chain.implied_by else _on_path(chain, by_statement[_statement(chain)])
        owner = first
        if first is not None and first.implied_by:
            owner = by_place.get((first.implied_by, _place(first)))
        if owner is not None:
            marked[id(chain)] = replace(chain, implied_by=owner.rule)
            marked[id(owner)] = _with_chain(marked.get(id(owner), owner), chain)
    for item in found:
        yield marked.get(id(item), item) if isinstance(item, Finding) else item


def _statement(finding: Finding) -> tuple[object, ...]:
    return finding.path, finding.policy.pointer, finding.statement


def _on_path(chain: Finding, beside: Iterable[Finding]) -> Finding | None:
    """Return the gravest finding on the same path of escalation among those of a statement."""
    if chain.statement is None:
        return None
    paths = _paths_of(chain, "paths")
    found = (f for f in beside if not f.flows and paths & _paths_of(f, "implied", "others"))
    return max(found, key=lambda f: (f.security_severity or 0, f.rule), default=None)


def _paths_of(finding: Finding, *lists: str) -> set[object]:
    """Return the ids of the paths of escalation that a finding is about."""
    found: set[object] = {finding.properties.get("path")} - {None}
    for name in lists:
        listed = finding.properties.get(name)
        found.update(listed if isinstance(listed, list | tuple) else ())
    return found


def _with_chain(owner: Finding, chain: Finding) -> Finding:
    same = chain.path == owner.path
    said = Related(chain.pointer, chain.range, chain.message, None if same else chain.path)
    scores = (owner.security_severity or 0, chain.security_severity or 0)
    return replace(
        owner,
        related=(*owner.related, said, *chain.related),
        flows=(*owner.flows, *chain.flows),
        implied=tuple(sorted({*owner.implied, chain.rule})),
        security_severity=max(scores),
    )
