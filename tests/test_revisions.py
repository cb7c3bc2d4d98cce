"""Packages in git revisions: found as a call names them, read as they were committed, doubted like any other.

One repository serves all tests that only read; those that change something make their own, smaller one.
"""

from __future__ import annotations

import gc
import gzip
import io
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from accords import repository
from accords.descriptor import load, load_at
from accords.errors import PackageError
from accords.files import UnsafePath
from accords.package import Package
from accords.streams import Refused, unpacked

REAL = Path(__file__).parent / "reports" / "package"
GIT = shutil.which("git")
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12\n"
ALONE = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CEILING_DIRECTORIES": "",
    **{f"GIT_{who}_{what}": "test" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}
OLD, NEW = "Gói cũ/số liệu", "package"

Children = list[subprocess.Popen[bytes]]

pytestmark = pytest.mark.skipif(not GIT, reason="there is no git here")


def git(folder: Path, *arguments: str) -> str:
    run = [GIT or "git", "-C", str(folder), *arguments]
    return subprocess.run(run, check=True, capture_output=True, text=True, encoding="utf-8").stdout.strip()


def committed(folder: Path) -> str:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "A change")
    return git(folder, "rev-parse", "HEAD")


def started(folder: Path, *options: str) -> Path:
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch=main", *options)
    return folder


def isolate(patch: pytest.MonkeyPatch) -> None:
    """Let no setting of the user's or of a hook reach git."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        patch.delenv(name)
    for name, value in ALONE.items():
        patch.setenv(name, value)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a repository: v0.1.0 holds the package in one folder, main in another."""
    with pytest.MonkeyPatch.context() as patch:
        isolate(patch)
        root = started(tmp_path_factory.mktemp("git") / "kho dữ liệu")
        shutil.copytree(REAL, root / OLD)
        (root / ".gitattributes").write_text("* text=auto\n*.csv text eol=crlf\nkept.csv -text\n", encoding="utf-8")
        committed(root)
        git(root, "tag", "--annotate", "--message", "First", "v0.1.0")
        git(root, "mv", OLD, NEW)
        odd = root / NEW
        (odd / "agreements.csv").write_bytes(b"agreement_id,title,signed,ends\r\nnew,Twinning,2020,\r\n")
        (odd / "kept.csv").write_bytes(b"a,b\r\n1,2\n")
        (odd / "Hà Nội").mkdir()
        (odd / "Hà Nội" / "bảng một.csv").write_text("a\n", encoding="utf-8")
        (odd / "pointer.csv").write_bytes(POINTER)
        (odd / "packed.csv.gz").write_bytes(gzip.compress(b"a,b\n1,2\n" * 1000))
        (odd / "link.csv").symlink_to("../../secret.csv")
        (odd / "linked").symlink_to("rules")
        main = committed(root)
        git(root, "update-index", "--add", "--cacheinfo", f"160000,{main},{NEW}/sub")
        git(root, "commit", "--quiet", "--message", "A submodule")
        git(root, "branch", "other")
        git(root, "branch", NEW, "v0.1.0")  # as the folder is called
        git(root, "config", "uploadpack.allowFilter", "true")
        yield root


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> Children:
    """Return the list of the processes that read contents, as they are started."""
    started: Children = []
    start = repository.Repository.start

    def noted(self: repository.Repository, *arguments: str) -> subprocess.Popen[bytes]:
        started.append(start(self, *arguments))
        return started[-1]

    monkeypatch.setattr(repository.Repository, "start", noted)
    return started


def said(where: str, beside: Path) -> str:
    """Return the one sentence that says why there is no package."""
    with pytest.raises(PackageError) as caught:
        load_at(where, beside)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def content(package: Package, path: str) -> bytes:
    with package.files.open(path) as stream:
        return stream.read()


def test_a_revision_is_named_as_git_names_it(shared: Path) -> None:
    main = git(shared, "rev-parse", "main")
    for where in ("main", "HEAD", "HEAD~0", "@", main, main[:9], "refs/heads/other"):
        package = load_at(where, shared / NEW)
        assert (package.name, package.descriptor) == ("twinning", "datapackage.json")
    assert load_at("main", shared / NEW).files.label == f"main ({main[:7]})"
    assert load_at(main, shared / NEW).files.label == main[:7]
    assert load_at("HEAD@{2099-01-01 10:00:00}", shared / NEW).name == "twinning"


