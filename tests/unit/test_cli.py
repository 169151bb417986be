"""The command line's face: what it prints, how it dispatches, how faults become sentences."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mlcourse import __main__ as entry
from mlcourse import _cli
from mlcourse._cli import environment, tests
from mlcourse._cli.faults import Fault


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"], ["help"]])
def test_alone_it_prints_what_it_can_do(arguments, capsys):
    assert _cli.main(arguments) == 0
    told = capsys.readouterr().out
    assert all(f"  {name}" in told and command.help in told for name, command in _cli.COMMANDS.items())


def test_an_unknown_command_is_an_error_with_the_nearest_one(capsys):
    assert _cli.main(["lba"]) == 2
    assert "There is no command 'lba'. Did you mean 'lab'?" in capsys.readouterr().err


@pytest.mark.parametrize("name", _cli.COMMANDS)
def test_every_command_can_be_loaded_and_names_locks_that_exist(name):
    command = _cli.COMMANDS[name]
    assert callable(_cli._load(command))
    assert all((environment.ROOT / lock).is_file() for lock in command.locks)


@pytest.mark.parametrize("name", ["lab", "test", "lock"])
def test_help_costs_no_installation(name, monkeypatch, capsys):
    monkeypatch.setattr(environment, "ready", lambda _locks: pytest.fail("it would install"))
    try:
        code = _cli.main([name, "--help"])
    except SystemExit as end:  # argparse's way
        code = end.code
    assert code == 0
    assert f"mlcourse {name}" in capsys.readouterr().out


def test_a_command_is_handed_to_the_environment(monkeypatch):
    handed = []
    monkeypatch.setattr(environment, "ready", lambda locks: Path("env", *locks))
    monkeypatch.setattr(environment, "hand_over", lambda python, line: handed.append((python, line)) or 7)
    assert _cli.main(["lab", "--port", "8890"]) == 7
    assert handed == [(Path("env", "requirements.txt"), ["lab", "--port", "8890"])]


def test_a_command_runs_here_where_the_environment_is_this_one(monkeypatch):
    monkeypatch.setattr(environment, "ready", lambda _locks: None)
    monkeypatch.setattr(_cli, "_load", lambda _command: len)
    assert _cli.main(["lab", "a", "b", "c"]) == 3


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (Fault("Do this."), 1, "Do this."),
        (OSError(errno.ENOSPC, "No space left on device"), 1, "The disk is full"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), 1, "The disk is full"),
        (
            PermissionError(errno.EACCES, "Permission denied", "/course/.venv"),
            1,
            "may not write to /course/.venv",
        ),
        (OSError(errno.EROFS, "Read-only file system", "/course/.venv"), 1, "may not write to /course/.venv"),
        (KeyboardInterrupt(), 130, "Stopped. The same command goes on"),
    ],
)
def test_what_a_student_can_mend_is_told_in_a_sentence(error, code, sentence, monkeypatch, capsys):
    def fail(_locks):
        raise error

    monkeypatch.setattr(environment, "ready", fail)
    assert _cli.main(["lab"]) == code
    told = capsys.readouterr().err
    assert sentence in told
    assert "Traceback" not in told


def test_a_fault_of_ours_is_not_hidden(monkeypatch):
    def fail(_locks):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(environment, "ready", fail)
    with pytest.raises(OSError, match="Input/output"):
        _cli.main(["lab"])


@pytest.mark.parametrize("version", [(3, 10), (3, 11), (3, 12), (3, 13)])
def test_a_fitting_python_is_let_through(version):
    assert entry.unfit(version) is None


@pytest.mark.parametrize(
    ("version", "age"), [((3, 8), "old"), ((3, 9), "old"), ((3, 14), "new"), ((4, 0), "new")]
)
def test_an_unfit_python_is_told_the_versions(version, age, monkeypatch):
    monkeypatch.setattr(entry, "_fitting_command", lambda: None)
    told = entry.unfit(version)
    assert told.startswith(f"Python {version[0]}.{version[1]} is too {age} for TensorFlow")
    assert "Python 3.10, 3.11, 3.12 or 3.13" in told
    monkeypatch.setattr(entry, "_fitting_command", lambda: "python3.12")
    assert "start again with python3.12 -m mlcourse lab" in entry.unfit(version)


def test_an_unfit_python_ends_with_an_error_and_installs_nothing(monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 9, 18, "final", 0))
    monkeypatch.setattr(_cli, "main", lambda _arguments: pytest.fail("went on"))
    assert entry.main() == 1
    assert "Python 3.9 is too old" in capsys.readouterr().err


def test_a_python_that_is_there_by_name_only_is_not_recommended(monkeypatch):
    answers = {"python3.13": OSError("not there"), "python3.12": 127, "python3.11": 0}

    def call(command, **_):
        answer = answers[command[0]]
        if isinstance(answer, OSError):
            raise answer
        return answer

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(subprocess, "call", call)
    assert entry._fitting_command() == "python3.11"


def test_pytest_gets_the_notebook_flags_and_the_students():
    line = tests.command_line(["-k", "quiz", "tests/unit"])
    assert line[:2] == ["--nbval", "--nbval-current-env"]
    assert line[-3:] == ["-k", "quiz", "tests/unit"]
    assert "--nbval-lax" not in line


def test_pytest_runs_in_the_courses_folder_and_its_verdict_is_returned(monkeypatch, tmp_path):
    ran = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [])
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(
        pytest, "main", lambda line: ran.append((Path.cwd(), line)) or pytest.ExitCode.TESTS_FAILED
    )
    assert tests.run(["-x"]) == 1
    assert ran == [(environment.ROOT, tests.command_line(["-x"]))]
    assert sys.path[0] == str(environment.ROOT)


@pytest.fixture
def copied(tmp_path):
    """Return a checkout of the course's command line in a folder of its own."""
    course = tmp_path / "a course"  # with a space, as on many a student's computer
    shutil.copytree(environment.ROOT / "mlcourse" / "_cli", course / "mlcourse" / "_cli")
    for name in ("mlcourse/__init__.py", "mlcourse/__main__.py", environment.LOCK, environment.PROJECT):
        shutil.copy(environment.ROOT / name, course / name)
    return course


