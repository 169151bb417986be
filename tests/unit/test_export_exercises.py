"""What `export-exercises` writes judges every answer that the bank knows as the lesson does."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import types
from pathlib import Path

import numpy as np
import pytest

from mlcourse._exchange import _exercises, _otter
from mlcourse.practice import _bank
from mlcourse.practice._records import Case, Exercise
from mlcourse.practice._run import define, run, surroundings


def cells_of(made):
    (notebook,) = (text for name, text in made.files.items() if name.endswith(".ipynb"))
    return ["".join(cell["source"]) for cell in json.loads(notebook)["cells"]]


def judges_of(made):
    """Return each question's tests: pairs of a function and whether it is hidden."""
    helper = types.ModuleType("course_check")
    sys.modules["course_check"] = helper  # where dataclasses look for the names in annotations
    exec(made.files[_otter.HELPER], helper.__dict__)
    found = {}
    for cell in cells_of(made):
        if cell.startswith("# BEGIN QUESTION"):
            name = cell.split("name: ")[1].split("\n")[0]
            found[name] = []
        if cell.startswith('""" # BEGIN TEST CONFIG'):
            space = {}
            exec(cell, space)
            (test,) = (value for key, value in space.items() if key.startswith("test_"))
            found[name].append((test, "hidden: true" in cell))
    return found


@pytest.fixture(autouse=True)
def _no_helper_stays():
    yield
    sys.modules.pop("course_check", None)


def passes(task, code, tests):
    space = surroundings(task.setup)
    ran = run(lambda: define(code, task.name, space), 10)
    if ran.raised:
        return False
    return all(run(lambda test=test: test(ran.value), 10).raised is None for test, _ in tests)


@pytest.mark.parametrize("chapter", _bank.chapters())
def test_right_answers_pass_and_known_mistakes_do_not(chapter):
    made = _exercises.assignment(chapter, "x")
    tests = judges_of(made)
    tasks = [task for task in _bank.tasks(chapter) if isinstance(task, Exercise)]
    assert len(tests) == made.points == len(tasks) - len(made.left_out)
    for task in tasks:
        if task.id in made.left_out:
            continue
        these = tests[_otter.question_name(task)]
        for code in (task.solution, *task.alternatives):
            assert passes(task, code, these), f"{task.id}: a right answer gets no point\n{code}"
        assert not passes(task, task.starter, these), f"{task.id}: the starter gets the point"
        for mistake in task.mistakes:
            assert not passes(task, mistake.code, these), f"{task.id}: {mistake.id} gets the point"


def test_only_what_cannot_be_written_is_left_out():
    left_out = {}
    for chapter in _bank.chapters():
        left_out |= _exercises.assignment(chapter, "x").left_out
    assert set(left_out) == {"02-powerset", "03-label-sets", "07-ablate", "07-flip", "11-folds"}
    assert left_out["02-powerset"] == "its check looks at more than what a function returns"
    assert left_out["07-flip"] == "it passes or returns a function, which cannot be written down"


def test_one_case_is_in_sight_unless_it_is_part_of_the_answer():
    made = _exercises.assignment("05", "x", ["05-choose", "05-cost"])
    tests = judges_of(made)
    assert [hidden for _, hidden in tests["q05_cost"]] == [False, True, True, True, True, True]
    assert [hidden for _, hidden in tests["q05_choose"]] == [False, True, True, True]
    blanks, _ = tests["q05_choose"][0]
    blanks(lambda kind: "anything")
    with pytest.raises(AssertionError, match="blank"):
        blanks(lambda kind: (..., ...))
    with pytest.raises(AssertionError, match="no such function"):
        blanks(None)
    assert "sigmoid" not in cells_of(made)[cells_of(made).index("# BEGIN TESTS") + 1]


def test_a_wrong_answer_is_told_what_is_wrong():
    (tests,) = judges_of(_exercises.assignment("05", "x", ["05-cost"])).values()
    test = next(
        test for test, hidden in tests if hidden and "the article of the lesson" in test.__code__.co_consts
    )
    with pytest.raises(AssertionError, match=r"For the article of the lesson: .*should be 0\.1054"):
        test(lambda y, p: np.abs(y - p))

    def in_place(y, p):
        cost = -y * np.log(p) - (1 - y) * np.log(1 - p)
        p[0] = 0.5
        return cost

    with pytest.raises(AssertionError, match="changes what it was given"):
        test(in_place)


