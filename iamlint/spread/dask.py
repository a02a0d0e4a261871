"""The parts of a run on a cluster of Dask: numbers out, plain results back.

The workers read the files themselves, by the same names; no text of a file is sent to them.
https://distributed.dask.org/en/stable/client.html
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

from iamlint.errors import UsageError, describe_error
from iamlint.fast_dataclass import replace
from iamlint.linter.parts import RunParts
from iamlint.linter.shares import head_of
from iamlint.linter.written import WrittenPart
from iamlint.plugins.extensions import load_extensions
from iamlint.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from distributed import Client

    from iamlint.linter.lint_options import LintOptions


class Asks(Protocol):
    """A client, as far as it asks all workers."""

    def run(
        self, function: Callable[..., object], *args: object
    ) -> Mapping[str, tuple[str, ...]]: ...


_LOCAL = "local:"
_TRIES = 2


def spread(
    parts: RunParts, address: str | None, file: str | None
) -> Iterator[tuple[int, WrittenPart]]:
    """Yield the results of all parts as they come; the workers of a cluster check them.

    `address` is that of a scheduler, or `local:N` for so many processes here; `file` describes
    one. A part that ends its workers is not analysed, and all others are complete. Raises
    `UsageError` if the cluster, or one of its workers, cannot do the same as this process.
    """
    with _cluster(address, file) as client:
        key = uuid4().hex
        refuse_others(client, key, parts)
        yield from _checked(client, key, parts)


@contextmanager
def _cluster(address: str | None, file: str | None) -> Iterator[Client]:
    try:
        from distributed import Client, LocalCluster  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UsageError(
            "`--scheduler` needs Dask", help="`pip install 'iamlint[dask]'` installs it"
        ) from error
    try:
        if address is not None and address.startswith(_LOCAL):
            workers = int(address.removeprefix(_LOCAL))
            with (
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


def _checked(client: Client, key: str, parts: RunParts) -> Iterator[tuple[int, WrittenPart]]:
    from distributed import as_completed  # noqa: PLC0415 - an extra

    numbers = {
        client.submit(check_number, key, parts.request, number, pure=False, retries=_TRIES): number
        for number in range(parts.count)
    }
    for future in as_completed(numbers):  # type: ignore[no-untyped-call]
        number = numbers[future]
        error = future.exception()
        if error is None:
            yield number, WrittenPart.read(*future.result())
        else:
            said = describe_error(error) if isinstance(error, Exception) else repr(error)
            yield number, WrittenPart(parts.lost(number, said))
        future.release()


def check_number(key: str, request: LintOptions, number: int) -> tuple[bytes, bytes]:
    """Return the result of a part as text; a worker lists the files once a run."""
    return _parts(key, request).result(number).lines


def question(key: str, request: LintOptions) -> tuple[str, str, str]:
    """Return the question as a worker sees it: its version, its data, and the files."""
    head = head_of(_parts(key, request), {}, 1, 1)
    return VERSION, head.catalog, head.question


_LAST: dict[str, RunParts] = {}
"""The run that this worker checks parts of, by its key."""


def _parts(key: str, request: LintOptions) -> RunParts:
    if key not in _LAST:
        _LAST.clear()
        config = replace(request.scopes.base(request.paths[0]), is_trusted=True)  # where it began
        _LAST[key] = RunParts(request, load_extensions(config))
    return _LAST[key]


def refuse_others(client: Asks, key: str, parts: RunParts) -> None:
    """Raise for a worker that would find something else."""
    head = head_of(parts, {}, 1, 1)
    ours = VERSION, head.catalog, head.question
    for worker, theirs in client.run(question, key, parts.request).items():
        for what, own, other in zip(("iamlint", "AWS data", "files"), ours, theirs, strict=True):
            if own != other:
                said = f": {other} in place of {own}" if what != "files" else ""
                raise UsageError(
                    f"the worker `{worker}` has other {what}{said}",
                    help="all workers need the same version, and the files at the same paths",
                )
