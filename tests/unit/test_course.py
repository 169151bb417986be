"""The course map: sections and minutes from the notebooks, what fits, what is due, the path."""

from __future__ import annotations

import json
import subprocess
from datetime import datetime, timezone

import pytest

from mlcourse import course
from mlcourse._errors import InvalidArgument, InvalidType
from mlcourse.course import Course, Lesson, Section, _minutes, _plans, _read, _show
from mlcourse.course._minutes import Cell, minutes
from mlcourse.progress import Due
from mlcourse.quiz._modules import bundle
from mlcourse.quiz._payload import decode
from tests.node import in_node, node


def cell(kind, source, id="x", mode=None, tags=()):  # noqa: A002
    metadata = {"tags": list(tags)} | ({"mlcourse": {"mode": mode}} if mode else {})
    return {"cell_type": kind, "id": id, "metadata": metadata, "source": source}


NOTEBOOK = [
    cell("markdown", "# 04 · The *output* layer", "title"),
    cell("markdown", "## Why `softmax`_es\n\nshort", "why", "why"),
    cell("markdown", "text " * 400, "more"),
    cell("code", "a = 1\n" * 59 + "b", "code", tags=["core"]),
    cell("markdown", "## In between, untagged\n" + "text " * 900, "between"),
    cell("markdown", "### Playground", "play", "trace"),
    cell("code", "explore.loss()", "loss"),
    cell("markdown", "## Recall", "recall", "recall"),
]
SECTIONS = (
    Section("why", "Why softmaxes", "why", 5, 5),
    Section("play", "Playground", "trace", 2),
    Section("recall", "Recall", "recall", 1),
)


def lesson(name, *sections):
    return Lesson(name, name[3:], tuple(sections))


COURSE = Course(
    (
        lesson(
            "01_a",
            Section("w", "Why", "why", 2, 2),
            Section("d", "Deep", "deep-dive", 20, 5),
            Section("t", "Trace", "trace", 5),
            Section("c", "Challenge", "challenge", 7),
            Section("r", "Recall", "recall", 4, 3),
        ),
        lesson("02_b", Section("w", "Why", "why", 3), Section("c", "Challenge", "challenge", 6)),
        lesson("03_c", Section("d", "Deep", "deep-dive", 9)),
    )
)


def test_a_section_runs_from_its_tagged_heading_to_the_next_heading_of_a_section():
    found = _read.read("04_the_output_layer", NOTEBOOK)
    assert found == Lesson("04_the_output_layer", "The output layer", SECTIONS)
    assert (found.number, found.minutes, found.core) == ("04", 8, 5)


def test_sources_may_be_lists_of_lines():
    lines = [{**c, "source": c["source"].splitlines(keepends=True)} for c in NOTEBOOK]
    assert _read.read("04_the_output_layer", lines).sections == SECTIONS


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([Cell("markdown", "word " * 1000)], (5, 0)),
        ([Cell("code", "x\n" * 99 + "x", core=True)], (5, 5)),
        ([Cell("markdown", "one word")], (1, 0)),
        ([Cell("code", 'quiz.predict("04-predict-raise")\nquiz.myth("04-myth-sure")')] * 5, (6, 0)),
        ([Cell("code", 'quiz.show("00_start_here")')] * 4, (2, 0)),
        ([Cell("code", 'practice.exercise("04-stable")')], (4, 0)),
        ([Cell("code", 'practice.exercise("04-stable").check(f)')], (1, 0)),
        ([Cell("code", 'practice.experiment("04-none-of-them")')], (8, 0)),
        ([Cell("code", 'practice.experiment("04-none-of-them").check(sort_mail)')], (1, 0)),
        ([Cell("code", 'quiz.show("no such lesson")')], (1, 0)),
        ([Cell("raw", "word " * 5000)], (1, 0)),
        # The core path reads the text before its cells, and not the text before others.
        (
            [
                Cell("markdown", "word " * 600),
                Cell("code", "x"),
                Cell("markdown", "word " * 400),
                Cell("code", "x", core=True),
            ],
            (5, 2),
        ),
    ],
)
def test_minutes_follow_the_stated_rule(cells, expected):
    assert minutes(cells) == expected


