"""The source material, walked through: what its pages name is taught or corrected in a cell that exists."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FILES = sorted((Path(__file__).parent / "sources").glob("*.yaml"))
MODES = {"why", "deep-dive", "trace", "practice", "challenge", "experiment", "metrics", "myths", "recall"}
KINDS = {
    *("stage", "layer", "step", "idea", "example", "observation"),
    *("metric", "myth", "pitfall", "takeaway", "question"),
}
VERDICTS = ("taught", "corrected", "missing")

files = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


@cache
def modes_of(lesson: str) -> dict[str, str]:
    """Return the mode of each cell's section, by cell id; "" before the first."""
    (path,) = (ROOT / "notebooks").glob(f"{lesson}_*.ipynb")
    found, mode = {}, ""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        mode = cell["metadata"].get("mlcourse", {}).get("mode", mode)
        found[cell["id"]] = mode
    return found


def entries(path):
    source = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [(page, item) for page in source["pages"] for item in page["items"]]


def places(item):
    """Return (lesson, cell, mode or None) for each place an item names."""
    for place in (*item.get("taught", ()), *item.get("corrected", ())):
        where, _, mode = place.partition("/")
        lesson, _, cell = where.partition(":")
        yield lesson, cell, mode or None


@files
def test_a_list_says_what_it_is_about(path):
    source = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(source) == {"site", "topic", "address", "pages"}
    for page in source["pages"]:
        assert (
            {"page", "title", "stored", "items"} <= set(page) <= {"page", "title", "stored", "items", "mode"}
        )
        assert page["stored"] in {"whole", "beginning"}, page["title"]
        assert page.get("mode", "why") in MODES, page["title"]
        assert page["items"], page["title"]


@files
def test_every_item_has_one_verdict_and_is_short_and_in_our_own_words(path):
    for page, item in entries(path):
        where = f"{page['title']}: {item.get('says')}"
        assert item["kind"] in KINDS, where
        assert sum(verdict in item for verdict in VERDICTS) == 1, where
        assert ("how" in item) == ("corrected" in item), f"{where}: say how the course corrects it"
        assert set(item) <= {"kind", "says", "how", *VERDICTS}, where
        assert 3 <= len(item["says"]) <= 120, where


@files
def test_every_place_exists_and_is_of_the_mode_named(path):
    for page, item in entries(path):
        for lesson, cell, mode in places(item):
            where = f"{page['title']}: {item['says']}: {lesson}:{cell}"
            known = modes_of(lesson)
            assert cell in known, f"{where}: no such cell"
            assert mode is None or (mode in MODES and known[cell] == mode), f"{where} is of {known[cell]!r}"


@files
def test_a_page_in_one_mode_is_answered_in_the_same_mode_at_least_once(path):
    source = yaml.safe_load(path.read_text(encoding="utf-8"))
    for page in source["pages"]:
        if "mode" in page:
            named = {mode for item in page["items"] for _, _, mode in places(item)}
            assert page["mode"] in named, f"{page['title']}: name a cell of the mode {page['mode']}"


@files
def test_what_is_missing_says_why(path):
    for page, item in entries(path):
        if "missing" in item:
            assert len(item["missing"]) > 20, f"{page['title']}: {item['says']}"


def test_the_nine_modes_of_the_source_are_answered_and_its_well_known_slips_corrected():
    everything = [(page, item) for path in FILES for page, item in entries(path)]
    assert {page["mode"] for page, _ in everything if "mode" in page} >= MODES - {"myths"}
    corrected = " ".join(item["says"] + item["how"] for _, item in everything if "corrected" in item)
    for slip in ("before it splits", "metrics=['accuracy']", "softmax into binary cross-entropy"):
        assert slip in corrected
    missing = [item for _, item in everything if "missing" in item]
    assert len(missing) <= len(everything) * 0.08, f"{len(missing)} of {len(everything)} are taught nowhere"
