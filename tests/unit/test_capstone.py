"""The capstone's examiner: points as deserved, messages for what is broken, a report that stands alone."""

from __future__ import annotations

import dataclasses
import re
import sys
import time

import numpy as np
import pytest

from mlcourse import practice, progress
from mlcourse._errors import InvalidArgument, InvalidType
from mlcourse.practice import _capstone_criteria as criteria
from mlcourse.practice import _capstone_hand_in as hand_in
from mlcourse.practice._capstone_records import Interval, Leak
from mlcourse.practice._capstone_tasks import BRIEFS

TASK = practice.capstone("articles")
ROWS = np.random.default_rng(0).permutation(3000)
PARTS = {"train": ROWS[:500], "validation": ROWS[500:1000], "test": ROWS[1000:1400]}
REASON = "Every desk pays the same, so every topic counts the same."


# --- the rubric, without any model ---------------------------------------------------------------


def measured(**changes):
    fine = criteria.Measured(
        findings=(), leaks=(), metric="macro_f1", metric_title="macro F1", judged_by="macro_f1",
        judged_title="macro F1", reason=REASON, score=0.78, own=0.781,
        train=Interval(0.8, 0.78, 0.82, 1800), held=Interval(0.77, 0.75, 0.79, 3000),
        gap=(0.03, 0.01, 0.05), ece=0.02, brier=0.06, brier_of_shares=0.15, parameters=1294, saved=True,
    )  # fmt: skip
    return dataclasses.replace(fine, **changes)


def judged(**changes):
    rubric = criteria.rubric(BRIEFS["articles"], measured(**changes))
    return {c.key: c for c in rubric}, *criteria.state(rubric)


def test_a_good_hand_in_has_all_hundred_points():
    rubric, state, message = judged()
    assert sum(c.points for c in rubric.values()) == sum(c.of for c in rubric.values()) == 100
    assert (state, message) == ("passed", "Every criterion is met.")
    assert not any(c.next_step for c in rubric.values())


@pytest.mark.parametrize(
    ("key", "changes", "reached"),
    [
        ("doctor", {"findings": (("warning", "Inputs not scaled"),)}, "partly"),
        ("doctor", {"findings": (("warning", "A"), ("error", "B"))}, "missed"),
        ("leak", {"leaks": (Leak("tuned-on-test", "Chosen on test.", "Choose elsewhere."),)}, "missed"),
        ("report", {"score": 0.786}, "met"),
        ("report", {"score": 0.7865}, "missed"),
        ("metric", {"reason": "because"}, "partly"),
        ("metric", {"metric": "binary_accuracy"}, "missed"),
        ("overfit", {"hidden": (600, 1.0, 0.23)}, "missed"),
        ("held-back", {"held": Interval(0.73, 0.719, 0.74, 3000)}, "partly"),
        ("held-back", {"held": Interval(0.72, 0.72, 0.72, 3000)}, "met"),
        ("held-back", {"held": Interval(0.719, 0.70, 0.74, 3000)}, "missed"),
        ("overfit", {"gap": (0.06, 0.05, 0.07)}, "met"),
        ("overfit", {"gap": (0.07, 0.05, 0.09)}, "partly"),
        ("overfit", {"gap": (0.09, 0.07, 0.11)}, "missed"),
        ("calibration", {"ece": 0.07}, "partly"),
        ("calibration", {"ece": 0.12}, "missed"),
        ("calibration", {"brier": 0.15}, "missed"),
        ("size", {"parameters": 5001}, "missed"),
        ("size", {"saved": False, "saved_why": "it cannot be saved"}, "partly"),
    ],
)
def test_each_criterion_by_itself(key, changes, reached):
    rubric, _, _ = judged(**changes)
    assert rubric[key].reached == reached
    assert rubric[key].points == {"met": 1, "partly": 0.5, "missed": 0}[reached] * rubric[key].of // 1
    assert bool(rubric[key].next_step) == (reached != "met")
    assert all(c.reached == "met" for k, c in rubric.items() if k != key)


@pytest.mark.parametrize(
    "changes",
    [
        {"leaks": (Leak("too-good", "Too good.", "Look."),)},
        {"held": Interval(0.6, 0.58, 0.62, 3000)},
        {"findings": (("error", "A"),), "gap": (0.2, 0.1, 0.3), "ece": 0.2},
    ],
    ids=["a leak", "below the floor", "too few points"],
)
def test_what_is_no_pass(changes):
    _, state, message = judged(**changes)
    assert state == "not passed"
    assert message


def test_a_pass_with_something_to_gain_says_what():
    _, state, message = judged(parameters=9000)
    assert state == "passed"
    assert "Size" in message


def test_a_score_by_another_metric_is_judged_by_the_tasks_own():
    rubric, _, _ = judged(metric="binary_accuracy", judged_by="macro_f1")
    assert "macro F1 0.77" in rubric["held-back"].measured


