"""What the selected rules look at besides policies, and whether files have it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from iamlint.linter.lint_options import LintOptions, load_options, rules_of
from iamlint.load import SubjectKind, load
from iamlint.plugins.extensions import load_extensions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from iamlint.cli.session import Session

Sources = dict[str, dict[SubjectKind, int]]

_WITHOUT_COMMAND: Final = {
    SubjectKind.RESOURCE: "a template or module",
    SubjectKind.TEXT: "a file with a text",
}


def sources_of(session: Session, path: str) -> Sources:
    """Return how many subjects of each kind a path has for each rule that looks at nothing else."""
    today = datetime.now(tz=UTC).date()
    request = LintOptions((path,), today, here=session.here, config=session.fixed_config())
    config = session.config_for(path)
    plugged = load_extensions(config)
    loaded = load([path], load_options(request, config, plugged, request.scopes))
    counts = Counter(one.kind for one in loaded.subjects)
    return {
        rule.name: {kind: counts[kind] for kind in sorted(rule.subjects)}
        for rule in rules_of(request, config, plugged)
        if rule.subjects and not rule.looks_at_account
    }


def as_json(sources: Sources) -> Mapping[str, Sequence[object]]:
    """Return the kinds of subjects of each rule with their number and the command for them."""
    return {
        name: [
            {"kind": str(kind), "subjects": count, "command": kind.command}
            for kind, count in kinds.items()
        ]
        for name, kinds in sources.items()
    }


def as_text(sources: Sources) -> Iterator[str]:
    """Yield a line for each rule: what it looks at, or where that comes from."""
    for name, kinds in sources.items():
        found = ", ".join(f"{kind} ({count})" for kind, count in kinds.items() if count)
        ways = " or ".join(map(_way, kinds))
        yield f"{name}: {found}" if found else f"{name}: nothing to check; its source is {ways}"


def _way(kind: SubjectKind) -> str:
    return f"`{kind.command}`" if kind.command else _WITHOUT_COMMAND[kind]
