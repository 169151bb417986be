"""The static site's buttons for Binder and Colab: all from one address, none without it."""

from __future__ import annotations

import nbformat
import pytest

from mlcourse._site._build import build
from mlcourse._site._launch import configured, launches

BINDER = "https://mybinder.org/v2"
PLACE = "urlpath=lab%2Ftree%2Fnotebooks%2Fa.ipynb"


@pytest.mark.parametrize(
    ("repository", "expected"),
    [
        (None, []),
        (
            "https://github.com/o/n",
            [
                f"{BINDER}/gh/o/n/main?{PLACE}",
                "https://colab.research.google.com/github/o/n/blob/main/notebooks/a.ipynb",
            ],
        ),
        ("https://gitlab.com/g/s/n", [f"{BINDER}/gl/g%2Fs%2Fn/main?{PLACE}"]),
        ("https://git.example.org/o/n", [f"{BINDER}/git/https%3A%2F%2Fgit.example.org%2Fo%2Fn/main?{PLACE}"]),
    ],
)
def test_launch_buttons_follow_from_the_one_address(repository, expected):
    assert [launch.address for launch in launches(repository, "main", "notebooks/a.ipynb")] == expected


def test_buttons_stand_on_each_page_only_when_there_is_a_repository(tmp_path, monkeypatch):
    monkeypatch.delenv("MLCOURSE_REPOSITORY", raising=False)
    (tmp_path / "course/notebooks").mkdir(parents=True)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A", id="start")])
    nbformat.write(notebook, tmp_path / "course/notebooks/a.ipynb")
    root = tmp_path / "course"
    build(root, tmp_path / "site")
    assert "binder" not in (tmp_path / "site/a.html").read_text().lower()
    monkeypatch.setenv("MLCOURSE_REPOSITORY", "https://github.com/o/n.git/")
    assert configured(None) == "https://github.com/o/n"
    assert configured("https://gitlab.com/o/m") == "https://gitlab.com/o/m"
    build(root, tmp_path / "site", repository=configured(None), branch="v1")
    for page in ("a.html", "index.html"):
        assert "https://mybinder.org/v2/gh/o/n/v1?" in (tmp_path / "site" / page).read_text()