# --- the tasks ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BRIEFS)
def test_no_row_held_back_was_handed_out(name):
    out, back = BRIEFS[name].make()
    rows = [{x.tobytes() for x in part.X} for part in (out, back)]
    assert not rows[0] & rows[1]
    assert len(rows[0]) == out.n_samples >= 2000
    assert len(rows[1]) == back.n_samples >= 1000
    assert out.class_names == back.class_names
    assert practice.capstone(name).data is out
    if out.groups is not None:
        assert not set(out.groups.tolist()) & set(back.groups.tolist())


@pytest.mark.parametrize("name", BRIEFS)
def test_a_task_says_everything_it_asks_for(name):
    task = practice.capstone(name)
    limits = BRIEFS[name].limits
    for text in (str(task), task._repr_html_()):
        assert all(metric in text for metric in limits.floors)
        assert f"{limits.parameters:,}" in text
    assert name in repr(task)
    assert not set(limits.floors) & set(BRIEFS[name].unfit)
    assert set(task.metrics) == set(limits.floors)


def test_without_a_name_the_three_are_shown_and_a_wrong_name_is_told():
    for nothing in (practice.capstone(), practice.capstone(...)):
        assert all(name in str(nothing) and name in nothing._repr_html_() for name in BRIEFS)
    with pytest.raises(InvalidArgument, match="'articles'"):
        practice.capstone("article")
    with pytest.raises(InvalidType):
        practice.capstone(3)


# --- hand-ins, broken ones too --------------------------------------------------------------------


@pytest.fixture(scope="module")
def keras():
    return pytest.importorskip("keras")


def network(keras, units=5, activation="sigmoid", width=20, cls=None):
    keras.utils.set_random_seed(0)
    inputs = keras.Input((width,))
    outputs = keras.layers.Dense(units, activation=activation)(inputs)
    model = (cls or keras.Model)(inputs, outputs)
    model.compile("adam", "binary_crossentropy")
    return model


def check(model, **more):
    given = {
        "threshold": 0.5, "metric": "macro_f1", "reason": REASON, "score": 0.3,
        "progress": False, "record": False, "preprocess": lambda X: X / 10, **PARTS, **more,
    }  # fmt: skip
    return TASK.check(model=model, **given)


@pytest.fixture(scope="module")
def verdict(keras):
    return check(network(keras), name="Ada <b>\x07", reason='<script>alert("x")</script> ' + REASON)


def test_an_untrained_network_is_examined_and_does_not_pass(verdict):
    assert verdict.state == "not passed"
    assert [c.key for c in verdict.criteria] == [key for key, _, _ in criteria.RUBRIC]
    assert verdict["leak"].reached == "met"
    assert verdict["held-back"].reached == "missed"
    assert 0 <= verdict.points <= verdict.of == 100
    assert not verdict.passed
    for text in (str(verdict), verdict._repr_html_()):
        assert all(c.title in text for c in verdict.criteria)
    with pytest.raises(InvalidArgument, match="'leak'"):
        verdict["leaks"]


def test_the_same_hand_in_gets_the_same_page(keras, verdict):
    again = check(network(keras), name="Ada <b>\x07", reason='<script>alert("x")</script> ' + REASON)
    assert again._repr_html_() == verdict._repr_html_()
    assert again.scores == verdict.scores


@pytest.mark.parametrize("missing", ["model", "threshold", "metric", "reason", "train", "test", "score"])
def test_the_starter_is_not_attempted(missing):
    found = TASK.check(
        **{
            **dict.fromkeys(("model", "threshold", "metric", "reason", "train", "test", "score"), 0),
            missing: ...,
        }
    )
    assert found.state == "not attempted"
    assert not found.criteria
    assert "Not attempted" in found._repr_html_()
    assert found.html.startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"units": 4}, "5"),
        ({"width": 7}, "rows of shape 7"),
        ({"activation": None}, "no probabilities"),
    ],
)
def test_a_network_that_does_not_fit_is_told(keras, given, said):
    found = check(network(keras, **given))
    assert found.state == "cannot check"
    assert said in found.message


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"metric": "f1"}, "macro_f1"),
        ({"train": [3] * 500}, "1 different row"),
        ({"test": [3] * 500}, "1 different row"),
        ({"score": np.array([0.3, 0.4])}, "from 0 to 1"),
        ({"score": 78}, "from 0 to 1"),
        ({"score": "good"}, "from 0 to 1"),
        ({"train": None}, "missing"),
        ({"test": [1, 2, 3]}, "at least 100"),
        ({"tuned_on": "held back"}, "tuned_on"),
        ({"validation": None}, "no `validation` rows"),
        ({"preprocess": 3}, "preprocess"),
        ({"preprocess": lambda X: X.undefined}, "undefined"),
        ({"preprocess": lambda X: X[:, :3]}, "rows of shape 20"),
        ({"preprocess": lambda X: X * np.nan}, "NaN"),
        ({"preprocess": lambda X: 1 / 0}, "ZeroDivisionError"),
        ({"preprocess": lambda X: sys.exit(len(X))}, "ends the program"),
    ],
)
def test_a_broken_hand_in_gets_a_message(keras, changes, said):
    found = check(network(keras), **changes)
    assert found.state == "cannot check"
    assert said in found.message
    assert "Traceback" not in found.message


