"""Processes that do pieces of work: when one dies, the others go on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from iamlint.linter.crew import Crew, Died

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no process can be split here")


def pid(_piece: int) -> int:
    return os.getpid()


def killed(piece: int) -> int:
    if piece == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return piece


def test_piece_that_kills_its_process_is_named_and_the_others_are_done() -> None:
    assert list(Crew(killed, 2).results(4)) == [0, Died(-signal.SIGKILL), 2, 3]


def test_process_that_dies_while_it_waits_is_replaced() -> None:
    results = Crew(pid, 1).results(3)
    first = next(results)
    assert isinstance(first, int)
    os.kill(first, signal.SIGKILL)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)

    second, third = results

    assert second == third
    assert isinstance(second, int)
    assert second != first


def test_processes_end_when_the_first_one_is_killed() -> None:
    code = (
        "import os, time\nfrom iamlint.linter.crew import Crew\n"
        "results = Crew(lambda n: os.getpid(), 2).results(4)\n"
        "print(next(results), next(results), flush=True)\ntime.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        assert program.stdout.readline()
        program.kill()

        assert program.communicate(timeout=60)[0] == b""  # once no process has the pipe
