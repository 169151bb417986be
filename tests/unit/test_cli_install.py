"""The installer: what it runs, when pip stands in for uv, and how a failure is explained."""

from __future__ import annotations

import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest

from mlcourse._cli import environment, faults, install
from mlcourse._cli.faults import Fault

PLENTY = 50_000_000_000

# What the installers really print.
SAID = {
    "pip, no network": (
        (
            "WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by 'NewConnectionError("
            "'<pip._vendor.urllib3.connection.HTTPSConnection object>: Failed to establish a new connection: "
            "[Errno -3] Temporary failure in name resolution')': /simple/uv/\n"
            "ERROR: Could not find a version that satisfies the requirement uv==0.13.8 "
            "(from versions: none)\n"
            "ERROR: No matching distribution found for uv==0.13.8\n"
        ),
        "A download failed",
    ),
    "uv, no network": (
        (
            "error: Request failed after 3 retries in 3.9s\n  cause: Failed to fetch: the index\n"
            "  cause: error sending request for url\n  cause: dns error\n"
        ),
        "A download failed",
    ),
    "pip, broken off": (
        "pip._vendor.urllib3.exceptions.ReadTimeoutError: HTTPSConnectionPool: Read timed out.\n",
        "A download failed",
    ),
    "pip, no build": (
        (
            "ERROR: Could not find a version that satisfies the requirement tensorflow==2.21.0 "
            "(from versions: none)\n"
            "ERROR: No matching distribution found for tensorflow==2.21.0\n"
        ),
        "no build for this computer",
    ),
    "uv, no build": (
        (
            "error: No solution found when resolving dependencies\n"
            "  cause: Because argon2-cffi-bindings==26.2.0 "
            "has no usable wheels and you require argon2-cffi-bindings==26.2.0\n"
        ),
        "no build for this computer",
    ),
    "pip, full": (
        "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n",
        "The disk is full",
    ),
    "Windows, full": ("OSError: [WinError 112] There is not enough space on the disk\n", "The disk is full"),
    "pip, changed file": (
        "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n",
        "not the one that the lock names",
    ),
    "forbidden": ("PermissionError: [Errno 13] Permission denied: '/course/.venv/bin'\n", "may not write"),
}


@pytest.mark.parametrize("case", SAID)
def test_what_an_installer_says_becomes_a_sentence(case, tmp_path):
    output, sentence = SAID[case]
    assert sentence in faults.explain(output, tmp_path, PLENTY)


def test_a_full_disk_is_told_even_if_the_installer_could_not_say_it(tmp_path):
    assert "The disk is full" in faults.explain("", tmp_path, 4096)


