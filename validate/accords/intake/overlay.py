"""The files of a package as they would be: some of them new, and none of them written.

Apart from `adding`, because the validator reads these like any other place of a package.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from accords.files import Files


@dataclass(frozen=True, slots=True)
class Overlay:
    """The files of a package, some of them as they would be."""

    under: Files
    new: Mapping[str, bytes]

    @property
    def label(self) -> str:
        """Return what reports call the place."""
        return self.under.label

    def open(self, path: str) -> BinaryIO:
        """Open a file as it would be."""
        return io.BytesIO(self.new[path]) if path in self.new else self.under.open(path)

    def read(self, path: str) -> bytes:
        """Return a file as it would be."""
        return self.new[path] if path in self.new else self.under.read(path)

    def size(self, path: str) -> int:
        """Return the length of a file as it would be."""
        return len(self.new[path]) if path in self.new else self.under.size(path)

    def names(self, folder: str, suffix: str) -> list[str]:
        """List files; none comes or goes."""
        return self.under.names(folder, suffix)