def test_a_package_that_lay_elsewhere_is_named_by_its_folder(shared: Path) -> None:
    first = git(shared, "rev-parse", "v0.1.0^{}")[:7]
    assert said("v0.1.0", shared / NEW) == (
        f"v0.1.0 ({first}) holds no {NEW}/datapackage.json; if the package lay elsewhere then, name its folder, "
        "as in v0.1.0:FOLDER."
    )
    for where in (f"v0.1.0:{OLD}", f"v0.1.0:{OLD}/", f"v0.1.0:{OLD}/datapackage.json", f"v0.1.0:../{OLD}"):
        package = load_at(where, shared / NEW)
        assert package.files.label == f"{where} ({first})"
        assert content(package, "agreements.csv") == (REAL / "agreements.csv").read_bytes().replace(b"\r\n", b"\n")
    assert said(f"v0.1.0:{NEW}", shared / NEW) == f"v0.1.0:{NEW} ({first}) holds no {NEW}/datapackage.json."
    assert "cannot be read" in said("main:a\0b", shared / NEW)
    assert said("v0.1.0:", shared / NEW) == f"v0.1.0: ({first}) holds no datapackage.json."
    assert said("main:.gitattributes", shared / NEW).endswith("holds no .gitattributes/datapackage.json.")
    assert "outside repository" in said("main:../../x", shared / NEW)


