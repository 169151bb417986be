"""What can go wrong with the disk, the clock and other kernels: no acknowledged answer is ever lost."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from mlcourse import progress
from mlcourse._errors import InvalidArgument
from mlcourse.progress import Answer, _record, _schema, _store

ANSWER = {"kind": "question", "chapter": "01", "mode": "recall", "score": 1.0}
posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals, limits or fork")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    folder = tmp_path / "home"
    monkeypatch.setenv("MLCOURSE_HOME", str(folder))
    return folder


def kept():
    return [a.item_id for a in progress.answers()]


def python(code, *args, **more):
    """Start another kernel, as far as the record can tell."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, args)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )


WRITE = """
import sys
from mlcourse import progress
name, n = sys.argv[1], int(sys.argv[2])
for i in range(n):
    item = f"01-{name}-{i}"
    progress.record(item, kind="question", chapter="01", mode="recall", score=1.0, answer="x" * 500)
    print(i, flush=True)
"""


@pytest.fixture
def fast_home(monkeypatch):
    """A home in memory where the system has one: 1600 syncs take half a minute on a busy disk.

    The crowd is denser there, since nobody waits for the disk.
    """
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        monkeypatch.setenv("MLCOURSE_HOME", folder)
        yield folder


@pytest.mark.usefixtures("fast_home")
def test_eight_kernels_writing_200_answers_each_at_once_lose_none():
    kernels = [python(WRITE, name, 200) for name in "abcdefgh"]
    for kernel in kernels:
        _, errors = kernel.communicate(timeout=120)
        assert (kernel.returncode, errors) == (0, "")
    assert sorted(kept()) == sorted(f"01-{name}-{i}" for name in "abcdefgh" for i in range(200))


