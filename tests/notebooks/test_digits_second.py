"""Every second lesson, from the second: the same digits on another kind of processor."""

from __future__ import annotations

from tests.notebooks.digits import compare, half


@half(1)
def test_another_machine_shows_the_same(path, tmp_path):
    compare(path, tmp_path)
