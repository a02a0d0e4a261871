"""Reads one configuration file and what it extends."""

from __future__ import annotations

import os
import tomllib
from typing import TYPE_CHECKING, Final, cast

from iamlint.account.build.declared import (
    Declared,
    DeclaredOrganization,
    DeclaredPrincipal,
    DeclaredResource,
)
from iamlint.config.model import PYPROJECT, Config, real, shown
from iamlint.config.table import TOOL, TomlTable
from iamlint.errors import UsageError, os_reason
from iamlint.load.given import TakerKind, Var, VarFile
from iamlint.policy.arn import is_account_id
from iamlint.policy.grammar import Kind
from iamlint.rule import RequireCondition
from iamlint.rule.finding import Ignore, Profile, Range, Severity
from iamlint.text.toml import Toml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from iamlint.text.span import Pointer


_OUTSIDE: Final = "is outside of the repository"
_INSIDE: Final = "name a file of the repository"


def read_file(path: Path, here: Path, home: Path | None) -> Config:
    """Read one file and what it extends; raises `UsageError` with file and line.

    What it names must be in the folder `home`, unless that is None.
    """
    config = _read(path, here, home, ())
    if home is not None:
        _refuse_outside(config, home)
    return config


def _refuse_outside(config: Config, home: Path) -> None:
    """Raise where a policy that a configuration names is elsewhere."""
    declared = Declared(
        root=config.root,
        principals=config.principals,
        resources=config.resources,
        organization_policies=config.organization_policies,
    )
    for path in declared.files():
        if not real(path).is_relative_to(home):
            name = os.path.relpath(path, config.root)
            raise UsageError(f"{config.shown}: `{name}` {_OUTSIDE}", help=_INSIDE)


def _read(path: Path, here: Path, home: Path | None, above: tuple[Path, ...]) -> Config:
    if real(path) in above:
        raise UsageError(f"{path}: `extend` leads back to this file")
    try:
        toml = Toml(path.read_text(encoding="utf-8"))
        members = toml.members
    except OSError as error:
        help_ = None if path.exists() else "`iamlint config init` makes a configuration"
        raise UsageError(f"`{path}` cannot be read: {os_reason(error)}", help=help_) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}") from error
    at: Pointer = ()
    if path.name == PYPROJECT:
        at = TOOL
        tool = cast("dict[str, dict[str, object]]", members.get("tool", {}))
        members = tool.get("iamlint", {})
    table = TomlTable(shown(path, here), toml, members, at)
    extended = table.string("extend")
    base = Config(root=path.parent, here=here)
    if extended:
        other = real(path.parent / extended)
        if home is not None and not other.is_relative_to(home):
            raise table.wrong("extend", f"`{extended}` {_OUTSIDE}", help=_INSIDE)
        base = _read(other, here, home, (*above, real(path)))
    config = _config(table, base, path)
    table.finish()
    return config


def _config(table: TomlTable, base: Config, path: Path) -> Config:
    """Read every key; what is not given comes from the base."""
    principals = {name: _principal(name, inner) for name, inner in table.tables("principals")}
    resources = {arn: _resource(arn, inner) for arn, inner in table.tables("resources")}
    return Config(
        root=path.parent,
        path=path,
        here=base.here,
        lines=table.toml.lines,
        include=_or(table.strings("include"), base.include),
        exclude=_or(table.strings("exclude"), base.exclude),
        select=_or(table.strings("select"), base.select),
        extend_select=_or(table.strings("extend-select"), base.extend_select),
        ignore=_or(table.strings("ignore"), base.ignore),
        profile=table.one_of("profile", Profile) or base.profile,
        fail_on_not_analysed=_switch(table, "fail-on-not-analysed", base.fail_on_not_analysed),
        fail_on=table.one_of("fail-on", Severity) or base.fail_on,
        account=_account(table, "account") or base.account,
        partition=table.string("partition") or base.partition,
        region=table.string("region") or base.region,
        organization=table.string("organization") or base.organization,
        management_account=_account(table, "management-account") or base.management_account,
        trusted_accounts=_accounts(table) or base.trusted_accounts,
        aws_managed_policies=_switch(table, "aws-managed-policies", base.aws_managed_policies),
        kinds={**base.kinds, **table.mapped("kinds", Kind)},
        severity={**base.severity, **table.mapped("severity", Severity)},
        rules={**base.rules, **{name: inner.members for name, inner in table.tables("rules")}},
        require_condition=base.require_condition
        + tuple(map(_demand, table.each("require-condition"))),
        ignore_finding=base.ignore_finding
        + tuple(_ignore(inner, path) for inner in table.each("ignore-finding")),
        principals={**base.principals, **principals},
        resources={**base.resources, **resources},
        organization_policies=_organization(table.table("organization-policies"), base),
        plugins=_or(table.strings("plugins"), base.plugins),
        terraform=base.terraform + tuple(_terraform(table.table("terraform"), path)),
        cloudformation=base.cloudformation + tuple(_cloudformation(table.table("cloudformation"))),
    )


