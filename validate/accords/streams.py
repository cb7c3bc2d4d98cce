"""Packed bytes: unpacked while they are read, counted, and given up where they grow beyond reason.

Apart from `files`, which finds files and judges paths: a small file that a stranger packed may unpack to
terabytes, be encrypted or torn. Whatever is the matter becomes `Refused`, with the reason in words.
"""

from __future__ import annotations

import gzip
import io
import lzma
import stat
import struct
import zipfile
import zlib
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from accords.words import said

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

COMPRESSIONS = ("gz", "zip")
MOST = 4 << 30  # bytes that one file may unpack to
FREE = 16 << 20  # bytes up to which the ratio does not matter
RATIO = 100  # bytes that one packed byte may become; tables seldom reach 30
_FAULTS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError, RuntimeError, ValueError,
    KeyError, IndexError, OverflowError,
)  # fmt: skip


class Refused(OSError):
    """A file that is there and is not read: packed too tightly, encrypted, torn; the text says why."""


class Capped(io.RawIOBase):
    """What an unpacking stream gives, as long as it stays within the caps; `packed` is its packed size."""

    def __init__(self, stream: IO[bytes], packed: int) -> None:
        super().__init__()
        self._stream, self._packed, self._given = stream, packed, 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that it can be read again from the start."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place; what was given before counts no more."""
        try:
            self._given = self._stream.seek(offset, whence)
        except _FAULTS as fault:
            raise _torn(fault) from None
        return self._given

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Give the next bytes, or raise `Refused`."""
        view = memoryview(buffer)
        try:
            block = self._stream.read(len(view))
        except Refused:
            raise
        except _FAULTS as fault:
            raise _torn(fault) from None
        self._given += len(block)
        if self._given > min(MOST, max(FREE, RATIO * self._packed)):
            most = self._given - len(block)
            raise Refused(said("it unpacks to more than {most} bytes, {packed} packed", most=most, packed=self._packed))
        view[: len(block)] = block
        return len(block)

    def close(self) -> None:
        """Close it and what it reads."""
        if not self.closed:
            self._stream.close()
        super().close()


def compression(path: str, declared: str | None) -> str | None:
    """Return how a file is packed: as declared, or as the end of its name says."""
    ending = path.rsplit(".", 1)[-1].lower()
    return declared or (ending if ending in COMPRESSIONS else None)


def unpacked(stream: BinaryIO, form: str | None, packed: int) -> BinaryIO:
    """Return the plain bytes of a stream that is packed in a form; it can be read again from the start.

    Raises `Refused`, now or while it is read.
    """
    if form is None:
        return stream
    if form == "gz":
        return _buffered(Capped(cast("IO[bytes]", gzip.GzipFile(fileobj=stream)), packed))
    archive = opened(stream)
    listed = [item for item in archive.infolist() if not item.is_dir()]
    if len(listed) != 1:
        raise Refused(said("the zip holds {number} files, and just one is expected", number=len(listed)))
    return member(archive, listed[0])


def opened(source: BinaryIO | str) -> zipfile.ZipFile:
    """Return a zip, read from a stream or a path; `Refused` where it is none."""
    try:
        return zipfile.ZipFile(source)
    except _FAULTS as fault:
        raise _torn(fault) from None


def member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    """Return the plain bytes of a member of a zip; it can be read again from the start."""
    if info.flag_bits & 1:
        raise Refused("it is encrypted")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise Refused("it is a link")
    try:
        return _buffered(Capped(archive.open(info), info.compress_size))
    except _FAULTS as fault:
        raise _torn(fault) from None


def _buffered(raw: io.RawIOBase) -> BinaryIO:
    return io.BufferedReader(raw, 1 << 16)


def _torn(fault: Exception) -> Refused:
    said = " ".join(str(fault.args[-1] if fault.args else type(fault).__name__).split())
    return Refused(said[:200])
