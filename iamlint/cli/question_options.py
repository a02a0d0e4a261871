"""What the commands that ask questions share: the repository, and what requests carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from iamlint.cli.say import tell
from iamlint.errors import UsageError
from iamlint.repository import open_repository

if TYPE_CHECKING:
    from iamlint.catalog import Catalog
    from iamlint.cli.session import Session
    from iamlint.load import Vars
    from iamlint.repository import Repository

context_option = click.option(
    "--context",
    multiple=True,
    metavar="KEY=VALUE",
    help="A condition key of the request and its value; may be repeated.",
)
absent_option = click.option(
    "--absent",
    multiple=True,
    metavar="KEY",
    help="A condition key that the request does not have; may be repeated.",
)
strict_option = click.option(
    "--strict", is_flag=True, help="Fail if any file of the repository cannot be read."
)
at_option = click.option(
    "--at", metavar="TIME", help="Time of the request, such as 2027-03-31T12:00:00Z."
)


def open_at(
    session: Session,
    path: str,
    given: Vars = (),
    *,
    strict: bool = False,
    workloads: bool = False,
) -> Repository:
    """Return the repository that a path is in; print its files that could not be read.

    That blocks no answer that it cannot change; if `strict`, it blocks all. With `workloads`, it
    also has what runs with a role.
    """
    nested = session.fixed_config() is not None
    config = session.config_for(path)
    repository = open_repository(config, nested=nested, given=given, workloads=workloads)
    if strict:
        repository.refuse_unread()
    for unread in repository.account.accounts.unread:
        tell(f"warning: {unread}")
    return repository


def given(catalog: Catalog, context: tuple[str, ...], absent: tuple[str, ...]) -> dict[str, object]:
    """Return the context that options describe; a key given several times has several values."""
    found: dict[str, list[str]] = {}
    for text in context:
        key, equals, value = text.partition("=")
        if not equals:
            raise UsageError(
                f"`--context {text}` has no value",
                help=f"write `--context {text}=VALUE`, or `--absent {text}`",
            )
        found.setdefault(key, []).append(value)
    both = next((key for key in absent if key in found), None)
    if both is not None:
        raise UsageError(f"`{both}` is in both `--context` and `--absent`")
    return {
        **{key: _value(catalog, key, values) for key, values in found.items()},
        **dict.fromkeys(absent),
    }


def _value(catalog: Catalog, key: str, values: list[str]) -> object:
    known = catalog.condition_key(key)
    many = len(values) > 1 or (known is not None and known.multivalued)
    return values if many else values[0]
