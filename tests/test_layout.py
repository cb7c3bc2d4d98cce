"""The layout holds: sizes, directions of imports, nothing where it must not be."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "validate" / "accords"
LONGEST_MODULE, LONGEST_FUNCTION = 250, 60


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def test_the_source_root_is_no_package() -> None:
    assert not (ROOT / "validate" / "__init__.py").exists()


def test_modules_and_functions_stay_short_and_say_what_they_are() -> None:
    for path in modules():
        text = path.read_text("utf-8")
        assert len(text.splitlines()) <= LONGEST_MODULE, path.name
        tree = ast.parse(text)
        assert ast.get_docstring(tree), f"{path.name} does not say what it does and why it is apart"
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                assert length <= LONGEST_FUNCTION, f"{path.name}: {node.name} has {length} lines"


def test_only_the_command_line_prints() -> None:
    for path in modules():
        if "cli" not in path.parts:
            calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
            assert not any(getattr(call.func, "id", "") == "print" for call in calls), path.name


def test_imports_point_downwards() -> None:
    program = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    run = subprocess.run(program, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


def test_help_brings_in_no_engine() -> None:
    program = (
        "import sys, accords.cli\n"
        "try: accords.cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "sys.exit(bool({'duckdb', '_duckdb', 'yaml', 'frictionless', 'jsonschema', 'openpyxl'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True).returncode == 0
