"""What to lint, and what the configuration says about it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from iamlint.config import (
    Config,
    Scopes,
    holds_configuration,
    rule_options,
    rule_severities,
    select_rules,
)
from iamlint.fast_dataclass import dataclass, field
from iamlint.linter.check import CheckOptions
from iamlint.load import LoadOptions
from iamlint.load.find.tree import DISK, FileTree
from iamlint.load.find.uri import RepositoryPaths
from iamlint.rule import OwnAccounts, Scope

if TYPE_CHECKING:
    from collections.abc import Container, Mapping
    from datetime import date, datetime

    from iamlint.linter.baseline import Baseline
    from iamlint.load import Vars
    from iamlint.load.find.answered import Answers
    from iamlint.load.options import OpenTree
    from iamlint.plugins.extensions import Extensions
    from iamlint.policy.grammar import Kind
    from iamlint.rule import Rule
    from iamlint.rule.finding import Profile


@dataclass(frozen=True, slots=True)
class SeenFiles:
    """What one machine knows of the files of a run, for others that do not have them.

    `base` is the configuration where the run starts. `dumps` are the places of the dumps of each
    account, by its number, `names` those that code hosts use, and `answers` those of the tree.
    """

    base: Config
    scopes: Scopes
    dumps: Mapping[str, tuple[str, ...]]
    names: RepositoryPaths
    answers: Answers


@dataclass(frozen=True, slots=True)
class LintOptions:
    """What to lint, and what to do otherwise than the configuration says; None leaves it be.

    Paths are relative to `here`, and so are those in reports. `contents` holds texts that are not
    on disk, by their real paths. `config` is used for every file in place of the nearest one.
    `jobs` is how many processes look at policies, and changes nothing else. `given` are values of
    variables and parameters. `nested` and `top` say which configurations count: see `Scopes`.
    `at` is the time that reports on an account are judged at, in place of their own.
    `cache` is the folder of results of earlier runs; one that `resumes` keeps also small ones.
    With `stores`, paths may name objects of stores. `seen` is what another machine knows of the
    files, which are not on this one. Fixes of a run that `is_for_fixes` have the secrets of the
    files that they change, so that they can be written. Configurations are read from a tree of
    their own.
    """

    paths: tuple[str, ...]
    today: date
    config: Config | None = None
    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    profile: Profile | None = None
    exclude: tuple[str, ...] = ()
    kind: Kind | None = None
    force_exclude: bool = False
    respect_gitignore: bool = True
    honour_ignores: bool = True
    stdin: bytes | None = None
    stdin_name: str | None = None
    contents: Mapping[str, bytes] = field(default_factory=dict)
    baseline: Baseline | None = None
    jobs: int | None = None
    given: Vars = ()
    here: Path = Path()
    nested: bool = True
    top: Path | None = None
    cache: Path | None = None
    resumes: bool = False
    stores: bool = False
    open_tree: OpenTree = FileTree.of
    seen: SeenFiles | None = None
    at: datetime | None = None
    is_for_fixes: bool = False
    configurations: FileTree = DISK

    @property
    def scopes(self) -> Scopes:
        """The configurations of the files below the paths."""
        if self.seen is not None:
            return self.seen.scopes
        here = self.here.absolute()
        return Scopes(
            self.paths, here, self.config, self.nested, self.top, tree=self.configurations
        )


def load_options(
    request: LintOptions, config: Config, plugged: Extensions, scopes: Scopes
) -> LoadOptions:
    """Return the options of reading the files of a configuration."""
    return LoadOptions(
        root=config.root,
        here=request.here,
        contents=request.contents,
        include=config.include,
        exclude=config.exclude,
        exclude_everywhere=request.exclude,
        nested=partial(_nested, request, plugged, scopes),
        force_exclude=request.force_exclude,
        respect_gitignore=request.respect_gitignore,
        kind=request.kind,
        kinds=config.kinds,
        aws_managed_policies=config.aws_managed_policies,
        loaders=plugged.loaders,
        stdin=request.stdin,
        stdin_name=request.stdin_name,
        given=(*config.terraform, *config.cloudformation, *request.given),
        stores=request.stores,
        workloads=any(one.through is not None for one in config.never),
        open_tree=request.seen.answers.known if request.seen else request.open_tree,
    )


def _nested(
    request: LintOptions, plugged: Extensions, scopes: Scopes, place: str, names: Container[str]
) -> LoadOptions | None:
    """Return what holds for the files of a folder that has a configuration of its own."""
    config = scopes.below(Path(place)) if holds_configuration(names) else None
    return None if config is None else load_options(request, config, plugged, scopes)


def rules_of(request: LintOptions, config: Config, plugged: Extensions) -> tuple[Rule, ...]:
    """Return the rules that are selected; those of a whole account if the run reads all of it."""
    rules = select_rules(
        plugged.rules,
        select=config.select if request.select is None else request.select,
        extend_select=(*config.extend_select, *request.extend_select),
        ignore=(*config.ignore, *request.ignore),
        profile=request.profile or config.profile,
    )
    local = tuple(
        rule for rule in rules if rule.scope is not Scope.ACCOUNT or rule.of_part or rule.subjects
    )
    if len(local) == len(rules):
        return rules
    is_whole = request.kind is None and request.scopes.account(config) is not None
    return rules if is_whole else local


def check_options(request: LintOptions, config: Config, plugged: Extensions) -> CheckOptions:
    """Return the rules that look at the files of a configuration, and their settings."""
    return CheckOptions(
        rules=rules_of(request, config, plugged),
        catalog=plugged.catalog,
        home=OwnAccounts(
            account=config.account,
            partition=config.partition,
            organization=config.organization,
            trusted_accounts=frozenset(config.trusted_accounts),
            demands=config.require_condition,
            never=config.never,
            references=config.reference,
        ),
        severities=rule_severities(plugged.rules, config.severity),
        options=rule_options(plugged.rules, config.rules),
        place=(request.seen.names if request.seen else RepositoryPaths(request.here)).of,
    )