def test_an_exercise_takes_longer_the_harder_it_is():
    from mlcourse.practice._bank import everything

    levels = {task.level: task.id for task in everything() if task.mode == "practice"}
    took = [minutes([Cell("code", f'practice.exercise("{levels[n]}")')])[0] for n in (1, 2, 3)]
    assert took == [2, 4, 6]


def test_a_challenge_takes_half_of_its_clock():
    from mlcourse import quiz

    seconds = sum(q.seconds for q in quiz.load("04").challenge)
    assert seconds > 0
    spent = minutes([Cell("code", 'practice.challenge("04")')])[0]
    assert spent == round(seconds / 120 + _minutes.LINE)


def test_the_courses_own_lessons_are_found_with_every_way_in():
    found = course.lessons()
    assert [one.number for one in found.lessons][:11] == [f"{n:02}" for n in range(1, 12)]
    for one in found.lessons[1:11]:
        assert {s.mode for s in one.sections} == set(_show.DOES), one
        assert 60 < one.minutes < 150, one
        assert 15 < one.core < 45, one
    assert found.lesson("04").title == "The output layer"
    with pytest.raises(InvalidArgument, match=r"There is no lesson '44'"):
        found.lesson("44")


def test_what_can_be_said_of_lessons_that_are_not_there(tmp_path, monkeypatch):
    with pytest.raises(InvalidArgument, match=r"no 00_start_here\.ipynb in it"):
        course.lessons(tmp_path)
    with pytest.raises(InvalidType, match="folder is 3, but must be a path"):
        course.lessons(3)
    monkeypatch.setattr(_read, "NOTEBOOKS", tmp_path / "nowhere")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidArgument, match="not beside the package"):
        course.choose()


def test_lessons_are_found_where_python_was_started(tmp_path, monkeypatch):
    monkeypatch.setattr(_read, "NOTEBOOKS", tmp_path / "nowhere")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "00_start_here.ipynb").write_text('{"cells": []}')
    (tmp_path / "04_the_output_layer.ipynb").write_text(json.dumps({"cells": NOTEBOOK}))
    assert [one.name for one in course.lessons().lessons] == ["04_the_output_layer"]


BROKEN = ["", "{}", "[]", '{"cells": [{}]}', '{"cells": [3]}', '{"cells": 3}', "[" * 100_000]


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_notebook_is_named(tmp_path, text):
    (tmp_path / "00_start_here.ipynb").write_text('{"cells": []}')
    (tmp_path / "07_x.ipynb").write_text(text)
    with pytest.raises(InvalidArgument, match=r"07_x\.ipynb cannot be read as a notebook"):
        course.lessons(tmp_path)
    with pytest.raises(InvalidArgument, match=r"07_x\.ipynb cannot be read as a notebook"):
        course.choose(tmp_path)


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_notebook_costs_the_map_that_lesson_only(tmp_path, text):
    (tmp_path / "00_start_here.ipynb").write_text('{"cells": []}')
    (tmp_path / "04_outputs_as_i_call_them.ipynb").write_text(json.dumps({"cells": NOTEBOOK}))
    (tmp_path / "07_<b>x.ipynb").write_text(text)
    shown = course.choose(tmp_path)
    data = payload(shown)["data"]
    assert [one["name"] for one in data["lessons"]] == ["04_outputs_as_i_call_them"]
    assert data["unread"][0].startswith("07_<b>x.ipynb cannot be read")
    assert "07_&lt;b&gt;x.ipynb cannot be read" in shown._repr_html_()
    assert "07_<b>x.ipynb cannot be read" in str(shown)
    assert payload(course.path(tmp_path))["lessons"][0]["name"] == "04_outputs_as_i_call_them"


def test_a_folder_with_the_start_page_alone_is_told(tmp_path):
    (tmp_path / "00_start_here.ipynb").write_text('{"cells": []}')
    with pytest.raises(InvalidArgument, match="there is no lesson with sections"):
        course.choose(tmp_path)


