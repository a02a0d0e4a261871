"""The account that a repository describes: paths and configuration in, something to ask out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iamlint.account.ask import Account
from iamlint.account.build import build
from iamlint.account.declared import Declared
from iamlint.account.read import Files, compiled
from iamlint.account.subject import of_policy, subject_of
from iamlint.load import Loaded, LoadOptions, load

if TYPE_CHECKING:
    from pathlib import Path

    from iamlint.account.subject import Subject
    from iamlint.config import Config
    from iamlint.load.document import Document
    from iamlint.plugins import Plugged

_FILES = (".json", ".json5", ".jsonc", ".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository that was read, and its account."""

    config: Config
    account: Account
    loaded: Loaded

    @property
    def documents(self) -> tuple[Document, ...]:
        return self.loaded.documents

    def subject(self, name: str) -> Subject:
        """Return a principal by name, ARN, host, or by the file of one policy."""
        if name.lower().endswith(_FILES) and not name.startswith("arn:"):
            return self.policy(name)
        return subject_of(self.account.holdings, name)

    def policy(self, path: str | Path) -> Subject:
        """Return a nameless principal that holds the one policy of a file."""
        files = Files(self.loaded.documents, self.loaded.not_analysed)
        place = self.config.root / path
        if not files.knows(place) and place.is_file():
            asked = load([place], LoadOptions(root=self.config.root))
            files = Files(asked.documents, asked.not_analysed)
        document = files.one_of(place, "the question")
        policy = compiled(document, document.kind)
        return of_policy(self.account.holdings, str(path), policy)


def open_repository(config: Config, plugged: Plugged) -> Repository:
    """Read everything below the configuration's folder, and what it names."""
    declared = declared_in(config)
    options = LoadOptions(
        root=config.root,
        include=config.include,
        exclude=config.exclude,
        kinds=config.kinds,
        loaders=plugged.loaders,
    )
    named = [path for path in declared.files() if path.is_file()]
    loaded = load([config.root, *named], options)
    return Repository(config, Account(build(loaded, declared), plugged.catalog), loaded)


def declared_in(config: Config, account: str | None = None) -> Declared:
    return Declared(
        root=config.root,
        account=account or config.account,
        partition=config.partition,
        organization=config.organization,
        principals=config.principals,
        resources=config.resources,
        organization_policies=config.organization_policies,
    )
