"""Builds the files of a release from the one authored package: each target is a function of it.

Apart from `export` and `register`, which say what is written: here is which files there are and how they come to
lie in the folder, all of them or none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from accords.build.release import Release
from accords.build.to_codebook import codebook
from accords.build.to_croissant import described
from accords.build.to_feeds import feeds
from accords.build.to_flat import flat
from accords.build.to_metadata import metadata
from accords.build.to_parquet import parquet
from accords.build.to_sqlite import sqlite
from accords.build.to_xlsx import xlsx
from accords.build.to_zip import FORCED, zipped

TARGETS: Mapping[str, Callable[[Release], dict[str, bytes]]] = {
    "flat": flat,
    "xlsx": xlsx,
    "sqlite": sqlite,
    "parquet": parquet,
    "codebook": codebook,
    "metadata": lambda release: metadata(release) | described(release),
    "feeds": feeds,
    "zip": zipped,
}


def build(release: Release, targets: Iterable[str]) -> dict[str, bytes]:
    """Return the files of some targets, or of all where none is named, by their paths in the output folder.

    Raises `PackageError` where the package lacks what a target needs.
    """
    named = list(targets)
    files: dict[str, bytes] = {}
    for name, target in TARGETS.items():
        if name in named or not named:
            files |= target(release)
    return files | ({"NOT-VALID.txt": FORCED.encode()} if release.forced else {})


__all__ = ["TARGETS", "Release", "build"]
