"""The keys of a configuration: the fields of `Config`, each with its type, default and meaning.

The reader, the schema and the table in `docs/configuration.md` are made of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from iamlint.account.build.declared import (
    Declared,
    DeclaredOrganization,
    DeclaredPrincipal,
    DeclaredResource,
)
from iamlint.fast_dataclass import dataclass, field
from iamlint.load.find.tree import DISK
from iamlint.paths import shown
from iamlint.rule.finding import Ignore, Profile, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iamlint.load.find.tree import FileTree
    from iamlint.load.given import Vars
    from iamlint.policy.grammar import Kind
    from iamlint.rule import ForbiddenAccess, ReferencePolicy, RequireCondition
    from iamlint.text.span import Lines

Default = TypeVar("Default")

# The types of values that users write as text or lists of text; see `types.TYPES`.
AccountId: TypeAlias = str
Selectors: TypeAlias = tuple[str, ...]
AccountIds: TypeAlias = tuple[str, ...]
RuleOptions: TypeAlias = "Mapping[str, Mapping[str, object]]"
TerraformVars: TypeAlias = "Vars"
Parameters: TypeAlias = "Vars"


def key(about: str, default: Default, *, decides: bool = False) -> Default:
    """Return the field of a key; `decides` is whether findings depend on it."""
    metadata = {"about": about, "decides": decides}
    if isinstance(default, dict):  # which the standard refuses as a default
        return field(default_factory=lambda: default, metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Config:
    """The effective settings of the files below one folder. Paths are relative to `root`.

    `lines` is the text of the file itself, for findings about what is in it. Messages name files
    from `here`, and `tree` has the files. `sources` has the files that give a field its value,
    that of the base first. Only one that `is_trusted`, since the user named it or said so, may
    name `plugins`. The values of `terraform` and `cloudformation` are in order.
    """

    root: Path
    path: Path | None = None
    here: Path = Path()
    lines: Lines | None = None
    is_trusted: bool = False
    tree: FileTree = field(default=DISK, compare=False, repr=False)
    sources: Mapping[str, tuple[Path, ...]] = field(default_factory=dict, compare=False, repr=False)
    include: tuple[str, ...] = key(
        "globs of files to read, written as in a .gitignore", (), decides=True
    )
    exclude: tuple[str, ...] = key("globs of files to skip", (), decides=True)
    select: Selectors = key("the rules to run", ("default",))
    extend_select: Selectors = key("rules to run in addition", ())
    ignore: Selectors = key("rules not to run", ())
    profile: Profile = key("`strict` adds rules that are right but noisy", Profile.DEFAULT)
    fail_on: Severity = key("the lowest severity that makes the exit code 1", Severity.WARNING)
    fail_on_not_analysed: bool = key("exit 2 if a policy may have been skipped", default=False)
    aws_managed_policies: bool = key(
        "also check policies that AWS manages; dumps contain copies of them", default=False
    )
    account: AccountId | None = key("the account that owns the policies", None, decides=True)
    partition: str = key("the partition of the account", "aws")
    region: str | None = key("the region of templates that do not name one", None)
    organization: str | None = key("the id of the organization", None, decides=True)
    management_account: AccountId | None = key(
        "the management account of the organization; SCPs and RCPs do not apply to it", None
    )
    trusted_accounts: AccountIds = key("accounts that are not foreign", (), decides=True)
    kinds: Mapping[str, Kind] = key("the kind of policy in files, by glob", {}, decides=True)
    severity: Mapping[str, Severity] = key("another severity for a rule, by its name", {})
    rules: RuleOptions = key("options of rules, by the name of the rule", {}, decides=True)
    require_condition: tuple[RequireCondition, ...] = key(
        "conditions that each grant of some actions must have", ()
    )
    never: tuple[ForbiddenAccess, ...] = key(
        "requests that must not be possible, each with a reason", ()
    )
    reference: tuple[ReferencePolicy, ...] = key(
        "policies that others may not exceed, each with the files of these", ()
    )
    ignore_finding: tuple[Ignore, ...] = key("findings to ignore, each with a reason", ())
    principals: Mapping[str, DeclaredPrincipal] = key(
        "users and roles that no file describes, by name", {}
    )
    resources: Mapping[str, DeclaredResource] = key("resource policies, by ARN", {})
    organization_policies: DeclaredOrganization = key(
        "levels from the root to the account; for other accounts, by account id",
        DeclaredOrganization(),
    )
    plugins: tuple[str, ...] = key("importable modules with rules, loaders or output formats", ())
    terraform: TerraformVars = key("values of Terraform variables", (), decides=True)
    cloudformation: Parameters = key("values of template parameters", (), decides=True)

    @property
    def shown(self) -> str:
        """The path of the file as messages name it."""
        return "" if self.path is None else shown(self.path, self.here)

    @property
    def declared(self) -> Declared:
        """The facts about its accounts."""
        return Declared(
            root=self.root,
            here=self.here.absolute(),
            tree=self.tree,
            account=self.account,
            partition=self.partition,
            region=self.region,
            organization=self.organization,
            management_account=self.management_account,
            principals=self.principals,
            resources=self.resources,
            organization_policies=self.organization_policies,
        )


@dataclass(frozen=True, slots=True)
class Key:
    """A key as users see it; `type` is the annotation of its `field`."""

    name: str
    field: str
    type: str
    about: str
    default: object
    decides: bool


def keys() -> tuple[Key, ...]:
    """Return the keys of a configuration, in the order of the page about them."""
    import dataclasses  # noqa: PLC0415 - only a configuration needs it

    defaults = Config(root=Path())
    return tuple(
        Key(
            one.name.replace("_", "-"),
            one.name,
            str(one.type),
            one.metadata["about"],
            getattr(defaults, one.name),
            one.metadata["decides"],
        )
        for one in dataclasses.fields(Config)
        if one.metadata
    )
