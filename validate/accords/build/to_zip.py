"""The package as one zip that stands alone: data, schemas, texts, and sums to check it by.

Apart from the other targets, which are made for one reader each: this is the release itself, and both validators
pass on it.
"""

from __future__ import annotations

import copy
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from accords.build.release import Release
from accords.build.to_codebook import codebook
from accords.build.to_metadata import citation
from accords.errors import PackageError
from accords.files import UnsafePath

SUMS = "SHA256SUMS"  # every build writes it: a folder that holds files and none is not ours to replace
_BESIDE = ("LICENSE", "README.md", "data/README.md", "data/LICENSE", "data/CHANGES.md", "data/QUALITY.md")
FORCED = "NOT VALID: built by force, although the package has errors. Do not publish it.\n"


def zipped(release: Release) -> dict[str, bytes]:
    """Return the zip; its members have the time of the release and stand in a folder of its name."""
    files = contents(release)
    files[SUMS] = sums(files)
    packed = io.BytesIO()
    when = release.created.timetuple()[:6]
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(files):
            info = zipfile.ZipInfo(path, when)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            archive.writestr(info, files[path])
    return {f"{release.stem}.zip": packed.getvalue()}


def contents(release: Release) -> dict[str, bytes]:
    """Return the files of the zip by their paths: what the descriptor names, and what explains it."""
    package = release.package
    named = [item.path for item in package.resources]
    named += sorted({schema.path for _, schema in release.described() if schema.path})
    named += package.files.names(package.rules.rstrip("/"), ".yaml") if package.rules else []
    files = {path: _read(release, path) for path in named}
    for path in _BESIDE:
        try:
            files[path] = package.files.read(path)
        except (OSError, UnsafePath):
            continue  # a package may have none of these
    made = codebook(release)
    files |= {path: content for path, content in made.items() if path.endswith(".md")}
    files["CITATION.cff"] = citation(release)
    files["datapackage.json"] = descriptor(release, files)
    if release.forced:
        files["NOT-VALID.txt"] = FORCED.encode()
    return files


def descriptor(release: Release, files: Mapping[str, bytes]) -> bytes:
    """Return the descriptor with the bytes, the SHA-256 and the number of rows of every resource."""
    content: dict[str, Any] = copy.deepcopy(release.descriptor)
    for item in content["resources"]:
        held = files[item["path"]]
        item["bytes"], item["hash"] = len(held), f"sha256:{hashlib.sha256(held).hexdigest()}"
        if item["name"] in release.tables:
            item["rows"] = sum(1 for _ in release.tables.rows(item["name"]))
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def sums(files: Mapping[str, bytes]) -> bytes:
    """Return the SHA-256 of files as `sha256sum --check` reads it."""
    return "".join(f"{hashlib.sha256(files[path]).hexdigest()}  {path}\n" for path in sorted(files)).encode("utf-8")


def _read(release: Release, path: str) -> bytes:
    try:
        return release.package.files.read(path)
    except (OSError, UnsafePath) as fault:
        raise PackageError(f"{path} cannot be read: {fault}.") from None
