"""One line on a terminal that says what a long run is at, and is gone when the run ends.

Apart from the commands, and fed by the library's callback: nothing of it reaches a file, a pipe or the log of a
CI job. It is plain text that is written over with blanks, without colours or escapes, so that `NO_COLOR` has
nothing to turn off.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from accords.languages import Voice
    from accords.worker import Stage

AFTER = 2.0  # seconds before anything is shown
_EVERY = 0.2  # seconds


class Progress:
    """Shows the stage at hand while a `with` block runs; call it with each new one.

    A thread writes the line, so that the seconds go on where one query takes long. It starts with the first stage,
    since a process that has threads should not be copied, and a worker may be a copy.
    """

    def __init__(self, say: Voice, stream: TextIO | None = None) -> None:
        self._say, self._stream = say, sys.stderr if stream is None else stream
        self._stage: Stage | None = None
        self._began, self._width = time.monotonic(), 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._show, daemon=True) if _is_watched(self._stream) else None

    def __call__(self, stage: Stage) -> None:
        """Take note of what the run is at."""
        self._stage = stage
        if self._thread and self._thread.ident is None:
            self._thread.start()

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._thread and self._thread.ident is not None:
            self._thread.join()
            self._write("")

    def _show(self) -> None:
        wait = max(AFTER - (time.monotonic() - self._began), 0.0)
        while not self._over.wait(wait):
            wait = _EVERY
            if stage := self._stage:
                seconds = self._say("{seconds} s", seconds=int(time.monotonic() - self._began))
                self._write(f"{_told(stage, self._say)} · {seconds}")

    def _write(self, text: str) -> None:
        """Write a text over the one before; nothing at all where there was none and is none."""
        room = max(shutil.get_terminal_size().columns - 1, 1)
        line = text[:room]
        if line or self._width:
            blanks = " " * max(self._width - len(line), 0)
            self._stream.write(f"\r{line}{blanks}" + ("" if line else "\r"))
            self._stream.flush()
            self._width = len(line)


def _told(stage: Stage, say: Voice) -> str:
    from accords.report.values import visible

    if stage.table is None:
        return say("checking {stage}", stage=say(stage.name))
    table = visible(stage.table)
    if not stage.rows:
        return say("reading {table}", table=table)
    return say("reading {table}: {rows} rows", table=table, rows=say.number(stage.rows))


def _is_watched(stream: TextIO) -> bool:
    """Tell whether somebody looks at a stream: a terminal that can go back in a line, and no CI job."""
    try:
        return stream.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("CI")
    except (AttributeError, ValueError):  # closed, or not a stream at all
        return False
