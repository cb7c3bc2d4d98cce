"""Packages in a git revision, so that a release can be compared with what it was before.

Apart from `archives`, because a revision is no path: it belongs to a repository, and that is the one in which
the package to compare with lies.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from accords.errors import PackageError
from accords.files import DESCRIPTOR, Files, UnsafePath, judge, whole
from accords.repository import Contents, Entry, GitError, Repository, located
from accords.streams import Refused

_POINTERS = (b"version https://git-lfs.github.com/spec/", b"version https://hawser.github.com/spec/")
_LONGEST_POINTER = 1024  # bytes, as Git LFS has it
_NOTATION = re.compile(r"((?:[^:{]|\{[^}]*\}|\{)*)(:?)(.*)", re.DOTALL)  # HEAD@{2026-01-01 10:00}:folder


@dataclass(frozen=True, slots=True)
class Revision:
    """A package in a git revision: its files exactly as they were committed; links are refused.

    `entries` are by their paths relative to the package.
    """

    contents: Contents
    entries: Mapping[str, Entry]
    label: str

    def _entry(self, path: str) -> Entry:
        judge(path)
        if entry := self.entries.get(path):
            if not entry.plain:
                raise UnsafePath("it is a link or a submodule, which leads out of the revision")
            return entry
        self._follow(path)
        if any(name.startswith(f"{path}/") for name in self.entries):
            raise UnsafePath("it is not a plain file")
        raise FileNotFoundError(path)

    def _follow(self, path: str) -> None:
        """Raise `UnsafePath` where a link or a submodule stands at a path or above it."""
        above = (self.entries.get(str(place)) for place in (path, *PurePosixPath(path).parents))
        if any(entry and not entry.plain for entry in above):
            raise UnsafePath("a link or a submodule leads out of the revision")

    def open(self, path: str) -> BinaryIO:
        """Open a file of the revision."""
        entry = self._entry(path)
        stream = self.contents.open(entry.object)
        if entry.size < _LONGEST_POINTER:
            start = stream.read()
            if start.startswith(_POINTERS):
                stream.close()
                raise Refused("git holds only a pointer of Git LFS in its place; unpack that revision to a folder")
            stream.seek(0)
        return stream

    def read(self, path: str) -> bytes:
        """Return a file of the revision."""
        with self.open(path) as stream:
            return whole(stream)

    def size(self, path: str) -> int:
        """Return a file's length."""
        return self._entry(path).size

    def names(self, folder: str, suffix: str) -> list[str]:
        """List files of the revision."""
        judge(folder)
        self._follow(folder)
        deep = folder.count("/") + 1
        inside = (name for name in self.entries if name.startswith(f"{folder}/") and name.count("/") == deep)
        return sorted(name for name in inside if name.endswith(suffix))


def find(where: str, beside: Path) -> tuple[Files, str]:
    """Return the files of the package at a git revision and the name of its descriptor.

    `where` is a revision (`v0.1.0`, `HEAD~3`, `main`, a hash), and the package is the one that lies where
    `beside` does; or it is a revision, a colon and a folder or descriptor, as git itself writes it, from the
    root of the repository or, with `./`, from `beside` on. The repository is the one that `beside` lies in: a
    folder, a descriptor or a zip, or, if there is no such file, the current folder stands in for it.
    Raises `PackageError` where there is no such package.
    """
    revision, colon, place = _parts(where)
    program = located()
    if not program:
        raise PackageError(f"{where!r} does not exist, and no git is on PATH that could look for such a revision.")
    repository = Repository(program, _folder(beside))
    prefix, commit = _resolved(repository, where, revision)
    if not colon:
        place = prefix + (beside.name if _is_descriptor(beside.name) and beside.is_file() else "")
    folder, name = _parted(place)
    label = commit[:7] if commit.startswith(where) else f"{where} ({commit[:7]})"
    try:
        entries = repository.entries(commit, folder)
    except GitError as fault:
        if "not a valid object name" not in str(fault).lower():
            raise PackageError(f"{label} cannot be read: {_advised(str(fault))}.") from None
        entries = {}
    if name not in entries:
        elsewhere = "" if colon else f"; if the package lay elsewhere then, name its folder, as in {revision}:FOLDER"
        raise PackageError(f"{label} holds no {folder}{name}{elsewhere}.")
    return Revision(Contents(repository), entries, label), name


def _parts(where: str) -> tuple[str, str, str]:
    found = _NOTATION.match(where)
    return (found[1], found[2], found[3]) if found else (where, "", "")


def _folder(beside: Path) -> Path:
    """Return the folder whose repository is meant."""
    try:
        if beside.is_dir():
            return beside.resolve()
        return beside.parent.resolve() if beside.exists() else Path.cwd()
    except (OSError, ValueError) as fault:
        raise PackageError(f"{beside} cannot be looked at: {fault}.") from None


def _is_descriptor(name: str) -> bool:
    return name.lower().endswith(".json")


def _parted(place: str) -> tuple[str, str]:
    """Return the folder, "" or ending in a slash, and the descriptor that a place in a revision names."""
    above, slash, name = place.rpartition("/")
    if _is_descriptor(name):
        return above + slash, name
    return place.rstrip("/") + "/" if place.strip("/") else "", DESCRIPTOR


def _resolved(repository: Repository, where: str, revision: str) -> tuple[str, str]:
    """Return where the repository's folder lies in it and the commit that a revision stands for."""
    try:
        prefix, shallow = repository.place()
    except GitError as fault:
        reason = f"git does not answer for {repository.folder}: {fault}"
        if "not a git repository" in reason:
            reason = f"{repository.folder} lies in no git repository that could have such a revision"
        raise PackageError(f"{where!r} does not exist, and {reason}.") from None
    try:
        return prefix, repository.resolve(revision)
    except GitError as fault:
        hint = "if another clone has it, fetch it first (git fetch --tags)"
        if shallow:
            hint = "the history is cut off in this clone, so fetch it first (git fetch --unshallow --tags)"
        if "ambiguous" in str(fault):
            hint = str(fault)
        place = f"the git repository of {repository.folder}"
        raise PackageError(f"{where!r} is neither a path that exists nor a revision of {place}: {hint}.") from None


def _advised(reason: str) -> str:
    """Return git's reason with what to do where contents were left behind when the repository was cloned."""
    missing = any(word in reason for word in ("missing", "promisor", "transport"))
    return f"{reason}; check that revision out once, or make a full clone" if missing else reason
