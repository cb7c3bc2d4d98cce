"""Replaces several files at once: all of them or none, whenever the process dies.

Apart from `tidy` and `intake`, which both write into packages: here is what a crash may leave behind, and what
readers and the next writer make of it. The new files are written beside each other into a hidden folder of
the package. Then the journal, which lists them, appears by one rename: from that moment on the package *is*
the new one. Readers of ours take the new files from the hidden folder until each has been renamed to its
place; a process that dies on the way leaves the rest to the next writer. Without a journal the hidden folder
means nothing, and the next writer removes it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from accords.errors import CannotCheck

FOLDER, JOURNAL, LOCK = ".accords-new", "journal.json", "lock"
_PATH, _NAME = re.compile(r"[^/.\\:\0][^/\\:\0]*(?:/[^/.\\:\0][^/\\:\0]*)*"), re.compile(r"[0-9]+")
_PATIENCE, _PAUSE = 10.0, 0.05  # seconds to wait for another writer, and between two looks


class Busy(CannotCheck):
    """Another process is writing into the package, or has changed it since it was read."""


def pending(root: Path) -> dict[str, Path]:
    """Return the files that are new and not yet in their place: the file that holds each, by its path.

    A file that another process puts into its place meanwhile is no longer where this says, but there.
    """
    try:
        listed = json.loads((root / FOLDER / JOURNAL).read_text("utf-8"))
        if all(_PATH.fullmatch(path) and _NAME.fullmatch(name) for path, name in listed.items()):
            return {path: root / FOLDER / name for path, name in listed.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        pass
    return {}  # a stranger's package may hold anything under that name


def recover(root: Path) -> bool:
    """Finish or clear away what a process that died has left; tell whether there was anything.

    Raises `Busy` where a process that is alive is writing.
    """
    if not (root / FOLDER).is_dir():
        return False
    with _locked(root):
        return True


def replace(root: Path, files: Mapping[str, bytes], read: Mapping[str, str]) -> None:
    """Write files, by their paths in `root`: all of them or none.

    `read`: the SHA-256 of each file that the new ones were made from; raises `Busy` where one of them is
    another by now. Raises `CannotCheck` where nothing can be written.
    """
    try:
        with _locked(root) as folder:
            for path, digest in read.items():
                if hashlib.sha256((root / path).read_bytes()).hexdigest() != digest:
                    raise Busy(f"{path} has been changed meanwhile; run the command again.")
            listed = {}
            for number, (path, content) in enumerate(sorted(files.items())):
                target = (root / path).resolve()
                if target.parent.stat().st_dev != folder.stat().st_dev:
                    raise CannotCheck(f"{path} lies on another disk than the package, and is not written.")
                listed[path] = str(number)
                _put(folder / str(number), content, target.stat().st_mode & 0o7777)
            _put(folder / f"{JOURNAL}.part", json.dumps(listed).encode(), 0o644)
            os.replace(folder / f"{JOURNAL}.part", folder / JOURNAL)  # noqa: PTH105 -- from here on all is written
            _sync(folder)
            _finish(root)
    except OSError as fault:
        raise CannotCheck(f"{root} cannot be written: {fault.strerror}.") from None


def _finish(root: Path) -> None:
    """Put every file that the journal lists into its place; what is there already is left."""
    folders = set()
    for path, held in pending(root).items():
        target = (root / path).resolve()
        if not target.is_relative_to(root.resolve()) or held.is_symlink():
            raise CannotCheck(f"{root / FOLDER} is not ours: {path} leads out of the package. Remove it.")
        try:
            os.replace(held, target)  # noqa: PTH105 -- atomic on every system
        except FileNotFoundError:
            pass
        except PermissionError:  # a spreadsheet keeps it open
            raise Busy(f"{path} is in use; close it and run the command again, which finishes the work.") from None
        folders.add(target.parent)
    for folder in folders:
        _sync(folder)
    (root / FOLDER / JOURNAL).unlink(missing_ok=True)


@contextlib.contextmanager
def _locked(root: Path) -> Iterator[Path]:
    """Hold the hidden folder alone, after what an earlier process left has been finished or cleared away."""
    folder, until = root / FOLDER, time.monotonic() + _PATIENCE
    while (stream := _lock(folder)) is None:
        if time.monotonic() > until:
            raise Busy(f"another process is writing into {root}; run the command again.")
        time.sleep(_PAUSE)
    with contextlib.closing(stream):
        try:
            _finish(root)
            _clear(folder)
            yield folder
        finally:
            if not (folder / JOURNAL).exists():
                _clear(folder)
                if sys.platform == "win32":
                    stream.close()  # an open file cannot be removed there
                with contextlib.suppress(OSError):  # another process is in it already
                    (folder / LOCK).unlink()
                    folder.rmdir()


def _clear(folder: Path) -> None:
    """Remove what no journal lists."""
    for item in folder.iterdir():
        if item.name != LOCK:
            item.unlink()


def _lock(folder: Path) -> BinaryIO | None:
    """Return the open lock file of the folder, held by this process alone; None where another holds it."""
    folder.mkdir(exist_ok=True)
    try:
        stream = (folder / LOCK).open("ab")
    except FileNotFoundError:  # another process has just removed the folder
        return None
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if (folder / LOCK).stat().st_ino == os.fstat(stream.fileno()).st_ino:
            return stream
    except OSError:
        pass
    stream.close()
    return None


def _put(path: Path, content: bytes, mode: int) -> None:
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    path.chmod(mode)


def _sync(folder: Path) -> None:
    """Let the names in a folder reach the disk, where a system allows it."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
