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
    SubjectKind.TEXT: "a file with what may be a key of AWS",
}
_SHOWN: Final = {
    SubjectKind.RESOURCE: "resources of templates or modules",
    SubjectKind.TEXT: "files with what may be a key of AWS",
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
    """Yield a line for the rules that look at the same: what it is, or where it comes from."""
    rules: dict[str, list[str]] = {}
    for name, kinds in sources.items():
        rules.setdefault(_in_words(kinds), []).append(name)
    yield from (f"{', '.join(names)}: {words}" for words, names in rules.items())


def _in_words(kinds: Mapping[SubjectKind, int]) -> str:
    found = [kind for kind, count in kinds.items() if count]
    missing = " or ".join(_way(kind) for kind in kinds if kind not in found)
    if not found:
        return f"nothing to check without {missing}"
    words = ", ".join(f"{_SHOWN.get(kind, kind)} ({kinds[kind]})" for kind in found)
    is_of_files = found == [SubjectKind.RESOURCE]  # which do not say what the account has
    return f"{words}, and nothing of {missing}" if is_of_files and missing else words


def _way(kind: SubjectKind) -> str:
    return f"`{kind.command}`" if kind.command else _WITHOUT_COMMAND[kind]
