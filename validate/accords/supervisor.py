"""Runs a function in a process of its own that is watched, and ended when its limits are reached.

Apart from `worker`, the other end: in one process nothing stops an engine that counts through a text of a
gigabyte or a regular expression that goes back and forth; they answer neither an interrupt nor a limit of
their own. A child is a fresh interpreter and no copy of this process, so that threads, notebooks and programs
without a guard around their main part are as good as any, and it is the same on every system.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, ParamSpec, TypeVar, cast

from accords.errors import CannotCheck, LimitReached
from accords.limits import Limits

if TYPE_CHECKING:
    import queue

    from accords.worker import Answer

_LOOK = 0.05  # seconds between two looks at the memory of a worker
_START = "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); import accords.worker; accords.worker.main()"

_P = ParamSpec("_P")
_T = TypeVar("_T")


def supervised(limits: Limits, function: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs) -> _T:
    """Return what a function of a module returns, or raise what it raises; without any limit, in this process.

    Arguments and results travel between processes, so they are records and plain data. Raises `LimitReached`
    where the function takes more than it may, and `CannotCheck` where its process cannot be started or dies.
    """
    if not limits:
        return function(*arguments, **named)
    deadline = None if limits.timeout is None else time.monotonic() + limits.timeout
    child, folder = _started(), None
    try:
        import shutil  # what takes time to bring in comes while the child does the same
        import tempfile

        from accords.worker import Task

        folder = tempfile.mkdtemp(prefix="accords-")
        _hand_over(child, Task(function, arguments, named, limits, folder))
        answer = _answer(child, limits, deadline)
    finally:
        _end(child)
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
    if answer.error is not None:
        raise answer.error
    return cast("_T", answer.value)


def _started() -> subprocess.Popen[bytes]:
    """Start an interpreter that imports from where this one does, and never from the current folder by itself."""
    program = sys.executable
    if os.name == "nt":  # in a virtual environment the executable only starts another one
        program = getattr(sys, "_base_executable", None) or program
    if not program or getattr(sys, "frozen", False):
        raise CannotCheck("no Python interpreter is there to run a worker; without limits none is needed.")
    pipe = subprocess.PIPE
    try:
        return subprocess.Popen(
            [program, "-P", "-c", _START],
            stdin=pipe,
            stdout=pipe,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # so that what it starts can be ended with it
        )
    except OSError as fault:
        raise CannotCheck(f"no worker can be started: {fault.strerror}.") from None


def _hand_over(child: subprocess.Popen[bytes], task: object) -> None:
    """Tell a worker where to import from and what to do."""
    import pickle

    path = [item for item in sys.path if item]
    path.append(str(Path(__file__).resolve().parents[1]))
    asked = cast("IO[bytes]", child.stdin)
    with contextlib.suppress(OSError):  # it is dead already; that no answer comes says so
        asked.write(pickle.dumps(path) + pickle.dumps(task))
        asked.flush()


def _answer(child: subprocess.Popen[bytes], limits: Limits, deadline: float | None) -> Answer:
    """Wait for the answer; look at the clock and the memory while there is none."""
    import queue

    from accords.worker import Answer

    said: queue.SimpleQueue[str | Answer | None] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(child.stdout, said), daemon=True).start()
    step, look = "at its start", time.monotonic()
    while True:
        try:
            word = said.get(timeout=_LOOK)
        except queue.Empty:
            pass
        else:
            if isinstance(word, Answer):
                return word
            if word is None:
                raise CannotCheck(_died(child, limits, step))
            step = word
        now = time.monotonic()
        if deadline is not None and now >= deadline:
            raise LimitReached(limits.late(step))
        if limits.memory is not None and now >= look:
            look = now + _LOOK
            if _held(child.pid) > limits.memory << 20:
                raise LimitReached(limits.short(step))


def _listen(stream: IO[bytes], said: queue.SimpleQueue[str | Answer | None]) -> None:
    """Pass on what a worker says; None at the end."""
    import pickle

    with stream:
        try:
            while True:
                said.put(pickle.load(stream))  # noqa: S301 -- from the process that this one started
        except Exception:  # it ended, in the middle of a word perhaps
            said.put(None)


def _held(process: int) -> int:
    """Return the bytes of memory that a process holds; 0 where it is gone."""
    import psutil  # here, while the worker starts

    try:
        return int(psutil.Process(process).memory_info().rss)
    except psutil.Error:
        return 0


def _died(child: subprocess.Popen[bytes], limits: Limits, step: str) -> str:
    """Return the sentence for a worker that ended without an answer."""
    code = child.wait()
    if code == -getattr(signal, "SIGXCPU", 0):
        return limits.late(step)
    how = f"by the signal {-code}" if code < 0 else f"with the code {code}"
    return f"it ended {step}, {how}: the package asks for more than the engine or the memory bears."


def _end(child: subprocess.Popen[bytes]) -> None:
    """End a worker and what it has started, and wait for it."""
    with contextlib.suppress(OSError):
        if os.name == "posix":
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()
    child.wait()
    with contextlib.suppress(OSError):
        cast("IO[bytes]", child.stdin).close()
