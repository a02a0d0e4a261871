"""`iamlint rule`: the page of a rule, a list of them all, or a new one."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from iamlint.cli.command import Command
from iamlint.cli.complete import rule_words
from iamlint.cli.options import format_option
from iamlint.errors import UsageError
from iamlint.plugins.extensions import load_extensions
from iamlint.policy.spelling import did_you_mean
from iamlint.rule import RESERVED

if TYPE_CHECKING:
    from iamlint.cli.session import Session
    from iamlint.rule import Rule

_LIST = "`iamlint rule` lists the rules"


@click.command(
    cls=Command,
    examples=(
        ("iamlint rule", "list all rules"),
        ("iamlint rule wildcard-admin", "explain one"),
        ("iamlint rule CKV_AWS_60", "find the rules for a check of another tool"),
        ("iamlint rule new hygiene my-rule", "write the start of a rule"),
    ),
)
@click.argument("names", nargs=-1, metavar="[NAME…]", shell_complete=rule_words)
@click.option("--all", "all_", is_flag=True, help="Explain every rule.")
@format_option("text", "markdown", "json")
@click.pass_obj
def command(session: Session, *, names: tuple[str, ...], all_: bool, output_format: str) -> None:
    """Explain rules: why, bad, good, how to fix, sources. Without a name, list all rules.

    The id of a check of another tool, such as CKV_AWS_60, names our rules for it.

    `iamlint rule new FAMILY NAME` writes the start of a rule: in a checkout of iamlint a built-in
    rule, anywhere else a module of a plugin.
    """
    if names[:1] == (RESERVED,):
        from iamlint.cli.new_rule import echo_new  # noqa: PLC0415 - few write rules

        echo_new(names[1:], Path.cwd())
        return
    from iamlint.rule.page import as_json, as_markdown, as_text  # noqa: PLC0415 - reads every example

    rules = {rule.name: rule for rule in load_extensions(session.config_for(os.curdir)).rules}
    named = [rule for name in names for rule in _named(name, rules)]
    chosen = list(rules.values()) if all_ else named
    if not chosen and output_format == "text":
        width = max(map(len, rules))
        click.echo(
            "\n".join(f"{r.name:{width}}  {r.severity:7}  {r.summary}" for r in rules.values())
        )
    elif output_format == "json":
        click.echo(json.dumps([as_json(rule) for rule in chosen or rules.values()], indent=1))
    else:
        render = as_text if output_format == "text" else as_markdown
        click.echo("\n\n".join(render(rule) for rule in chosen or rules.values()))


def _named(name: str, rules: dict[str, Rule]) -> list[Rule]:
    """Return the rule of this name, or the rules for the check of another tool."""
    if name in rules:
        return [rules[name]]
    from iamlint.rule.peers import rules_for  # noqa: PLC0415 - most name a rule

    covering = rules_for(name)
    if not covering:
        raise UsageError(f"there is no rule `{name}`", help=did_you_mean(name, rules) or _LIST)
    return [rules[rule] for rule in covering]