def start(course, **variables):
    """Start `lab` in a copy, without a network, as a student would."""
    nowhere = "http://127.0.0.1:9"
    offline = {
        "PIP_INDEX_URL": f"{nowhere}/simple",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_CACHE_DIR": "1",
        "HTTPS_PROXY": nowhere,
    }
    return subprocess.run(
        [sys.executable, "-m", "mlcourse", "lab", "--no-browser"],
        cwd=course,
        env={**os.environ, **offline, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_without_a_network_a_first_start_ends_in_a_sentence(copied):
    run = start(copied)
    assert run.returncode == 1
    assert "A download failed" in run.stderr
    assert "start the same command again" in run.stderr
    assert "Traceback" not in run.stderr + run.stdout
    assert not (copied / ".venv" / "mlcourse.json").exists(), "half made, yet it says it is whole"


def test_a_python_without_venv_names_debians_package(copied, tmp_path):
    # Debian splits ensurepip off; a finder that knows no such module does the same to this Python.
    hidden = tmp_path / "site"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text(
        "from importlib.machinery import PathFinder\n"
        "find = PathFinder.find_spec\n"
        "PathFinder.find_spec = lambda name, *more: None if name == 'ensurepip' else find(name, *more)\n"
    )
    run = start(copied, PYTHONPATH=str(hidden))
    assert run.returncode == 1
    assert f"sudo apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_folder_that_is_no_checkout_says_so(copied):
    (copied / environment.LOCK).unlink()
    run = start(copied)
    assert run.returncode == 1
    assert "has no requirements.txt" in run.stderr
    assert "Traceback" not in run.stderr
