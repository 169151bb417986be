"""The record's public face: what is kept, read back, taken along, merged and cleared."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest

from mlcourse import progress
from mlcourse._errors import InvalidArgument, InvalidType
from mlcourse.progress import _record

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=timezone.utc)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    folder = tmp_path / "home"
    monkeypatch.setenv("MLCOURSE_HOME", str(folder))
    return folder


def answer_one(item="01-a", score=1.0, **more):
    more = {"kind": "question", "chapter": "01", "mode": "recall", "when": NOON, **more}
    progress.record(item, score=score, **more)


def test_an_answer_is_read_back_as_it_was_given():
    answer_one(score=0.5, answer={"labels": [0, 2]}, misconception="softmax-for-labels")
    (kept,) = progress.answers()
    assert (kept.item_id, kept.kind, kept.chapter, kept.mode) == ("01-a", "question", "01", "recall")
    assert (kept.score, kept.answer, kept.misconception) == (0.5, {"labels": [0, 2]}, "softmax-for-labels")
    assert kept.when == NOON
    assert not kept.right
    assert repr(kept) == "Answer('01-a', score=0.50, when='2026-05-01T12:00:00.000000+00:00')"


def test_answers_can_be_asked_for_by_item_kind_chapter_and_mode():
    answer_one("01-a")
    answer_one("02-b", chapter="02", mode="trace")
    answer_one("01-a", kind="hint")
    assert [a.item_id for a in progress.answers()] == ["01-a", "02-b", "01-a"]
    assert [a.kind for a in progress.answers("01-a")] == ["question", "hint"]
    assert [a.item_id for a in progress.answers(chapter="02", mode="trace", kind="question")] == ["02-b"]
    assert progress.answers("03-c") == []


def test_nothing_is_made_on_disk_by_looking(home):
    assert progress.answers() == []
    assert progress.due() == []
    assert progress.summary(items=()).n_answers == 0
    assert not home.exists()


def test_a_moment_without_a_time_zone_is_local_and_none_is_now():
    answer_one(when=datetime(2026, 5, 1, 12, 0))  # noqa: DTZ001 - that is the case
    answer_one(when=None)
    first, second = progress.answers()
    assert first.when == datetime(2026, 5, 1, 12, 0).astimezone(timezone.utc)
    assert abs(second.when - datetime.now(timezone.utc)) < timedelta(seconds=10)


class _Nasty:
    def __str__(self):
        raise RuntimeError("never look at me")

    __repr__ = __str__


_endless: list = []
_endless.append(_endless)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (None, None),
        (True, True),
        (np.array([[1, 2]]), [[1, 2]]),
        (np.float64("nan"), "nan"),
        (math.inf, "inf"),
        ({1, 2}, [1, 2]),
        ((1, "b"), [1, "b"]),
        ({1: np.int64(3)}, {"1": 3}),
        (10**5000, "a number of more than 18 digits"),
        ("\ud800 half a character", "? half a character"),
        ("nul \x00 and ' quote; DROP TABLE answers", "nul \x00 and ' quote; DROP TABLE answers"),
        (_Nasty(), "a value of type _Nasty"),
        ([_Nasty()], ["a value of type _Nasty"]),
        ({_Nasty(): 1}, "a value of type dict"),
        (_endless, [[[[[[[["a value of type list"]]]]]]]]),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
    ids=lambda v: type(v).__name__,
)
def test_whatever_was_answered_is_kept_as_json_can_hold_it(given, kept):
    answer_one(answer=given)
    assert progress.answers()[0].answer == kept


def test_an_answer_of_ten_megabytes_is_cut_and_says_so(tmp_path):
    answer_one(answer="x" * 10_000_000)
    kept = progress.answers()[0].answer
    assert len(kept) < 20_000
    assert kept.endswith("… (cut: 10000002 characters)")
    progress.export(tmp_path / "out.json")
    assert progress.load(tmp_path / "out.json").n_known == 1


@pytest.mark.parametrize(
    ("change", "error", "sentence"),
    [
        ({"item": 3}, InvalidType, "item_id is 3, but must be a string."),
        ({"item": " "}, InvalidArgument, "item_id is ' ', but must not be empty."),
        ({"item": "x" * 201}, InvalidArgument, "item_id has 201 characters, but must have 200 at most"),
        ({"score": 1.1}, InvalidArgument, "score is 1.1, but must be a number from 0 to 1."),
        ({"score": float("nan")}, InvalidArgument, "score is nan"),
        ({"score": "1"}, InvalidType, "score is '1', but must be a number from 0 to 1."),
        ({"when": "today"}, InvalidType, "when is 'today', but must be a datetime or None."),
        ({"mode": None}, InvalidType, "mode is None, but must be a string."),
    ],
)
def test_an_answer_that_cannot_be_is_refused_in_words(change, error, sentence):
    with pytest.raises(error) as caught:
        answer_one(**change)
    assert sentence in str(caught.value)
    assert progress.answers() == []


def test_the_record_names_nobody_and_no_folder(home, tmp_path):
    answer_one(answer="b")
    progress.export(tmp_path / "out.json")
    for file in [*home.iterdir(), tmp_path / "out.json"]:
        raw = file.read_bytes()
        assert str(tmp_path).encode() not in raw
        assert str(Path.home()).encode() not in raw


def test_an_export_is_loaded_elsewhere_without_doubles(tmp_path, monkeypatch):
    for i in range(3):
        answer_one(f"01-{i}", answer=i)
    out = tmp_path / "out.json"
    assert repr(progress.export(out)) == f"3 answers written to {out}"
    before = progress.answers()

    monkeypatch.setenv("MLCOURSE_HOME", str(tmp_path / "elsewhere"))
    answer_one("02-z", chapter="02")
    assert repr(progress.load(out)) == f"3 answers added from {out}"
    assert repr(progress.load(out)) == f"0 answers added from {out} (3 were already there)"
    assert progress.answers(chapter="01") == before
    assert len(progress.answers()) == 4


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_an_export_can_be_read_by_whom_the_folder_lets(tmp_path):
    answer_one()
    progress.export(tmp_path / "out.json")
    (tmp_path / "plain").touch()
    assert (tmp_path / "out.json").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_an_export_replaces_an_export_and_nothing_else(tmp_path):
    answer_one()
    out = tmp_path / "out.json"
    progress.export(out)
    progress.export(out)
    lesson = tmp_path / "01_lesson.ipynb"
    lesson.write_text("{}")
    with pytest.raises(InvalidArgument, match="is not an exported record, so it was not replaced"):
        progress.export(lesson)
    assert lesson.read_text() == "{}"
    with pytest.raises(InvalidArgument, match="is a folder; name a file in it"):
        progress.export(tmp_path)
    with pytest.raises(InvalidArgument, match=r"cannot be written: No such file or directory\."):
        progress.export(tmp_path / "nowhere" / "out.json")
    with pytest.raises(InvalidType, match="path is 3, but must be the name of a file"):
        progress.export(3)
    with pytest.raises(InvalidArgument, match="no file name can hold a zero character"):
        progress.export("a\0b")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["01_lesson.ipynb", "home", "out.json"]


ROW = {
    "id": "4b5c0f3e-6a4e-4a55-9a53-0f6f5f0f7a11",
    "item_id": "01-a",
    "kind": "question",
    "chapter": "01",
    "mode": "recall",
    "score": 1,
    "answer": None,
    "misconception": None,
    "when": "2026-05-01T12:00:00+00:00",
}


def _export_with(**change):
    return json.dumps({"format": "mlcourse-record", "version": 1, "answers": [ROW | change]}).encode()


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "in.json is empty."),
        (b"{", "in.json is not whole JSON (line 1, column 2: "),
        (_export_with()[:-40], "in.json is not whole JSON (line 1, "),
        (b"\xff\xfe{}", "in.json is not a text file (byte 0 is not UTF-8)."),
        (b"[" * 100_000, "in.json is nested too deep to be a record."),
        (b"[]", "in.json is JSON, but not a record exported by progress.export."),
        (
            b'{"format": "mlcourse-record", "version": "1"}',
            "has the version '1', but a whole number is needed.",
        ),
        (
            b'{"format": "mlcourse-record", "version": 2, "answers": []}',
            "by a newer version of the course (format 2",
        ),
        (b'{"format": "mlcourse-record", "version": 1, "answers": {}}', "in.json has no list of answers."),
        (
            b'{"format": "mlcourse-record", "version": 1, "answers": [7]}',
            "answer 1 of 1 is not valid: it is 7",
        ),
        (_export_with(id="no"), "answer 1 of 1 is not valid: id is 'no', but must be a UUID."),
        (_export_with(id=None), "id is None, but must be a UUID."),
        (_export_with(score=2), "score is 2, but must be a number from 0 to 1."),
        (_export_with(score=float("nan")), "in.json is not a record: NaN is not a number that JSON knows."),
        (_export_with(item_id="x" * 300), "item_id has 300 characters"),
        (_export_with(item_id=None), "item_id is None, but must be a string."),
        (_export_with(when="yesterday"), "when is 'yesterday', but must be a date and time with a time zone"),
        (_export_with(when="2026-05-01T12:00:00"), "must be a date and time with a time zone"),
        (_export_with(when="0001-01-01T00:00:00+14:00"), "no clock can show that in UTC"),
        (_export_with(misconception=[]), "misconception is [], but must be a string."),
    ],
    ids=str,
)
def test_a_file_that_is_no_export_is_refused_in_one_sentence_and_nothing_is_added(raw, sentence, tmp_path):
    file = tmp_path / "in.json"
    file.write_bytes(raw)
    with pytest.raises(progress.UnreadableRecord) as caught:
        progress.load(file)
    assert sentence in str(caught.value)
    assert "in.json" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert progress.answers() == []


def test_a_missing_file_and_a_folder_are_told(tmp_path):
    with pytest.raises(InvalidArgument, match=r"none\.json does not exist\."):
        progress.load(tmp_path / "none.json")
    with pytest.raises(InvalidArgument, match=r"is a folder"):
        progress.load(tmp_path)


def test_reset_asks_first_and_keeps_a_copy_that_load_brings_back(home):
    for i in range(3):
        answer_one(f"01-{i}")
    before = progress.answers()
    assert "Nothing was deleted. The record holds 3 answers" in repr(progress.reset())
    assert "Nothing was deleted" in repr(progress.reset(confirm="yes"))
    assert progress.answers() == before
    done = progress.reset(confirm=True)
    assert repr(done).startswith("3 answers cleared. A copy is kept: progress.load(")
    assert progress.answers() == []
    assert progress.load(done.backup).n_new == 3
    assert progress.answers() == before
    second = progress.reset(confirm=True)
    assert second.backup != done.backup
    assert len(list(home.glob("record-backup-*.json"))) == 2
    assert repr(progress.reset(confirm=True)) == "The record was empty already."


def test_reset_without_room_for_the_copy_deletes_nothing(monkeypatch):
    answer_one()

    def full(*_args, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mlcourse.progress._transfer.write", full)
    with pytest.raises(InvalidArgument, match=r"^Nothing was deleted\. The disk that holds .* is full"):
        progress.reset(confirm=True)
    assert len(progress.answers()) == 1


def test_threads_share_the_record():
    def work(k):
        for i in range(10):
            answer_one(f"01-{k}-{i}")

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {a.item_id for a in progress.answers()} == {f"01-{k}-{i}" for k in range(8) for i in range(10)}


def test_the_record_lives_where_mlcourse_home_says_else_with_the_user(monkeypatch, tmp_path):
    import platformdirs

    assert _record.home() == tmp_path / "home"
    monkeypatch.setenv("MLCOURSE_HOME", "")
    assert _record.home() == Path(platformdirs.user_data_dir("mlcourse", appauthor=False))


def test_importing_is_light():
    code = (
        "import sys, mlcourse.progress\n"
        "print([m for m in ('fsrs', 'pydantic', 'sqlite3', 'yaml', 'numpy', 'IPython') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_part_is_told():
    with pytest.raises(AttributeError, match="has no part called 'sumary'"):
        progress.sumary  # noqa: B018
