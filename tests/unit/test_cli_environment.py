"""When `.venv` counts as whole, and what is done with one that is not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from mlcourse._cli import environment, faults, install
from mlcourse._cli.faults import Fault

COURSE = (environment.LOCK,)
TESTS = (environment.LOCK, environment.TEST_LOCK)


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Return a checkout whose installer writes a line instead of installing."""
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    (tmp_path / environment.LOCK).write_text("uv==1.0 \\\n    --hash=sha256:00\n")
    (tmp_path / environment.TEST_LOCK).write_text("pytest==9.0 \\\n    --hash=sha256:00\n")
    (tmp_path / environment.PROJECT).write_text("[project]\n")
    done = []

    def make():
        done.append("make")
        python = environment.interpreter()
        python.parent.mkdir(parents=True)
        python.symlink_to(sys.executable)

    monkeypatch.setattr(install, "_make", make)
    monkeypatch.setattr(install, "_install", done.append)
    return done


def test_a_first_start_makes_and_a_second_does_nothing(course, capsys):
    assert environment.ready(COURSE) == environment.interpreter()
    assert course == ["make", COURSE]
    assert "Making" not in capsys.readouterr().out  # the installer talks on stderr
    course.clear()
    assert environment.ready(COURSE) == environment.interpreter()
    assert course == []


def test_the_tests_add_their_lock_and_keep_the_rest(course):
    environment.ready(COURSE)
    course.clear()
    environment.ready(TESTS)
    assert course == [(environment.TEST_LOCK,)]
    course.clear()
    environment.ready(COURSE)
    assert course == []


def test_a_changed_lock_is_installed_into_the_same_environment(course):
    environment.ready(COURSE)
    course.clear()
    (environment.ROOT / environment.LOCK).write_text("uv==1.1 \\\n    --hash=sha256:00\n")
    environment.ready(COURSE)
    assert course == [COURSE]


def test_a_changed_pyproject_installs_the_course_again(course):
    environment.ready(COURSE)
    course.clear()
    (environment.ROOT / environment.PROJECT).write_text("[project]\nname = 'mlcourse'\n")
    environment.ready(COURSE)
    assert course == [COURSE]


@pytest.mark.parametrize("damage", ["no record", "cut record", "no python", "moved", "other python"])
def test_a_half_made_or_moved_environment_is_made_anew(course, damage, capsys):
    environment.ready(COURSE)
    left = environment.folder() / "left over"
    left.mkdir()
    if damage == "no record":
        environment.record().unlink()
    elif damage == "cut record":
        environment.record().write_text('{"layout": 1, "ro')
    elif damage == "no python":
        environment.interpreter().unlink()
    else:
        record = json.loads(environment.record().read_text())
        record["root" if damage == "moved" else "python"] = "/somewhere/else"
        environment.record().write_text(json.dumps(record))
    course.clear()
    environment.ready(COURSE)
    assert course == ["make", COURSE]
    assert not left.exists()
    assert "making it anew" in capsys.readouterr().err


@pytest.mark.usefixtures("course")
def test_an_installation_that_stopped_leaves_no_record(monkeypatch):
    def stop(_locks):
        raise KeyboardInterrupt

    monkeypatch.setattr(install, "_install", stop)
    with pytest.raises(KeyboardInterrupt):
        environment.ready(COURSE)
    assert not environment.usable()


@pytest.mark.parametrize(
    ("sentence", "kept"), [(faults.no_network(), True), (faults.disk_full("here"), False)]
)
@pytest.mark.usefixtures("course")
def test_an_update_that_changed_nothing_leaves_the_environment_usable(monkeypatch, sentence, kept):
    environment.ready(COURSE)

    def fail(_locks):
        raise Fault(sentence)

    monkeypatch.setattr(install, "_install", fail)
    with pytest.raises(Fault):
        environment.ready(TESTS)
    assert environment.current(COURSE) is kept
    assert not environment.current(TESTS)


def foreign(version):
    """Make a `.venv` as a student, or an editor, makes one."""
    python = environment.interpreter()
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    (environment.folder() / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {version}\n")
    (environment.folder() / "mine").write_text("precious")


def test_a_fitting_environment_made_by_someone_else_is_taken_over(course, capsys):
    foreign("3.12.4")
    environment.ready(COURSE)
    assert course == [COURSE]
    assert (environment.folder() / "mine").exists()
    assert "Using the environment that is already in" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["too old", "no environment", "a file", "taken over, then broken"])
def test_what_someone_else_made_is_set_aside_never_deleted(course, kind, capsys):
    if kind == "a file":
        environment.folder().write_text("precious")
    elif kind == "no environment":
        environment.folder().mkdir()
        (environment.folder() / "mine").write_text("precious")
    else:
        foreign("3.8.1" if kind == "too old" else "3.12.4")
    if kind == "taken over, then broken":
        environment.ready(COURSE)
        environment.record().unlink()
        course.clear()
    environment.ready(COURSE)
    assert course == ["make", COURSE]
    aside = environment.ROOT / ".venv-old-1"
    assert (aside if kind == "a file" else aside / "mine").read_text() == "precious"
    assert ".venv-old-1" in capsys.readouterr().err


