"""The hooks of `.pre-commit-hooks.yaml`, run by pre-commit itself in a repository with a small package.

Long, for pre-commit builds an environment from the package index.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[1]
GOOD = "agreement_id,signed\na,2020\nb,2021-05\n"
FIELDS = [
    {"name": "agreement_id", "type": "string", "example": "a", "constraints": {"required": True}},
    {"name": "signed", "type": "string", "example": "2020", "accords:edtf": True},
]
DESCRIPTOR = {
    "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
    "name": "small",
    "version": "1.0.0",
    "resources": [
        {"name": "agreements", "path": "agreements.csv", "schema": {"fields": FIELDS, "primaryKey": ["agreement_id"]}}
    ],
}


def git(folder: Path, *arguments: str) -> str:
    person = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")
    run = subprocess.run(["git", *person, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return run.stdout


def repository(folder: Path) -> Path:
    folder.mkdir()
    git(folder, "init", "--quiet")
    return folder


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository with the files of this one as they are now, committed or not."""
    folder = repository(tmp_path_factory.mktemp("hooks") / "tool")
    for name in git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "The tool")
    return folder


@pytest.fixture
def package(tool: Path, tmp_path: Path) -> Path:
    folder = repository(tmp_path / "package")
    (folder / "datapackage.json").write_text(json.dumps(DESCRIPTOR), encoding="utf-8")
    (folder / "agreements.csv").write_text(GOOD, encoding="utf-8", newline="")
    hooks = [{"id": "accords-tidy"}, {"id": "accords-validate"}]
    source = {"repo": str(tool), "rev": git(tool, "rev-parse", "HEAD").strip(), "hooks": hooks}
    (folder / ".pre-commit-config.yaml").write_text(json.dumps({"repos": [source]}), encoding="utf-8")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "A package")
    return folder


def commit(package: Path, tool: Path, *options: str) -> tuple[int, list[str]]:
    """Run the hooks on what is staged, or as the options say; return the code and how each hook ended."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "GIT_"))}
    git(package, "add", "--all")
    run = subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--color", "never", *options],
        cwd=package,
        env={**env, "PRE_COMMIT_HOME": str(tool.parent / "home")},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    ends = [re.sub(r".*\W", "", line) for line in run.stdout.splitlines() if line.startswith("accords ")]
    return run.returncode, ends


def test_the_hooks_pass_good_data_stop_bad_data_and_tidy(package: Path, tool: Path) -> None:
    data = package / "agreements.csv"
    assert commit(package, tool, "--all-files") == (0, ["Passed", "Passed"])

    data.write_text(GOOD.replace("2021-05", "2021-15"), encoding="utf-8", newline="")
    assert commit(package, tool) == (1, ["Passed", "Failed"]), "only the table has changed"

    data.write_text('agreement_id,signed\r\nb,"2021-05"\r\na,2020\r\n', encoding="utf-8", newline="")
    assert commit(package, tool) == (1, ["Failed", "Passed"])
    assert data.read_bytes() == GOOD.encode()

    data.write_text(GOOD + "c,2022\n", encoding="utf-8", newline="")
    assert commit(package, tool) == (0, ["Passed", "Passed"])

    (package / "notes.txt").write_text("no data", encoding="utf-8")
    git(package, "commit", "--quiet", "--message", "More data")
    (package / "notes.txt").write_text("none", encoding="utf-8")
    assert commit(package, tool) == (0, ["Skipped", "Skipped"])
