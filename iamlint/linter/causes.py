"""Findings that one cause has at one place are one finding: the strongest, with the others inside.

`*` on `*` makes an administrator, who also passes any role: to accept one is to accept both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iamlint.fast_dataclass import replace
from iamlint.rule.finding import Finding

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
