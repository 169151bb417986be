"""Binder: what repo2docker would build, its build replayed, and a lesson run in it as a browser would."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy import binder, image, kernels
from tests.deploy.memory import Peak
from tests.notebooks.lessons import read

LESSON = "notebooks/01_the_whole_pipeline.ipynb"

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="Binder's images are Linux: replaying their build elsewhere says nothing"
)


@pytest.fixture(scope="module")
def recipe():
    return image.recipe()


@pytest.fixture(scope="module")
def built(recipe, tmp_path_factory):
    return image.build(recipe, tmp_path_factory.mktemp("binder"))


def test_repo2docker_takes_the_lock_and_then_runs_post_build(recipe):
    assert (recipe.buildpack, recipe.python) == ("PythonBuildPack", "3.11")
    (install,) = recipe.installs
    assert install.endswith('bin/pip install --no-cache-dir -r "binder/requirements.txt"')
    steps = [line for line in recipe.dockerfile.splitlines() if line.startswith(("RUN", "COPY"))]
    order = [
        next(n for n, line in enumerate(steps) if part in line)
        for part in ("src/ ${REPO_DIR}/", '-r "binder/requirements.txt"', "./binder/postBuild")
    ]
    assert order == sorted(order), "the lock lies in the repository, and postBuild needs what it installs"


def test_the_base_of_the_image_has_what_a_hub_needs(recipe):
    assert int(recipe.base["jupyterhub"].split(".")[0]) == 5, (
        "deploy/jupyterhub and the tests' hub are JupyterHub 5"
    )


def test_the_replayed_environment_is_sound(built):
    built.python("-m", "pip", "check")
    # What pip would have refused, had it chosen: uv lets an upper bound of Requires-Python pass.
    program = """
import sys
from importlib.metadata import distributions
from packaging.specifiers import SpecifierSet
version = "%d.%d.%d" % sys.version_info[:3]
for one in distributions():
    if not SpecifierSet(one.metadata["Requires-Python"] or "").contains(version):
        print(one.name, one.version, one.metadata["Requires-Python"])
"""
    assert built.python("-c", program) == ""


def test_the_image_is_warm(built):
    cold = [
        path.relative_to(built.home)
        for path in (built.home / "mlcourse").rglob("*.py")
        if not list((path.parent / "__pycache__").glob(f"{path.stem}.cpython-*.pyc"))
    ]
    assert cold == []
    assert list((built.home / ".cache" / "matplotlib").glob("fontlist-*.json"))
    settings = built.prefix / "share/jupyter/lab/settings/overrides.json"
    assert "saveState" in settings.read_text("utf-8")


def test_a_student_runs_the_first_lesson_within_binders_memory(built):
    notebook = read(Path(image.ROOT, LESSON))
    with binder.lab(built) as running, Peak(running.pid) as peak:
        assert running.server.ask("GET", "lab/tree/notebooks/00_start_here.ipynb").status_code == 200
        stranger = kernels.Server(running.server.url, "another")
        assert stranger.ask("GET", "api/contents").status_code == 403
        found = {one["name"]: one["status"] for one in running.server.ask("GET", "lab/api/extensions").json()}
        assert {"anywidget", "jupyter-widgets-jupyterlab-manager"} <= found.keys()
        assert set(found.values()) == {"ok"}, "one of the image's own extensions does not fit its JupyterLab"
        lesson = kernels.run_lesson(running.server.open(LESSON), notebook)
    assert kernels.differences(lesson, notebook) == []
    # Binder gives 2 GB; more than half of it for the course would leave no room for a second notebook.
    assert peak.megabytes < 1500, f"{peak.megabytes:.0f} MB"


def test_a_class_link_brings_the_lessons(built, tmp_path):
    repository = tmp_path / "course"
    (repository / "notebooks").mkdir(parents=True)
    (repository / "notebooks" / "a.txt").write_text("first", "utf-8")
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-C", str(repository)]
    for step in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "lessons"]):
        subprocess.run([*git, *step], check=True)
    with binder.lab(built) as running:
        pulled = running.server.ask("GET", f"git-pull/api?repo={repository}&branch=main&targetpath=mine")
        assert '"phase": "finished"' in pulled.text, pulled.text
        assert running.server.ask("GET", "api/contents/mine/notebooks/a.txt").json()["content"] == "first"
