"""The files of a package: where they are, and that none of them lies outside it.

Apart from `package` and `reader`, which both open files that a stranger may have named: every path is
judged here, once, before anything is opened. A folder or a zip (`archives`) looks the same to the rest.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from accords import journal
from accords.streams import Refused
from accords.words import said

DESCRIPTOR = "datapackage.json"
DIGESTS = frozenset(("md5", "sha1", "sha256", "sha384", "sha512"))
LARGEST_TEXT = 64 << 20  # bytes of a descriptor, a schema or a file of rules
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\..*)?", re.IGNORECASE)


class UnsafePath(ValueError):
    """A path that leaves the package or that some system reads as something else; the text says why."""


class Files(Protocol):
    """What the rest needs of a package's place."""

    @property
    def label(self) -> str:
        """Return what reports call the place."""
        ...

    def open(self, path: str) -> BinaryIO:
        """Open the file at a path relative to the package; OSError where it is not there."""
        ...

    def read(self, path: str) -> bytes:
        """Return a whole file; OSError where it is not there."""
        ...

    def size(self, path: str) -> int:
        """Return a file's length in bytes; OSError where it is not there."""
        ...

    def names(self, folder: str, suffix: str) -> list[str]:
        """Return the paths of the files directly in `folder` that end in `suffix`, sorted."""
        ...


def judge(path: str) -> None:
    """Raise `UnsafePath` unless `path` is plain, relative, stays inside and means the same on every system."""
    if "://" in path:
        raise UnsafePath("nothing is fetched over the network")
    if "\0" in path or "\\" in path or ":" in path:
        raise UnsafePath("a path may hold no backslash, colon or NUL")
    parts = path.split("/")
    if path.startswith(("/", "~")) or ".." in parts:
        raise UnsafePath("a path must stay inside the package")
    if not all(parts) or any(part.startswith(".") for part in parts):
        raise UnsafePath("a path may have no empty or hidden part")
    if not path.isprintable() or set(path) & set('<>"|?*'):
        raise UnsafePath('a path may hold no control character and none of < > " | ? *')
    if any(part.endswith((".", " ")) or _DEVICES.fullmatch(part) for part in parts):
        raise UnsafePath("Windows would read the path as another one")


@dataclass(frozen=True, slots=True)
class Folder:
    """A package in a folder; links that lead out of it are refused."""

    root: Path
    label: str
    _real: list[Path] = field(default_factory=list, init=False, compare=False, repr=False)

    def locate(self, path: str) -> Path:
        """Return the real path, or raise `UnsafePath`."""
        judge(path)
        if not self._real:  # where the folder really is, once for all of its files
            self._real.append(self.root.resolve())
        try:
            real = (self._real[0] / path).resolve()
        except RuntimeError:  # what Python 3.11 and 3.12 make of links that lead in a circle
            raise UnsafePath("links lead in a circle") from None
        if not real.is_relative_to(self._real[0]):
            raise UnsafePath("a link leads out of the package")
        return real

    def open(self, path: str) -> BinaryIO:
        """Open a file of the folder: the new one where a writer has not put it into its place yet."""
        real = self.locate(path)
        held = journal.pending(self.root).get(path)
        if held and held.is_file() and not held.is_symlink():
            with contextlib.suppress(FileNotFoundError):  # it is in its place by now
                return held.open("rb")
        if real.exists() and not real.is_file():
            raise UnsafePath("it is not a plain file")
        return real.open("rb")

    def read(self, path: str) -> bytes:
        """Return a file of the folder."""
        with self.open(path) as stream:
            return whole(stream)

    def size(self, path: str) -> int:
        """Return a file's length."""
        with self.open(path) as stream:
            return os.fstat(stream.fileno()).st_size

    def names(self, folder: str, suffix: str) -> list[str]:
        """List files of the folder."""
        real = self.locate(folder)
        if not real.is_dir():
            return []
        return sorted(f"{folder}/{item.name}" for item in real.iterdir() if item.name.endswith(suffix))


def whole(stream: BinaryIO) -> bytes:
    """Return all of a stream that is small enough to be a descriptor, a schema or rules."""
    content = stream.read(LARGEST_TEXT + 1)
    if len(content) > LARGEST_TEXT:
        raise Refused(said("it is larger than {most} bytes", most=LARGEST_TEXT))
    return content


def fingerprint(stream: BinaryIO, algorithm: str = "sha256") -> tuple[int, str]:
    """Return a stream's length in bytes and its digest in hexadecimal digits; the algorithm is of `DIGESTS`."""
    digest, size = hashlib.new(algorithm, usedforsecurity=False), 0
    while block := stream.read(1 << 20):
        digest.update(block)
        size += len(block)
    return size, digest.hexdigest()
