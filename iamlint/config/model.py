"""What can be configured, and the defaults."""

from __future__ import annotations

import os
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from iamlint.account.build.declared import DeclaredOrganization, DeclaredPrincipal, DeclaredResource
from iamlint.fast_dataclass import dataclass
from iamlint.rule.finding import Ignore, Profile, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.load.given import Vars
    from iamlint.policy.grammar import Kind
    from iamlint.rule import RequireCondition
    from iamlint.text.span import Lines

FILE: Final = "iamlint.toml"
PYPROJECT: Final = "pyproject.toml"


@dataclass(frozen=True, slots=True)
class Config:
    """The effective settings of the files below one folder. Paths are relative to `root`.

    `lines` is the text of the file itself, for findings about what is in it. `terraform` and
    `cloudformation` are the values of variables and parameters, in order. Messages name files from
    `here`. Only one that `is_trusted`, since the user named it or said so, may name `plugins`.
    """

    root: Path
    path: Path | None = None
    here: Path = Path()
    lines: Lines | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    select: tuple[str, ...] = ("default",)
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    profile: Profile = Profile.DEFAULT
    fail_on: Severity = Severity.WARNING
    fail_on_not_analysed: bool = False
    account: str | None = None
    partition: str = "aws"
    region: str | None = None
    organization: str | None = None
    management_account: str | None = None
    trusted_accounts: tuple[str, ...] = ()
    aws_managed_policies: bool = False
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    severity: Mapping[str, Severity] = field(default_factory=dict)
    rules: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    require_condition: tuple[RequireCondition, ...] = ()
    ignore_finding: tuple[Ignore, ...] = ()
    principals: Mapping[str, DeclaredPrincipal] = field(default_factory=dict)
    resources: Mapping[str, DeclaredResource] = field(default_factory=dict)
    organization_policies: DeclaredOrganization = DeclaredOrganization()
    plugins: tuple[str, ...] = ()
    is_trusted: bool = False
    terraform: Vars = ()
    cloudformation: Vars = ()

    @property
    def shown(self) -> str:
        """The path of the file as messages name it."""
        return "" if self.path is None else shown(self.path, self.here)


def real(path: Path) -> Path:
    """Return where a path leads, links followed; one that leads in a circle stays as it is."""
    return Path(os.path.realpath(str(path).replace("\0", "\ufffd")))


def shown(path: Path, here: Path) -> str:
    """Return a path as messages name it: from a folder, if it is below."""
    here = here.absolute()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()
