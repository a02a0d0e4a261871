"""`iamlint catalog`: the AWS data iamlint goes by."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from iamlint.catalog import Catalog, managed_policies, user_directory
from iamlint.cli.command import Group
from iamlint.cli.options import format_option
from iamlint.plugins.extensions import load_extensions

if TYPE_CHECKING:
    from iamlint.cli.session import Session


@click.group(
    name="catalog",
    cls=Group,
    examples=(("iamlint catalog show", "show the date of the AWS data"),),
)
def command() -> None:
    """Show the dates, counts and sources of the AWS data, or update it."""


@command.command(
    examples=(("iamlint catalog show --output-format json", "the same, for programs"),),
)
@format_option("text", "json")
@click.pass_obj
def show(session: Session, *, output_format: str) -> None:
    """Show the date of the names, the sources, and counts."""
    catalog = load_extensions(session.config_for(os.curdir)).catalog
    services = [s for s in map(catalog.service, catalog.services()) if s is not None]
    retired = [service for service in services if catalog.retired(service.prefix)]
    facts = {
        "date": catalog.date,
        "source": catalog.source,
        "services": len(services),
        "actions": sum(len(service.actions) for service in services),
        "condition_keys": sum(len(service.condition_keys) for service in services),
        "retired_services": len(retired),
        "origins": catalog.origins(),
        "managed_policies": managed_policies.about(),
    }
    if output_format == "json":
        click.echo(json.dumps(facts, indent=1))
    else:
        managed = managed_policies.about()
        facts["managed_policies"] = "{policies} of {date}, {source}".format_map(managed)
        del facts["origins"]
        click.echo("\n".join(f"{name.replace('_', ' '):17} {fact}" for name, fact in facts.items()))


@command.command(
    examples=(("iamlint catalog update", "fetch the names that AWS has today"),),
)
def update() -> None:
    """Fetch AWS's service reference; the only command that uses the network."""
    from iamlint.catalog.build.service_reference import (  # noqa: PLC0415 - only an update needs it
        fetch_reference,
        update,
    )

    directory = user_directory(os.environ)
    today = datetime.now(tz=UTC).date().isoformat()
    services = update(fetch_reference, directory, date=today, known=Catalog.open())
    click.echo(f"{services} services of {today} in {directory}")
