"""A class in a real JupyterHub: eight students run a lesson, and none is in another's way."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="JupyterHub does not run on Windows")

KEEP = """
from mlcourse import progress
progress.record("01-sigmoid-sum", kind="question", chapter="01", mode="recall", score=1, answer="I am {name}")
print(progress.export("{name}.json"))
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    from tests.deploy import hub as hubs

    if shutil.which("git") is None:
        lacking = "no git found: nbgitpuller hands out the lessons with it"
        pytest.fail(lacking) if os.environ.get("CI") else pytest.skip(lacking)
    folder = tmp_path_factory.mktemp("hub")
    try:
        hubs.install_proxy(folder)
    except ConnectionError as error:  # the one part that no lock of Python's brings along
        pytest.fail(str(error)) if os.environ.get("CI") else pytest.skip(str(error))
    with hubs.running(folder) as started:
        yield started


@pytest.fixture(scope="module")
def seats(hub):
    from tests.deploy import school_class

    return school_class.gather(hub)


@pytest.fixture(scope="module")
def notebook():
    from tests.deploy import school_class
    from tests.notebooks.lessons import read

    return read(school_class.ROOT / school_class.LESSON)


def test_everyone_has_run_the_lesson(seats, notebook):
    from tests.deploy import kernels

    assert len(seats) == 8
    assert {seat.student.name: kernels.differences(seat.lesson, notebook) for seat in seats} == {
        seat.student.name: [] for seat in seats
    }


def test_everyone_has_a_copy_of_the_lessons_and_a_record_of_their_own(hub, seats):
    for seat in seats:
        home = hub.home(seat.student.name)
        assert seat.record == str(home / ".mlcourse")
        assert seat.folder == str(home / "mlcourse" / "notebooks")
    for seat in seats:
        name = seat.student.name
        assert not seat.kernel.run(KEEP.format(name=name)).error
        exported = seat.student.server.ask("GET", f"api/contents/mlcourse/notebooks/{name}.json").json()
        said = [one["answer"] for one in json.loads(exported["content"])["answers"]]
        assert f"I am {name}" in said
        assert [answer for answer in said if str(answer).startswith("I am ")] == [f"I am {name}"]


def test_nobody_gets_at_another_students_server(seats):
    doors = (
        "api/contents/mlcourse",
        "api/kernels",
        "api/sessions",
        "api/terminals",
        "files/mlcourse/README.md",
    )
    for seat, other in zip(seats, [*seats[1:], seats[0]], strict=True):
        assert seat.student.server.ask("GET", "api/contents/mlcourse").status_code == 200
        theirs = seat.student.server_of(other.student.name)
        assert {door: theirs.ask("GET", door).status_code for door in doors} == dict.fromkeys(doors, 403)
        assert seat.student.api.ask("GET", f"users/{other.student.name}").status_code == 404
        assert theirs.ask("DELETE", f"api/kernels/{other.kernel.id}").status_code == 403
        stop = seat.student.api.ask("DELETE", f"users/{other.student.name}/server")
        assert stop.status_code in {403, 404}


def test_a_servers_files_end_at_the_home_folder(hub, seats):
    for seat, other in zip(seats, [*seats[1:], seats[0]], strict=True):
        name = other.student.name
        assert hub.home(name).is_dir()
        for way in (
            f"../{name}",
            f"%2e%2e/{name}",
            f"..%2f{name}/.mlcourse",
            str(hub.home(name)).lstrip("/"),
        ):
            assert seat.student.server.ask("GET", f"api/contents/{way}").status_code == 404, way


def test_one_kernel_dies_and_the_others_go_on(seats):
    from tests.deploy import school_class

    unlucky, *others = seats
    name = unlucky.student.name
    assert not unlucky.kernel.run(KEEP.format(name=name)).error
    for seat in seats:
        assert not seat.kernel.run(f"marker = '{seat.student.name}'").error
    school_class.end(unlucky.kernel_pid)
    for seat in others:
        after = seat.kernel.run("print(marker, chooser.predict(belt.test.X[:1], verbose=0).shape)")
        assert after.shown.get("stream") == f"{seat.student.name} (1, 3)\n", after
    # The server starts the kernel anew, empty; the record is as it was.
    end = time.monotonic() + 60
    state = ""
    while state != "idle" and time.monotonic() < end:
        time.sleep(0.3)
        state = unlucky.student.server.ask("GET", f"api/kernels/{unlucky.kernel.id}").json()[
            "execution_state"
        ]
    kernel = unlucky.student.server.attach(unlucky.kernel.id)
    assert kernel.run("marker").error.startswith("NameError")
    told = kernel.run("from mlcourse import progress; print([a.answer for a in progress.answers()])")
    assert f"I am {name}" in told.shown["stream"]


def test_a_restart_brings_new_lessons_and_keeps_what_the_student_wrote(hub, seats):
    from tests.deploy.hub import commit

    student = seats[-1].student
    assert not seats[-1].kernel.run(KEEP.format(name=student.name)).error
    mine = hub.home(student.name) / "mlcourse" / "notebooks" / "01_the_whole_pipeline.ipynb"
    before = mine.read_text("utf-8")
    mine.write_text(before.replace('"# ', '"# (my copy) ', 1), "utf-8")
    changed = mine.read_text("utf-8")
    assert changed != before
    (hub.lessons / "notebooks" / "17_new.ipynb").write_text("{}", "utf-8")
    commit(hub.lessons, "One more lesson")
    student.stop()
    student.start()
    found = student.server.ask("GET", "api/contents/mlcourse/notebooks").json()["content"]
    assert "17_new.ipynb" in {one["name"] for one in found}
    assert mine.read_text("utf-8") == changed
    assert (hub.home(student.name) / ".mlcourse").is_dir()


def test_a_student_takes_no_more_memory_than_the_class_is_planned_with(seats):
    from tests.deploy.hub import VALUES

    guarantee = int(VALUES["singleuser"]["memory"]["guarantee"].removesuffix("G")) * 1000
    took = {seat.student.name: round(seat.megabytes()) for seat in seats[1:-1]}
    assert max(took.values()) < guarantee, took
