"""Whatever the bytes are: a report, or one sentence why there is none; never a traceback.

The numbers of examples keep the suite short; raise them to search longer.
"""

from __future__ import annotations

import copy
import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import accords
from accords.errors import CannotCheck
from accords.problems import Report

REAL = Path(__file__).parent / "reports" / "package"
NAMES = st.sampled_from(
    ["agreements", "agreement_id", "signed", "string", "date", "", "a b", '"', "'; --", "_row", "ế"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6) | NAMES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    shutil.copytree(REAL, tmp_path / "package")
    return tmp_path / "package"


def ends_well(path: Path, **options: Any) -> Report | None:
    """Validate; the report, or None where one sentence says why there is none."""
    try:
        report = accords.validate(path, **options)
    except CannotCheck as fault:
        sentence = str(fault)
    else:
        report.to_dict()
        return report
    assert sentence.strip()
    assert "\n" not in sentence
    return None


def spots(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place in a JSON tree as its container and key."""
    if isinstance(tree, dict):
        for key in tree:
            yield tree, key
            yield from spots(tree[key])
    elif isinstance(tree, list):
        for number, item in enumerate(tree):
            yield tree, number
            yield from spots(item)


@settings(max_examples=30)
@given(st.binary(max_size=60))
@example(b"\xef\xbb\xbf{}")
@example(b'{"resources": [' + b"[" * 5000)
@example(b'{"name": ' + b"9" * 5000 + b"}")
def test_any_bytes_as_descriptor(package: Path, content: bytes) -> None:
    (package / "datapackage.json").write_bytes(content)
    ends_well(package)


@settings(max_examples=30)
@given(st.data())
def test_a_real_descriptor_with_one_or_two_things_changed(package: Path, data: st.DataObject) -> None:
    tree = copy.deepcopy(json.loads((REAL / "datapackage.json").read_text("utf-8")))
    for _ in range(data.draw(st.integers(1, 2))):
        container, key = data.draw(st.sampled_from(list(spots(tree))))
        if data.draw(st.booleans()):
            container[key] = data.draw(VALUES)
        else:
            del container[key]
        if not tree:
            break
    (package / "datapackage.json").write_text(json.dumps(tree), encoding="utf-8")
    ends_well(package)


@settings(max_examples=30)
@given(st.dictionaries(st.sampled_from(["fields", "primaryKey", "foreignKeys", "missingValues", "uniqueKeys"]), VALUES))
def test_any_json_as_schema(package: Path, schema: dict[str, Any]) -> None:
    tree = json.loads((REAL / "datapackage.json").read_text("utf-8"))
    tree["resources"][0]["schema"] = "schema.json"
    (package / "datapackage.json").write_text(json.dumps(tree), encoding="utf-8")
    (package / "schema.json").write_text(json.dumps(schema), encoding="utf-8")
    ends_well(package)


@settings(max_examples=30)
@given(st.binary(max_size=80))
@example(b"a: &a [*a]")
@example(b"a: " + b"[" * 3000)
@example(b"? [1]\n: 2")
@example(b"a: !!python/object/apply:os.system [ls]")
@example(b"a: {\x00}")
def test_any_bytes_as_rules(package: Path, content: bytes) -> None:
    (package / "rules" / "agreements.yaml").write_bytes(content)
    ends_well(package)


@settings(max_examples=30)
@given(st.data())
def test_a_real_rule_with_one_line_changed(package: Path, data: st.DataObject) -> None:
    lines = (REAL / "rules" / "agreements.yaml").read_text("utf-8").splitlines()
    number = data.draw(st.integers(0, len(lines) - 1))
    key = lines[number].split(":")[0]
    value = data.draw(st.text("abc{}[]()'\"%,;:-* \\0123#&|>!?", max_size=12) | st.sampled_from(["~", "a AND", "{x}"]))
    lines[number] = f"{key}: {value}"
    (package / "rules" / "agreements.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    ends_well(package, examples=True)


@settings(max_examples=30)
@given(st.binary(max_size=120) | st.text('",;\r\n\tabế\x00\u200b', max_size=60).map(str.encode))
def test_any_bytes_as_data(package: Path, content: bytes) -> None:
    (package / "agreements.csv").write_bytes(b"agreement_id,title,signed,ends\n" + content)
    report = ends_well(package)
    assert report is not None
    assert not report.valid  # the package has faults of its own, and no bytes mend them


@settings(max_examples=30)
@given(st.binary(max_size=80), st.integers(0, 2000), st.integers(0, 255))
def test_any_bytes_as_zip_and_a_real_zip_with_one_byte_changed(
    tmp_path: Path, content: bytes, spot: int, byte: int
) -> None:
    archive = tmp_path / "package.zip"
    archive.write_bytes(content)
    assert ends_well(archive) is None
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as out:
        for path in sorted(REAL.rglob("*")):
            if path.is_file():
                out.write(path, path.relative_to(REAL).as_posix())
    changed = bytearray(held.getvalue())
    changed[spot % len(changed)] = byte
    archive.write_bytes(bytes(changed))
    ends_well(archive)
