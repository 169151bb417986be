"""Every second lesson, from the first: the same digits on another kind of processor."""

from __future__ import annotations

from tests.notebooks.digits import compare, half


@half(0)
def test_another_machine_shows_the_same(path, tmp_path):
    compare(path, tmp_path)
