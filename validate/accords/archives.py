"""Packages in a zip, and where a package lies at all: a folder, a descriptor or a zip.

Apart from `files`, because a zip is a folder that a stranger has drawn: names that leave it, names that
stand twice, members that are encrypted or torn.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from accords.errors import PackageError
from accords.files import DESCRIPTOR, Files, Folder, judge, whole
from accords.streams import Refused, member, opened


@dataclass(frozen=True, slots=True)
class Archive:
    """A package in a zip; `prefix` is the folder inside it that holds the descriptor ("" or "x/")."""

    archive: zipfile.ZipFile
    prefix: str
    label: str

    def _info(self, path: str) -> zipfile.ZipInfo:
        judge(path)
        try:
            return self.archive.getinfo(self.prefix + path)
        except KeyError:
            raise FileNotFoundError(path) from None

    def open(self, path: str) -> BinaryIO:
        """Open a member of the zip."""
        return member(self.archive, self._info(path))

    def read(self, path: str) -> bytes:
        """Return a member of the zip."""
        with self.open(path) as stream:
            return whole(stream)

    def size(self, path: str) -> int:
        """Return a member's length as the zip states it."""
        return self._info(path).file_size

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
    try:
        if path.is_dir():
            if not (path / DESCRIPTOR).is_file():
                raise PackageError(f"{path} holds no {DESCRIPTOR}.")
            return Folder(path, str(path)), DESCRIPTOR
        if not path.exists():
            raise PackageError(f"{path} does not exist.")
    except (OSError, ValueError) as fault:
        raise PackageError(f"{path} cannot be looked at: {fault}.") from None
    if path.suffix.lower() == ".zip":
        return _archive(path)
    if path.suffix.lower() != ".json":
        raise PackageError(f"{path} is no package: expected a folder, a {DESCRIPTOR} or a zip.")
    return Folder(path.parent, str(path.parent)), path.name


def _archive(path: Path) -> tuple[Files, str]:
    if not path.is_file():
        raise PackageError(f"{path} is not a plain file.")
    try:
        archive = opened(str(path))
    except Refused as fault:
        raise PackageError(f"{path} cannot be read as a zip: {fault}.") from None
    names = archive.namelist()
    if odd := next((name for name in names if _odd(name)), None):
        raise PackageError(f"{path} is refused: it holds {odd!r}, which would leave it when it is unpacked.")
    if double := next((name for name, count in Counter(names).items() if count > 1), None):
        raise PackageError(f"{path} is refused: it holds {double!r} twice.")
    found = [name for name in names if name.rsplit("/", 1)[-1] == DESCRIPTOR]
    shallow = [name for name in found if name.count("/") == min(name.count("/") for name in found)]
    if len(shallow) != 1:
        raise PackageError(f"{path} holds {'no' if not shallow else 'more than one'} {DESCRIPTOR}.")
    return Archive(archive, shallow[0][: -len(DESCRIPTOR)], str(path)), DESCRIPTOR


def _odd(name: str) -> bool:
    return name.startswith("/") or ".." in name.split("/") or "\\" in name or name[1:2] == ":"
