"""Runs a function in a process of its own that is watched, and ended when its limits are reached.

Apart from `worker`, the other end: in one process nothing stops an engine that counts through a text of a
gigabyte or a regular expression that goes back and forth; they answer neither an interrupt nor a limit of
their own. A child is a fresh interpreter, so that threads, notebooks and programs without a guard around their
main part are as good as any, and it is the same on every system. Only the command of this package, on Linux,
is copied instead: it has just begun, has no threads, and a copy starts in no time.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, ParamSpec, TypeVar, cast

from accords.errors import CannotCheck, LimitReached
from accords.limits import Limits
from accords.worker import Answer, Progress, Stage, Task, silent, work

_LOOK = 0.05  # seconds between two looks at the memory of a worker
_CALM = 2.0 if sys.platform == "linux" else 0.0  # seconds before the first; there the system limits it as well
_START = "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); import accords.worker; accords.worker.main()"

_P = ParamSpec("_P")
_T = TypeVar("_T")
may_copy = False  # set by the command of this package, where it has just begun


@dataclass(frozen=True, slots=True)
class _Child:
    """A worker: its number, what it listens to, what it says, and a wait that returns how it ended."""

    process: int
    ask: IO[bytes]
    told: IO[bytes]
    wait: Callable[[], int]


def supervised(limits: Limits, function: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs) -> _T:
    """Return what a function of a module returns, or raise what it raises; without any limit, in this process.

    Arguments and results travel between processes, so they are records and plain data. Raises `LimitReached`
    where the function takes more than it may, and `CannotCheck` where its process cannot be started or dies.
    """
    return watched(None, limits, function, *arguments, **named)


def watched(
    progress: Progress | None, limits: Limits, function: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs
) -> _T:
    """Do what `supervised` does, and call `progress` in this process with each stage that a worker tells."""
    if not limits:
        return function(*arguments, **named)
    deadline = None if limits.timeout is None else time.monotonic() + limits.timeout
    folder = tempfile.mkdtemp(prefix="accords-")
    task = Task(function, arguments, named, limits, folder)
    child, code = None, 0
    try:
        child = _copied(task) if may_copy else _started(task)
        answer = _answer(child, limits, deadline, progress or silent)
    finally:
        if child:
            code = _end(child)
        shutil.rmtree(folder, ignore_errors=True)
    if isinstance(answer, str):
        raise CannotCheck(_died(code, limits, answer))
    if answer.error is not None:
        raise answer.error
    return cast("_T", answer.value)


def _copied(task: Task) -> _Child:
    """Start a copy of this process."""
    asked, ask = os.pipe()
    told, tell = os.pipe()
    process = os.fork()
    if not process:
        try:
            os.setsid()  # so that what it starts can be ended with it
            os.close(ask)
            os.close(told)
            work(task, os.fdopen(asked, "rb"), os.fdopen(tell, "wb", buffering=0))
        finally:
            os._exit(1)
    os.close(asked)
    os.close(tell)
    wait = partial(os.waitpid, process, 0)
    return _Child(process, os.fdopen(ask, "wb"), os.fdopen(told, "rb"), lambda: os.waitstatus_to_exitcode(wait()[1]))


def _started(task: Task) -> _Child:
    """Start an interpreter that imports from where this one does, and never from the current folder by itself."""
    import subprocess

    program = sys.executable
    if os.name == "nt":  # in a virtual environment the executable only starts another one
        program = getattr(sys, "_base_executable", None) or program
    if not program or getattr(sys, "frozen", False):
        raise CannotCheck("no Python interpreter is there to run a worker; without limits none is needed.")
    pipe = subprocess.PIPE
    try:
        started = subprocess.Popen(
            [program, "-P", "-c", _START],
            stdin=pipe,
            stdout=pipe,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # so that what it starts can be ended with it
        )
    except OSError as fault:
        raise CannotCheck(f"no worker can be started: {fault.strerror}.") from None
    child = _Child(started.pid, cast("IO[bytes]", started.stdin), cast("IO[bytes]", started.stdout), started.wait)
    path = [item for item in sys.path if item]
    path.append(str(Path(__file__).resolve().parents[1]))
    with contextlib.suppress(OSError):  # it is dead already; that no answer comes says so
        child.ask.write(pickle.dumps(path) + pickle.dumps(task))
        child.ask.flush()
    return child


def _answer(child: _Child, limits: Limits, deadline: float | None, progress: Progress) -> Answer | str:
    """Wait for the answer, or return the step at which the worker died; look at clock and memory meanwhile."""
    said: queue.SimpleQueue[str | Stage | Answer | None] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(child.told, said), daemon=True).start()
    step, look = "at its start", time.monotonic() + _CALM
    while True:
        try:
            word = said.get(timeout=_LOOK)
        except queue.Empty:
            pass
        else:
            if isinstance(word, Answer):
                return word
            if word is None:
                return step
            if isinstance(word, Stage):
                progress(word)
            else:
                step = word
        now = time.monotonic()
        if deadline is not None and now >= deadline:
            raise LimitReached(limits.late(step))
        if limits.memory is not None and now >= look:
            look = now + _LOOK
            if _held(child.process) > limits.memory << 20:
                raise LimitReached(limits.short(step))


def _listen(stream: IO[bytes], said: queue.SimpleQueue[str | Stage | Answer | None]) -> None:
    """Pass on what a worker says; None at the end."""
    with stream:
        try:
            while True:
                said.put(pickle.load(stream))  # noqa: S301 -- from the process that this one started
        except Exception:  # it ended, in the middle of a word perhaps
            said.put(None)


def _held(process: int) -> int:
    """Return the bytes of memory that a process holds; 0 where it is gone."""
    import psutil  # here, because short runs end before it is asked

    try:
        return int(psutil.Process(process).memory_info().rss)
    except psutil.Error:
        return 0


def _died(code: int, limits: Limits, step: str) -> str:
    """Return the sentence for a worker that ended without an answer."""
    if code == -getattr(signal, "SIGXCPU", 0):
        return limits.late(step)
    how = f"by the signal {-code}" if code < 0 else f"with the code {code}"
    return f"it ended {step}, {how}: the package asks for more than the engine or the memory bears."


def _end(child: _Child) -> int:
    """End a worker and what it has started; return how it ended."""
    with contextlib.suppress(OSError):
        if os.name == "posix":
            os.killpg(child.process, signal.SIGKILL)
        else:
            os.kill(child.process, signal.SIGTERM)  # which on Windows ends it as surely
    code = child.wait()
    with contextlib.suppress(OSError):
        child.ask.close()
    return code
