"""`iamlint expand`: the actions that patterns name."""

from __future__ import annotations

import json
import os

import click

from iamlint.cli.command import Command
from iamlint.cli.complete import actions
from iamlint.cli.options import format_option
from iamlint.cli.say import tell
from iamlint.cli.session import Exit, Session
from iamlint.plugins.extensions import load_extensions


@click.command(
    cls=Command,
    exits={
        Exit.CLEAN: "each pattern matches an action",
        Exit.USAGE: "wrong use, or a pattern matches no action",
    },
    examples=(
        ("iamlint expand 's3:Get*Acl'", "list the actions of a pattern"),
        (
            "iamlint expand 'kms:*' 'secretsmanager:*' --output-format json",
            "of several, for programs",
        ),
    ),
)
@click.argument("patterns", nargs=-1, required=True, metavar="PATTERN…", shell_complete=actions)
@format_option("text", "json")
@click.pass_obj
def command(session: Session, *, patterns: tuple[str, ...], output_format: str) -> int:
    """List the actions a pattern names, with access level and resource types."""
    catalog = load_extensions(session.config_for(os.curdir)).catalog
    actions = {a.full_name: a for pattern in patterns for a in catalog.expand(pattern)}
    rows = [
        (a.full_name, a.access_level.value, [use.name for use in a.resource_types])
        for _, a in sorted(actions.items())
    ]
    if output_format == "json":
        keys = ("action", "access_level", "resource_types")
        click.echo(json.dumps([dict(zip(keys, row, strict=True)) for row in rows], indent=1))
    else:
        for name, level, types in rows:
            click.echo(f"{name:50} {level:22} {', '.join(types) or '-'}")
    for pattern in patterns:
        if not catalog.matches_any(pattern):
            hints = ", ".join(f"`{name}`" for name in catalog.close_actions(pattern))
            tell(f"error: `{pattern}` matches no action in the AWS data of {catalog.date}")
            if hints:
                tell(f"help: did you mean {hints}?")
        elif not catalog.expand(pattern):
            known = f"the AWS data of {catalog.date} does not list the actions it names"
            tell(f"note: AWS accepts `{pattern}`, but {known}")
    return Exit.CLEAN if all(map(catalog.matches_any, patterns)) else Exit.USAGE
