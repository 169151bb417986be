"""`lab` and `lock`: the port, the page, JupyterLab's arguments and settings."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from mlcourse._cli import environment, lab, lock, settings
from mlcourse._cli.faults import Fault


@pytest.fixture
def listening():
    """Return a port that a server of this test listens on."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_port_asked_for_must_be_free(listening):
    with pytest.raises(Fault, match=f"Port {listening} is in use"):
        lab.choose_port(listening)


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_port_must_be_a_port(port):
    with pytest.raises(Fault, match=f"--port is {port}, but must be from 1 to 65535"):
        lab.choose_port(port)


def test_a_free_port_is_found_and_named(listening, monkeypatch, capsys):
    monkeypatch.setattr(lab, "USUAL_PORT", listening)
    chosen = lab.choose_port(None)
    assert listening < chosen < listening + 100
    assert f"Port {listening} is in use, so JupyterLab takes {chosen}" in capsys.readouterr().err


def test_no_free_port_at_all_is_told(monkeypatch):
    monkeypatch.setattr(lab, "free", lambda _port: False)
    with pytest.raises(Fault, match="all in use"):
        lab.choose_port(None)


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Return a checkout with notebooks."""
    root = tmp_path / "course"
    (root / "notebooks").mkdir(parents=True)
    (root / "notebooks" / "a lesson.ipynb").touch()
    monkeypatch.setattr(environment, "ROOT", root)
    monkeypatch.chdir(tmp_path)
    return root


def test_the_first_notebook_is_opened(course):
    assert lab.page(None) == "/lab"
    (course / lab.FIRST_NOTEBOOK).touch()
    assert lab.page(None) == "/lab/tree/notebooks/00_start_here.ipynb"


def test_the_first_notebook_is_in_the_course():
    assert (environment.ROOT / lab.FIRST_NOTEBOOK).is_file()


@pytest.mark.parametrize("path", ["notebooks/a lesson.ipynb", "course/notebooks/a lesson.ipynb"])
def test_a_notebook_is_found_from_here_and_from_the_course(course, path):
    assert lab.page(path) == "/lab/tree/notebooks/a%20lesson.ipynb"
    assert lab.page(str(course / "notebooks")) == "/lab/tree/notebooks"


@pytest.mark.parametrize(
    ("path", "sentence"), [("nothere.ipynb", "There is no nothere"), (".", "lies outside")]
)
@pytest.mark.usefixtures("course")
def test_a_path_that_cannot_be_opened_is_told(path, sentence):
    with pytest.raises(Fault, match=sentence):
        lab.page(path)


@pytest.mark.parametrize(("user", "allowed"), [(0, True), (1000, False)])
def test_jupyterlabs_arguments_are_ones_it_has(user, allowed, monkeypatch):
    from jupyter_server.serverapp import ServerApp
    from jupyterlab.labapp import LabApp

    monkeypatch.setattr(lab.os, "geteuid", lambda: user, raising=False)
    line = lab.command_line("/lab", 8890, browser=False, rest=["--ServerApp.ip=0.0.0.0"])
    known = {
        "Application": ServerApp.class_trait_names(),
        "ServerApp": ServerApp.class_trait_names(),
        "LabApp": LabApp.class_trait_names(),
    }
    for argument in line:
        if "." in argument.partition("=")[0]:
            owner, trait = argument.removeprefix("--").partition("=")[0].split(".")
            assert trait in known[owner], argument
    assert ("--allow-root" in line) is allowed
    assert {"--no-browser", "--ServerApp.ip=0.0.0.0", f"--ServerApp.root_dir={environment.ROOT}"} <= set(line)
    assert not [argument for argument in line if "token" in argument or "password" in argument]
    assert "--no-browser" not in lab.command_line("/lab", 8890, browser=True, rest=[])


def test_lab_starts_jupyterlab_with_its_settings(monkeypatch, tmp_path):
    started = []
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", SimpleNamespace(main=started.append))
    monkeypatch.setattr(lab, "signal", SimpleNamespace(signal=lambda *_: None, SIGINT=2, SIG_IGN=1))
    monkeypatch.setattr(environment, "inside", lambda: True)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(sys, "argv", [])
    monkeypatch.delenv("JUPYTER_PREFER_ENV_PATH", raising=False)
    assert lab.run(["notebooks", "--no-browser", "--ServerApp.ip=127.0.0.1"]) == 0
    (line,) = started
    assert "--LabApp.default_url=/lab/tree/notebooks" in line
    assert line[-1] == "--ServerApp.ip=127.0.0.1"
    assert list(tmp_path.rglob("overrides.json"))


def test_someone_elses_environment_keeps_its_settings(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", SimpleNamespace(main=lambda _line: None))
    monkeypatch.setattr(lab, "signal", SimpleNamespace(signal=lambda *_: None, SIGINT=2, SIG_IGN=1))
    monkeypatch.setattr(environment, "inside", lambda: False)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(sys, "argv", [])
    lab.run(["notebooks"])
    assert not list(tmp_path.iterdir())


def schema(plugin: str) -> dict:
    """Return the settings that the installed JupyterLab knows of a plugin."""
    package, name = plugin.split(":")
    share = Path(sys.prefix, "share", "jupyter")
    places = [share / "lab" / "schemas", share / "labextensions" / package / "schemas"]
    found = [place / package / f"{name}.json" for place in places]
    return json.loads(next(path for path in found if path.exists()).read_text("utf-8"))["properties"]


@pytest.mark.parametrize("plugin", settings.OVERRIDES)
def test_the_settings_are_real_ones_and_differ_from_what_is_usual(plugin):
    known = schema(plugin)
    for key, value in settings.OVERRIDES[plugin].items():
        assert value != known[key]["default"]
        assert isinstance(value, {"boolean": bool, "string": str}[known[key]["type"]])
        assert value in [option["const"] for option in known[key].get("oneOf", [{"const": value}])]


def test_the_settings_are_written_once(tmp_path):
    path = settings.write(tmp_path)
    assert path == tmp_path / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    assert json.loads(path.read_text("utf-8")) == settings.OVERRIDES
    path.chmod(0o444)
    before = path.stat().st_mtime_ns
    assert settings.write(tmp_path).stat().st_mtime_ns == before


@pytest.mark.parametrize("flags", [[], ["--upgrade"]])
def test_both_locks_are_remade_the_second_within_the_first(flags, monkeypatch):
    ran = []
    monkeypatch.setattr(
        lock.subprocess, "run", lambda line, **_: ran.append(line) or SimpleNamespace(returncode=0)
    )
    assert lock.run(flags) == 0
    course, tests = ran
    assert "pyproject.toml" in course
    assert f"--output-file={environment.LOCK}" in course
    assert f"--constraint={environment.LOCK}" in tests
    assert all({"--universal", "--generate-hashes"} <= set(line) for line in ran)
    assert all(("--upgrade" in line) is bool(flags) for line in ran)


def test_a_lock_that_cannot_be_made_is_told(monkeypatch):
    monkeypatch.setattr(lock.subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=1))
    with pytest.raises(Fault, match="not remade"):
        lock.run([])
