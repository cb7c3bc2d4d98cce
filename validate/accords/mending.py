"""A copy of a plain file with torn rows, each cut or filled up to the width, so that the engine can read it.

Apart from `plain`, which tells what a file is: here one is written. A row with a cell too many or too few is no
reason to read ten million others in Python. The copy says what the strict reader makes of such rows, and is held
against the count of its bytes as any plain file is; what it cannot say (blank rows) is left to the strict reader.
"""

from __future__ import annotations

import csv
import io
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from accords.plain import BLOCK, QUOTE, PlainFile, quoted
from accords.reader import LONGEST


@dataclass(frozen=True, slots=True)
class Torn:
    """The rows of a file that do not fit: their numbers, and how many cells each has."""

    rows: array[int] = field(default_factory=lambda: array("q"))
    found: array[int] = field(default_factory=lambda: array("q"))


def mend(file: PlainFile, width: int, copy: Path) -> Torn | None:
    """Write a copy of a plain file in which every record has `width` cells; None where one is blank.

    None, too, where the copy would be twice as long: a few short rows of a very wide table could fill a disk.
    Returns the records that were changed. OSError where the file cannot be read or the copy not be written.
    """
    csv.field_size_limit(LONGEST)
    mender, number, torn = _Mender(file.delimiter, width), 0, Torn()
    with Path(file.path).open("rb", buffering=0) as stream, copy.open("wb") as out:
        for block in _whole_lines(stream):
            lines, room = block.split(b"\n"), 2 * len(block)
            counts = mender.counts(lines[:-1] if block.endswith(b"\n") else lines)
            for index, count in enumerate(counts):
                if count != width and (number or index or not file.header):
                    mended = mender.mended(lines[index], count)
                    if mended is None:
                        return None
                    lines[index] = mended
                    torn.rows.append(number + index + 1)
                    torn.found.append(count)
                    room -= len(mended)
                    if room < 0:
                        return None
            number += len(counts)
            out.write(b"\n".join(lines))
    return torn


def _whole_lines(stream: io.RawIOBase | io.FileIO) -> Iterator[bytes]:
    """Yield a file in blocks that end where a line does."""
    held = b""
    while block := stream.read(BLOCK):
        whole, end, held = (held + block).rpartition(b"\n")
        if end:
            yield whole + end
    if held:
        yield held


class _Mender:
    """Counts the cells of lines, and makes them as many as there should be."""

    def __init__(self, delimiter: str, width: int) -> None:
        self._delimiter, self._mark, self._width = delimiter, delimiter.encode(), width
        self._quoted = quoted(self._mark)

    def counts(self, lines: list[bytes]) -> list[int]:
        """Return how many cells each line has."""
        mark, without = self._mark, self._quoted.sub
        return [(without(b"", line) if QUOTE in line else line).count(mark) + 1 for line in lines]

    def mended(self, line: bytes, count: int) -> bytes | None:
        """Return a line of `count` cells with the right number; None if it is blank."""
        end = b"\r" if line.endswith(b"\r") else b""
        text, mark = line.removesuffix(b"\r").decode(), self._delimiter
        simple = QUOTE not in line
        cells = text.split(mark) if simple else next(csv.reader([text], delimiter=mark, strict=True))
        if not any(cells) or (count < self._width and not "".join(cells).strip()):
            return None
        if count < self._width:
            return text.encode() + self._mark * (self._width - count) + end
        if simple:
            return mark.join(cells[: self._width]).encode() + end
        out = io.StringIO()
        csv.writer(out, delimiter=mark, lineterminator="").writerow(cells[: self._width])
        return out.getvalue().encode() + end
