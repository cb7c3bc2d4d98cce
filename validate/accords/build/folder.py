"""Puts the files of a build into their folder: all of them or none, and nothing anywhere else.

Apart from `journal`, which replaces single files of a package while others read it: here a whole folder is made
beside the former one and takes its place by renames.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from accords.build.to_zip import SUMS, sums
from accords.errors import UsageError


def place(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files into a folder, with the sums of all that it then holds; files of a former build stay.

    Raises `UsageError` where the folder holds files of others, or cannot be written; then it is as it was.
    """
    judge(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as fault:
        raise UsageError(f"{folder} cannot be written: {fault.strerror}.") from None
    former = staged.with_name(f"{staged.name}-former")
    try:
        staged.chmod(0o755)
        if folder.is_dir():
            shutil.copytree(folder, staged, dirs_exist_ok=True)
        for path, content in files.items():
            target = staged / PurePosixPath(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        held = {path.relative_to(staged).as_posix(): path.read_bytes() for path in staged.rglob("*") if path.is_file()}
        (staged / SUMS).write_bytes(sums({path: held[path] for path in held if path != SUMS}))
        if folder.is_dir():
            folder.rename(former)
        try:
            staged.rename(folder)
        except OSError:
            if former.is_dir():
                former.rename(folder)
            raise
        shutil.rmtree(former, ignore_errors=True)  # only now: where the way back failed, too, it is all there is
    except OSError as fault:
        raise UsageError(f"{folder} cannot be written: {fault.strerror}.") from None
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def judge(folder: Path) -> None:
    """Raise `UsageError` unless a folder is not there, empty, or of a former build."""
    if os.path.lexists(folder) and (folder.is_symlink() or not folder.is_dir()):
        raise UsageError(f"{folder} is no folder.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / SUMS).is_file():
        raise UsageError(f"{folder} holds files that no build has written; name another folder with --output.")
