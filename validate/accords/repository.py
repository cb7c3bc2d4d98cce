"""A git repository, asked through the `git` command: what a revision is, what it holds, what is in its files.

Apart from `revisions`, which makes a package of the answers, because a repository may be a stranger's: how the
command is found and started, so that nothing in the repository runs and nothing is fetched, stands here alone.
"""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import tempfile
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, NamedTuple, cast

from accords.streams import Refused

HELD = 8 << 20  # bytes of a file that are kept in memory; what is larger goes to a temporary file
_LACKING = "git cannot read it: its content is damaged or not in this clone"
_PROGRAM = "git.exe" if os.name == "nt" else "git"
# Git sets these for its hooks. They would put another repository, or another folder of it, in the place of the
# one that is asked about. Those that only add objects or settings stay.
_MISLEADING = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE")
_SETTINGS = {
    "LC_ALL": "C",  # git's reasons in English, like the sentences around them
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",  # the same for versions of git that do not know the line above
    "GIT_NO_REPLACE_OBJECTS": "1",  # the files as they were committed
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}


class GitError(Exception):
    """Git gave no answer; the text is its reason."""


class Entry(NamedTuple):
    """A file of a revision: its mode as git writes it, the name of its content, its length in bytes."""

    mode: str
    object: str
    size: int

    @property
    def plain(self) -> bool:
        """Say that it is a file, not a link and not the place of another repository."""
        return self.mode.startswith("100")


@dataclass(frozen=True, slots=True)
class Repository:
    """The repository that `folder`, an absolute path, lies in; whatever it cannot answer is a `GitError`."""

    program: str
    folder: Path

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start git with pipes to and from it; what it complains of is left out."""
        pipe = subprocess.PIPE
        return subprocess.Popen(self._call(arguments), stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=_env())

    def ask(self, *arguments: str) -> bytes:
        """Return what git prints."""
        try:
            done = subprocess.run(self._call(arguments), stdin=subprocess.DEVNULL, capture_output=True, env=_env())
        except (OSError, ValueError) as fault:  # ValueError: no call can hold such a text
            raise GitError(f"it cannot be started ({fault})") from None
        if done.returncode:
            raise GitError(_reason(done.stderr))
        return done.stdout

    def _call(self, arguments: tuple[str, ...]) -> list[str]:
        return [self.program, "--no-pager", "-C", str(self.folder), *arguments]

    def place(self) -> tuple[str, bool]:
        """Return where the folder lies in the repository ("" or "x/y/") and whether the history is cut off."""
        answer = self.ask("rev-parse", "--show-prefix", "--is-shallow-repository")
        prefix, _, shallow = answer.rstrip(b"\r\n").rpartition(b"\n")
        return os.fsdecode(prefix.rstrip(b"\r")), shallow == b"true"

    def resolve(self, revision: str) -> str:
        """Return the name of the commit that a revision stands for."""
        if not revision or revision.startswith(("-", "^")):
            raise GitError("it is no revision")
        return self.ask("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}").decode().strip()

    def entries(self, commit: str, folder: str) -> dict[str, Entry]:
        """Return the files below a folder at a commit by their paths relative to it; "" is the root.

        `folder` is written as git writes it after a colon: from the root, or from the repository's `folder` on
        where it begins with `./` or `../`.
        """
        listed = self.ask("ls-tree", "-r", "-z", "-l", "--full-tree", f"{commit}:{folder}")
        found = {}
        for line in listed.split(b"\0")[:-1]:
            facts, _, path = line.partition(b"\t")
            mode, _, name, size = facts.decode().split()
            if size == "BAD":
                raise GitError(f"{name} is missing")
            found[os.fsdecode(path)] = Entry(mode, name, 0 if size == "-" else int(size))
        return found


class Contents:
    """The contents of files by their names in git, from one `git cat-file` that ends when nobody holds this.

    A process for each file would cost many times what reading a small one does.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._end: Callable[[], object] | None = None

    def open(self, name: str) -> BinaryIO:
        """Return a content as a stream of its own, exactly as it was committed; `Refused` where git has it not."""
        with self._lock:
            try:
                return self._answer(name)
            except BaseException as fault:
                self._stop()  # what git has yet to say must not be taken for the next file
                if isinstance(fault, BrokenPipeError):
                    raise Refused(_LACKING) from None
                raise

    def _answer(self, name: str) -> BinaryIO:
        asked, answers = self._pipes()
        asked.write(f"{name}\n".encode())
        asked.flush()
        head = answers.readline().split()
        if len(head) != 3:
            raise Refused(_LACKING)
        left = int(head[2])
        # Not a SpooledTemporaryFile: as long as it is in memory, `gzip` holds it for one to be written.
        held = io.BytesIO() if left <= HELD else cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 -- handed out
        try:
            while left:
                block = answers.read(min(left, 1 << 20))
                if not block:
                    raise Refused(_LACKING)
                held.write(block)
                left -= len(block)
            answers.read(1)  # the line end that closes an answer
            held.seek(0)
        except BaseException:
            held.close()
            raise
        return held

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if not self._child:
            self._child = self._repository.start("cat-file", "--batch")
            self._end = weakref.finalize(self, _end, self._child)
        return cast("IO[bytes]", self._child.stdin), cast("IO[bytes]", self._child.stdout)

    def _stop(self) -> None:
        if self._end:
            self._end()
        self._child = self._end = None


def located() -> str | None:
    """Return the path of the git command, or None.

    Only whole paths of PATH are looked at: a part such as `.` would start what a stranger's folder holds.
    """
    for folder in map(Path, os.get_exec_path()):
        found = folder / _PROGRAM
        if folder.is_absolute() and found.is_file() and os.access(found, os.X_OK):
            return str(found)
    return None


def _end(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    with contextlib.suppress(OSError), child:  # leaving it closes the pipes and waits
        pass


def _env() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in _MISLEADING} | _SETTINGS


def _reason(said: bytes) -> str:
    """Return the line in which git says why it stopped."""
    lines = [" ".join(line.split()) for line in said.decode(errors="replace").splitlines()]
    reasons = [line.partition(": ")[2] for line in lines if line.startswith(("error: ", "fatal: "))]
    return reasons[0] if reasons else "it gave no reason"
