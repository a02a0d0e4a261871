"""`iamlint config`: the effective configuration, and where each value comes from."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from iamlint.config import Config

if TYPE_CHECKING:
    from iamlint.cli import Session

_INTERNAL = ("root", "path", "lines")


@click.group(name="config")
def command() -> None:
    """Show the effective configuration."""


@command.command()
@click.argument("path", default=os.curdir)
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text")
@click.pass_obj
def show(session: Session, *, path: str, output_format: str) -> None:
    """Show the effective values for a file or folder, and where each came from."""
    config = session.config_for(path)
    defaults = Config(root=Path())
    rows = [
        (field.name.replace("_", "-"), getattr(config, field.name), getattr(defaults, field.name))
        for field in dataclasses.fields(config)
        if field.name not in _INTERNAL
    ]
    if output_format == "json":
        values = {
            name: {"value": value, "source": _source(config, value == default)}
            for name, value, default in rows
        }
        click.echo(json.dumps(values, indent=1, default=_plain))
        return
    for name, value, default in rows:
        shown = json.dumps(value, default=_plain)
        click.echo(f"{name} = {shown}  # {_source(config, value == default)}")


def _source(config: Config, is_default: bool) -> str:  # noqa: FBT001 - one truth, told in place
    return "default" if is_default else config.shown


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return str(value)