@pytest.mark.parametrize(
    ("time", "extent", "sections", "spent"),
    [
        (100, "whole", (0, 1, 2, 3, 4), 38),
        (38, "whole", (0, 1, 2, 3, 4), 38),
        (37, "core", (0, 1, 4), 10),
        (10, "core", (0, 1, 4), 10),
        (9, "sections", (0, 2), 7),
        (6, "sections", (0, 4), 6),
        (2, "sections", (0,), 2),
        (1, "too short", (0,), 2),
    ],
)
def test_what_fits_into_some_minutes(time, extent, sections, spent):
    plan = course.fitting(COURSE.lessons[0], time)
    assert (plan.extent, plan.sections, plan.minutes) == (extent, sections, spent)


@pytest.mark.parametrize(
    ("time", "extent", "error"),
    [(0, "too short", None), (10_000, "whole", None), (-1, None, InvalidArgument), ("20", None, InvalidType)],
)
def test_any_time_gives_a_plan_or_is_told(time, extent, error):
    if error is None:
        assert {course.fitting(one, time).extent for one in COURSE.lessons} == {extent}
        return
    with pytest.raises(error, match=r"minutes is .* must be a whole number of at least 0"):
        course.fitting(COURSE.lessons[0], time)


def test_choices_kept_from_another_version_of_the_course_are_replaced_by_what_there_is():
    data = payload(_show.chooser(COURSE))["data"]
    program = """
      const odd = [{}, { by: "magic", mode: "sleep", lesson: "99", minutes: 7 },
        { by: "minutes", minutes: "0" }, { by: "minutes", minutes: 10000 },
        { by: null, mode: [], lesson: {} }];
      return odd.map((kept) => {
        const now = module.legal(given, kept);
        return [now, module.found(given, now).rows.length];
      });
    """
    for now, rows in in_node("course.mjs", program, data):
        assert now["by"] in {"mode", "minutes"}
        assert (now["lesson"], now["minutes"]) == ("01", 5)
        assert rows > 0


def test_never_more_is_planned_than_fits():
    for one in course.lessons().lessons:
        for time in _show.TIMES:
            plan = course.fitting(one, time)
            assert (plan.minutes <= time) == (plan.extent != "too short"), (one, time)


ASKED = {"a": "01", "b": "01", "c": "02", "d": "04"}


@pytest.mark.parametrize(
    ("scores", "advice", "begin"),
    [
        ({"a": 1.0}, ["check", "main", "main"], "02_b"),
        ({"a": 1.0, "b": 0.0}, ["learn", "main", "main"], "01_a"),
        ({"a": 1.0, "b": 0.5}, ["check", "main", "main"], "02_b"),
        ({"a": 1.0, "b": 1.0, "c": 0.0}, ["check", "learn", "main"], "02_b"),
        ({"c": 0.0}, ["main", "learn", "main"], "02_b"),
        ({"d": 0.0}, ["main", "main", "main"], "01_a"),
    ],
)
def test_the_path_follows_the_first_answers(scores, advice, begin):
    path = course.suggest(COURSE, ASKED, scores)
    assert [step.advice for step in path.steps] == advice
    assert path.begin == begin
    assert path.minutes == sum(step.minutes for step in path.steps)
    assert begin in str(path)


def test_who_knows_everything_begins_at_the_end():
    path = course.suggest(COURSE, {"a": "01", "b": "02", "c": "03"}, dict.fromkeys("abc", 1.0))
    assert {step.advice for step in path.steps} == {"check"}
    assert path.begin == "03_c"


def test_without_an_answer_there_is_no_path():
    path = course.suggest(COURSE, ASKED, {})
    assert (path.steps, path.begin, path.minutes) == ((), None, 0)
    assert str(path) == "Answer the entry test first: quiz.diagnose()."
    assert repr(path) == "Path(0 lessons, begin None)"


def test_an_advice_names_its_sections_and_all_where_a_lesson_has_none_of_them():
    learn, check = course.suggest(COURSE, ASKED, {"a": 0.0, "c": 1.0}).steps[:2]
    assert (learn.sections, learn.minutes) == (("w", "d", "t", "c", "r"), 38)
    assert (check.sections, check.minutes) == (("c",), 6)
    main = course.suggest(COURSE, ASKED, {"c": 1.0}).steps
    assert (main[0].sections, main[0].minutes) == (("w", "t", "r"), 11)
    assert (main[2].sections, main[2].minutes) == (("d",), 9)


