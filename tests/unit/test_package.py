"""The package as a whole: cheap to import, typed, readable by the oldest Python it supports."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import mlcourse

PACKAGE = Path(mlcourse.__file__).parent
ROOT = PACKAGE.parent
HEAVY = {
    "tensorflow",
    "keras",
    "numpy",
    "sklearn",
    "matplotlib",
    "IPython",
    "ipywidgets",
    "anywidget",
    "pydantic",
}


def modules_after(statement: str) -> set[str]:
    """Return the top-level modules that a fresh Python has loaded after a statement."""
    code = f"{statement}\nimport sys\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=True
    )
    return set(run.stdout.split())


@pytest.mark.parametrize(
    "statement",
    ["import mlcourse", "from mlcourse import _cli", "from mlcourse._cli import install, lab, lock, tests"],
)
def test_import_loads_nothing_heavy(statement):
    loaded = modules_after(statement)
    assert "mlcourse" in loaded
    assert not loaded & HEAVY


def test_the_command_line_starts_on_a_bare_python():
    # -S leaves out site-packages: what runs before the environment exists has the standard library alone.
    run = subprocess.run(
        [sys.executable, "-S", "-m", "mlcourse"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert "lab" in run.stdout


@pytest.mark.parametrize("name", mlcourse.__all__)
def test_every_part_can_be_reached(name):
    assert getattr(mlcourse, name).__name__ == f"mlcourse.{name}"
    assert name in dir(mlcourse)


def test_an_unknown_part_is_named():
    with pytest.raises(AttributeError, match=r"no part called 'quizz'; it has .*quiz"):
        mlcourse.quizz  # noqa: B018


SOURCES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_source_suits_the_oldest_python_and_says_what_it_does(path):
    tree = ast.parse(path.read_text("utf-8"), feature_version=(3, 10))
    assert ast.get_docstring(tree), f"{path.name} does not say in its first line what it does"
    if path.parent.name != "bank":  # a chapter's exercises are declared in one place, however many they are
        assert len(path.read_text("utf-8").splitlines()) <= 400, f"{path.name} is over 400 lines: split it"


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py"])
def test_what_runs_first_is_readable_by_an_old_python(name):
    # `python -m mlcourse` reads these two before it can say that Python 3.6, 3.7, 3.8 or 3.9 is too old.
    tree = ast.parse((PACKAGE / name).read_text("utf-8"), feature_version=(3, 6))
    futures = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    assert not futures, "Python 3.6 has no `annotations` in __future__"
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        notes = [function.returns, *(argument.annotation for argument in function.args.args)]
        unquoted = [note for note in notes if isinstance(note, ast.BinOp | ast.Subscript)]
        assert not unquoted, f"{function.name}: Python 3.6 would evaluate this annotation; quote it"


def test_the_package_is_typed():
    assert (PACKAGE / "py.typed").exists()
