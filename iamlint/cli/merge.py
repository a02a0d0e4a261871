"""`iamlint merge`: the parts of a run in, its report out."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

import click

from iamlint.cli.check import CHECK_EXITS
from iamlint.cli.checking import formats_of, report, reporter_of, request_of
from iamlint.cli.command import Command
from iamlint.cli.flags import Flags
from iamlint.cli.options import FILE, OneOf, report_options
from iamlint.cli.session import Session
from iamlint.cli.sharing import flags_from, shared_flags
from iamlint.cli.values import shared_values
from iamlint.errors import UsageError, os_reason
from iamlint.fast_dataclass import replace
from iamlint.linter.parts import RunParts
from iamlint.linter.pipeline import merge
from iamlint.linter.shares import head_of, joined, read_share
from iamlint.plugins.extensions import load_extensions
from iamlint.rule.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from iamlint.linter.shares import RunShare


@click.command(
    cls=Command,
    exits=CHECK_EXITS,
    examples=(
        (
            "iamlint merge part-1.jsonl part-2.jsonl -o iamlint.sarif",
            "join two shares, and report all findings",
        ),
    ),
)
@click.argument("files", nargs=-1, type=FILE, required=True, metavar="PART…")
@click.option("--min-severity", type=OneOf(Severity), help="Hide findings below this severity.")
@report_options
@click.option("--exit-zero", is_flag=True, help="Exit 0 even with findings.")
@click.option("--baseline", type=FILE, help="Ignore the findings listed in this file.")
@click.option(
    "--allow-plugins", is_flag=True, help="Load the plugins that a configuration file names."
)
@click.pass_context
def command(ctx: click.Context, /, files: tuple[Path, ...], **options: object) -> int:
    """Join the results of `check --part`, as if one command had checked all."""
    session = ctx.find_object(Session) or Session()
    with ExitStack() as opened:
        shares = [_read(opened, session.here / file, str(file)) for file in files]
        return _merged(session, shares, options)


def _merged(session: Session, shares: Sequence[RunShare], options: Mapping[str, object]) -> int:
    flags = replace(Flags(**options), **flags_from(shares[0].head.flags))  # type: ignore[arg-type]
    request = request_of(session, flags, partial(shared_values, flags.var, flags.var_file))
    config = request.scopes.base(request.paths[0])
    plugins = load_extensions(replace(config, is_trusted=config.is_trusted or flags.allow_plugins))
    reporters = {name: reporter_of(name, plugins.reporters) for name in formats_of(flags)}
    parts = RunParts(request, plugins)
    head = head_of(parts, shared_flags(flags), shares[0].head.number, shares[0].head.of)
    run = merge(joined(shares, head), parts)
    return report(run, request, session, flags, reporters)


def _read(opened: ExitStack, place: Path, name: str) -> RunShare:
    try:
        return read_share(opened.enter_context(place.open("rb")), name)
    except OSError as error:
        raise UsageError(f"`{name}` cannot be read: {os_reason(error)}") from error