def due(chapter, mode):
    now = datetime(2026, 1, 1, tzinfo=timezone.utc)
    return Due("q", "question", chapter, mode, now, now, 0.0, missed=True, times=1)


def test_what_is_due_is_counted_where_it_was_asked():
    waiting = [
        due("02", "why"),
        due("01", "recall"),
        due("01", "recall"),
        due("01", "myths"),
        due("99", "why"),
    ]
    assert _plans.due_in(COURSE, waiting) == (("01_a", "r", 3), ("02_b", "w", 1))


def payload(element):
    return decode(element._payload)


def test_the_map_lists_what_is_due_and_says_when_nothing_is():
    assert payload(_show.chooser(COURSE))["data"]["due"] == []
    assert payload(_show.chooser(COURSE, [due("02", "why")]))["data"]["due"] == [[1, 0, 1]]


def test_the_page_without_script_links_every_way_of_every_lesson():
    html = _show.chooser(COURSE)._repr_html_()
    for target in ("01_a.ipynb", "01_a.ipynb#cell-id=d", "02_b.ipynb#cell-id=c", "03_c.ipynb#cell-id=d"):
        assert f'<a href="{target}">' in html
    assert "200 words" in html


def test_titles_are_escaped():
    odd = Course((lesson("01_a", Section("w", "<script>", "why", 1)),))
    assert "<script>" not in _show.path_view(odd, {"q": "01"}, {"q": 0.0})._repr_html_()
    assert "<script>" not in _show.chooser(odd)._repr_html_()


def test_the_words_hold_every_section():
    words = str(_show.chooser(COURSE))
    assert "01 · a: 38 minutes, core path 10 minutes" in words
    assert "Deep dive: Deep (20 min)" in words
    view = _show.path_view(COURSE, ASKED, {"a": 0.0})
    assert str(view).startswith(
        "Begin with 01_a.ipynb. Learn 01 whole. Take Why, Trace and Recall of 02 and 03."
    )


def test_what_stands_in_the_notebook_depends_on_no_lesson_and_no_record():
    assert repr(_show.chooser(COURSE)) == repr(_show.chooser(course.lessons()))
    assert repr(_show.path_view(COURSE, ASKED, {})) == repr(_show.path_view(COURSE, ASKED, {"a": 1.0}))


def test_the_path_of_the_record_takes_the_first_answers(monkeypatch):
    from mlcourse import progress, quiz

    asked = quiz.load("01").questions[:1]
    monkeypatch.setattr("mlcourse.quiz._diagnose.entry_test", lambda: asked)
    for score in (0.0, 1.0):
        progress.record(asked[0].id, kind="diagnosis", chapter="01", mode="recall", score=score)
    try:
        assert payload(course.path())["scores"] == {asked[0].id: 0.0}
        assert "Learn 01 whole" in str(course.path())
    finally:
        progress.reset(confirm=True)


def test_the_browser_advises_the_same_path():
    cases = [
        {},
        {"d": 0.0},
        *({"a": a, "b": b, "c": c} for a in (0.0, 0.5, 1.0) for b in (0.0, 1.0) for c in (0.0, 1.0)),
    ]
    sent = payload(_show.path_view(COURSE, ASKED, {}))
    made = in_node(
        "course_path.mjs",
        "return given.cases.map((s) => module.suggest(given.sent, s));",
        {"sent": sent, "cases": cases},
    )
    for scores, got in zip(cases, made, strict=True):
        path = course.suggest(COURSE, ASKED, scores)
        assert [(s["lesson"], s["advice"], s["minutes"]) for s in got["steps"]] == [
            (s.lesson, s.advice, s.minutes) for s in path.steps
        ], scores
        assert (got["begin"], got["minutes"], got["answered"]) == (path.begin, path.minutes, path.answered)


def test_the_browser_writes_minutes_as_python_does():
    given = [*range(1, 1000, 7), 59, 60, 74, 75, 90, 104, 105]
    assert in_node("course_words.mjs", "return given.map(module.hours);", given) == [
        _plans.hours(n) for n in given
    ]


