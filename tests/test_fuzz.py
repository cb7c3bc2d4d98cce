"""Real packages with a few bytes changed, anywhere, through every command: an ending, never a traceback, never a hang.

Few examples in the suite; `-m long` searches for minutes. A run that hangs ends the whole session, and the file
`PLACES` says where its threads were; the package stays in the folder of the test.
"""

from __future__ import annotations

import faulthandler
import gzip
import io
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accords.cli import main

REAL = Path(__file__).parent / "reports" / "package"
HANGS = 120  # seconds
PLACES = Path(tempfile.gettempdir()) / f"accords-hang-{os.getpid()}.txt"
# What means something to one of the readers.
TOKENS = (
    b'\x00', b'\xff', b'\xef\xbb\xbf', b'\r', b'\n', b'"', b'""', b',', b'{', b'}', b'[', b']', b':', b'null',
    b'-1', b'1e999', b'\\u0000', b'\\ud800', b'../', b'/etc/hostname', b'http://localhost/', b'&a ', b'*a',
    b'!!python/name:os ', b'? ', b'|\n', b'SELECT ', b'(SELECT 1)', b"getenv('HOME')", b'--', b'/*', b'$$',
    b"E'", b'value', b'{table}', b'{0}', b'%s', b'\x1b[2J', b'::error::', b"9" * 400, b'(a+)+',
    b'\xe2\x80\xae\xe1\xba\xbf',
)  # fmt: skip


@contextmanager
def watchdog() -> Iterator[None]:
    with PLACES.open("w") as places:  # what goes to standard error is held back while a test runs
        faulthandler.dump_traceback_later(HANGS, exit=True, file=places)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
    PLACES.unlink()


def changed(data: st.DataObject, content: bytes) -> bytes:
    """Return bytes with one to three pieces put in, taken out, doubled or replaced."""
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content)))
        end = min(len(content), start + data.draw(st.integers(0, 12)))
        piece = data.draw(st.sampled_from(TOKENS) | st.binary(max_size=4) | st.just(content[start:end] * 2))
        content = content[:start] + piece + content[end:]
    return content


def ends_well(*arguments: str, capsys: pytest.CaptureFixture[str]) -> None:
    with watchdog():
        code = main(arguments)
    told = capsys.readouterr()
    assert code in (0, 1, 2)
    assert "internal fault" not in told.err, told.err
    assert (code == 2) <= (len(told.err.splitlines()) == 1), told.err


def try_everything(folder: Path, data: st.DataObject, capsys: pytest.CaptureFixture[str]) -> None:
    package = folder / "package"
    shutil.rmtree(package, ignore_errors=True)
    shutil.copytree(REAL, package)
    files = sorted(path for path in package.rglob("*") if path.is_file())
    target = data.draw(st.sampled_from(files))
    content = changed(data, target.read_bytes())
    target.write_bytes(content)
    how = data.draw(st.sampled_from(["folder", "folder", "zip", "torn zip", "gzip"]))
    place = package
    if how == "gzip":
        descriptor = package / "datapackage.json"
        descriptor.write_bytes(descriptor.read_bytes().replace(b"agreements.csv", b"agreements.csv.gz"))
        (package / "agreements.csv.gz").write_bytes(changed(data, gzip.compress(b"agreement_id\na\n")))
    elif how != "folder":
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as out:
            for path in files:
                out.write(path, path.relative_to(package).as_posix())
        place = folder / "package.zip"
        place.write_bytes(held.getvalue() if how == "zip" else changed(data, held.getvalue()))
    written = sorted((path, path.read_bytes()) for path in package.rglob("*") if path.is_file())
    form = data.draw(st.sampled_from(["text", "json", "github", "markdown"]))
    ends_well("validate", str(place), "--examples", "--format", form, capsys=capsys)
    command = data.draw(st.sampled_from(["diff", "back", "against", "since", "explain", "dictionary", "tidy"]))
    ends_well(*{
        "diff": ["diff", str(REAL), str(place), "--format", "html"],
        "back": ["diff", str(place), str(REAL)],
        "against": ["validate", str(REAL), "--against", str(place)],
        "since": ["validate", str(place), "--changed-since", str(REAL)],
        "explain": ["explain", "--package", str(place)],
        "dictionary": ["dictionary", str(place)],
        "tidy": ["tidy", "--check", str(place)],
    }[command], capsys=capsys)  # fmt: skip
    assert sorted((path, path.read_bytes()) for path in package.rglob("*") if path.is_file()) == written


@settings(max_examples=60)
@given(data=st.data())
def test_a_package_with_a_few_bytes_changed_ends_well(
    tmp_path: Path, data: st.DataObject, capsys: pytest.CaptureFixture[str]
) -> None:
    try_everything(tmp_path, data, capsys)


@pytest.mark.long
@settings(max_examples=int(os.environ.get("ACCORDS_FUZZ", "3000")), derandomize=False)
@given(data=st.data())
def test_many_packages_with_a_few_bytes_changed_end_well(
    tmp_path: Path, data: st.DataObject, capsys: pytest.CaptureFixture[str]
) -> None:
    try_everything(tmp_path, data, capsys)


@pytest.mark.parametrize("option", ["validate", "diff"])
@settings(max_examples=25)
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20))
def test_any_text_as_a_place_ends_well(option: str, capsys: pytest.CaptureFixture[str], text: str) -> None:
    with watchdog():
        try:
            code = main([option, "--", text])
        except SystemExit as end:
            code = int(end.code or 0)
    assert code in (0, 1, 2)
    assert "internal fault" not in capsys.readouterr().err


def test_the_package_that_is_changed_has_something_of_everything() -> None:
    content = json.loads((REAL / "datapackage.json").read_text("utf-8"))
    assert content["accords:rules"]
    assert len(content["resources"]) > 1