def test_an_unknown_failure_is_not_guessed_at(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    assert faults.explain("error: something new\n", tmp_path, PLENTY) is None
    told = str(install._fault("first line\nerror: something new\n\n", "Installing"))
    assert told.startswith("Installing failed: error: something new\n")
    assert str(tmp_path / ".venv") in told


@pytest.mark.parametrize(
    ("computer", "named"),
    [
        (("darwin", "x86_64", "", 8), "macOS on x86_64, 64-bit Python"),
        (("linux", "x86_64", "musl", 8), "Linux without glibc on x86_64, 64-bit Python"),
        (("linux", "i686", "glibc", 4), "Linux on i686, 32-bit Python"),
        (("win32", "ARM64", "", 8), "Windows on ARM64, 64-bit Python"),
    ],
)
def test_the_computer_without_a_build_is_named(computer, named, monkeypatch):
    system, machine, libc, bits = computer
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(faults.platform, "system", lambda: "Linux")
    monkeypatch.setattr(faults.platform, "machine", lambda: machine)
    monkeypatch.setattr(faults.platform, "libc_ver", lambda: (libc, "1"))
    monkeypatch.setattr(faults.struct, "calcsize", lambda _code: bits)
    assert named in faults.no_build()
    assert "Binder" in faults.no_build()


def test_one_package_is_cut_out_of_the_lock_with_its_hashes():
    lock = (environment.ROOT / environment.LOCK).read_text("utf-8")
    uv = install.block(lock, "uv").splitlines()
    assert uv[0].startswith("uv==")
    assert len(uv) > 2
    assert all(line.startswith("    --hash=sha256:") for line in uv[1:])
    assert not uv[-1].endswith("\\")
    with pytest.raises(Fault, match="does not pin nosuch"):
        install.block(lock, "nosuch")


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Return a machine whose pip and uv answer as a test says, and the command lines they got."""
    shutil.copy(environment.ROOT / environment.LOCK, tmp_path)
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    state = SimpleNamespace(uv=0, answers={}, ran=[], free=PLENTY)

    def run(arguments, **_):
        line = " ".join(arguments)
        state.ran.append(line)
        return next((answer for part, answer in state.answers.items() if part in line), (0, ""))

    def uv(command, **_):
        state.ran.append("uv itself: " + " ".join(command[1:]))
        return SimpleNamespace(returncode=state.uv)

    monkeypatch.setattr(install, "_run", run)
    monkeypatch.setattr(install, "_free", lambda: state.free)
    monkeypatch.setattr(install, "subprocess", SimpleNamespace(run=uv))
    return state


LOCK = (environment.LOCK,)
NO_UV = {"-m uv --version": (1, "")}


def test_pip_brings_uv_and_uv_the_rest(machine):
    machine.answers = dict(NO_UV)
    install._install(LOCK)
    pip, uv, editable = (line for line in machine.ran if "install" in line)
    assert "pip" in pip
    assert "--require-hashes" in pip
    assert uv.startswith("uv itself: -m uv")
    assert "--require-hashes --only-binary :all: -r requirements.txt" in uv
    assert "--no-deps --no-build-isolation --editable ." in editable


def test_the_pinned_uv_is_not_fetched_twice(machine):
    pinned = install.block((environment.ROOT / environment.LOCK).read_text("utf-8"), "uv").split()[0]
    machine.answers = {"-m uv --version": (0, f"uv {pinned.removeprefix('uv==')} (linux)\n")}
    install._install(LOCK)
    assert not [line for line in machine.ran if "uv.txt" in line]
    machine.answers = {"-m uv --version": (0, "uv 0.0.1 (linux)\n")}
    install._install(LOCK)
    assert [line for line in machine.ran if "uv.txt" in line]


@pytest.mark.parametrize("why", ["uv has no build here", "uv cannot reach the index"])
def test_pip_stands_in_for_uv(machine, why, capsys):
    if why == "uv has no build here":
        machine.answers = {**NO_UV, "uv.txt": (1, SAID["pip, no build"][0])}
    else:
        machine.uv = 2
        machine.answers = {**NO_UV, "--dry-run": (2, SAID["uv, no network"][0])}
    install._install(LOCK)
    assert [line for line in machine.ran if "pip" in line and line.endswith("-r requirements.txt")]
    assert "pip installs instead of uv" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("answers", "uv", "sentence"),
    [
        ({**NO_UV, "uv.txt": (1, SAID["pip, no network"][0])}, 0, "A download failed"),
        ({**NO_UV, "uv.txt": (1, SAID["pip, full"][0])}, 0, "The disk is full"),
        ({"--dry-run": (1, SAID["uv, no build"][0])}, 1, "no build for this computer"),
        (
            {
                "--dry-run": (1, SAID["uv, no network"][0]),
                "--no-input --retries": (1, SAID["pip, no network"][0]),
            },
            1,
            "A download failed",
        ),
        ({"--editable": (1, SAID["forbidden"][0])}, 0, "may not write"),
    ],
)
def test_a_failure_that_pip_cannot_mend_is_told(machine, answers, uv, sentence):
    pinned = install.block((environment.ROOT / environment.LOCK).read_text("utf-8"), "uv").split()[0]
    machine.answers = {
        **({} if "-m uv --version" in answers else {"-m uv --version": (0, pinned)}),
        **answers,
    }
    machine.uv = uv
    with pytest.raises(Fault, match=sentence):
        install._install(LOCK)


def test_too_little_room_is_told_when_uv_fails_though_the_index_is_there(machine):
    machine.uv, machine.free = 2, 300_000_000
    with pytest.raises(Fault, match="The disk is full"):
        install._install(LOCK)


def test_pips_steps_are_told_and_its_noise_is_not(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "interpreter", lambda: sys.executable)
    script = (
        "print('Ignoring appnope: markers do not match')\n"
        "print('Collecting absl-py==2.5.1 (from -r requirements.txt (line 3))')\n"
        "print('Installing collected packages: absl-py')\n"
        "raise SystemExit(3)\n"
    )
    code, output = install._run(["-c", script], show=True)
    assert code == 3
    assert "Ignoring appnope" in output
    assert capsys.readouterr().err.split("\n") == ["  absl-py==2.5.1", "  Installing collected packages", ""]


@pytest.mark.parametrize(
    ("output", "free", "sentence"),
    [
        (
            "The virtual environment was not created successfully because ensurepip is not available.",
            PLENTY,
            "-venv",
        ),
        ("Error: [Errno 28] No space left on device: '/course/.venv/bin'", PLENTY, "The disk is full"),
        (
            "Error: Command '[..., '-m', 'ensurepip']' returned non-zero exit status 1.",
            5000,
            "The disk is full",
        ),
        ("Error: [Errno 30] Read-only file system: '/course/.venv/bin'", PLENTY, "may not write"),
    ],
)
def test_a_venv_that_cannot_be_made_is_explained(output, free, sentence, tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(install, "_free", lambda: free)
    failed = subprocess.CompletedProcess([], 1, stdout=output)
    monkeypatch.setattr(
        install, "subprocess", SimpleNamespace(run=lambda *_, **__: failed, PIPE=-1, STDOUT=-2)
    )
    with pytest.raises(Fault, match=sentence):
        install._make()
