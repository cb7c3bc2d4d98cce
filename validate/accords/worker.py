"""The process in which a package is checked, and the step that it is at.

Apart from `supervisor`, which starts it, watches it and ends it: nothing of a stranger's package is read in
the process that watches. What runs in no worker says its steps to nobody.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import shutil
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NoReturn, TypeAlias

from accords.errors import CannotCheck, LimitReached
from accords.limits import Limits

HEADROOM = 1.5  # what an allocator holds beyond what is in use, beside the pages of the program itself


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker does: it calls a function of a module, with `folder` as the place for temporary files."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    named: dict[str, Any]
    limits: Limits
    folder: str


@dataclass(frozen=True, slots=True)
class Answer:
    """How a task ended: what the function returned, or what it raised."""

    value: Any = None
    error: BaseException | None = None


@dataclass(slots=True)
class _Here:
    """What this process is doing, and to whom it says so."""

    step: str = "at its start"
    pipe: BinaryIO | None = None
    limits: Limits = field(default_factory=lambda: Limits(None, None))


_HERE = _Here()


@dataclass(frozen=True, slots=True)
class Stage:
    """What a run is at: reading a `table` of which `rows` are read, or one of the stages on all tables."""

    name: str
    table: str | None = None
    rows: int = 0


Progress: TypeAlias = Callable[[Stage], object]


def silent(stage: Stage) -> None:
    """Say nothing of a stage."""


def tell(stage: Stage) -> None:
    """Say a stage to whoever watches this worker."""
    if _HERE.pipe:
        _HERE.pipe.write(pickle.dumps(stage))


def at(step: str) -> None:
    """Say what is done next, in words that continue a sentence: `in the rule x`, `while it read y.csv`."""
    _HERE.step = step
    if _HERE.pipe:
        _HERE.pipe.write(pickle.dumps(step))


def short() -> LimitReached:
    """Return the error for a step that got no memory."""
    return LimitReached(_HERE.limits.short(_HERE.step))


def main() -> NoReturn:
    """Do the task that comes in on standard input, and answer on standard output."""
    told = os.fdopen(os.dup(1), "wb", buffering=0)
    work(pickle.load(sys.stdin.buffer), sys.stdin.buffer, told)  # noqa: S301 -- from the process that started this one


def work(task: Task, supervisor: BinaryIO, told: BinaryIO) -> NoReturn:
    """Do a task, say its steps and its answer, and end this process; also where the supervisor's stream ends.

    Whatever libraries print goes nowhere. The process ends without the clean-up of an interpreter, which takes
    time and can say things on standard error; the folder of its temporary files is its supervisor's to remove.
    """
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to both; the supervisor decides
        threading.Thread(target=_end_with, args=(supervisor, task.folder), daemon=True).start()
        tempfile.tempdir = task.folder
        _HERE.pipe, _HERE.limits = told, task.limits
        _confine(task.limits)
        told.write(_dumped(_done(task)))
    finally:
        os._exit(0)


def _done(task: Task) -> Answer:
    try:
        return Answer(task.function(*task.arguments, **task.named))
    except MemoryError:
        return Answer(error=short())
    except BaseException as fault:
        if not isinstance(fault, CannotCheck):
            fault.add_note("In the worker:\n" + "".join(traceback.format_exception(fault)))
        return Answer(error=fault)


def _dumped(answer: Answer) -> bytes:
    try:
        return pickle.dumps(answer)
    except MemoryError:
        return pickle.dumps(Answer(error=short()))
    except Exception:  # an exception may hold what cannot leave its process
        said = f"{type(answer.error).__name__}: {answer.error}"
        return pickle.dumps(Answer(error=RuntimeError(said)))


def _end_with(stream: BinaryIO, folder: str) -> None:
    """Wait for the supervisor to go away without a word, as after a kill, and leave nothing behind."""
    stream.read()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


def _confine(limits: Limits) -> None:
    """Have the system refuse what no supervisor would be quick enough to see, where it can do that.

    Windows cannot, and macOS refuses no memory; there the supervisor's look has to do.
    """
    try:
        import resource
    except ImportError:
        return
    wanted = {resource.RLIMIT_CORE: 0}
    if limits.memory is not None:
        wanted[resource.RLIMIT_DATA] = int(limits.memory * HEADROOM) << 20
    if limits.timeout is not None:  # for a worker that nobody watches any more and that cannot notice
        wanted[resource.RLIMIT_CPU] = (int(limits.timeout) + 10) * (os.cpu_count() or 1)
    for kind, value in wanted.items():
        hard = resource.getrlimit(kind)[1]
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
