"""Write docs/graph-paths.md: how `iamlint graph` follows each known path of escalation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from iamlint.catalog.escalation import escalation
from iamlint.graph.answer import How
from iamlint.graph.paths import PathUse, path_uses, paths_not_modelled

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE: Final = Path(__file__).parent.parent / "docs" / "graph-paths.md"
_HEAD: Final = """\
# How `iamlint graph` follows each path of escalation

`make docs` writes this page. A path is a set of actions by which a principal gains the rights of
another one, or more rights. `iamlint graph` follows {followed} of the {all} paths that it knows as
one of the steps below. A principal that holds the actions of one of the other {others} gets the
answer *unknown*, never *no*.
"""
_STEPS: Final = {
    How.ASSUME_ROLE: "Assumes a role that trusts it",
    How.PASS_ROLE: "Passes a role to a service that the role trusts, and uses it there",
    How.RUN_AS: "Runs code in something that runs with a role",
    How.CREDENTIALS: "Makes credentials of a user",
    How.TRUST_REWRITTEN: "Rewrites the trust policy of a role",
    How.JOINS: "Joins a group",
    How.POLICY_REWRITTEN: "Rewrites policies of itself, or of a principal that it becomes too",
    How.NEW_PRINCIPAL: "Creates a principal with any policy",
}


def page() -> str:
    """Return the text of the page."""
    uses, others = path_uses(), paths_not_modelled()
    counts = {"all": len(uses), "followed": len(uses) - len(others), "others": len(others)}
    return "\n".join([_HEAD.format(**counts), *_followed(), *_not_modelled(others)])


def _followed() -> Iterator[str]:
    for how, title in _STEPS.items():
        uses = [use for use in path_uses().values() if use.how is how]
        yield f"## {title} (`{how}`)\n\n| path | actions | if the files describe |\n|---|---|---|"
        yield from (f"| `{use.path.id}` | {_actions(use)} | {_parts(use)} |" for use in uses)
        yield ""


def _not_modelled(uses: tuple[PathUse, ...]) -> Iterator[str]:
    yield "## Not modelled\n\n| path | actions | why the answer is unknown |\n|---|---|---|"
    yield from (f"| `{use.path.id}` | {_actions(use)} | {use.why} |" for use in uses)
    yield ""


def _actions(use: PathUse) -> str:
    """Return the needs of a path, each with the actions that meet it."""
    spelled = escalation().spelled
    needs = (" or ".join(f"`{spelled[one]}`" for one in need) for need in use.path.needs)
    return ", ".join(needs)


def _parts(use: PathUse) -> str:
    """Return what must be in the files for the path to lead somewhere."""
    types = [*(type_ for type_, _ in use.runs), *filter(None, [use.needs])]
    return ", ".join(f"`{type_}`" for type_ in dict.fromkeys(types))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
