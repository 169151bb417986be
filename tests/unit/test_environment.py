"""The environment check: what it finds on sound and on broken machines."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mlcourse.environment import Check, Checkup, check
from mlcourse.environment import _checks as checks


def test_this_machine_is_fine_and_shows_no_version_of_anything():
    checkup = check(tensorflow=False)
    assert checkup.ok, str(checkup)
    html = checkup._repr_html_()
    assert "You can start" in html
    assert (
        f"{sys.version_info[0]}.{sys.version_info[1]}" not in html
    )  # else each computer shows another lesson


@pytest.mark.parametrize("version", [(3, 9, 18), (3, 14, 0)])
def test_a_wrong_python_is_named_with_the_right_ones(version):
    found = checks._python(version)
    assert not found.ok
    assert ".".join(map(str, version)) in found.found
    assert "3.10" in found.fix
    assert "3.13" in found.fix


def test_a_missing_and_an_old_package_are_both_named():
    found = checks._packages(
        ["no-such-package>=1", "numpy<1", "pytest", "colorama; sys_platform == 'nowhere'"]
    )
    assert not found.ok
    assert "no-such-package is missing" in found.found
    assert "numpy is" in found.found
    assert "<1" in found.found
    assert "colorama" not in found.found
    assert "mlcourse lab" in found.fix


def test_memory_is_what_the_machine_and_the_container_both_allow(tmp_path):
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/meminfo").write_text("MemTotal: 9 kB\nMemAvailable:   8000000 kB\n")
    assert checks._memory_left(tmp_path) == 8000000 * 1024
    group = tmp_path / "sys/fs/cgroup"
    group.mkdir(parents=True)
    (group / "memory.max").write_text("2000000000\n")
    (group / "memory.current").write_text("1500000000\n")
    assert checks._memory_left(tmp_path) == 500_000_000
    (group / "memory.stat").write_text("anon 5\ninactive_file 400000000\n")
    assert checks._memory_left(tmp_path) == 900_000_000
    (group / "memory.max").write_text("max\n")
    assert checks._memory_left(tmp_path) == 8000000 * 1024


def test_a_system_that_does_not_tell_its_memory_is_fine(tmp_path, monkeypatch):
    assert checks._memory_left(tmp_path) is None
    monkeypatch.setattr(checks, "_memory_left", lambda: None)
    assert checks._memory().ok


def test_too_little_memory_says_how_much_a_lesson_needs(monkeypatch):
    monkeypatch.setattr(checks, "_memory_left", lambda: 0.4e9)
    found = checks._memory()
    assert not found.ok
    assert "0.4 GB" in found.found
    assert "1.2 GB" in found.fix


def test_a_record_that_cannot_be_written_is_told(tmp_path, monkeypatch):
    blocked = tmp_path / "a file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("MLCOURSE_HOME", str(blocked / "record"))
    found = checks._record()
    assert not found.ok
    assert "MLCOURSE_HOME" in found.fix


@pytest.mark.parametrize(
    ("script", "word"),
    [("#!/bin/sh\nkill -ILL $$\n", "AVX"), ("#!/bin/sh\necho boom >&2; exit 1\n", "mlcourse lab")],
)
@pytest.mark.skipif(sys.platform == "win32", reason="stands in for python with a shell script")
def test_a_tensorflow_that_crashes_takes_nothing_with_it(tmp_path, script, word):
    fake = tmp_path / "python"
    fake.write_text(script)
    fake.chmod(0o755)
    found = checks._tensorflow(str(fake))
    assert not found.ok
    assert word in found.fix


def test_a_tensorflow_that_never_answers_is_given_up(monkeypatch):
    def too_slow(*_args, **_kwargs):
        raise subprocess.TimeoutExpired("python", 1)

    monkeypatch.setattr(checks.subprocess, "run", too_slow)
    assert "busy" in checks._tensorflow().fix


def test_what_is_to_mend_comes_first_in_words_and_is_escaped():
    checkup = Checkup(
        (Check("disk", ok=True, found="fine"), Check("a<b", ok=False, found="<script>", fix="Do."))
    )
    assert not checkup.ok
    assert repr(checkup) == "Checkup(2 checks, to mend: a<b)"
    assert "1 of 2 checks needs" in str(checkup)
    assert "<script>" not in checkup._repr_html_()
    assert "✗ to mend" in checkup._repr_html_()