def test_two_starts_at_once_install_once(course, monkeypatch, capsys):
    def slowly(locks):
        course.append(locks)
        time.sleep(0.5)

    monkeypatch.setattr(install, "_install", slowly)
    starts = [threading.Thread(target=environment.ready, args=(COURSE,)) for _ in range(2)]
    for one in starts:
        one.start()
    for one in starts:
        one.join()
    assert course == ["make", COURSE]
    assert "Another start is preparing" in capsys.readouterr().err


def test_a_read_only_checkout_is_an_error_of_the_system(course, monkeypatch):
    def refuse(self, *_, **__):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(PermissionError, match=r"\.venv"):
        environment.ready(COURSE)
    assert course == []


@pytest.mark.usefixtures("course")
def test_a_whole_environment_needs_no_writing(monkeypatch):
    environment.ready(COURSE)

    def refuse(*_, **__):
        raise AssertionError("something is written")

    for name in ("mkdir", "write_text", "touch", "unlink", "rename", "replace"):
        monkeypatch.setattr(Path, name, refuse)
    assert environment.ready(COURSE) == environment.interpreter()


@pytest.mark.usefixtures("course")
def test_the_environments_own_python_needs_no_other(monkeypatch):
    environment.ready(COURSE)
    monkeypatch.setattr(sys, "prefix", str(environment.folder()))
    assert environment.ready(COURSE) is None


@pytest.mark.usefixtures("course")
def test_an_environment_is_not_remade_by_its_own_python(monkeypatch, tmp_path):
    environment.ready(COURSE)
    environment.record().unlink()
    base = tmp_path / "base-python"
    base.touch()
    monkeypatch.setattr(sys, "prefix", str(environment.folder()))
    monkeypatch.setattr(sys, "_base_executable", str(base), raising=False)
    assert environment.ready(COURSE) == base
    base.unlink()
    with pytest.raises(Fault, match="with another Python"):
        environment.ready(COURSE)


@pytest.fixture
def site(course, tmp_path, monkeypatch):  # noqa: ARG001 - it sets the checkout
    """Return a site-packages folder that holds all that the lock pins, and the course."""
    folder = tmp_path / "site"

    def put(name, version, origin=None):
        info = folder / f"{name}-{version}.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        if origin:
            (info / "direct_url.json").write_text(json.dumps({"url": origin, "dir_info": {"editable": True}}))

    put("uv", "1.0")
    put("mlcourse", "0.1.0", environment.ROOT.as_uri())
    here = Path(__import__("packaging").__file__).parents[1]
    monkeypatch.setattr(sys, "path", [str(folder), str(here)])
    return put


@pytest.mark.usefixtures("site")
def test_a_python_that_holds_what_the_lock_pins_is_used_as_it_is(course):
    assert environment.ready(COURSE) is None
    assert course == []


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("ours", [False, True])
def test_an_environment_made_by_plain_pip_is_used_from_within_but_a_half_made_one_is_not(
    course, ours, monkeypatch, tmp_path
):
    base = tmp_path / "base-python"
    base.touch()
    environment.folder().mkdir()
    monkeypatch.setattr(sys, "prefix", str(environment.folder()))
    monkeypatch.setattr(sys, "_base_executable", str(base), raising=False)
    if ours:
        (environment.folder() / environment.MARK).touch()
    assert environment.ready(COURSE) == (base if ours else None)
    assert course == []


@pytest.mark.usefixtures("site")
def test_pins_for_other_platforms_are_not_asked_for():
    lock = environment.ROOT / environment.LOCK
    lock.write_text(lock.read_text() + "pywinpty==3.0 ; sys_platform == 'amiga' \\\n    --hash=sha256:00\n")
    assert environment.ready(COURSE) is None


@pytest.mark.parametrize("lack", ["version", "package", "course", "other course"])
@pytest.mark.usefixtures("site")
def test_a_python_that_holds_less_is_not_used(course, lack, tmp_path):
    if lack in {"version", "package"}:
        pin = "uv==1.1" if lack == "version" else "nosuchpackage==1.0"
        (environment.ROOT / environment.LOCK).write_text(f"{pin} \\\n    --hash=sha256:00\n")
    else:
        origin = tmp_path / "site" / "mlcourse-0.1.0.dist-info" / "direct_url.json"
        origin.unlink() if lack == "course" else origin.write_text('{"url": "file:///another/clone"}')
    assert environment.ready(COURSE) == environment.interpreter()
    assert course[0] == "make"


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX program is replaced, not waited for")
def test_the_same_command_line_goes_on_under_the_other_python(tmp_path):
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "$@"; echo "path=$PYTHONPATH"; exit 5\n')
    python.chmod(0o755)
    code = (
        f"from mlcourse._cli import environment; from pathlib import Path; "
        f"environment.hand_over(Path({str(python)!r}), ['lab', '--port', '1'])"
    )
    variables = {**os.environ, "PYTHONPATH": str(environment.ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=False
    )
    assert run.returncode == 5
    assert run.stdout.splitlines()[0] == "-m mlcourse lab --port 1"
    assert str(environment.ROOT) in run.stdout
