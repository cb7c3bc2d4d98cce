"""Opens workbooks that strangers have packed, and writes our own: whole, and the same bytes each time.

Apart from `reading`, because here a workbook is a zip of XML: what would be dangerous, or is no workbook at
all, ends as one sentence before a cell is looked at.
"""

from __future__ import annotations

import datetime
import io
import math
import re
import warnings
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from accords import streams
from accords.errors import UsageError
from accords.intake.document import Unreadable

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

LARGEST = 32 << 20  # bytes of a workbook; a thousand agreements have a twentieth of it
UNPACKED = 256 << 20  # bytes of all its members
_MEMBERS = 2_000
_WHEN = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_ENCODING = re.compile(rb"\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)[\"']")
_MISSING = "workbooks need openpyxl, which is not installed; install it with: pip install 'accords[xlsx]'"


def library() -> None:
    """Raise `UsageError` with a sentence that says what to do where openpyxl is not installed."""
    try:
        import openpyxl  # noqa: F401 -- whether it is there is the question
    except ImportError:
        raise UsageError(_MISSING) from None


def opened(path: Path) -> Workbook:
    """Return the workbook in a file; formulas stay formulas.

    Raises `Unreadable` with one sentence where it is none, is protected, holds macros or is packed to harm.
    """
    library()
    import openpyxl

    content = _read(path)
    _judge(path, content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of extensions that are left out
            return openpyxl.load_workbook(io.BytesIO(content), data_only=False, keep_links=False)
    except Exception as fault:  # whatever the library stumbles over in a file that is no workbook
        said = " ".join(str(fault).split())[:200] or type(fault).__name__
        raise Unreadable(f"{path} cannot be read as a workbook: {said}.") from None


def packed(workbook: Workbook) -> bytes:
    """Return the bytes of a workbook, without the time at which they were made."""
    first, last = io.BytesIO(), io.BytesIO()
    workbook.save(first)
    with zipfile.ZipFile(first) as made, zipfile.ZipFile(last, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in made.namelist():
            content = made.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + f"{_WHEN:%Y-%m-%dT%H:%M:%SZ}".encode() + rb"\g<2>", content)
            kept.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return last.getvalue()


def new() -> Workbook:
    """Return an empty workbook without sheets."""
    library()
    import openpyxl

    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook.properties.creator, workbook.properties.created = "accords", _WHEN.replace(tzinfo=None)
    return workbook


def write(sheet: Worksheet, row: int, column: int, text: str, **font: Any) -> Cell:
    """Write a text into a cell as text, whatever it starts with, and wrap it; `font` as openpyxl's `Font` takes it."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font

    cell = cast("Cell", sheet.cell(row, column))
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type, cell.number_format = "s", "@"
    look: dict[str, Any] = {"name": "Calibri", "size": 11} | font
    cell.font = Font(**look)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def heighten(sheet: Worksheet, row: int, widest: float) -> None:
    """Make a row high enough for its longest text in a column of some width, in characters."""
    longest = max((len(str(cell.value or "")) for cell in sheet[row]), default=0)
    sheet.row_dimensions[row].height = 15.0 * max(1, math.ceil(longest * 1.1 / widest))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except (OSError, ValueError) as fault:
        raise Unreadable(f"{path} cannot be read: {getattr(fault, 'strerror', None) or fault}.") from None
    if len(content) > LARGEST:
        raise Unreadable(f"{path} is not read: it is larger than {LARGEST} bytes.")
    return content


def _judge(path: Path, content: bytes) -> None:
    """Raise `Unreadable` for whatever is no plain workbook of XML."""
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Unreadable(f"{path} is protected by a password; save it without one.")
        raise Unreadable(f"{path} is a workbook of the old kind (.xls); save it as .xlsx.")
    if not content.startswith(b"PK"):
        raise Unreadable(f"{path} is no workbook, whatever its name says; save it from a spreadsheet as .xlsx.")
    try:
        archive = streams.opened(io.BytesIO(content))
        names = archive.namelist()
        if len(names) > _MEMBERS or len(set(names)) < len(names):
            raise streams.Refused("it holds too many files, or one twice")
        _judge_names(path, names)
        left = UNPACKED
        for info in archive.infolist():
            with streams.member(archive, info) as stream:
                left = _judge_member(info.filename, stream.read(left + 1), left)
    except streams.Refused as fault:
        raise Unreadable(f"{path} is not read: {fault}.") from None


def _judge_names(path: Path, names: list[str]) -> None:
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Unreadable(f"{path} holds macros, which are never run or passed on; save it as .xlsx without them.")
    if "xl/workbook.bin" in names:
        raise Unreadable(f"{path} is a binary workbook (.xlsb); save it as .xlsx.")
    if "content.xml" in names:
        raise Unreadable(f"{path} is an OpenDocument file (.ods); save it as .xlsx.")
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise Unreadable(f"{path} is a zip, but no workbook; save it from a spreadsheet as .xlsx.")


def _judge_member(name: str, content: bytes, left: int) -> int:
    """Return how many bytes may still come; raise `Refused` where an XML file could do harm."""
    if len(content) > left:
        raise streams.Refused(f"it unpacks to more than {UNPACKED} bytes")
    if name.lower().endswith((".xml", ".rels", ".vml")):
        named = _ENCODING.match(content.removeprefix(b"\xef\xbb\xbf"))
        if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content[:4]:
            raise streams.Refused(f"{name} in it is not UTF-8")
        if named and named[1].lower() not in (b"utf-8", b"us-ascii"):
            raise streams.Refused(f"{name} in it is not UTF-8")
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise streams.Refused(f"{name} in it declares a document type, which no spreadsheet writes")
    if name == "[Content_Types].xml" and b"macroEnabled" in content:
        raise streams.Refused("it is made for macros; save it as .xlsx")
    return left - len(content)
