"""Processes that do numbered pieces of work; when one dies, the others go on."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from contextlib import suppress
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Generic, TypeVar

from iamlint.fast_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Died:
    """In place of what was made: how the process ended, negative for the number of a signal."""

    code: int

    def __str__(self) -> str:
        how = f"was killed by signal {-self.code}" if self.code < 0 else f"ended with {self.code}"
        return f"the process that checked it {how}"


@dataclass(eq=False, slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    piece: int | None = None


class Crew(Generic[Made]):
    """So many processes, split off with all that was read, so that only numbers are sent."""

    def __init__(self, work: Callable[[int], Made], size: int) -> None:
        self._work = work
        self._size = size
        self._workers: list[_Worker] = []

    def results(self, pieces: int) -> Iterator[Made | Died]:
        """Yield what is made of each piece, in order."""
        done: dict[int, Made | Died] = {}
        coming = self.each(range(pieces))
        for number in range(pieces):
            while number not in done:
                done.update([next(coming)])
            yield done.pop(number)

    def each(self, pieces: Iterable[int]) -> Iterator[tuple[int, Made | Died]]:
        """Yield each piece with what is made of it, as they come; they are begun in order."""
        todo = deque(pieces)
        left = len(todo)
        try:
            for _ in range(min(self._size, left)):
                self._workers.append(self._started())
            while left:
                self._hand_out(todo)
                for done in self._come_back():
                    left -= 1
                    yield done
        finally:
            for worker in self._workers:
                worker.process.kill()
                worker.process.join()

    def _started(self) -> _Worker:
        context = multiprocessing.get_context("fork")
        ours, theirs = context.Pipe()
        process = context.Process(target=self._serve, args=(theirs, ours), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def _serve(self, pipe: Connection, *others: Connection) -> None:
        """Serve until the first process ends, which closes the other end of the pipe."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process ends the others
        for other in (*others, *(worker.pipe for worker in self._workers)):
            other.close()
        with suppress(EOFError, ConnectionError):
            while True:
                pipe.send(self._work(pipe.recv()))

    def _hand_out(self, todo: deque[int]) -> None:
        for place, worker in enumerate(self._workers):
            if worker.piece is None and todo:
                piece = todo.popleft()
                while not self._sent(place, piece):
                    self._workers[place] = self._started()

    def _sent(self, place: int, piece: int) -> bool:
        """Send a piece to a process; return whether it lives."""
        worker = self._workers[place]
        try:
            worker.pipe.send(piece)
        except ConnectionError:
            return False
        worker.piece = piece
        return True

    def _come_back(self) -> Iterator[tuple[int, Made | Died]]:
        """Yield what busy processes send; another takes the place of one that died."""
        busy = {worker.pipe: worker for worker in self._workers if worker.piece is not None}
        for ready in wait([*busy]):
            worker = busy[ready]  # type: ignore[index] # one of those that were waited for
            piece, worker.piece = worker.piece, None
            if piece is None:
                continue
            try:
                yield piece, worker.pipe.recv()
            except (EOFError, ConnectionError):
                worker.process.join()
                yield piece, Died(worker.process.exitcode or 0)
                self._workers[self._workers.index(worker)] = self._started()