def test_the_browser_finds_every_section_by_its_way_and_by_its_lesson():
    data = payload(_show.chooser(COURSE))["data"]
    program = """
      const rows = (now) => module.found(given, now).rows;
      const linked = (now) => rows(now).flatMap((row) => row.flat()).filter((part) => part.cell);
      const links = (now) => linked(now).map(({ lesson, cell }) => `${lesson}#${cell}`);
      return {
        modes: given.modes.flatMap(([mode]) => links({ by: "mode", mode })).sort(),
        lessons: given.lessons.flatMap(({ number }) => links({ by: "lesson", lesson: number })).sort(),
        times: given.times.map((minutes) => rows({ by: "minutes", minutes }).map((row) => Number(row[2]))),
        due: module.found(given, { by: "due" }),
      };
    """
    made = in_node("course.mjs", program, data)
    everything = sorted(f"{one.name}#{s.cell}" for one in COURSE.lessons for s in one.sections)
    assert made["modes"] == everything
    assert made["lessons"] == everything
    assert made["times"] == [[course.fitting(one, t).minutes for one in COURSE.lessons] for t in _show.TIMES]
    assert made["due"]["rows"] == []
    assert made["due"]["said"] == _show.NOTHING_DUE


@pytest.mark.parametrize(
    ("address", "base", "expected"),
    [
        ("/lab/tree/notebooks/00_start_here.ipynb", "/", ("notebooks/", True)),
        ("/lab/workspaces/auto-x/tree/00_start_here.ipynb", "/", ("", True)),
        ("/lab/workspaces/auto-x/tree/notebooks", "/", ("notebooks/", True)),  # after a reload
        ("/user/ann/lab/tree/my%20course/notebooks/00.ipynb", "/user/ann/", ("my course/notebooks/", True)),
        ("/doc/tree/notebooks/00.ipynb", "/", ("notebooks/", True)),
        ("/notebooks/notebooks/00.ipynb", "/", ("notebooks/", False)),
        ("/user/ann/notebooks/00.ipynb", "/user/ann/", ("", False)),
        ("/lab", "/", None),
    ],
)
def test_the_folder_is_read_from_jupyters_address(address, base, expected):
    made = in_node("course_links.mjs", "return module.jupyterFolder(given[0], given[1]);", [address, base])
    assert (made and (made["folder"], made["lab"])) == expected


def test_links_suit_the_page_they_stand_on():
    program = """
    const on = (pathname, dataset, cell) => {
      Object.assign(globalThis, { location: { pathname }, document: { documentElement: { dataset } } });
      return module.linkTo("04_x", cell, null).href;
    };
    return {
      pages: [
        on("/s/00_a.html", {}, "glue"), on("/s/00_a.html", {}), on("/s/", {}, "glue"),
        on("/x.ipynb", {}, "glue"), on("/x", { mlcLink: "../{lesson}/#{cell}" }, "glue"),
      ],
      lab: module.linkTo("04_x", "glue", { folder: "my course/", lab: true, baseUrl: "/u/" }),
      notebook: module.linkTo("04_x", "glue", { folder: "", lab: false, baseUrl: "/" }),
    };"""
    made = in_node("course_links.mjs", program, None)
    page = "04_x.html#glue"
    assert made["pages"] == [page, "04_x.html", page, _show.link("04_x", "glue"), "../04_x/#glue"]
    assert made["lab"]["href"] == "/u/lab/tree/my%20course/04_x.ipynb#cell-id=glue"
    command = json.loads(made["lab"]["data-commandlinker-args"])
    assert command == {"path": "my course/04_x.ipynb", "id": "#cell-id=glue"}
    assert made["notebook"] == {"href": "/notebooks/04_x.ipynb#cell-id=glue", "target": "_blank"}


@pytest.mark.parametrize("module", ["course.mjs", "course_path.mjs", "quiz.mjs"])
def test_the_module_is_one_valid_file_when_joined(tmp_path, module):
    path = tmp_path / "joined.mjs"
    path.write_text(bundle(module), encoding="utf-8")
    checked = subprocess.run([node(), "--check", str(path)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert not [line for line in bundle(module).splitlines() if line.startswith("import ")]