@posix
def test_a_kernel_killed_while_writing_leaves_every_acknowledged_answer(home):
    chance = random.Random(0)
    acknowledged = 0
    for name in "abcdef":
        kernel = python(WRITE, name, 100_000)
        assert kernel.stdout is not None
        kernel.stdout.readline()
        time.sleep(chance.uniform(0.05, 0.25))
        kernel.kill()
        # Not communicate(): it does not give back the lines that readline() took into its buffer.
        seen = 1 + len(kernel.stdout.read().splitlines())
        kernel.communicate()
        written = [i for i in kept() if i.startswith(f"01-{name}-")]
        # One more may have been written whose acknowledgement was never read.
        assert len(written) in {seen, seen + 1}
        acknowledged += seen
    assert acknowledged > 12
    with closing(sqlite3.connect(home / "record.sqlite3")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@posix
def test_a_kernel_killed_between_changing_the_file_and_committing_is_undone(home):
    """The worst moment, made on purpose: pages of a transaction are in the file already."""
    for i in range(50):
        progress.record(f"01-{i}", **ANSWER)
    dying = """
import os, signal, sqlite3, sys
c = sqlite3.connect(sys.argv[1], isolation_level=None)
c.execute("PRAGMA journal_mode = TRUNCATE")
c.execute("PRAGMA cache_size = 1")
c.execute("BEGIN IMMEDIATE")
c.execute("UPDATE answers SET item_id = 'overwritten', answer = hex(randomblob(3000))")
os.kill(os.getpid(), signal.SIGKILL)
"""
    before = (home / "record.sqlite3").read_bytes()
    kernel = python(dying, home / "record.sqlite3")
    kernel.communicate(timeout=30)
    assert kernel.returncode == -signal.SIGKILL
    assert (home / "record.sqlite3").read_bytes() != before
    assert kept() == [f"01-{i}" for i in range(50)]


@pytest.mark.parametrize(
    "junk", [b"this is no database, but a letter home\n" * 100, b"\x00" * 5000, b"SQLite"]
)
def test_a_file_that_is_no_database_is_set_aside_and_a_new_one_begun(home, junk):
    home.mkdir()
    (home / "record.sqlite3").write_bytes(junk)
    with pytest.warns(progress.RecordWarning, match="was damaged. It was set aside as record-damaged-"):
        progress.record("01-a", **ANSWER)
    progress.record("01-b", **ANSWER)
    assert kept() == ["01-a", "01-b"]
    (aside,) = home.glob("record-damaged-*.sqlite3")
    assert aside.read_bytes() == junk
    (notice,) = progress.notices()
    assert aside.name in notice
    assert "No answer in it could be read." in notice
    assert notice in str(progress.summary(items=()))


def test_a_file_that_is_no_database_is_set_aside_by_reading_too(home):
    home.mkdir()
    (home / "record.sqlite3").write_bytes(b"junk" * 1000)
    with pytest.warns(progress.RecordWarning):
        assert kept() == []
    assert len(list(home.glob("record-damaged-*"))) == 1


def test_what_can_be_read_of_a_damaged_record_is_kept(home):
    rows = [Answer(str(uuid4()), f"01-{i}", **ANSWER, answer="x" * 300) for i in range(400)]
    _record.current().add(rows)
    file = home / "record.sqlite3"
    whole = bytearray(file.read_bytes())
    middle = len(whole) // 2 // 4096 * 4096
    whole[middle : middle + 8192] = os.urandom(8192)
    file.write_bytes(whole)
    with pytest.warns(progress.RecordWarning, match=r"\d+ answers in it could still be read and were kept"):
        found = kept()
    assert 50 < len(found) < 400
    assert found == [f"01-{i}" for i in range(len(found))]
    progress.record("01-new", **ANSWER)
    assert kept() == [*found, "01-new"]


def test_several_kernels_that_find_the_damage_at_once_make_one_new_record(home):
    home.mkdir()
    (home / "record.sqlite3").write_bytes(b"junk" * 1000)
    kernels = [python(WRITE, name, 20) for name in "abcdef"]
    for kernel in kernels:
        kernel.communicate(timeout=60)
        assert kernel.returncode == 0
    assert sorted(kept()) == sorted(f"01-{name}-{i}" for name in "abcdef" for i in range(20))
    assert len(list(home.glob("record-damaged-*.sqlite3"))) == 1


def _unusable(tmp_path):
    (tmp_path / "file").write_text("a file where a folder should be")
    return [
        tmp_path / "file" / "home",
        Path("/proc/mlcourse") if sys.platform == "linux" else tmp_path / "file",
    ]


@pytest.mark.parametrize("which", [0, 1])
def test_a_home_that_cannot_be_written_works_in_memory_and_says_so_once(which, tmp_path, monkeypatch):
    monkeypatch.setenv("MLCOURSE_HOME", str(_unusable(tmp_path)[which]))
    with pytest.warns(
        progress.RecordWarning, match="Your answers cannot be written to .* kept in memory"
    ) as told:
        progress.record("01-a", **ANSWER)
    assert len(told) == 1
    assert told[0].filename == "mlcourse.progress"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        progress.record("01-b", **ANSWER)
        assert kept() == ["01-a", "01-b"]
        assert progress.summary(items=()).n_answers == 2
    assert len(progress.notices()) == 1
    assert progress.export(tmp_path / "out.json").n_answers == 2
    with pytest.raises(InvalidArgument, match="Nothing was deleted"):
        progress.reset(confirm=True)
    assert kept() == ["01-a", "01-b"]


def _without_roots_privilege():
    """Return the beginning of a command that may write only where permissions let it, or None."""
    if os.name != "posix":
        return None
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        return None
    dropped = "-dac_override,-dac_read_search"
    return ["setpriv", f"--bounding-set={dropped}", f"--inh-caps={dropped}"]


READ_ONLY = """
import warnings
from mlcourse import progress
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    progress.record("01-b", kind="question", chapter="01", mode="recall", score=1.0)
    progress.record("01-c", kind="question", chapter="01", mode="recall", score=1.0)
print(len(told), [a.item_id for a in progress.answers()], told[0].message)
"""


@pytest.mark.skipif(
    _without_roots_privilege() is None, reason="needs POSIX permissions; as root, setpriv too"
)
def test_a_read_only_home_is_still_read(home):
    progress.record("01-a", **ANSWER)
    for path in [*home.iterdir(), home]:
        path.chmod(0o500)
    command = [*_without_roots_privilege(), sys.executable, "-c", READ_ONLY]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("1 ['01-a', '01-b', '01-c'] Your answers cannot be written to ")
    assert kept() == ["01-a"]


def test_where_warnings_are_errors_recording_still_does_not_raise(tmp_path, monkeypatch):
    monkeypatch.setenv("MLCOURSE_HOME", str(_unusable(tmp_path)[0]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        progress.record("01-a", **ANSWER)
    assert "kept in memory" in progress.notices()[0]


FILL = """
import resource, sys, warnings
from mlcourse import progress
for i in range(5):
    progress.record(f"01-{i}", kind="question", chapter="01", mode="recall", score=1.0)
size = 24_000  # bytes a file may have: the disk is full from here on
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    for i in range(5, 30):
        progress.record(f"01-{i}", kind="question", chapter="01", mode="recall", score=1.0, answer="x" * 2000)
print(len(told), len(progress.answers()), *(str(w.message) for w in told))
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
"""


@posix
def test_a_disk_that_fills_up_loses_nothing_that_was_written():
    kernel = python(FILL)
    said, errors = kernel.communicate(timeout=60)
    assert errors == ""
    assert said.startswith("1 30 ")
    assert "in memory" in said
    found = kept()
    assert len(found) >= 5
    assert found == [f"01-{i}" for i in range(len(found))]


def test_a_full_disk_is_called_full_and_what_waited_is_written_when_there_is_room(monkeypatch):
    def full(*_):
        raise sqlite3.OperationalError("database or disk is full")

    progress.record("01-a", **ANSWER)
    with monkeypatch.context() as patch:
        patch.setattr(_store, "_insert", full)
        with pytest.warns(progress.RecordWarning, match=r"^The disk that holds .* is full"):
            progress.record("01-b", **ANSWER)
        progress.record("01-c", **ANSWER)
        assert kept() == ["01-a", "01-b", "01-c"]
    assert progress.notices() != ()
    progress.record("01-d", **ANSWER)
    assert progress.notices() == ()
    assert _record.current().waiting == []
    assert kept() == ["01-a", "01-b", "01-c", "01-d"]


def test_a_file_held_by_another_program_for_too_long_keeps_answers_waiting(home, monkeypatch):
    progress.record("01-a", **ANSWER)
    monkeypatch.setattr(_record.current().store, "patience", 0.05)
    with closing(sqlite3.connect(home / "record.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.warns(progress.RecordWarning, match="in use by another program for too long"):
            progress.record("01-b", **ANSWER)
        other.execute("ROLLBACK")
    assert kept() == ["01-a", "01-b"]
    progress.record("01-c", **ANSWER)
    with closing(sqlite3.connect(home / "record.sqlite3")) as other:
        assert other.execute("SELECT count(*) FROM answers").fetchone() == (3,)


def test_what_waits_is_written_when_the_kernel_stops():
    code = """
import os, sys, warnings
from pathlib import Path
from uuid import uuid4
from mlcourse import progress
warnings.simplefilter("ignore")
home = Path(os.environ["MLCOURSE_HOME"])
home.write_text("a file in the way")
progress.record("01-a", kind="question", chapter="01", mode="recall", score=1.0)
home.unlink()
"""
    kernel = python(code)
    assert kernel.communicate(timeout=30)[1] == ""
    assert kept() == ["01-a"]


def an_old_record(home, version, rows):
    """Make a record as an older version of the course left it, by that version's own steps."""
    home.mkdir()
    with closing(sqlite3.connect(home / "record.sqlite3", isolation_level=None)) as connection:
        _schema.build(connection, version)
        assert connection.execute("PRAGMA user_version").fetchone() == (version,)
        connection.executemany(
            "INSERT INTO answers (item_id, kind, chapter, mode, score, answer, answered)"
            " VALUES (?, 'question', '01', 'recall', 1.0, '[1]', '2026-05-01T12:00:00.000000+00:00')",
            [(r,) for r in rows],
        )


def test_a_record_of_an_older_version_is_migrated(home):
    an_old_record(home, 1, ["01-a", "01-b", "01-b"])
    progress.record("01-c", **ANSWER)
    found = progress.answers()
    assert [a.item_id for a in found] == ["01-a", "01-b", "01-b", "01-c"]
    assert found[0].answer == [1]
    assert found[0].misconception is None
    assert len({a.id for a in found}) == 4
    assert progress.notices() == ()


def test_two_copies_of_an_old_record_merge_without_doubles(home, tmp_path, monkeypatch):
    an_old_record(home, 1, ["01-a", "01-b"])
    progress.export(tmp_path / "out.json")
    monkeypatch.setenv("MLCOURSE_HOME", str(tmp_path / "laptop"))
    an_old_record(tmp_path / "laptop", 1, ["01-a", "01-b"])
    assert progress.load(tmp_path / "out.json").n_known == 2


def test_several_kernels_migrate_an_old_record_once(home):
    an_old_record(home, 1, ["01-old"])
    kernels = [python(WRITE, name, 5) for name in "abcd"]
    for kernel in kernels:
        assert kernel.communicate(timeout=60)[1] == ""
    assert len(kept()) == 21


def test_a_migration_that_fails_halfway_leaves_the_old_record(home, monkeypatch):
    an_old_record(home, 1, ["01-a"])
    before = (home / "record.sqlite3").read_bytes()

    identity = _schema._identity

    def broken(connection):
        identity(connection)
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(_schema, "STEPS", (_schema._answers, broken))
        with pytest.warns(progress.RecordWarning):
            progress.record("01-b", **ANSWER)
    assert (home / "record.sqlite3").read_bytes() == before
    assert kept() == ["01-a", "01-b"]


def test_a_record_of_a_newer_version_is_left_alone_and_said(home):
    progress.record("01-a", **ANSWER)
    with closing(sqlite3.connect(home / "record.sqlite3")) as connection:
        connection.execute(f"PRAGMA user_version = {_schema.VERSION + 5}")
    before = (home / "record.sqlite3").read_bytes()
    with pytest.warns(progress.RecordWarning, match="newer version of the course .* left as it is. Update"):
        progress.record("01-b", **ANSWER)
    assert kept() == ["01-b"]
    assert (home / "record.sqlite3").read_bytes() == before


@pytest.mark.parametrize(
    "mark", ["CREATE TABLE songs (title)", "PRAGMA application_id = 7", "PRAGMA user_version = 1"]
)
def test_another_programs_database_is_left_alone(home, mark):
    home.mkdir()
    with closing(sqlite3.connect(home / "record.sqlite3")) as connection:
        connection.execute(mark)
        connection.commit()
    before = (home / "record.sqlite3").read_bytes()
    with pytest.warns(progress.RecordWarning, match="another program's database"):
        progress.record("01-a", **ANSWER)
    assert (home / "record.sqlite3").read_bytes() == before
    assert kept() == ["01-a"]


def test_a_row_that_cannot_be_true_hides_no_other(home):
    for i in "abcd":
        progress.record(f"01-{i}", **ANSWER)
    with closing(sqlite3.connect(home / "record.sqlite3")) as connection:
        connection.execute("UPDATE answers SET answered = 'soon' WHERE item_id = '01-a'")
        connection.execute("UPDATE answers SET answer = '{' WHERE item_id = '01-b'")
        connection.execute("UPDATE answers SET mode = CAST(x'ff' AS TEXT) WHERE item_id = '01-c'")
        connection.commit()
    assert kept() == ["01-c", "01-d"]


def test_a_record_deleted_under_a_running_kernel_begins_anew(home):
    progress.record("01-a", **ANSWER)
    (home / "record.sqlite3").unlink()
    progress.record("01-b", **ANSWER)
    assert kept() == ["01-b"]


def test_a_reset_in_one_kernel_is_seen_by_another():
    progress.record("01-a", **ANSWER)
    other = python("from mlcourse import progress; print(progress.reset(confirm=True))")
    assert "1 answer cleared" in other.communicate(timeout=30)[0]
    progress.record("01-b", **ANSWER)
    assert kept() == ["01-b"]


@posix
def test_a_fork_after_use_and_among_threads_is_safe():
    code = """
import os, sys, threading, time, warnings
warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of every fork among threads
from mlcourse import progress

def put(name):
    progress.record(name, kind="question", chapter="01", mode="recall", score=1.0)

put("01-before")
stop = threading.Event()
def busy():
    i = 0
    while not stop.is_set():
        put(f"01-thread-{i}")
        i += 1
        time.sleep(0.005)
thread = threading.Thread(target=busy)
thread.start()
children = []
for k in range(8):
    child = os.fork()
    if child == 0:
        put(f"01-child-{k}")
        os._exit(0 if not progress.notices() else 3)
    children.append(child)
codes = [os.waitstatus_to_exitcode(os.waitpid(c, 0)[1]) for c in children]
stop.set()
thread.join()
print(codes, progress.notices())
"""
    kernel = python(code)
    said, errors = kernel.communicate(timeout=60)
    assert errors == ""
    assert said.strip() == "[0, 0, 0, 0, 0, 0, 0, 0] ()"
    assert {f"01-child-{k}" for k in range(8)} | {"01-before"} <= set(kept())


def test_a_thread_can_read_while_another_writes():
    stop = threading.Event()
    found = []

    def read():
        while not stop.is_set():
            found.append(len(kept()))

    reader = threading.Thread(target=read)
    reader.start()
    for i in range(20):
        progress.record(f"01-{i}", **ANSWER)
    stop.set()
    reader.join()
    assert found == sorted(found)
    assert len(kept()) == 20


def test_the_file_is_used_in_the_way_that_is_safe_on_a_network_home_and_in_a_power_cut(home):
    progress.record("01-a", **ANSWER)

    def modes(connection):
        return [connection.execute(f"PRAGMA {p}").fetchone()[0] for p in ("journal_mode", "synchronous")]

    assert _record.current().store._run(modes, write=True) == ["truncate", 2]  # 2 is FULL
    assert not (home / "record.sqlite3-wal").exists()
