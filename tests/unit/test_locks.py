"""The two locks: complete, hashed, in step with pyproject.toml and with each other; no network is used."""

from __future__ import annotations

import re
import sys
from itertools import product
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

import mlcourse
from mlcourse import __main__ as entry
from mlcourse._cli import environment
from mlcourse._cli.install import block

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(mlcourse.__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = {name: (ROOT / name).read_text("utf-8") for name in (environment.LOCK, environment.TEST_LOCK)}

PYTHONS = ["3.10", "3.11", "3.12", "3.13"]
PLATFORMS = [
    {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux", "platform_machine": "x86_64"},
    {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux", "platform_machine": "aarch64"},
    {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin", "platform_machine": "arm64"},
    {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows", "platform_machine": "AMD64"},
]
TARGETS = [
    {
        **platform,
        "python_version": python,
        "python_full_version": f"{python}.9",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "extra": "",
    }
    for platform, python in product(PLATFORMS, PYTHONS)
]
DECLARED = [
    *[(environment.LOCK, line) for line in PROJECT["project"]["dependencies"]],
    *[(environment.LOCK, line) for line in PROJECT["dependency-groups"]["launcher"]],
    *[(environment.TEST_LOCK, line) for line in PROJECT["dependency-groups"]["test"]],
]


def pinned(lock: str, target: dict[str, str]) -> dict[str, set[str]]:
    """Return the versions that a lock pins for one platform and Python."""
    found: dict[str, set[str]] = {}
    for name, version, marker in environment.pins(LOCKS[lock]):
        if not marker or Marker(marker).evaluate(target):
            found.setdefault(canonicalize_name(name), set()).add(version)
    return found


def identify(target):
    return "-".join([target["sys_platform"], target["platform_machine"], target["python_version"]])


@pytest.mark.parametrize("target", TARGETS, ids=identify)
def test_every_range_in_pyproject_is_met_everywhere(target):
    for lock, line in DECLARED:
        requirement = Requirement(line)
        if requirement.marker and not requirement.marker.evaluate(target):
            continue
        versions = pinned(lock, target).get(canonicalize_name(requirement.name), set())
        assert len(versions) == 1, (
            f"{lock} pins {requirement.name} to {versions or 'nothing'}: remake the locks"
        )
        assert requirement.specifier.contains(Version(*versions)), f"{line} is not met by {versions}"


@pytest.mark.parametrize("target", TARGETS, ids=identify)
def test_both_locks_agree(target):
    course, tests = (pinned(lock, target) for lock in LOCKS)
    differ = {
        name: (course[name], tests[name]) for name in course.keys() & tests if course[name] != tests[name]
    }
    assert not differ
    assert all(len(versions) == 1 for versions in [*course.values(), *tests.values()])


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_its_hashes_and_nothing_else_is_there(lock):
    lines = [line for line in LOCKS[lock].splitlines() if not line.startswith("#")]
    pin = re.compile(r"[a-z0-9.-]+==\S+( ; .+)? \\")
    digest = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert len([line for line in lines if pin.fullmatch(line)]) == len(environment.pins(LOCKS[lock]))
    for before, line in zip([lines[0], *lines], lines, strict=False):
        assert pin.fullmatch(line) or digest.fullmatch(line), f"what is {line!r}?"
        if pin.fullmatch(line) and line is not lines[0]:
            assert not before.endswith("\\"), f"{line} follows a pin without a hash"
    assert not lines[-1].endswith("\\")


@pytest.mark.parametrize("lock", LOCKS)
def test_no_address_and_the_command_that_remakes_it(lock):
    assert "://" not in LOCKS[lock]
    assert "python3 -m mlcourse lock" in LOCKS[lock].splitlines()[1]


def test_one_tensorflow_of_one_version_everywhere():
    chosen = {}
    for target in TARGETS:
        pins = pinned(environment.LOCK, target)
        chosen[identify(target)] = [
            (name, *pins[name]) for name in ("tensorflow", "tensorflow-cpu") if name in pins
        ]
    assert all(len(found) == 1 for found in chosen.values()), chosen
    assert len({version for found in chosen.values() for _, version in found}) == 1
    small = {target for target, found in chosen.items() if found[0][0] == "tensorflow-cpu"}
    assert small == {f"linux-x86_64-{python}" for python in PYTHONS}


def test_the_launcher_and_pyproject_name_the_same_pythons():
    allowed = SpecifierSet(PROJECT["project"]["requires-python"])
    fitting = [f"3.{minor}" for minor in range(5, 25) if allowed.contains(f"3.{minor}.5")]
    assert fitting == PYTHONS
    assert (entry.OLDEST, entry.NEWEST) == ((3, 10), (3, 13))


def test_binder_installs_this_lock_on_a_python_of_the_course():
    runtime = (ROOT / "binder" / "runtime.txt").read_text("utf-8").strip()
    assert runtime.removeprefix("python-") in PYTHONS
    wanted = (ROOT / "binder" / "requirements.txt").read_text("utf-8")
    lines = [line for line in wanted.splitlines() if not line.startswith("#")]
    assert lines[:3] == ["--require-hashes", "--only-binary :all:", f"-r ../{environment.LOCK}"]
    # What only servers need stands in the tests' lock, too, and they must agree.
    tested = LOCKS[environment.TEST_LOCK]
    assert "\n".join(lines[3:]) + "\n" == block(tested, "nbgitpuller") + block(tested, "notebook")
