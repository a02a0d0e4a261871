"""Splits a run into parts that need no file of another one: dumps of accounts, and all the rest."""

from __future__ import annotations

import gc
import os
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from iamlint.account.named import names_principals
from iamlint.errors import BrokenPart, InternalError
from iamlint.fast_dataclass import dataclass, replace
from iamlint.linter.lint_options import SeenFiles, load_options
from iamlint.linter.on_demand import TextsOnDemand
from iamlint.linter.parallel import can_fork, jobs_for
from iamlint.linter.part import PartResult, check_part, nobody
from iamlint.linter.written import WrittenPart
from iamlint.load import (
    NotAnalysed,
    VarFile,
    find_related,
    list_files,
    read_files,
    refuse_unknown,
)
from iamlint.load.find.sizes import HEAD, account_of_dump, accounts_written
from iamlint.load.find.tree import FileTree
from iamlint.load.find.uri import RepositoryPaths
from iamlint.paths import has_scheme
from iamlint.text.masked import kept_apart
from iamlint.text.read import MAX_BYTES, decoded
from iamlint.text.rewrite import forget_file
from iamlint.text.span import Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from iamlint.config import Config, Scopes
    from iamlint.linter.kept import ResultCache
    from iamlint.linter.lint_options import LintOptions
    from iamlint.linter.part import Hidden, Watch
    from iamlint.load import File, FoundFiles, Loaded, LoadOptions
    from iamlint.load.find.answered import Answers
    from iamlint.plugins.extensions import Extensions

_LEAST: Final = 8_192
"""Bytes of a dump that is a part of its own."""

_KEEPS: Final = 100_000
"""Bytes of files for which it pays to look for the result of an earlier run."""

