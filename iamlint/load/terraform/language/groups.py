"""The groups of modules that are evaluated together: those that call each other."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from iamlint.fast_dataclass import dataclass
from iamlint.load.document import Cause, NotAnalysed
from iamlint.load.given import NOTHING
from iamlint.load.terraform.language.filenames import TERRAGRUNT, local_sources, taker
from iamlint.load.terraform.language.folder import (
    MARKS,
    Folder,
    parts_of,
    text_of,
    texts_in,
)
from iamlint.load.terraform.language.inputs import Inputs
from iamlint.load.terraform.language.module import Module
from iamlint.load.terraform.language.shown import shows
from iamlint.load.terraform.language.work import GroupSteps, Uses, Work

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from iamlint.load.find.files import File
    from iamlint.load.find.tree import FileTree
    from iamlint.load.given import Given
    from iamlint.load.terraform.language.node import Text
    from iamlint.load.terraform.language.provider import Provider


@dataclass(frozen=True, slots=True)
class NamedFiles:
    """The files of one folder that are read together, by file name; the user named some."""

    place: str
    name: str
    texts: Mapping[str, Text]
    named: AbstractSet[str]
    tree: FileTree
    is_alone: bool  # other files of the folder are not read
    given: Given = NOTHING
    follows: bool = False
    workloads: bool = False

    def targets(self) -> set[str]:
        """Return the folders that it seems to call as modules."""
        found = {s for text in self.texts.values() for s in local_sources(text.source.text)}
        return {self.tree.place(os.path.join(self.place, source)) for source in found}

    def folder(self) -> Folder:
        texts = dict(self.texts)
        if not self.is_alone:
            texts = {**texts_in(self.place, self.name, self.tree), **texts}
        return Folder(self.place, self.tree, parts_of(texts), self.name)

    def inputs(self, folder: Folder) -> Inputs:
        """Return the values of its variables, as a root module."""
        return Inputs(folder, self.given, reads=not self.is_alone)

    def overridden(self) -> Iterator[NotAnalysed]:
        """Yield the files that may hold a policy and that OpenTofu replaces by another one."""
        for name in self.named:
            text = self.texts[name]
            by = taker(name)
            if by in self.texts and any(mark in text.source.text for mark in MARKS):
                yield NotAnalysed(text.path, (), f"`{by}` takes its place", cause=Cause.ELSEWHERE)


@dataclass(frozen=True, slots=True)
class ModuleGroup:
    """Folders that call each other; `calls` are the folders that each of them seems to call."""

    asked: Sequence[NamedFiles]
    calls: Mapping[str, set[str]]

    @property
    def named(self) -> set[str]:
        """The paths of the files that the user named."""
        return {asked.texts[name].path for asked in self.asked for name in asked.named}

    def followed(self, root: Module, modules: Iterable[Module]) -> set[str]:
        """Return the paths of the followed files that a root module uses."""
        places = {asked.place for asked in self.asked if asked.follows and asked.named}
        if root.folder.place not in places:
            return set()
        return {part.path for module in modules for part in module.folder.parts}

    @property
    def is_whole(self) -> bool:
        """Whether the user named all its files."""
        return all(len(asked.named) == len(asked.texts) for asked in self.asked)

    @property
    def has_workloads(self) -> bool:
        """Whether its files are read for what runs with a role."""
        return any(asked.workloads for asked in self.asked)

    @property
    def is_read(self) -> bool:
        return self.has_workloads or any(
            mark in text.source.text
            for asked in self.asked
            for text in asked.texts.values()
            for mark in MARKS
        )

    def roots(self, provider: Provider) -> Iterator[Module]:
        """Yield the root modules of the group; other modules are evaluated where these call them.

        A module that only examples and tests call is a root module, too: it is for other callers.
        """
        asked = {asked.place: asked for asked in self.asked}
        folders = {place: one.folder() for place, one in asked.items()}
        called = {to for by, targets in self.calls.items() for to in targets if not shows(by, to)}
        first = [place for place in folders if place not in called]
        texts = (text for one in asked.values() for text in one.texts.values())
        steps = GroupSteps.of(sum(len(text.source.text) for text in texts))
        met: set[object] = set()
        for place in dict.fromkeys((*first, *folders)):
            if place in first or place not in met:
                work = Work(provider, steps, dict(folders), Uses(are_noted=not self.is_whole))
                work.enter(folders[place])
                inputs = asked[place].inputs(folders[place]) if place in first else None
                yield Module(folders[place], work, inputs=inputs)
                met |= work.met


def groups(asked: Iterable[NamedFiles]) -> Iterator[ModuleGroup]:
    """Yield the groups of folders that call each other."""
    by_place: dict[str, NamedFiles] = {}
    for folder in asked:
        if TERRAGRUNT in folder.texts:
            yield ModuleGroup((folder,), {})
        else:
            by_place[folder.place] = folder
    calls = {place: folder.targets() & by_place.keys() for place, folder in by_place.items()}
    near: dict[str, set[str]] = {place: set(targets) for place, targets in calls.items()}
    for place, targets in calls.items():
        for target in targets:
            near[target].add(place)
    done: set[str] = set()
    for start in by_place:
        group: dict[str, None] = {}
        todo = [start]
        while todo:
            place = todo.pop()
            if place not in done:
                done.add(place)
                group[place] = None
                todo += near[place]
        if group:
            inside = [by_place[place] for place in by_place if place in group]
            yield ModuleGroup(inside, {place: calls[place] for place in group})


def asked_for(files: Sequence[File]) -> Iterator[NamedFiles | File]:
    """Yield the folders of the files, and the files that are not text."""
    folders: dict[tuple[str, bool], list[File]] = {}
    for file in files:
        is_terragrunt = file.path.lower().endswith(TERRAGRUNT)
        folders.setdefault((os.path.dirname(file.place), is_terragrunt), []).append(file)
    for (place, is_terragrunt), inside in folders.items():
        texts: dict[str, Text] = {}
        for file in inside:
            text = text_of(file.path, file.data)
            if text is None:
                yield from (file,) if file.named else ()
            else:
                texts[os.path.basename(file.path)] = text
        is_alone = is_terragrunt or all(file.content is not None for file in inside)
        name = os.path.dirname(inside[0].path)
        named = {os.path.basename(file.path) for file in inside if file.named} & texts.keys()
        given, follows = inside[0].given, any(file.follows for file in inside)
        workloads = any(file.workloads for file in inside)
        tree = inside[0].tree
        yield NamedFiles(place, name, texts, named, tree, is_alone, given, follows, workloads)
