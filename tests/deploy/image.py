"""What repo2docker would build from `binder/`, and its steps replayed in an environment of their own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

# repo2docker looks at the folder it stands in; in a process of its own it can, and keeps its warnings.
_RENDER = """
import json
from pathlib import Path
from repo2docker import buildpacks
from repo2docker.app import Repo2Docker

app = Repo2Docker()
packs = (kind(base_image=app.base_image) for kind in app.buildpacks)
pack = next(pack for pack in packs if pack.detect())
pack.platform = "linux/amd64"
print(json.dumps({
    "buildpack": type(pack).__name__,
    "python": pack.python_version,
    "lock": next(
        str(Path(buildpacks.__file__).parent / file)
        for file, to in pack.get_build_script_files().items()
        if to.endswith("environment.lock")
    ),
    "installs": [script for _, script in pack.get_preassemble_scripts() + pack.get_assemble_scripts()],
    "post_build": pack.get_post_build_scripts(),
    "dockerfile": pack.render({"NB_UID": "1000"}),
}))
"""
# conda-forge's names of what repo2docker's images hold for serving notebooks, as PyPI has them.
_BASE = {
    "ipywidgets": "ipywidgets",
    "jupyter-offlinenotebook": "jupyter-offlinenotebook",
    "jupyter-resource-usage": "jupyter-resource-usage",
    "jupyter_server": "jupyter-server",
    "jupyterhub-base": "jupyterhub",
    "jupyterlab": "jupyterlab",
    "notebook": "notebook",
    "pip": "pip",
}
_PIP = "${KERNEL_PYTHON_PREFIX}/bin/pip install --no-cache-dir "


@dataclass(frozen=True)
class Recipe:
    """What repo2docker makes of a repository: its environment's versions, and the commands it runs."""

    buildpack: str
    python: str
    base: dict[str, str]
    installs: tuple[str, ...]
    post_build: tuple[str, ...]
    dockerfile: str


@dataclass(frozen=True)
class Image:
    """The environment and the home folder that the replayed build has left."""

    prefix: Path
    home: Path

    @property
    def variables(self) -> dict[str, str]:
        """What a process in the image has as its environment."""
        told = {
            name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "MLCOURSE"))
        }
        path = f"{self.prefix / 'bin'}{os.pathsep}{os.environ['PATH']}"
        return told | {"HOME": str(self.home), "PATH": path, "VIRTUAL_ENV": str(self.prefix)}

    def python(self, *arguments: str) -> str:
        """Run the image's Python in its home folder; return what it says."""
        return _run([str(self.prefix / "bin" / "python"), *arguments], self.home, self.variables)


def recipe(root: Path = ROOT) -> Recipe:
    """Ask repo2docker what it would build from a repository."""
    said = json.loads(
        _run([sys.executable, "-W", "ignore", "-c", _RENDER], root, dict(os.environ)).splitlines()[-1]
    )
    lock = Path(said.pop("lock")).read_text("utf-8")
    versions = dict(re.findall(r"/([a-z_-]+)-(\d[^-/]*)-[^/]+$", lock, re.MULTILINE))
    base = {pypi: versions[conda] for conda, pypi in _BASE.items()}
    lists = {name: tuple(said.pop(name)) for name in ("installs", "post_build")}
    return Recipe(base=base, **lists, **said)


def environment(made: Recipe, folder: Path) -> Path:
    """Make what repo2docker's image has before the repository comes; return its prefix.

    With the Python that runs the tests: conda's own, which the recipe names, may not be here.
    """
    prefix = folder / "env"
    _uv("venv", "--quiet", "--python", sys.executable, str(prefix))
    pins = [f"{name}=={version}" for name, version in made.base.items()]
    _uv("pip", "install", "--quiet", "--python", str(prefix), "--compile-bytecode", *pins, "setuptools")
    return prefix


def build(made: Recipe, folder: Path, *, uv: bool = True) -> Image:
    """Replay the install and `postBuild` in a new environment, on a copy of the repository.

    Parameters
    ----------
    made
        What `recipe` returned.
    folder
        An empty folder; the image's home in it holds the repository, as Binder's does.
    uv
        Let uv take the place of pip for the downloads: the same lock and hashes, from uv's cache.
    """
    image = Image(environment(made, folder), folder / "home")
    hidden = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build")
    shutil.copytree(ROOT, image.home, ignore=hidden)
    for script in made.installs:
        if uv and _PIP in script:
            command = script.replace(_PIP, "").split("-r ", 1)
            _uv(
                "pip",
                "install",
                "--quiet",
                "--python",
                str(image.prefix),
                "--compile-bytecode",
                "--only-binary",
                ":all:",
                "-r",
                command[1].strip('"'),
                cwd=image.home,
            )
        else:
            both = {name: str(image.prefix) for name in ("KERNEL_PYTHON_PREFIX", "NB_PYTHON_PREFIX")}
            _run(["bash", "-c", script], image.home, image.variables | both)
    for script in made.post_build:
        path = image.home / script
        path.chmod(0o755)
        _run([str(path)], image.home, image.variables)
    return image


def _uv(*arguments: str, cwd: Path = ROOT) -> None:
    # The machine's own certificates: a school's network may read what passes, and signs with one of its own.
    _run([sys.executable, "-m", "uv", "--system-certs", *arguments], cwd, dict(os.environ))


def _run(command: list[str], cwd: Path, variables: dict[str, str]) -> str:
    done = subprocess.run(
        command, cwd=cwd, env=variables, capture_output=True, text=True, check=False, timeout=900
    )
    assert done.returncode == 0, f"{command}:\n{done.stdout}\n{done.stderr}"
    return done.stdout
