"""The files of a package: where they are, and that none of them lies outside it.

Apart from `package` and `reader`, which both open files that a stranger may have named: every path is
judged here, once, before anything is opened. A folder or a zip looks the same to the rest.
"""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from accords.errors import PackageError

DESCRIPTOR = "datapackage.json"


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
    """Raise `UnsafePath` unless `path` is plain, relative and stays inside."""
    if "://" in path:
        raise UnsafePath("nothing is fetched over the network")
    if "\0" in path or "\\" in path or ":" in path:
        raise UnsafePath("a path may hold no backslash, colon or NUL")
    parts = path.split("/")
    if path.startswith("/") or ".." in parts:
        raise UnsafePath("a path must stay inside the package")
    if not all(parts) or any(part.startswith(".") for part in parts):
        raise UnsafePath("a path may have no empty or hidden part")


@dataclass(frozen=True, slots=True)
class Folder:
    """A package in a folder; links that lead out of it are refused."""

    root: Path
    label: str

    def locate(self, path: str) -> Path:
        """Return the real path, or raise `UnsafePath`."""
        judge(path)
        root = self.root.resolve()
        real = (root / path).resolve()
        if not real.is_relative_to(root):
            raise UnsafePath("a link leads out of the package")
        return real

    def open(self, path: str) -> BinaryIO:
        """Open a file of the folder."""
        real = self.locate(path)
        if real.exists() and not real.is_file():
            raise UnsafePath("it is not a plain file")
        return real.open("rb")

    def read(self, path: str) -> bytes:
        """Return a file of the folder."""
        with self.open(path) as stream:
            return stream.read()

    def size(self, path: str) -> int:
        """Return a file's length."""
        return self.locate(path).stat().st_size

    def names(self, folder: str, suffix: str) -> list[str]:
        """List files of the folder."""
        real = self.locate(folder)
        if not real.is_dir():
            return []
        return sorted(f"{folder}/{item.name}" for item in real.iterdir() if item.name.endswith(suffix))


@dataclass(frozen=True, slots=True)
class Archive:
    """A package in a zip; `prefix` is the folder inside it that holds the descriptor ("" or "x/")."""

    archive: zipfile.ZipFile
    prefix: str
    label: str

    def open(self, path: str) -> BinaryIO:
        """Open a member of the zip."""
        judge(path)
        try:
            return self.archive.open(self.prefix + path)  # type: ignore[return-value]  # IO[bytes]
        except KeyError:
            raise FileNotFoundError(path) from None

    def read(self, path: str) -> bytes:
        """Return a member of the zip."""
        with self.open(path) as stream:
            return stream.read()

    def size(self, path: str) -> int:
        """Return a member's length as the zip states it."""
        try:
            return self.archive.getinfo(self.prefix + path).file_size
        except KeyError:
            raise FileNotFoundError(path) from None

    def names(self, folder: str, suffix: str) -> list[str]:
        """List members of the zip."""
        judge(folder)
        start = f"{self.prefix}{folder}/"
        inside = (name[len(self.prefix) :] for name in self.archive.namelist() if name.startswith(start))
        return sorted(name for name in inside if name.endswith(suffix) and name.count("/") == folder.count("/") + 1)


def find(path: Path) -> tuple[Files, str]:
    """Return the files of the package at `path` and the name of its descriptor.

    `path` is a folder that holds `datapackage.json`, a descriptor, or a zip with one descriptor in it.
    Raises `PackageError` where there is none.
    """
    if path.is_dir():
        if not (path / DESCRIPTOR).is_file():
            raise PackageError(f"{path} holds no {DESCRIPTOR}.")
        return Folder(path, str(path)), DESCRIPTOR
    if not path.exists():
        raise PackageError(f"{path} does not exist.")
    if path.suffix.lower() == ".zip":
        return _archive(path)
    if path.suffix.lower() != ".json":
        raise PackageError(f"{path} is no package: expected a folder, a {DESCRIPTOR} or a zip.")
    return Folder(path.parent, str(path.parent)), path.name


def _archive(path: Path) -> tuple[Files, str]:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as fault:
        raise PackageError(f"{path} cannot be read as a zip: {fault}.") from None
    found = [name for name in archive.namelist() if name.rsplit("/", 1)[-1] == DESCRIPTOR]
    shallow = [name for name in found if name.count("/") == min(name.count("/") for name in found)]
    if len(shallow) != 1:
        raise PackageError(f"{path} holds {'no' if not shallow else 'more than one'} {DESCRIPTOR}.")
    return Archive(archive, shallow[0][: -len(DESCRIPTOR)], str(path)), DESCRIPTOR


def fingerprint(stream: BinaryIO) -> tuple[int, str]:
    """Return a stream's length in bytes and its SHA-256 in hexadecimal digits."""
    digest, size = hashlib.sha256(), 0
    while block := stream.read(1 << 20):
        digest.update(block)
        size += len(block)
    return size, digest.hexdigest()
