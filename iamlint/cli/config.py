"""`iamlint config`: start a configuration, show what is in force, print the schema."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from iamlint.cli.command import Group
from iamlint.cli.ending import unwritable
from iamlint.cli.options import PATH, format_option
from iamlint.cli.say import say
from iamlint.config import Scopes, select_rules
from iamlint.config.keys import keys
from iamlint.config.schema import URL, schema
from iamlint.config.table import FILE
from iamlint.errors import UsageError
from iamlint.fast_dataclass import replace
from iamlint.linter.account_rules import is_asked
from iamlint.load.given import Var, VarFile
from iamlint.paths import shown
from iamlint.plugins.extensions import load_extensions
from iamlint.text.masked import mask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.cli.session import Session
    from iamlint.config import Config
    from iamlint.config.keys import Key

_START = f"""#:schema {URL}

# The account that owns these policies; every other account is foreign.
# account = "111122223333"
# organization = "o-a1b2c3d4e5"
# trusted-accounts = ["444455556666"]

# Files to read; by default every file that can contain a policy.
# include = ["policies/**/*.json", "infra/**/*.tf", "**/template.yaml"]
# exclude = ["**/fixtures/**"]

# Also check policies that AWS manages: dumps contain copies, and only AWS can fix them.
# aws-managed-policies = true

select = ["default"]
fail-on = "warning"

# The kind of policy in these files, if neither content nor path shows it.
# [kinds]
# "policies/scp/*.json" = "scp"

# Values of variables and parameters, after terraform.tfvars and *.auto.tfvars.
# [terraform]
# vars = {{ env = "prod" }}
# var-files = ["prod.tfvars"]
# [cloudformation]
# parameters = {{ Env = "prod" }}

# A finding to ignore, and the reason.
# [[ignore-finding]]
# rule = "wildcard-admin"
# file = "policies/break-glass.json"
# reason = "two-person control, SEC-12"
# expires = 2027-03-31
"""


@click.group(
    name="config",
    cls=Group,
    examples=(
        ("iamlint config init", "write an iamlint.toml to start with"),
        (
            "iamlint config show policies/deployer.json",
            "show the values for a file, and their sources",
        ),
    ),
)
def command() -> None:
    """Create a configuration, show the effective values, print the schema."""


@command.command(
    examples=(("iamlint config init", "write iamlint.toml in this folder"),),
)
def init() -> None:
    """Write an `iamlint.toml` to start with."""
    path = Path(FILE)
    try:
        with path.open("x", encoding="utf-8") as opened:
            opened.write(_START)
    except FileExistsError as error:
        raise UsageError(f"`{path}` exists already") from error
    except OSError as error:
        raise unwritable(path, error) from error
    click.echo(f"wrote {path}; `iamlint config show` prints the effective values")


@command.command(
    name="schema",
    examples=(("iamlint config schema > iamlint.schema.json", "keep it for an editor"),),
)
@click.pass_obj
def print_schema(session: Session) -> None:
    """Print the JSON schema of `iamlint.toml`."""
    rules = load_extensions(session.config_for(os.curdir)).rules
    click.echo(json.dumps(schema(rules), indent=1))


@command.command(
    examples=(
        ("iamlint config show infra", "show the values for a folder"),
        ("iamlint config show --sources reports", "show what rules look at besides policies"),
    ),
)
@click.argument("path", type=PATH, default=os.curdir)
@format_option("text", "json")
@click.option("--sources", is_flag=True, help="Show what rules look at besides policies instead.")
@click.pass_obj
def show(session: Session, *, path: str, output_format: str, sources: bool) -> None:
    """Show the effective values for a file or folder, and where each came from."""
    if not Path(path).exists():
        raise UsageError(f"`{path}` does not exist")
    if sources:
        _show_sources(session, path, output_format)
        return
    given = dict(_given_by_variables())
    config = session.config_for(path)
    config = replace(config, **{name: value for name, (value, _) in given.items()})
    variables = {name: variable for name, (_, variable) in given.items()}
    rows = [
        (key.name, getattr(config, key.field), variables.get(key.field) or _files(config, key))
        for key in keys()
    ]
    if output_format == "json":
        values = {name: {"value": value, "source": source} for name, value, source in rows}
        click.echo(mask(json.dumps(values, indent=1, default=_plain)))
        return
    for name, value, source in rows:
        say(f"{name} = {json.dumps(value, default=_plain)}  # {source}")
    for line in _of_account(config, path):
        say(line)


def _show_sources(session: Session, path: str, output_format: str) -> None:
    from iamlint.cli.sources import as_json, as_text, sources_of  # noqa: PLC0415 - seldom asked

    found = sources_of(session, path)
    if output_format == "json":
        click.echo(json.dumps(as_json(found), indent=1))
        return
    for line in as_text(found):
        say(line)


def _of_account(config: Config, path: str) -> Iterator[str]:
    """Yield a line about the rules that look at all policies of a principal together."""
    rules = select_rules(
        load_extensions(config).rules,
        select=config.select,
        extend_select=config.extend_select,
        ignore=config.ignore,
        profile=config.profile,
    )
    names = ", ".join(
        f"`{rule.name}`"
        for rule in rules
        if rule.looks_at_account
        and not rule.of_part
        and is_asked(rule, never=bool(config.never), references=bool(config.reference))
    )
    if names and Scopes((path,), Path.cwd()).account(config) is None:
        folder = shown(config.root, config.here)
        yield (
            f"# `{path}` is not all of `{folder}`, so these rules may not report "
            f"what several policies do together: {names}"
        )


def _given_by_variables() -> Iterator[tuple[str, tuple[Any, str]]]:
    """Yield the fields that environment variables give to `check`, with value and variable."""
    from iamlint.cli.check import command as check  # noqa: PLC0415 - it imports much

    fields = {key.field for key in keys()}
    context = click.Context(check)
    for option in check.params:
        given = option.value_from_envvar(context) if option.name in fields else None
        if given is not None:
            value = option.type_cast_value(context, given)
            yield str(option.name), (value, str(option.envvar))


def _files(config: Config, key: Key) -> str:
    """Return the files that give a key its value."""
    files = config.sources.get(key.field, ())
    return ", ".join(shown(path, config.here) for path in files) or "default"


def _plain(value: object) -> object:
    if isinstance(value, Var):
        return {value.name: value.value}
    if isinstance(value, VarFile):
        return value.path
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return str(value)