def _or(given: tuple[str, ...] | None, inherited: tuple[str, ...]) -> tuple[str, ...]:
    return inherited if given is None else given


def _switch(table: TomlTable, key: str, inherited: bool) -> bool:  # noqa: FBT001 - a value like others
    given = table.boolean(key)
    return inherited if given is None else given


def _account(table: TomlTable, key: str) -> str | None:
    value = table.string(key)
    if value is not None and not is_account_id(value):
        raise table.wrong(
            key, f"`{value}` is not an account id", help="an account id has 12 digits"
        )
    return value


def _accounts(table: TomlTable) -> tuple[str, ...]:
    values = table.strings("trusted-accounts") or ()
    for value in values:
        if not is_account_id(value):
            raise table.wrong(
                "trusted-accounts",
                f"`{value}` is not an account id",
                help="an account id has 12 digits",
            )
    return values


def _demand(table: TomlTable) -> RequireCondition:
    demand = RequireCondition(
        actions=table.strings("actions") or (),
        keys=table.strings("keys") or (),
        reason=table.required("reason"),
    )
    table.finish()
    return demand


def _ignore(table: TomlTable, path: Path) -> Ignore:
    lines, line = table.toml.lines, table.line("rule")
    root = real(path.parent).as_posix()
    ignore = Ignore(
        rule=table.required("rule"),
        file=f"{root.rstrip('/')}/{table.required('file')}",
        reason=table.string("reason") or "",
        path=table.file,
        range=Range(lines.start(line), lines.end(line)),
        sid=table.string("sid"),
        statement=table.integer("statement"),
        expires=table.day("expires"),
        root=root,
    )
    table.finish()
    return ignore


def _principal(name: str, table: TomlTable) -> DeclaredPrincipal:
    principal = DeclaredPrincipal(
        name=name,
        policies=table.strings("policies") or (),
        trust=table.string("trust"),
        boundary=table.string("boundary"),
        tags=table.texts("tags"),
        groups=table.strings("groups") or (),
        path=table.string("path"),
        max_session_duration=table.integer("max-session-duration"),
    )
    table.finish()
    return principal


def _resource(arn: str, table: TomlTable) -> DeclaredResource:
    resource = DeclaredResource(arn, table.string("policy"))
    table.finish()
    return resource


def _terraform(table: TomlTable, path: Path) -> Iterator[Var | VarFile]:
    """Yield the values of variables, then the files of values; later ones count."""
    yield from _vars(table.table("vars"), TakerKind.VARIABLE)
    for name in table.strings("var-files") or ():
        where = f"{table.file}:{table.line('var-files')}"
        yield VarFile(str(path.parent / name), where, str(path.parent))
    table.finish()


def _cloudformation(table: TomlTable) -> Iterator[Var]:
    yield from _vars(table.table("parameters"), TakerKind.PARAMETER)
    table.finish()


def _vars(table: TomlTable, taker: TakerKind) -> Iterator[Var]:
    for name in table.members:
        yield Var(name, table.plain(name), f"{table.file}:{table.line(name)}", (taker,))


def _organization(table: TomlTable, base: Config) -> DeclaredOrganization:
    inherited = base.organization_policies
    accounts = dict(inherited.accounts)
    for account, of_one in table.tables("accounts"):
        if not is_account_id(account):
            raise table.wrong(account, f"`{account}` is not an account id of 12 digits")
        accounts[account] = DeclaredOrganization(of_one.levels("scp"), of_one.levels("rcp"))
        of_one.finish()
    organization = DeclaredOrganization(
        scp=table.levels("scp") if "scp" in table.members else inherited.scp,
        rcp=table.levels("rcp") if "rcp" in table.members else inherited.rcp,
        accounts=accounts,
    )
    for key in ("scp", "rcp"):
        table.levels(key)
    table.finish()
    return organization