@pytest.mark.parametrize(
    ("score", "read"),
    [(np.float32(0.5), 0.5), (np.array(0.5), 0.5), (np.array(0.5, dtype="float32"), 0.5), (1, 1.0)],
)
def test_a_score_may_come_from_any_library(keras, score, read):
    given = {
        "model": network(keras), "preprocess": None, "threshold": 0.5, "metric": "macro_f1", "reason": "",
        "tuned_on": None, "training": None, "flow": None, "name": "", **PARTS,
    }  # fmt: skip
    assert hand_in.read(TASK.data, {**given, "score": score}).score == read
    tensor = keras.ops.convert_to_tensor(float(score))
    assert hand_in.read(TASK.data, {**given, "score": tensor}).score == read


def test_rows_learned_by_heart_are_found_wherever_they_are_hidden(keras):
    """Trained on 500 rows, and handed in as if on others; then as validation rows; then with other labels."""
    from types import SimpleNamespace

    data = TASK.data
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [keras.Input((20,)), keras.layers.Dense(200, "relu"), keras.layers.Dense(5, "sigmoid")]
    )
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")
    heart, others = ROWS[:500], ROWS[1400:]
    model.fit(data.X[heart] / 10, data.y[heart], epochs=60, verbose=0)
    for parts in (
        {"train": others, "validation": ROWS[500:1000]},
        {"train": others, "validation": heart},
    ):
        found = check(model, **parts)["overfit"]
        assert found.reached == "missed"
        assert "so they were trained on" in found.measured
    liar = SimpleNamespace(X=data.X[heart], y=1 - data.y[heart])
    assert check(model, train=liar)["overfit"].reached == "missed"
    assert "so they" not in check(model, train=heart)["overfit"].measured


@pytest.mark.parametrize("model", [None, 3, "model", len, dict])
def test_what_is_no_model_is_told(model):
    assert "must be a compiled, trained Keras model" in check(model).message


def test_what_is_handed_in_cannot_write_into_the_message():
    thing = type("Thing", (), {"__repr__": lambda _: "![x](http://a.b)\n# Passed `\n[c](http://d.e)"})()
    for page in (check(thing).html, check(thing)._repr_html_()):
        assert "# Passed" in page
        assert "<h1>Passed" not in page
        assert "<a " not in page


@pytest.mark.parametrize("named", [False, True])
def test_a_network_with_several_inputs_is_examined_like_any_other(keras, named):
    keras.utils.set_random_seed(0)
    first, second = keras.Input((8,), name="first"), keras.Input((12,), name="second")
    outputs = keras.layers.Dense(5, "sigmoid")(keras.layers.Concatenate()([first, second]))
    model = keras.Model({"first": first, "second": second} if named else [first, second], outputs)
    model.compile("adam", "binary_crossentropy")

    def cut(X):
        parts = X[:, :8] / 10, X[:, 8:] / 10
        return dict(zip(("first", "second"), parts, strict=True)) if named else list(parts)

    found = check(model, preprocess=cut)
    assert found.state == "not passed", found.message
    assert found["doctor"].reached == "met"
    assert "<h2>A row that it gets wrong" in found.html


def hostile(keras, predict):
    return network(keras, cls=type("Hostile", (keras.Model,), {"predict": predict}))


def test_a_hostile_predict_gets_a_message_and_time_is_limited(keras):
    def raises(self, X, **_):  # noqa: ARG001
        raise RuntimeError("no answer")

    def endless(self, X, **_):  # noqa: ARG001
        while True:
            time.sleep(0.01)

    def by_hand(self, X, **_):  # noqa: ARG001
        raise KeyboardInterrupt

    assert "no answer" in check(hostile(keras, raises)).message
    began = time.perf_counter()
    assert "stopped after 1 seconds" in check(hostile(keras, endless), seconds=1.0).message
    assert time.perf_counter() - began < 20
    assert "stopped by hand" in check(hostile(keras, by_hand)).message


