"""The parts of a run on a cluster of Dask: numbers out, plain results back.

The workers read the files themselves, by the same names, unless the user wants them to be sent.
https://distributed.dask.org/en/stable/client.html
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol, cast
from uuid import uuid4

from iamlint.errors import ReadError, UsageError, describe_error
from iamlint.fast_dataclass import dataclass, replace
from iamlint.linter.parts import RunParts
from iamlint.linter.shares import head_of
from iamlint.linter.written import WrittenPart
from iamlint.load.find.noted import GONE, content_of, is_readable
from iamlint.plugins.extensions import load_extensions
from iamlint.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from distributed import Client, Future, KilledWorker

    from iamlint.linter.lint_options import LintOptions
    from iamlint.spread.sending import Sending


class Asks(Protocol):
    """A client, as far as it asks all workers."""

    def run(
        self, function: Callable[..., Any], *args: object, workers: list[str] | None = None
    ) -> Mapping[str, Any]: ...


_LOCAL = "local:"
_OWN = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.system-monitor.gil.enabled": False,
    "distributed.scheduler.allowed-failures": 0,
    "distributed.deploy.lost-worker-timeout": "1 day",
}
"""What a cluster here does otherwise than Dask's.

Dask looks at what each worker does up to a thousand times a second. It gives a part to four workers
one after another, though all but the last may have died of the same part, and stops to start a
worker again that is away when 15 seconds have passed since it died.
"""

_TRIES = 2
_AHEAD = 2
"""Parts that are on their way at once, for each thread of a worker."""

_SEND = "`--send` sends the files to workers that do not have them at the same paths"


class Needs(Enum):
    """What a worker lacks to check a part."""

    REQUEST = "what is asked"
    FILES = "more files than were sent"


@dataclass(frozen=True, slots=True)
class Unlike:
    """A worker that does not have a file, or has another one at its path."""

    worker: str
    path: str
    is_there: bool

    @property
    def error(self) -> UsageError:
        """The error that ends the run."""
        what = "has another" if self.is_there else "cannot read"
        return UsageError(f"the worker `{self.worker}` {what} `{self.path}`", help=_SEND)


def spread(
    parts: RunParts, address: str | None, file: str | None, sending: Sending | None = None
) -> Iterator[tuple[int, WrittenPart]]:
    """Yield the results of all parts as they come; the workers of a cluster check them.

    `address` is that of a scheduler, or `local:N` for so many processes here; `file` describes
    one. A part that ends its workers while it is alone on its way is not analysed, and all others
    are complete. Raises `UsageError` if the cluster, or one of its workers, cannot do the same as
    this process.
    """
    with _cluster(address, file) as client:
        key, request = uuid4().hex, parts.request
        numbers = range(parts.count)
        if sending is not None:
            yield 0, parts.result(0)
            numbers = numbers[1:]
            _state(parts)  # which notes more answers
            request = sending.request(parts)
            sending.announce(parts, len(client.nthreads()))  # type: ignore[no-untyped-call]
        refuse_others(client, key, parts, request)
        yield from _Work(client, key, parts, request, sending).results(numbers)


@contextmanager
def _cluster(address: str | None, file: str | None) -> Iterator[Client]:
    try:
        import dask  # noqa: PLC0415 - an extra
        from distributed import Client, LocalCluster  # noqa: PLC0415 - the same
    except ImportError as error:
        raise UsageError(
            "`--scheduler` needs Dask", help="`pip install 'iamlint[dask]'` installs it"
        ) from error
    try:
        if address is not None and address.startswith(_LOCAL):
            workers = int(address.removeprefix(_LOCAL))
            with (
                dask.config.set(_OWN),
                LocalCluster(  # type: ignore[no-untyped-call] # Dask has no types
                    n_workers=workers, threads_per_worker=1, dashboard_address=None
                ) as cluster,
                Client(cluster) as client,  # type: ignore[no-untyped-call]
            ):
                yield client
                return
        with Client(address, scheduler_file=file, timeout=20) as client:  # type: ignore[no-untyped-call]
            yield client
    except (OSError, ValueError) as error:
        raise UsageError(
            f"the scheduler `{address or file}` cannot be reached: {error}",
            help="such as `tcp://HOST:8786`, or `local:4` for processes here",
        ) from error


@dataclass(frozen=True, slots=True)
class _Work:
    """The parts that a cluster checks; `request` is what the workers are asked."""

    client: Client
    key: str
    parts: RunParts
    request: LintOptions
    sending: Sending | None

    def results(self, numbers: Iterable[int]) -> Iterator[tuple[int, WrittenPart]]:
        """Yield the results of parts as they come.

        Dask counts the death of a worker against all parts that were on it. Those that it gives
        up are asked for once more at the end, one at a time: a part that is lost ended its
        workers itself. https://distributed.dask.org/en/stable/killed.html
        """
        suspects = []
        for number, result in self._answers(numbers, self._ahead):
            if isinstance(result, WrittenPart):
                yield number, result
            else:
                suspects.append(number)
        for number, result in self._answers(suspects, 1):
            yield number, result if isinstance(result, WrittenPart) else self._lost(number, result)

    def _answers(
        self, numbers: Iterable[int], ahead: int
    ) -> Iterator[tuple[int, WrittenPart | KilledWorker]]:
        """Yield what comes of parts; so many are on their way at once."""
        from distributed import as_completed  # noqa: PLC0415 - an extra

        rest = iter(numbers)
        sent = {self._sent(number): number for number in islice(rest, ahead)}
        done = as_completed(sent)  # type: ignore[no-untyped-call]
        for future in done:
            number = sent.pop(future)
            result = self._result(number, future)
            future.release()
            if result is None:
                more = {self._sent(number, self.request): number}
            else:
                yield number, result
                following = islice(rest, max(ahead - len(sent), 0))
                more = {self._sent(another): another for another in following}
            sent |= more
            done.update(more)  # type: ignore[no-untyped-call]

    @property
    def _ahead(self) -> int:
        threads = self.client.nthreads()  # type: ignore[no-untyped-call]
        return _AHEAD * max(sum(map(int, threads.values())), 1)

    def _sent(self, number: int, request: LintOptions | None = None) -> Future[Any]:
        files = self.parts.files_of(number) if number else ()
        about = [(file.path, content_of(replace(file))) for file in files]
        data = None if self.sending is None else self.sending.data(files)
        task = self.client.submit(
            check_number, self.key, request, number, about, data, pure=False, retries=_TRIES
        )
        return cast("Future[Any]", task)

    def _result(self, number: int, future: Future[Any]) -> WrittenPart | KilledWorker | None:
        """Return the result of a part; None if its worker does not know what is asked."""
        from distributed import KilledWorker  # noqa: PLC0415 - an extra

        error = future.exception()  # type: ignore[no-untyped-call]
        if isinstance(error, KilledWorker):
            return error
        if error is not None:
            return self._lost(number, error)
        made = future.result()
        if isinstance(made, Unlike):
            raise made.error
        if isinstance(made, Needs):
            return None if made is Needs.REQUEST else self.parts.result(number)
        return WrittenPart.read(*made)

    def _lost(self, number: int, error: BaseException) -> WrittenPart:
        said = describe_error(error) if isinstance(error, Exception) else repr(error)
        return WrittenPart(self.parts.lost(number, said))


def check_number(
    key: str,
    request: LintOptions | None,
    number: int,
    files: Sequence[tuple[str, str]] = (),
    data: Mapping[str, bytes] | None = None,
) -> tuple[bytes, bytes] | Unlike | Needs:
    """Return the result of a part as text; a worker lists the files once a run.

    `request` is only sent to workers that came later, and do not know it by its key.
    `files` are its files with their digests, `data` their bytes by their places, if sent.
    """
    if request is None and key not in _LAST:
        return Needs.REQUEST
    parts = _LAST[key] if request is None else _parts(key, request)
    seen = parts.request.seen
    if seen is None or data is None:
        return _unlike(parts, number, files) or _result(parts, number).lines
    missing = len(seen.answers.missing)
    try:
        for place in data:
            seen.answers.add(place, data[place])
        result = _result(parts, number)
    finally:
        seen.answers.forget(data)
    return Needs.FILES if len(seen.answers.missing) > missing else result.lines


def _result(parts: RunParts, number: int) -> WrittenPart:
    """Return the result of a part, made without looking for garbage, as in the program."""
    looks = gc.isenabled()
    gc.disable()
    try:
        return parts.result(number)
    finally:
        if looks:
            gc.enable()


def _unlike(parts: RunParts, number: int, files: Sequence[tuple[str, str]]) -> Unlike | None:
    """Return the first file of a part that is another one here."""
    here = {file.path: file for file in parts.files_of(number)} if files else {}
    for path, digest in files:
        own = content_of(replace(here[path])) if path in here else GONE
        if own != digest:
            return Unlike(_worker(), path, is_there=is_readable(own))
    return None


def _worker() -> str:
    from distributed import get_worker  # noqa: PLC0415 - an extra

    try:
        return str(get_worker().address)
    except ValueError:
        return "this process"


def question(key: str, request: LintOptions) -> tuple[str, str, str, str]:
    """Return the question as a worker sees it: its version, its data, the files, or an error."""
    try:
        return _state(_parts(key, request))
    except (ReadError, OSError) as error:
        return VERSION, "", "", str(error)


def listed(key: str, request: LintOptions) -> dict[str, str]:
    """Return digests of the files as a worker sees them, empty for dumps of accounts."""
    return _listed(_parts(key, request))


def _state(parts: RunParts) -> tuple[str, str, str, str]:
    head = head_of(parts, {}, 1, 1)
    return VERSION, head.catalog, head.question, ""


def _listed(parts: RunParts) -> dict[str, str]:
    configs = {
        config.shown: config.lines.whole
        for config, _ in parts.scopes.grouped(parts.paths)
        if config.lines
    }
    of_first = {file.path: content_of(replace(file)) for file in parts.files_of(0)}
    return dict.fromkeys(parts.paths, "") | of_first | configs


_LAST: dict[str, RunParts] = {}
"""The run that this worker checks parts of, by its key."""


def _parts(key: str, request: LintOptions) -> RunParts:
    if key not in _LAST:
        _LAST.clear()
        base = request.scopes.base(request.paths[0]) if request.seen is None else request.seen.base
        config = replace(base, is_trusted=True)  # where it began
        _LAST[key] = RunParts(request, load_extensions(config))
    return _LAST[key]


def refuse_others(client: Asks, key: str, parts: RunParts, request: LintOptions) -> None:
    """Raise for a worker that would find something else."""
    ours = _state(parts)
    for worker, theirs in client.run(question, key, request).items():
        version, catalog, asked, error = theirs
        for what, own, other in (("iamlint", VERSION, version), ("AWS data", ours[1], catalog)):
            if own != other and not (error and what == "AWS data"):
                raise UsageError(
                    f"the worker `{worker}` has other {what}: {other} in place of {own}",
                    help="all workers need the same version, and the same data",
                )
        if error:
            raise UsageError(f"the worker `{worker}` cannot read the files: {error}", help=_SEND)
        if asked != ours[2]:
            raise _other(client, key, worker, parts, request)


def _other(
    client: Asks, key: str, worker: str, parts: RunParts, request: LintOptions
) -> UsageError:
    """Return the error of a worker with other files, by the first of them."""
    own = _listed(parts)
    there = client.run(listed, key, request, workers=[worker])[worker]
    for path in sorted({*own, *there}):
        if own.get(path) != there.get(path):
            return Unlike(worker, path, is_there=is_readable(there.get(path, GONE))).error
    return UsageError(f"the worker `{worker}` has other files or configurations", help=_SEND)