@pytest.mark.parametrize(
    "value",
    [
        3,
        True,
        None,
        "a 'text'\n",
        0.1 + 0.2,
        -math.inf,
        [1, (2.5,), {"a": [None]}],
        (),
        np.float32(0.1),
        np.bool_(True),  # noqa: FBT003 - NumPy's own
        np.int16(-3),
        np.array(2.5),
        np.array([[1.5, -np.inf], [1e-300, 0.1]]),
        np.array([], dtype=np.int8),
        np.zeros((2, 0, 3)),
        np.array(["a", "bcd"]),
        np.array([True, False]),
        np.arange(6, dtype=np.uint8).reshape(2, 3),
    ],
    ids=repr,
)
def test_a_value_comes_back_as_it_was(value):
    again = eval(_otter.literal(value), {"np": np})
    assert type(again) is type(value)
    if isinstance(value, np.ndarray | np.generic):
        assert again.dtype == value.dtype
        assert again.shape == value.shape
        assert again.tobytes() == value.tobytes()
    else:
        assert again == value


def test_nan_comes_back():
    assert math.isnan(eval(_otter.literal(math.nan)))
    assert np.isnan(eval(_otter.literal(np.array([np.nan, 1.0])), {"np": np})).tolist() == [True, False]


@pytest.mark.parametrize("value", [object(), print, {1, 2}, np.array([None]), 1j])
def test_what_cannot_be_written_is_refused(value):
    with pytest.raises(_otter.CannotWrite):
        _otter.literal([value])


def made_up(**changes):
    fields = {
        "id": "05-double",
        "title": "Double",
        "level": 3,
        "concept": "doubling",
        "prompt": "Double it.",
        "name": "double",
        "cases": lambda rng: [Case(rng.normal(size=3))],
        "starter": "def double(x):\n    ...",
        "hints": (),
        "solution": "def double(x):\n    return 2 * x",
        "explanation": "",
        "alternatives": (),
        "mistakes": (),
    }
    return Exercise(**{**fields, **changes})


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"prompt": "Look at the # SOLUTION."}, "its text holds a mark that Otter reads as its own"),
        (
            {"starter": 'def double(x):\n    """Double."""'},
            "its text holds a mark that Otter reads as its own",
        ),
        ({"solution": "def double(x):\n    raise ValueError"}, "its reference solution raises an exception"),
        ({"takes": "model"}, "its check looks at more than what a function returns"),
    ],
)
def test_what_otter_would_spoil_is_left_out(changes, reason):
    made = _otter.write("A title", "x", [made_up(**changes)])
    assert (made.points, made.left_out) == (0, {"05-double": reason})


def test_a_check_below_takes_the_place_of_the_lessons_own():
    text = "\n".join(cells_of(_exercises.assignment("05", "x")))
    assert "run the cell, then the check below." in text
    assert "practice." not in text


def test_the_command(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert _exercises.main(["07", "--output", "a folder", "--only", "07-flip", "--only", "07-unit"]) == 0
    told = capsys.readouterr().out
    assert f"1 exercise, one point: {Path('a folder', 'exercises_07.ipynb')}" in told
    assert "Left out: 07-flip (it passes" in told
    assert "otter assign 'a folder" in told
    assert sorted(path.name for path in (tmp_path / "a folder").iterdir()) == [
        "course_check.py",
        "exercises_07.ipynb",
    ]
    assert _exercises.main(["07", "--output", "a folder"]) == 1
    assert "is there already; name another folder, or add --replace." in capsys.readouterr().err
    assert _exercises.main(["07", "--output", "a folder", "--replace"]) == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["99"], "chapter is '99'"),
        (["05", "--only", "05-costs"], "05-cost"),
        (["07", "--only", "07-flip"], "None of the exercises can be written: 07-flip"),
        (["05", "-o", "taken"], "taken cannot be written"),
    ],
)
def test_what_cannot_be_done_is_told(arguments, words, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").write_text("a file")
    assert _exercises.main(arguments) == 1
    assert words in capsys.readouterr().err


def test_the_helper_needs_numpy_alone(tmp_path):
    made = _exercises.assignment("05", "x", ["05-cost"])
    (tmp_path / _otter.HELPER).write_text(made.files[_otter.HELPER], "utf-8")
    program = (
        "import sys; sys.modules['mlcourse'] = None; sys.path.insert(0, '.')\n"
        "import numpy as np, course_check\n"
        "course_check.check(np.sqrt, (np.array([4.0]),), np.array([2.0]))"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=tmp_path)