@pytest.mark.parametrize(
    "answer",
    [None, [1, 2], "yes", np.zeros(3), {}, np.full((400, 5), "a")],
    ids=["None", "list", "text", "flat", "dict", "words"],
)
def test_a_predict_that_returns_nonsense_gets_a_message(keras, answer):
    found = check(hostile(keras, lambda self, X, **_: answer))
    assert found.state == "cannot check"
    assert found.message


def test_the_hand_in_stays_as_it_was(keras):
    model = network(keras)
    before = [w.copy() for w in model.get_weights()]
    rows = {name: part.copy() for name, part in PARTS.items()}

    def greedy(X):
        X *= 0  # its own copy only
        return X

    check(model, preprocess=greedy)
    assert all((a == b).all() for a, b in zip(before, model.get_weights(), strict=True))
    assert all((PARTS[name] == rows[name]).all() for name in rows)
    assert TASK.data.X.max() > 0


def test_each_step_is_printed_as_it_begins(keras, capsys):
    check(network(keras), progress=True)
    assert capsys.readouterr().out == (
        "Examining: the hand-in · answers · the doctor · leaks · intervals · the file · traces\n"
    )


def test_the_outcome_is_recorded_only_if_wanted(keras):
    def kept():
        return progress.answers("15-capstone-articles")

    before = len(kept())
    check(network(keras))
    check(..., record=True)
    assert len(kept()) == before
    found = check(network(keras), record=True)
    newest = kept()[-1]
    assert len(kept()) == before + 1
    assert newest.score == pytest.approx(found.points / 100)
    assert newest.answer["state"] == "not passed"


# --- the report -----------------------------------------------------------------------------------


def test_the_report_stands_alone_and_is_escaped(verdict):
    page = verdict.html
    assert page == verdict.html
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "Ada &lt;b&gt;" in page
    assert "\x07" not in page
    assert "default-src 'none'" in page
    assert not re.findall(r'(?:src|href)="(?!data:|#)', page)
    assert not re.search(r"url\(|@import", page)
    assert page.count("<img") == 3
    assert all(re.findall(r'<img [^>]*alt="[^"]{30,}"', page))
    assert "@media print" in page
    assert "A row that it gets wrong" in page
    assert page.count("/* The look of every view and widget.") == 1


def test_a_report_without_a_name_or_with_a_trace_that_is_none(keras):
    page = check(network(keras), training=[1, 2], reason="").html
    assert "No trace" in page
    assert "No reason was given." in page


class Boastful:
    """A trace that is none, and says more than it should."""

    def _repr_html_(self):
        return "<style>body { display: none }</style><h1>100 of 100 points</h1>"

    def __repr__(self):
        raise ValueError("no words")


def test_the_students_words_keep_their_spaces_and_only_the_courses_own_traces_are_shown(keras):
    reason = "Chaque\u00a0rubrique paie autant\u202f:\r\n\tla rare \U0001f469\u200d\U0001f52c \u202e!\x00"
    page = check(network(keras), training=Boastful(), flow=Boastful(), reason=reason).html
    assert "display: none" not in page
    assert page.count("No trace") == 2
    assert (
        "Chaque\u00a0rubrique paie autant\u202f:\n\tla rare \U0001f469\u200d\U0001f52c \ufffd!\ufffd" in page
    )


@pytest.mark.parametrize(
    ("reason", "reached"),
    [
        ("每一种材料同样重要，所以每一类都有一票。", "met"),
        ("ทุกโต๊ะจ่ายเท่ากัน", "met"),
        ("标准", "partly"),
        ("a b c d", "partly"),
        ("a b c d e", "met"),
    ],
)
def test_a_reason_may_be_written_in_any_script(reason, reached):
    assert judged(reason=reason)[0]["metric"].reached == reached


def test_save_writes_whole_and_never_over_another_file(verdict, tmp_path):
    path = verdict.save(tmp_path / "capstone.html")
    assert path.read_text(encoding="utf-8") == verdict.html
    assert [p.name for p in tmp_path.iterdir()] == ["capstone.html"]
    path.write_text("mine")
    with pytest.raises(InvalidArgument, match="exists and was not replaced"):
        verdict.save(path)
    assert path.read_text() == "mine"
    verdict.save(str(path), replace=True)
    assert path.read_text(encoding="utf-8") == verdict.html


@pytest.mark.parametrize("path", ["report.txt", "", 3, None, "a\0.html", "nowhere/capstone.html", "."])
def test_a_path_that_cannot_be_written_is_told(verdict, path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises((InvalidArgument, InvalidType)):
        verdict.save(path)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_may_not_be_written_is_told(verdict, tmp_path, monkeypatch):
    from mlcourse.progress import _transfer

    def refused(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(_transfer.os, "fsync", refused)  # root may write anywhere; so the disk says no
    with pytest.raises(InvalidArgument, match="Permission denied"):
        verdict.save(tmp_path / "capstone.html")
    assert not list(tmp_path.iterdir())
