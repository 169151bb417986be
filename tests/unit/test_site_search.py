"""The static site's search: what its index holds, and how the page ranks and shows what it finds."""

from __future__ import annotations

import nbformat
from nbformat.v4 import new_code_cell as code
from nbformat.v4 import new_markdown_cell as markdown

from mlcourse._cli.environment import ROOT
from mlcourse._site import _search
from mlcourse._site._lesson import read_all
from tests.node import in_node


def found(index, query):
    program = "return module.search(given[0], given[1]).map((one) => [one.section.url, one.pieces])"
    return in_node("site_search.mjs", program, [index, query])


def test_search_knows_prose_and_code_by_section(tmp_path):
    cells = [
        markdown("# A\nAbout *softmax* and $p$.", id="start"),
        markdown("## Thresholds\nWhere `p > 0.5` is a [yes](#start).", id="two"),
        code("binary_crossentropy(y, p)", id="run"),
        code('from mlcourse import quiz\n\nquiz.myth("01-x")', id="call"),
        code('print("seen")\nquiz.myth("01-x")', id="both"),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "a.ipynb")
    entries = _search.entries(read_all(tmp_path))
    assert [(entry["url"], entry["title"]) for entry in entries] == [
        ("a.html", "A"),
        ("a.html#two", "Thresholds"),
    ]
    assert entries[0]["text"] == "About softmax and p."
    assert (
        entries[1]["text"]
        == 'Where p > 0.5 is a yes. binary_crossentropy(y, p) print("seen") quiz.myth("01-x")'
    )


def test_search_ranks_titles_first_wants_every_word_and_marks_them():
    index = [
        {"url": "a", "page": "P", "title": "Other", "text": "a threshold and a threshold and Softmax"},
        {"url": "b", "page": "P", "title": "Thresholds", "text": "nothing"},
        {"url": "c", "page": "P", "title": "Naïve", "text": "prethreshold"},
    ]
    assert [url for url, _ in found(index, "threshold")] == ["b", "a"]
    ((url, pieces),) = found(index, "SOFT thresh")
    assert url == "a"
    assert [piece["text"] for piece in pieces if piece["hit"]] == ["thresh", "thresh", "Soft"]
    assert [url for url, _ in found(index, "naive")] == ["c"]
    assert found(index, " .*( ") == []


def test_the_courses_own_sections_are_found():
    index = _search.entries(read_all(ROOT / "notebooks"))
    urls = [url for url, _ in found(index, "softmax sigmoid")]
    assert any(url.startswith("04_the_output_layer.html#") for url in urls[:5])
    assert found(index, "label smoothing")[0][0].startswith("05_the_loss.html#")


def test_an_excerpt_holds_whole_words():
    text = " ".join(f"word{i}" for i in range(200))
    ((_, pieces),) = found([{"url": "a", "page": "", "title": "", "text": text}], "word100")
    words = "".join(piece["text"] for piece in pieces).strip("… ").split()
    assert set(words) <= set(text.split())
    assert 10 < len(words) < 60
