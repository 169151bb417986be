"""A lesson's exercises as an otter-grader assignment: handed out without solutions, handed in, graded."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from mlcourse._exchange import _exercises
from mlcourse.practice import _bank
from mlcourse.practice._records import Exercise

LESSON = "05"
TASKS = [task for task in _bank.tasks(LESSON) if isinstance(task, Exercise)]
STEM = f"exercises_{LESSON}"


def run(*arguments, cwd):
    done = subprocess.run(
        [sys.executable, "-m", *map(str, arguments)],
        cwd=cwd,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return the folder with what the two commands of the teacher's guide make."""
    folder = tmp_path_factory.mktemp("otter")
    assert _exercises.main([LESSON, "--output", str(folder / "loss")]) == 0
    # This grades the reference solutions, too, and fails unless they get every point.
    run("otter", "assign", f"loss/{STEM}.ipynb", "loss/dist", cwd=folder)
    return folder


@pytest.fixture(scope="module")
def student(folder):
    return folder / "loss" / "dist" / "student"


def sources(path):
    return ["".join(cell["source"]) for cell in json.loads(path.read_text("utf-8"))["cells"]]


def handed_in(student, to, answers):
    """Write the hand-in of a student who replaced these starters, by the exercises' ids."""
    notebook = json.loads((student / f"{STEM}.ipynb").read_text("utf-8"))
    left = {task.starter.strip(): answers[task.id] for task in TASKS if task.id in answers}
    for cell in notebook["cells"]:
        code = left.pop("".join(cell["source"]), None)
        if code is not None:
            cell["source"] = code
    assert not left, "every starter stands in the students' version"
    to.parent.mkdir()
    to.write_text(json.dumps(notebook), "utf-8")
    return to


def grade(folder, path):
    """Return the points by question, as `otter run` gives them."""
    (autograder,) = (folder / "loss" / "dist" / "autograder").glob("*.zip")
    run("otter", "run", path, "-a", autograder, "-o", path.parent, "--no-logo", cwd=path.parent)
    results = json.loads((path.parent / "results.json").read_text("utf-8"))
    return {one["name"]: (one["score"], one["max_score"]) for one in results["tests"] if "score" in one}


def question(task):
    return f"q{task.id}".replace("-", "_")


def test_the_students_version_asks_everything_and_answers_nothing(student):
    assert sorted(path.name for path in student.iterdir()) == ["course_check.py", f"{STEM}.ipynb"]
    cells = sources(student / f"{STEM}.ipynb")
    for task in TASKS:
        assert cells.count(task.starter.strip()) == 1
        assert f'grader.check("{question(task)}")' in cells
    # JSON's own escapes would hide a line; the tests travel in the metadata.
    notebook = json.loads((student / f"{STEM}.ipynb").read_text("utf-8"))
    handed_out = "\n".join(
        [
            *cells,
            *notebook["metadata"]["otter"]["tests"].values(),
            (student / "course_check.py").read_text("utf-8"),
        ]
    )
    # A bug to find stands in working code, which may be a step of another exercise; docs/teaching.md says so.
    known = {line.strip() for task in TASKS for line in task.starter.splitlines()}
    for task in TASKS:
        assert task.solution.strip() not in handed_out
        codes = (task.solution, *task.alternatives, *(mistake.code for mistake in task.mistakes))
        for line in {line.strip() for code in codes for line in code.splitlines()} - known:
            assert len(line) < 12 or line not in handed_out, f"{task.id}: {line!r} is handed out"
        assert not any(hint in handed_out for hint in task.hints)
        assert task.explanation.strip() not in handed_out
    assert "hidden=True" not in handed_out
    assert "SOLUTION" not in handed_out
    # Nothing of the course comes along that could hold an answer, in clear or encoded.
    assert "mlcourse" not in handed_out
    assert not re.search(r"[A-Za-z0-9+/=]{60,}", handed_out)
    assert not any(cell.get("outputs") for cell in notebook["cells"])
    assert set(notebook["metadata"]) == {"kernelspec", "language_info", "otter"}


def test_what_is_hidden_is_in_the_autograder_alone(folder, student):
    hidden = "truth such as 2"  # the note of a case of 05-choose, whose answer is a line of the solution
    tests = json.loads((student / f"{STEM}.ipynb").read_text("utf-8"))["metadata"]["otter"]["tests"]
    assert hidden not in tests["q05_choose"]
    assert "sparse_categorical_crossentropy" not in json.dumps(tests)
    (autograder,) = (folder / "loss" / "dist" / "autograder").glob("*.ipynb")
    assert any("sparse_categorical_crossentropy" in cell for cell in sources(autograder))


def test_right_half_and_empty_hand_ins_get_all_half_and_no_points(folder, student, tmp_path):
    # Right, and written differently from the reference; wrong as students are known to be wrong.
    right = {task.id: task.alternatives[-1].strip() for task in TASKS}
    wrong = {task.id: task.mistakes[0].code.strip() for task in TASKS}
    half = {task.id: (wrong if n % 2 else right)[task.id] for n, task in enumerate(TASKS)}
    hand_ins = [
        handed_in(student, tmp_path / name / f"{STEM}.ipynb", answers)
        for name, answers in [("right", right), ("half", half), ("empty", {})]
    ]
    with ThreadPoolExecutor(len(hand_ins)) as pool:
        all_right, half_right, empty = pool.map(lambda path: grade(folder, path), hand_ins)
    assert all_right == {question(task): (1, 1) for task in TASKS}
    assert half_right == {question(task): (0 if n % 2 else 1, 1) for n, task in enumerate(TASKS)}
    assert empty == {question(task): (0, 1) for task in TASKS}


def test_a_student_sees_the_check_below_a_question(student, tmp_path):
    first, second = TASKS[0], TASKS[2]
    answers = {first.id: first.solution.strip(), second.id: second.mistakes[0].code.strip()}
    path = handed_in(student, tmp_path / "desk" / f"{STEM}.ipynb", answers)
    (path.parent / "course_check.py").write_text((student / "course_check.py").read_text("utf-8"), "utf-8")
    run("nbconvert", "--to", "notebook", "--execute", "--inplace", path, cwd=path.parent)
    shown = {
        "".join(cell["source"]): "".join(
            "".join(output.get("data", {}).get("text/plain", output.get("text", "")))
            for output in cell.get("outputs", ())
        )
        for cell in json.loads(path.read_text("utf-8"))["cells"]
    }
    assert "All test cases passed!" in shown[f'grader.check("{question(first)}")']
    assert "AssertionError: It is" in shown[f'grader.check("{question(second)}")']
    assert "ellipsis" in shown[f'grader.check("{question(TASKS[3])}")'].lower(), (
        "a blank is named as what it is"
    )