_PAYS: Final = 1_000_000
"""Bytes of dumps for which another process pays."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """The paths that the user names under one configuration, and the files found there."""

    config: Config
    given: tuple[str, ...]
    options: LoadOptions
    found: FoundFiles

    def load(self, files: Iterable[File] | None = None) -> Loaded:
        """Read the files, or some of them with those beside them."""
        found = self.found if files is None else replace(self.found, files=tuple(files))
        beside = find_related(found, self.given, self.options.loaders)
        loaded = read_files(found, self.options.loaders, beside)
        for file in found.files:
            file.forget_data()
        return loaded

    def load_alone(self, files: Iterable[File]) -> Loaded:
        """Read files that belong to no others."""
        found = replace(self.found, files=tuple(files), left_out=())
        return read_files(found, self.options.loaders, {})


class RunParts:
    """The parts of a run: the first has all files except dumps of accounts.

    Each account is a part of its own, unless another file may say more of its principals.
    """

    def __init__(self, request: LintOptions, plugged: Extensions) -> None:
        self.request = request
        self.plugged = plugged
        self.scopes: Scopes = request.scopes
        self._readings = [
            _Reading(config, tuple(paths), options, list_files(paths, options))
            for config, paths in self.scopes.grouped(request.paths)
            for options in (load_options(request, config, plugged, self.scopes),)
        ]
        self._beside = ""  # a digest of all that is read for the first part
        self._cache = self._open_cache()

    def results(self, watch: Watch | None = None) -> Iterator[tuple[int, WrittenPart]]:
        """Yield each part with what is found in it, as they come, in processes if that pays."""
        yield 0, self._first_result(watch)
        look = watch or nobody
        for numbered in self._each(range(1, self.count)):
            yield numbered
            look(self.count - 1, 1)

    @property
    def count(self) -> int:
        """The number of parts."""
        return 1 + len(self.accounts)

    def result(self, number: int) -> WrittenPart:
        """Return what is found in a part, by its number from 0."""
        return self._account(number - 1) if number else self._first_result(None)

    def share(self, number: int, of: int) -> list[int]:
        """Return the parts of one of so many shares of about the same size."""
        shares: list[list[int]] = [[] for _ in range(of)]
        sizes = [0] * of
        for part, size in self._largest_first(range(self.count)):
            least = sizes.index(min(sizes))
            shares[least].append(part)
            sizes[least] += max(size, 1)
        return sorted(shares[number - 1])

    def _largest_first(self, numbers: Iterable[int]) -> list[tuple[int, int]]:
        """Return parts with their bytes, so that no large one is begun when others are done."""
        sized = [(part, sum(map(_size, self.files_of(part)))) for part in numbers]
        return sorted(sized, key=lambda one: (-one[1], one[0]))

    @property
    def paths(self) -> list[str]:
        """The paths of all files, in the order of reading."""
        return [file.path for file in self._files]

    def seen(self, answers: Answers) -> SeenFiles:
        """Return what is known of the files before an account is read."""
        dumps = {one: tuple(file.place for file in self._dumps[one]) for one in self._dumps}
        base = self.scopes.base(self.request.paths[0])
        return SeenFiles(base, self.scopes, dumps, RepositoryPaths(self.request.here), answers)

    @property
    def _files(self) -> list[File]:
        return [file for reading in self._readings for file in reading.found.files]

    def files_of(self, number: int) -> Sequence[File]:
        """Return the files of a part."""
        if number:
            return self.accounts[number - 1]
        dumps = {file.place for files in self.accounts for file in files}
        return [file for file in self._files if file.place not in dumps]

    def lost(self, number: int, why: str) -> PartResult:
        """Return the result of a part that could not be checked."""
        paths = [file.path for file in self.files_of(number)]
        return PartResult(
            not_analysed=tuple(NotAnalysed(path, (), why) for path in paths),
            broken=(InternalError(BrokenPart.PROCESS, "check", paths[0] if paths else "", why),),
            files=len(paths),
        )

    @cached_property
    def accounts(self) -> list[tuple[File, ...]]:
        """The dumps of each account that is a part of its own."""
        return list(self._dumps.values()) if self._are_apart else []

    def _first_result(self, watch: Watch | None) -> WrittenPart:
        if self._dumps:
            return WrittenPart(self._check_first(watch))
        return self._kept(self._files, partial(self._check_first, watch))

    def _account(self, number: int) -> WrittenPart:
        """Return what is found in an account."""
        (reading,) = self._readings
        files = tuple(replace(file) for file in self.accounts[number])  # their bytes are let go of
        first = self._first

        def check() -> PartResult:
            alone = replace(self.request, jobs=1)
            with kept_apart():
                loaded = reading.load_alone(files)
                return check_part([loaded], first, alone, self.plugged, self.scopes)

        result = self._kept(files, check)
        forget_file()
        if not gc.isenabled():
            gc.collect(0)  # the garbage of this part; nothing else looks for it
        return result

    def lines(
        self, texts: Iterable[str], known: Mapping[str, Lines], hidden: Sequence[Hidden] = ()
    ) -> Mapping[str, Lines]:
        """Return the lines of files by their paths; those of dumps are read when asked for."""
        loads: list[Loaded] = self.__dict__.get("_first", [])  # an earlier result needs none
        of_first = {path: one for loaded in loads for path, one in loaded.lines.items()}
        again = dict.fromkeys(path for path in texts if path not in of_first)
        return TextsOnDemand(of_first | dict(known), again, self._reread, hidden)

    def _reread(self, path: str) -> Lines | None:
        """Return the lines of a file that was let go of; None if it is gone."""
        tree = self._stored.get(path)
        tree = tree or FileTree.of(self.request.here, os.curdir, self.request.contents)
        try:
            return Lines(decoded(tree.read(self._places.get(path, tree.place(path)), MAX_BYTES)))
        except OSError:
            return None

    @cached_property
    def _places(self) -> Mapping[str, str]:
        """The real paths of files by their names in reports, which may lack characters."""
        return {file.path: file.place for file in self._files}

    @cached_property
    def _stored(self) -> Mapping[str, FileTree]:
        """The trees of objects of stores, by their names."""
        return {file.path: file.tree for file in self._files if has_scheme(file.path)}

    def _check_first(self, watch: Watch | None) -> PartResult:
        return check_part(self._first, (), self.request, self.plugged, self.scopes, watch)

    def _kept(self, files: Sequence[File], make: Callable[[], PartResult]) -> WrittenPart:
        """Return the result of files from the cache, or made and put there, where there is one."""
        if self._cache is None:
            return WrittenPart(make())
        return self._cache.result(files, self._beside if self._dumps else None, make)

    def _open_cache(self) -> ResultCache | None:
        """Return the results of earlier runs; None where it does not pay to look."""
        request = self.request
        if request.cache is None or request.stdin is not None or request.contents:
            return None
        if request.is_for_fixes:
            return None  # a fix may have a secret
        if self.plugged.has_plugins or any(map(has_scheme, request.paths)):
            return None
        if not request.resumes and sum(map(_size, self._files)) < _KEEPS:
            return None
        configs = [reading.config for reading in self._readings]
        configs += [config for config, _ in self.scopes.grouped(self.paths)]
        given = [one for config in configs for one in (*config.terraform, *config.cloudformation)]
        if any(isinstance(one, VarFile) for one in (*given, *request.given)):
            return None  # the tree does not read these files
        from iamlint.linter.kept import ResultCache  # noqa: PLC0415 - small runs do not pay

        founds = [reading.found for reading in self._readings]
        cache = ResultCache.of(request, self.plugged, configs, founds)
        self._readings = [
            replace(reading, found=cache.noting(reading.found)) for reading in self._readings
        ]
        return cache

    @cached_property
    def _dumps(self) -> Mapping[str, tuple[File, ...]]:
        """The dumps of each account, by its number; none unless there are several accounts."""
        if (seen := self.request.seen) is not None:
            at = {file.place: file for file in self._files}
            return {one: tuple(at[place] for place in seen.dumps[one]) for one in seen.dumps}
        if len(self._readings) != 1 or self.request.given or self.request.kind is not None:
            return {}
        found: dict[str, tuple[File, ...]] = {}
        for file in self._readings[0].found.files:
            if (account := _account_of(file)) is not None:
                found[account] = (*found.get(account, ()), file)
        return found if len(found) > 1 else {}

    @cached_property
    def _rest(self) -> list[Loaded]:
        """All that is read of the files except dumps of accounts."""
        dumps = {file.place for files in self._dumps.values() for file in files}
        if self._cache:
            self._cache.forget()
        found = [
            reading.load([file for file in reading.found.files if file.place not in dumps])
            for reading in self._readings
        ]
        if self._cache:
            self._beside = self._cache.state()
        return found

    @cached_property
    def _first(self) -> list[Loaded]:
        """What is read of the first part."""
        return self._taken(self._rest) if self._are_apart or not self._dumps else self.loads()

    @cached_property
    def _are_apart(self) -> bool:
        """Whether no other file, and no configuration, names a principal or what it has."""
        paths = [file.path for files in self._dumps.values() for file in files]
        declared = [config.declared for config, _ in self.scopes.grouped(paths)]
        is_declared = not all(one.has_none for one in declared)
        return bool(paths) and not is_declared and not any(map(names_principals, self._rest))

    @cached_property
    def _jobs(self) -> int:
        size = sum(_size(file) for files in self.accounts for file in files)
        chosen = jobs_for(size // _PAYS) if self.request.jobs is None else self.request.jobs
        return min(chosen, len(self.accounts)) if can_fork() else 1

    def _each(self, numbers: Sequence[int]) -> Iterator[tuple[int, WrittenPart]]:
        """Yield the results of accounts; a part that ends its process is tried once more, alone."""
        if not gc.isenabled():
            gc.freeze()  # neither looked at again, nor copied by each process
        if self._jobs < 2 or len(numbers) < 2:  # noqa: PLR2004 - one process does the work
            yield from ((number, self.result(number)) for number in numbers)
            return
        from iamlint.linter.crew import Crew, Died  # noqa: PLC0415 - few runs are that long

        crew = Crew(self._lines, self._jobs)
        for number, made in crew.each([number for number, _ in self._largest_first(numbers)]):
            if isinstance(made, Died):
                yield number, self._tried_again(number)
            else:
                yield number, WrittenPart.read(*made)

    def _tried_again(self, number: int) -> WrittenPart:
        """Return what is found in an account, tried alone, or that its process ended once more."""
        from iamlint.linter.crew import Crew, Died  # noqa: PLC0415 - hardly ever

        ((_, made),) = Crew(self._lines, 1).each([number])
        if isinstance(made, Died):
            return WrittenPart(self.lost(number, str(made)))
        return WrittenPart.read(*made)

    def _lines(self, number: int) -> tuple[bytes, bytes]:
        return self.result(number).lines

    def loads(self) -> list[Loaded]:
        """Read all files; raise for a value of a variable that nothing takes."""
        return self._taken([reading.load() for reading in self._readings])

    def _taken(self, loads: list[Loaded]) -> list[Loaded]:
        """Return what was read; raise for a value that nothing takes.

        One of the configuration may be for files that this run does not read.
        """
        for reading, loaded in zip(self._readings, loads, strict=True):
            config = reading.config
            root = Path(os.path.realpath(config.root))
            named = (os.path.realpath(self.request.here / path) for path in reading.given)
            if any(root.is_relative_to(path) for path in named):
                refuse_unknown((*config.terraform, *config.cloudformation), loaded.takers)
        refuse_unknown(self.request.given, [one for loaded in loads for one in loaded.takers])
        return loads


def _account_of(file: File) -> str | None:
    """Return the account that a file is the dump of."""
    if file.content is not None or file.suffix != ".json" or _size(file) < _LEAST:
        return None
    try:
        account = account_of_dump(file.tree.peek(file.place, HEAD))
        if account is None or accounts_written(file.tree.peek(file.place, MAX_BYTES)) != {account}:
            return None  # another account may say more of what it names
    except OSError:
        return None
    return account


def _size(file: File) -> int:
    try:
        return file.tree.size(file.place)
    except OSError:
        return 0
