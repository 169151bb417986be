"""Every committed lesson keeps the house's form: ids, modes, order, clean outputs, no secrets told."""

from __future__ import annotations

import itertools
import re

import pytest

from tests.notebooks.lessons import NAMES, PATHS, ROOT, read

MODES = {"why", "deep-dive", "trace", "practice", "challenge", "experiment", "metrics", "myths", "recall"}
TAGS = {"core", "claim", "raises-exception"}

lessons = pytest.mark.parametrize("path", PATHS, ids=NAMES)


def test_there_are_lessons():
    assert "00_start_here" in NAMES
    assert "01_the_whole_pipeline" in NAMES


@lessons
def test_ids_are_unique_words_that_a_link_can_name(path):
    ids = [cell.id for cell in read(path).cells]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", i) for i in ids)


@lessons
def test_headings_of_sections_carry_a_known_mode(path):
    for cell in read(path).cells:
        mode = cell.metadata.get("mlcourse", {}).get("mode")
        if mode is not None:
            assert mode in MODES, cell.id
            assert cell.cell_type == "markdown", cell.id
            assert re.match(r"#{2,3} ", cell.source), f"{cell.id}: a mode belongs to a heading"
        assert set(cell.metadata.get("tags", [])) <= TAGS, cell.id


@lessons
def test_code_cells_are_short_and_never_touch_the_path(path):
    for cell in read(path).cells:
        if cell.cell_type == "code":
            assert cell.source.count("\n") < 25, cell.id
            assert "sys.path" not in cell.source, cell.id
            assert not cell.source.rstrip().endswith(";"), f"{cell.id}: assign what is not to be shown"


@lessons
def test_every_code_cell_was_run_once_in_order_from_a_fresh_kernel(path):
    counts = [cell.execution_count for cell in read(path).cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))


@lessons
def test_outputs_are_clean(path):
    for cell in read(path).cells:
        for output in cell.get("outputs", []):
            if "raises-exception" not in cell.metadata.get("tags", []):
                assert output.output_type != "error", cell.id
            assert output.get("name") != "stderr", cell.id
            data = output.get("data", {})
            assert not any("widget" in kind for kind in data), cell.id
            assert not data or "text/plain" in data, cell.id


@lessons
def test_no_widget_state_and_no_machine_in_the_file(path):
    notebook = read(path)
    assert set(notebook.metadata) <= {"kernelspec", "language_info", "mlcourse"}
    assert "version" not in notebook.metadata.language_info
    text = path.read_text(encoding="utf-8")
    for place in (str(ROOT), "/home/", "/tmp/", "/root/", "site-packages", "C:\\\\"):
        assert place not in text


@lessons
def test_no_answer_stands_in_clear_text(path):
    from mlcourse import quiz

    if path.parent.name != "notebooks":
        return  # tools/ asks nothing
    text = path.read_text(encoding="utf-8")
    try:
        questions = quiz.load(path.stem).questions
    except ValueError:
        pytest.fail(f"{path.stem} has no questions")
    for question in questions:
        for choice in getattr(question, "choices", ()):
            assert choice.feedback not in text, question.id
        assert question.explanation not in text, question.id


@lessons
def test_every_claim_is_an_assertion(path):
    for cell in read(path).cells:
        if "claim" in cell.metadata.get("tags", []):
            assert "assert " in cell.source, cell.id


@lessons
def test_links_between_lessons_lead_somewhere(path):
    for cell in read(path).cells:
        if cell.cell_type == "markdown":
            for target in re.findall(r"\]\(([^)#:]+\.ipynb)", cell.source):
                assert (path.parent / target).is_file(), f"{cell.id}: {target}"


def test_the_first_page_lists_every_lesson_and_each_lesson_leads_on_to_the_next():
    numbered = sorted(path for path in PATHS if re.match(r"\d\d_", path.name))
    start = "\n".join(cell.source for cell in read(numbered[0]).cells)
    for path in numbered[1:]:
        assert f"]({path.name})" in start, path.name
    for path, following in itertools.pairwise(numbered):
        assert f"]({following.name})" in read(path).cells[-1].source, path.name
