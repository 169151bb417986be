"""What the static site records: the same events through the page and Python, and the exported file."""

from __future__ import annotations

import json

import pytest

from mlcourse import practice, progress, quiz
from mlcourse.quiz._payload import decode
from tests.node import in_node

PROGRAM = """
return given.map(([name, payload, events, modes]) => {
  const log = [];
  return events.flatMap((event) => {
    const rows = module.answersOf(name, payload, event, { kind: null, modes, log: [...log] });
    log.push(event);
    return rows;
  });
});
"""
FIELDS = ("item_id", "kind", "chapter", "mode", "score", "answer", "misconception")


@pytest.fixture
def record(tmp_path, monkeypatch):
    """Keep a record of its own, empty."""
    monkeypatch.setenv("MLCOURSE_HOME", str(tmp_path / "record"))
    return progress


def challenge_events(problems):
    """Return a run with right and wrong answers, a hint, a skip and a badge or none."""
    at = iter(range(1_700_000_000_000, 1_700_000_900_000, 1000))
    events = [{"do": "start", "run": 1, "clock": True, "at": next(at)}]
    for i, problem in enumerate(problems):
        right = next(a for a in problem.answers() if problem.grade(a).correct)
        wrong = next(a for a in problem.answers() if not problem.grade(a).correct)
        events.append({"do": "open", "id": problem.id, "at": next(at)})
        if i == 0:
            events += [{"do": "answer", "id": problem.id, "answer": wrong, "at": next(at)}]
            events += [{"do": "hint", "id": problem.id, "at": next(at)} for _ in range(2)]
        if i == 1:
            events += [{"do": "clock-off", "at": next(at)}, {"do": "skip", "id": problem.id, "at": next(at)}]
        else:
            events.append({"do": "answer", "id": problem.id, "answer": right, "at": next(at)})
    return events


def elements():
    """Yield (module, element, events) of every kind that records."""
    for made in (quiz.show("01"), quiz.predict("01-predict-range"), quiz.myth("00-myth-bigger")):
        answers = [
            {"id": q.id, "answer": answer} for q in made._questions for answer in list(q.answers())[:3]
        ]
        yield "quiz.mjs", made, [*answers, {"id": "01-none", "answer": 1}, {"reset": True}]
    yield "quiz.mjs", quiz.reveal("01-predict-range"), [{"id": "01-predict-range", "shown": True}]
    for made in (practice.exercise(practice.ids()[0]), practice.experiment("01-small-and-good")):
        task = made.id
        events = [
            {"id": task, "hint": 1},
            {"id": task, "hint": 99},
            {"id": task, "shown": True},
            {"id": "other", "hint": 1},
        ]
        yield "practice.mjs", made, events
    made = practice.challenge("01")
    yield "challenge.mjs", made, challenge_events(made._problems)


def payload_of(element):
    found = element._payload
    return decode(found() if callable(found) else found)


def test_the_page_records_what_python_records(record):
    cases, expected = [], []
    for module, element, events in elements():
        modes = {q["id"]: quiz.question(q["id"]).mode for q in payload_of(element).get("questions", ())}
        cases.append([module, payload_of(element), events, modes])
        before = len(record.answers())
        for event in json.loads(json.dumps(events)):
            element._told(event)
        expected.append([{name: getattr(a, name) for name in FIELDS} for a in record.answers()[before:]])
    pages = in_node("site_record.mjs", PROGRAM, cases)
    for (module, *_), page, python in zip(cases, pages, expected, strict=True):
        assert page == python, module
    kinds = {row["kind"] for rows in expected for row in rows}
    assert kinds == {
        "question",
        "prediction",
        "myth",
        "hint",
        "solution",
        "challenge-event",
        "challenge",
        "badge",
    }


STORE = """
const kept = new Map();
const store = given.full ? { getItem: () => null, setItem() { throw new Error("full"); } }
  : { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
const record = module.browserRecord(given.none ? null : store);
const answer = [0, "ä</script>"];
const about = { kind: "question", chapter: "01", mode: "recall" };
const row = { item_id: "01-x", ...about, score: 0.5, answer, misconception: null };
const now = new Date("2026-05-01T12:00:00.123Z");
for (let i = 0; i < 3; i += 1) record.add([row], now);
const other = module.browserRecord(store);
return { text: module.exported(record.all()), safe: record.safe(), others: other.all().length };
"""


@pytest.mark.parametrize(("given", "others"), [({}, 3), ({"full": True}, 0), ({"none": True}, 0)])
def test_the_exported_file_is_one_that_load_takes(record, tmp_path, given, others):
    made = in_node("site_record.mjs", STORE, given)
    path = tmp_path / "my-answers.json"
    path.write_text(made["text"], "utf-8")
    assert record.load(path).n_new == 3
    assert record.load(path).n_known == 3
    kept = record.answers()
    assert len({a.id for a in kept}) == 3
    assert [(a.item_id, a.score, a.answer) for a in kept] == [("01-x", 0.5, [0, "ä</script>"])] * 3
    assert kept[0].when.isoformat() == "2026-05-01T12:00:00.123000+00:00"
    assert made["safe"] is (given == {})
    assert made["others"] == others
    # What Python exports of the same answers is the same file, but for how it writes the moment.
    record.export(tmp_path / "python.json")
    ours, theirs = (json.loads(p.read_text("utf-8")) for p in (path, tmp_path / "python.json"))
    for row in [*ours["answers"], *theirs["answers"]]:
        del row["when"]
    assert ours == theirs