def test_what_lies_beside_may_be_a_descriptor_a_zip_a_subfolder_or_nothing(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_at("main", shared / NEW / "datapackage.json").name == "twinning"
    assert "holds no package/rules/datapackage.json" in said("main", shared / NEW / "rules")
    monkeypatch.chdir(shared / NEW)
    for beside in ("v0.1.0", ".", "kept.csv"):
        assert load_at("main", Path(beside)).name == "twinning"


def test_a_descriptor_of_another_name_is_the_one_that_is_looked_for(tmp_path: Path) -> None:
    root = started(tmp_path / "repository")
    (root / "other.json").write_text('{"name": "other", "resources": []}', encoding="utf-8")
    committed(root)
    assert load_at("HEAD", root / "other.json").name == "other"
    assert load_at("HEAD:other.json", root).name == "other"
    assert "holds no datapackage.json" in said("HEAD", root)


def test_a_path_that_exists_goes_before_a_revision(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shared)
    assert load_at(NEW, Path(NEW)).files.label == NEW
    assert load_at(str(shared / NEW), Path()).files.label == str(shared / NEW)


def test_bytes_are_those_that_were_committed(shared: Path) -> None:
    """Git has LF where the attributes make it convert, CRLF where they do not, whatever the folder shows."""
    package = load_at("main", shared / NEW)
    assert content(package, "agreements.csv") == b"agreement_id,title,signed,ends\nnew,Twinning,2020,\n"
    assert content(package, "kept.csv") == package.files.read("kept.csv") == b"a,b\r\n1,2\n"
    assert package.files.size("kept.csv") == 9


def test_a_revision_answers_as_its_folder_does(shared: Path, tmp_path: Path) -> None:
    """Whatever is asked of it, a clean checkout and its revision agree: contents, lists and refusals."""
    root = started(tmp_path / "same")
    shutil.copytree(shared / NEW, root / NEW, symlinks=True)
    (root / NEW / "linked").unlink()
    (root / NEW / "linked").symlink_to("../..")
    (root / ".gitattributes").write_text("* -text\n", encoding="utf-8")
    committed(root)
    folder, revision = load(root / NEW).files, load_at("HEAD", root / NEW).files
    paths = (
        "agreements.csv", "Hà Nội/bảng một.csv", "rules/agreements.yaml", "rules", "Hà Nội", "none.csv", "none/x.csv",
        "link.csv", "linked", "linked/x", "../x", "/etc/passwd", "a//b", "a/", "", ".git/config", "C:x", "con",
        "rules\\agreements.yaml", "a\0b", "https://x", "HÀ NỘI/bảng một.csv",
    )  # fmt: skip
    for path in paths:
        outcomes = []
        for files in (folder, revision):
            try:
                found: object = (files.read(path), files.size(path))
            except (OSError, ValueError) as fault:
                found = type(fault)
            outcomes.append(found)
        assert outcomes[0] == outcomes[1], path
    for where, ending in (("rules", ".yaml"), ("rules", ".csv"), ("Hà Nội", ".csv"), ("none", ""), ("kept.csv", "")):
        assert folder.names(where, ending) == revision.names(where, ending)
    with pytest.raises(UnsafePath):
        revision.names("linked", ".yaml")


@pytest.mark.parametrize("path", ["link.csv", "linked", "linked/agreements.yaml", "sub", "sub/x.csv"])
def test_links_and_submodules_are_refused(shared: Path, path: str) -> None:
    files = load_at("main", shared / NEW).files
    for ask in (files.open, files.read, files.size):
        with pytest.raises(UnsafePath, match="leads out of the revision"):
            ask(path)


def test_a_pointer_is_no_table(shared: Path) -> None:
    with pytest.raises(Refused, match="Git LFS"):
        load_at("main", shared / NEW).files.open("pointer.csv")


@pytest.mark.parametrize("held", [10, repository.HELD])
def test_streams_stand_apart_and_go_back(shared: Path, monkeypatch: pytest.MonkeyPatch, held: int) -> None:
    monkeypatch.setattr(repository, "HELD", held)
    files = load_at("main", shared / NEW).files
    with files.open("kept.csv") as one, files.open("agreements.csv") as other:
        assert (one.read(3), other.read(9), one.read()) == (b"a,b", b"agreement", b"\r\n1,2\n")
        assert one.seek(0) == 0
        assert one.readable()
        assert one.seekable()
        assert one.read() == b"a,b\r\n1,2\n"
    size = files.size("packed.csv.gz")
    with files.open("packed.csv.gz") as stream, unpacked(stream, "gz", size) as plain:
        assert plain.read(4) == b"a,b\n"
        plain.seek(0)
        assert plain.read() == b"a,b\n1,2\n" * 1000


def test_no_process_stays(shared: Path, children: Children) -> None:
    package = load_at("main", shared / NEW)
    for _ in range(3):
        content(package, "kept.csv")
    assert [child.poll() for child in children] == [None], "one process serves all files, and it is awake"
    del package
    gc.collect()
    assert children[0].returncode is not None


def test_a_content_that_is_damaged_is_refused_and_the_next_is_read(shared: Path, tmp_path: Path) -> None:
    root = tmp_path / "copy"
    shutil.copytree(shared, root, symlinks=True)
    package = load_at("main", root / NEW)
    name = git(root, "rev-parse", f"main:{NEW}/kept.csv")
    stored = root / ".git" / "objects" / name[:2] / name[2:]
    stored.chmod(0o600)
    for damage in (b"no object", b""):
        stored.write_bytes(damage)
        with pytest.raises(Refused, match="damaged or not in this clone"):
            package.files.open("kept.csv")
        assert content(package, "agreements.csv").startswith(b"agreement_id")
    stored.unlink()
    with pytest.raises(Refused):
        package.files.open("kept.csv")
    assert content(package, "agreements.csv").startswith(b"agreement_id")
    assert "cannot be read" in said("main", root / NEW)


def test_a_full_disk_or_a_git_that_died_spoils_one_file_only(
    shared: Path, children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.BytesIO):
        def write(self, _: object) -> int:
            raise OSError(28, "No space left on device")

    package = load_at("main", shared / NEW)
    with monkeypatch.context() as patch:
        patch.setattr(repository, "HELD", 0)
        patch.setattr(tempfile, "TemporaryFile", Full)
        with pytest.raises(OSError, match="No space left"):
            package.files.open("kept.csv")
    assert content(package, "agreements.csv").startswith(b"agreement_id")
    children[-1].kill()
    children[-1].wait()
    with pytest.raises(Refused, match="damaged or not in this clone"):
        package.files.open("kept.csv")
    assert content(package, "kept.csv") == b"a,b\r\n1,2\n"


def test_a_content_that_was_replaced_is_read_as_it_was_committed(shared: Path, tmp_path: Path) -> None:
    root = tmp_path / "copy"
    shutil.copytree(shared, root, symlinks=True)
    git(root, "replace", f"main:{NEW}/kept.csv", f"main:{NEW}/agreements.csv")
    assert content(load_at("main", root / NEW), "kept.csv") == b"a,b\r\n1,2\n"


def test_worktrees_bare_repositories_and_detached_heads(shared: Path, tmp_path: Path) -> None:
    bare, tree = tmp_path / "bare.git", tmp_path / "tree"
    git(tmp_path, "clone", "--quiet", "--bare", str(shared), str(bare))
    git(bare, "worktree", "add", "--quiet", "--detach", str(tree), "main")
    assert load_at("other", tree / NEW).name == "twinning"
    assert load_at(f"HEAD~2:{OLD}", tree / NEW).name == "twinning"
    assert load_at(f"other:{NEW}", bare).name == "twinning"
    assert "holds no datapackage.json" in said("other", bare)


def test_names_of_sha256_are_as_good(tmp_path: Path) -> None:
    root = started(tmp_path / "repository", "--object-format=sha256")
    shutil.copytree(REAL, root, dirs_exist_ok=True)
    commit = committed(root)
    assert len(commit) == 64
    package = load_at(commit, root)
    assert content(package, "agreements.csv") == (REAL / "agreements.csv").read_bytes()


def test_what_a_shallow_clone_lacks_is_to_be_fetched(shared: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=1", "--branch=main", shared.as_uri(), "shallow")
    beside = tmp_path / "shallow" / NEW
    assert load_at("HEAD", beside).name == "twinning"
    for where in ("v0.1.0", "HEAD~1", f"v0.1.0:{OLD}"):
        assert said(where, beside) == (
            f"{where!r} is neither a path that exists nor a revision of the git repository of {beside}: the history "
            "is cut off in this clone, so fetch it first (git fetch --unshallow --tags)."
        )
    git(beside, "fetch", "--quiet", "--unshallow", "--tags")
    assert load_at(f"v0.1.0:{OLD}", beside).name == "twinning"


def test_nothing_that_a_repository_configures_runs_and_nothing_is_fetched(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a partial clone git would fetch what is missing by the command that the repository names."""
    git(tmp_path, "clone", "--quiet", "--filter=blob:none", "--no-checkout", shared.as_uri(), "partial")
    root, trap, marker = tmp_path / "partial", tmp_path / "trap", tmp_path / "marker"
    trap.write_text(f"#!/bin/sh\n: > '{marker}'\nexit 1\n", encoding="utf-8")
    trap.chmod(0o755)
    settings = ("remote.origin.uploadpack", "core.fsmonitor", "core.pager", "core.sshCommand", "core.editor")
    for setting in (*settings, "filter.x.smudge", "diff.x.textconv", "core.askPass", "credential.helper"):
        git(root, "config", setting, str(trap))
    (root / ".git" / "info").mkdir(exist_ok=True)
    (root / ".git" / "info" / "attributes").write_text("* filter=x diff=x\n", encoding="utf-8")
    shutil.copy(trap, root / "git")
    monkeypatch.chdir(root)
    monkeypatch.setenv("PATH", os.pathsep.join((".", "", os.environ["PATH"])))
    assert "check that revision out once, or make a full clone" in said(f"main:{NEW}", root)
    assert not marker.exists()


def test_a_repository_of_somebody_else_is_refused_as_git_refuses_it(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert "detected dubious ownership" in said("main", shared / NEW)


def test_a_hook_of_another_repository_does_not_mislead(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = started(tmp_path / "other")
    for name, value in (("DIR", other / ".git"), ("WORK_TREE", other), ("INDEX_FILE", other / "none")):
        monkeypatch.setenv(f"GIT_{name}", str(value))
    monkeypatch.setenv("GIT_PREFIX", "x/")
    assert load_at("main", shared / NEW).name == "twinning"
    monkeypatch.setenv("GIT_DIR", ".git")
    assert load_at("main", shared / NEW).name == "twinning"


@pytest.mark.parametrize(
    "where",
    [
        "", "-", "--help", "--output=x", "-x:package", "^main", "v0.1.0..main", "main...", ":package", ":/First",
        "a\0b", "a\nb", "main\n", "no such thing", "C:\\package", "$(touch x)", "main; touch x", "{" * 5000, "\ud800",
        "main^{tree}",
    ],
)  # fmt: skip
def test_what_is_neither_path_nor_revision(shared: Path, where: str) -> None:
    assert said(where, shared / NEW) == (
        f"{where!r} is neither a path that exists nor a revision of the git repository of {shared / NEW}: "
        "if another clone has it, fetch it first (git fetch --tags)."
    )


def test_without_repository_or_git(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said("v0.1.0", tmp_path) == (
        f"'v0.1.0' does not exist, and {tmp_path} lies in no git repository that could have such a revision."
    )
    for empty in ("", str(tmp_path), "."):
        monkeypatch.setenv("PATH", empty)
        assert said("main", shared / NEW) == (
            "'main' does not exist, and no git is on PATH that could look for such a revision."
        )


def test_a_repository_without_commits(tmp_path: Path) -> None:
    assert "nor a revision" in said("HEAD", started(tmp_path / "new"))


def test_a_short_name_that_fits_several_is_told(tmp_path: Path) -> None:
    """Of two thousand commits some begin with the same four digits; which ones, the fixed dates settle."""
    root = started(tmp_path / "repository")
    lines = "".join(f"commit refs/heads/main\ncommitter t <t> {day} +0000\ndata 0\n\n" for day in range(2000))
    subprocess.run([str(GIT), "-C", root, "fast-import", "--quiet"], input=lines.encode(), check=True)
    starts = [name[:4] for name in git(root, "rev-list", "main").split()]
    short = next(start for start in starts if starts.count(start) > 1)
    assert f"short object ID {short} is ambiguous" in said(short, root)
