"""The reference page says what the docstrings say."""

from __future__ import annotations

from mlcourse._lessons import reference


def test_the_reference_page_is_made_from_the_present_docstrings():
    now = reference.PAGE.read_text(encoding="utf-8")
    assert now == reference.page(), "run: python3 -m mlcourse reference"
