"""`python -m mlcourse report`: files of every kind in, a table and a page out."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from html.parser import HTMLParser
from uuid import uuid4

import pytest

from mlcourse import _report
from mlcourse._report import _files, main
from mlcourse.progress import _transfer
from mlcourse.progress._answer import Answer

EVIL = '"><script>alert(1)</script>'
WHEN = datetime(2026, 5, 1, 9, 0, tzinfo=timezone.utc)


def answer(item, score, minute=0, given=None, misconception=None):
    when = WHEN + timedelta(minutes=minute)
    return Answer(str(uuid4()), item, "question", "09", "recall", score, given, misconception, when)


def hand_in(path, answers):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_transfer.dump(answers), encoding="utf-8")
    return path


@pytest.fixture
def klass(tmp_path):
    """A class of twelve, of whom every third is stuck on one question."""
    for s in range(12):
        tries = (
            [answer("09-a", 0.0, m, "no", "belief") for m in range(3)]
            if s % 3 == 0
            else [answer("09-a", 1.0)]
        )
        hand_in(
            tmp_path / "in" / f"s{s:02}.json", [*tries, *(answer(f"09-{c}", float(s > 5), 9) for c in "bcde")]
        )
    return tmp_path / "in"


def test_a_folder_gives_a_table(klass, capsys):
    assert main([str(klass)]) == 0
    out, errors = capsys.readouterr()
    assert errors == ""
    assert "Class report: 12 records, 5 items tried, 68 answers." in out
    assert re.search(r"09-a +12 +67 % +39–86 % +1.7 +-?0\.\d\d \(.* to .*\) +no \(4\)", out)
    assert re.search(r"belief +4 of 12 +4 +12 +09-a", out)
    assert re.search(r"s03 +5 +7 .* 09 +2026-05-01 +09-a \(3 tries\)", out)


def test_how_many_tries_make_one_stuck_can_be_said(klass, capsys):
    assert main([str(klass), "--stuck", "4"]) == 0
    assert "tries)" not in capsys.readouterr().out


class _Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.tags, self.links, self.ids, self.text = [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        named = dict(attrs)
        self.links += [v for k, v in attrs if k in {"href", "src"}]
        self.ids += [named["id"]] if "id" in named else []
        assert not any(k.startswith("on") for k in named)
        if tag not in {"br", "meta"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def test_the_page_is_whole_self_contained_and_escaped(tmp_path, capsys):
    names = ["<img src=x onerror=alert(1)>", EVIL.replace("/", "_"), "plain"] + [f"s{i}" for i in range(12)]
    for s, name in enumerate(names):
        hand_in(
            tmp_path / "in" / f"{name}.json",
            [answer(EVIL, float(s > 5), m, EVIL, EVIL) for m in range(3)]
            + [answer(f"09-{i}", float((s + i) % 4 > 0)) for i in range(5)],
        )
    (tmp_path / "in" / f"{names[0]}.broken.json").write_text(EVIL)
    out = tmp_path / "class.html"
    assert main([str(tmp_path / "in"), "--html", str(out)]) == 0
    assert f"Page: {out}" in capsys.readouterr().out
    page = _Page()
    page.feed(out.read_text(encoding="utf-8"))
    assert page.open == []
    assert not {"script", "img", "link", "iframe"} & set(page.tags)
    assert page.links
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    words = " ".join(page.text)
    for said in (EVIL, names[0], "Misconceptions", "stuck", "How to read this", "is not whole JSON"):
        assert said in words


def test_the_same_files_give_the_same_page(klass, tmp_path):
    for name in "ab":
        assert main([str(klass), "--html", str(tmp_path / f"{name}.html")]) == 0
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_one_corrupt_file_among_many_is_named_and_the_others_are_counted(klass, capsys):
    (klass / "s03.json").write_bytes(b'{"format": "mlcourse-record", "version": 1, "answers": [')
    (klass / "s04.json").write_bytes(b"\xff\xd8\xff jpeg")
    (klass / "s05.json").write_text("[]")
    assert main([str(klass), str(klass / "nobody.json")]) == 0
    out = capsys.readouterr().out
    assert "9 records" in out
    for said in (
        "s03.json is not whole JSON",
        "s04.json is not a text file",
        "s05.json is JSON, but not a record exported by progress.export.",
        "nobody.json does not exist.",
    ):
        assert said in out


def test_with_no_readable_record_it_fails_and_says_why(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    assert main([str(tmp_path / "empty"), str(tmp_path / "*.json")]) == 1
    errors = capsys.readouterr().err
    assert "No record could be read." in errors
    assert "empty holds no .json file." in errors
    assert "No file is called" in errors


def test_a_record_without_answers_is_a_student_who_has_not_begun(tmp_path, capsys):
    hand_in(tmp_path / "a.json", [])
    assert main([str(tmp_path / "a.json")]) == 0
    assert "1 record (1 without an answer yet), 0 items tried, 0 answers." in capsys.readouterr().out


def test_a_record_handed_in_twice_counts_once(klass, capsys):
    later = json.loads((klass / "s01.json").read_text())
    hand_in(klass / "again.json", [])
    (klass / "s01 (1).json").write_text((klass / "s01.json").read_text())
    later["answers"].append(json.loads((klass / "s02.json").read_text())["answers"][0])
    (klass / "mixed.json").write_text(json.dumps(later))
    assert main([str(klass), str(klass / "s01.json")]) == 0
    out = capsys.readouterr().out
    assert "s01 holds nothing that mixed does not, and is counted once." in out
    assert "s01 (1) holds nothing that mixed does not, and is counted once." in out
    assert "share 1 answer: one student's answers were loaded" in out
    assert "13 records (1 without an answer yet)" in out


def test_students_are_told_apart_by_folder_where_their_files_are_called_alike(tmp_path):
    paths = [tmp_path / "anna" / "my-answers.json", tmp_path / "bo" / "my-answers.json", tmp_path / "cy.json"]
    assert _files.names(paths) == ["anna/my-answers", "bo/my-answers", "cy"]
    assert _files.names([tmp_path / "a.json", tmp_path / "a.txt"])[1] == "a.txt"


def test_a_folder_and_a_file_in_it_are_one(klass):
    found, problems = _files.find(
        [str(klass), str(klass / "s01.json"), str(klass / ".." / "in" / "s01.json")]
    )
    assert len(found) == 12
    assert problems == []


def test_a_pattern_that_the_shell_left_alone_is_resolved(klass):
    found, _ = _files.find([str(klass / "s0*.json")])
    assert len(found) == 10


@pytest.mark.skipif(os.name != "posix", reason="file names of bytes exist on POSIX only")
def test_file_names_cannot_steer_the_terminal_nor_break_the_page(tmp_path, capfd):
    folder = os.fsencode(tmp_path / "in")
    os.mkdir(folder)  # noqa: PTH102 - bytes
    for name in (b"red \x1b[31m.json", b"latin \xe9.json", b"line\nbreak.json"):
        with open(folder + b"/" + name, "wb") as file:  # noqa: PTH123 - bytes
            file.write(_transfer.dump([answer("09-a", 1.0)]).encode())
    assert main([str(tmp_path / "in"), "--html", str(tmp_path / "class.html")]) == 0
    out = capfd.readouterr().out
    assert "\x1b" not in out
    assert "red \ufffd[31m" in out
    assert "latin \ufffd" in (tmp_path / "class.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("out", "sentence"),
    [
        ("in", "is a folder; name a file in it"),
        ("in/s01.json", "is, or is called like, a record"),
        ("other.json", "is, or is called like, a record"),
        ("nowhere/class.html", "there is no folder"),
    ],
)
def test_a_page_that_cannot_be_written_is_refused_before_the_work(klass, out, sentence, capsys, tmp_path):
    before = (klass / "s01.json").read_bytes()
    assert main([str(klass), "--html", str(tmp_path / out)]) == 1
    said = capsys.readouterr()
    assert sentence in said.err
    assert said.out == ""
    assert (klass / "s01.json").read_bytes() == before


def test_help_says_what_it_does(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    out = capsys.readouterr().out
    assert "python -m mlcourse report" in out
    assert "nothing leaves this machine" in out
    assert "--html OUT" in out


@pytest.mark.parametrize(
    ("argv", "said"), [([], "FILES"), (["x", "--stuck", "0"], "'0' is not a whole number")]
)
def test_a_wrong_call_is_a_usage_error(argv, said, capsys):
    with pytest.raises(SystemExit) as caught:
        main(argv)
    assert caught.value.code == 2
    assert said in capsys.readouterr().err


def test_ctrl_c_stops_it_without_a_traceback_and_without_a_page(klass, tmp_path, monkeypatch, capsys):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(_files, "read", interrupted)
    assert main([str(klass), "--html", str(tmp_path / "class.html")]) == 130
    assert "Stopped; nothing was written." in capsys.readouterr().err
    assert not (tmp_path / "class.html").exists()


def test_many_files_show_how_far_it_is_on_a_terminal_only(klass, monkeypatch, capsys):
    monkeypatch.setattr(_report, "_MANY", 10)
    main([str(klass)])
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    main([str(klass)])
    assert capsys.readouterr().err == "\rReading 10 of 12 files\rReading 12 of 12 files\n"


COMMAND = [
    sys.executable,
    "-c",
    "import sys; from mlcourse._report import main; sys.exit(main(sys.argv[1:]))",
]


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX pipes and signals")
def test_a_pipe_that_is_closed_early_and_a_plain_ascii_terminal_do_no_harm(klass):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    with subprocess.Popen(
        [*COMMAND, str(klass)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as command:
        command.stdout.close()
        assert command.stderr.read() == b""
        assert command.wait(timeout=30) == 0
    done = subprocess.run([*COMMAND, str(klass)], capture_output=True, env=environment, check=True)
    assert b"09-a" in done.stdout


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
def test_a_real_ctrl_c_while_reading_ends_quietly(tmp_path):
    os.mkfifo(tmp_path / "never.json")
    with subprocess.Popen([*COMMAND, str(tmp_path / "never.json")], stderr=subprocess.PIPE) as command:
        time.sleep(1.0)
        command.send_signal(signal.SIGINT)
        try:
            _, errors = command.communicate(timeout=30)
        finally:
            command.kill()
        assert command.returncode == 130
    assert errors == b"\nStopped; nothing was written.\n"


def test_the_command_needs_no_machine_learning(klass):
    code = (
        "import sys; from mlcourse._report import main; main(sys.argv[1:]);"
        "print([m for m in ('tensorflow', 'keras', 'sklearn', 'IPython') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(klass)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
