"""The static site: its pages, links and pictures, and the folder it is made in."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import urllib.request
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

import nbformat
import pytest

from mlcourse import quiz
from mlcourse._cli import environment
from mlcourse._cli import site as command
from mlcourse._cli.faults import Fault
from mlcourse._errors import InvalidArgument
from mlcourse._site import _assets
from mlcourse._site._build import MARK, BrokenLinks, build
from mlcourse._site._lesson import headings, read_all
from tests.node import node

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


def markdown(name, text):
    return nbformat.v4.new_markdown_cell(text, id=name)


def code(name, text, *outputs):
    return nbformat.v4.new_code_cell(text, id=name, outputs=list(outputs))


def shown(**data):
    bundle = {kind.replace("_", "/"): value for kind, value in data.items()}
    return nbformat.v4.new_output("display_data", data=bundle)


def course(folder, **notebooks):
    """Write a course of these notebooks (lists of cells) and return its folder."""
    for name, cells in notebooks.items():
        path = folder / "notebooks" / f"{name.replace('__', '/')}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return folder


def page_of(tmp_path, *cells, page="a.html", **others):
    build(course(tmp_path, a=list(cells), **others), tmp_path / "site")
    return (tmp_path / "site" / page).read_text("utf-8")


class Reader(HTMLParser):
    """Collects a page's ids, addresses and pictures."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.loaded, self.images = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if "id" in found:
            self.ids.append(found["id"])
        if tag in {"a", "form"}:
            self.links += [found[name] for name in ("href", "action") if name in found]
        elif tag in {"img", "script", "link", "iframe", "source", "video", "audio", "object", "embed"}:
            self.loaded += [found[name] for name in ("src", "href", "data", "srcset") if name in found]
        if tag == "img":
            self.images.append(found)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Build the course's own site once."""
    folder = tmp_path_factory.mktemp("whole") / "site"
    build(environment.ROOT, folder)
    return folder


@pytest.fixture(scope="module")
def pages(site):
    return {
        path.relative_to(site).as_posix(): Reader(path.read_text("utf-8"))
        for path in sorted(site.rglob("*.html"))
    }


def test_every_lesson_is_a_page_and_every_cell_has_its_place(pages):
    lessons = read_all(environment.ROOT / "notebooks")
    assert len(lessons) >= 13
    assert set(pages) == {lesson.page for lesson in lessons} | {"index.html", "search.html"}
    for lesson in lessons:
        ids = pages[lesson.page].ids
        assert len(ids) == len(set(ids)), f"{lesson.page} uses an id twice"
        assert lesson.anchors <= set(ids)


def test_every_address_and_fragment_of_the_site_leads_somewhere(site, pages):
    checked = 0
    for name, page in pages.items():
        for address in [*page.links, *page.loaded]:
            parts = urlsplit(address)
            if parts.scheme in {"http", "https", "data"}:
                continue
            assert not parts.scheme, f"{name} links to {address}"
            target = unquote(urlsplit(urljoin(f"/{name}", address)).path).lstrip("/")
            assert (site / target).is_file(), f"{name} links to {address}"
            if parts.fragment:
                assert unquote(parts.fragment) in pages[target].ids, f"{name} links to {address}"
            checked += 1
    assert checked > 500


def test_nothing_is_loaded_from_elsewhere(site, pages):
    for name, page in pages.items():
        for address in page.loaded:
            assert urlsplit(address).scheme in {"", "data"}, f"{name} loads {address}"
            assert not address.startswith("//")
    for sheet in site.rglob("*.css"):
        assert not re.search(r"@import|url\(", sheet.read_text("utf-8"))


def test_every_picture_says_in_words_what_it_shows(pages):
    images = [image for page in pages.values() for image in page.images]
    assert len(images) > 10
    assert all(len(image["alt"]) > 20 for image in images)


def test_the_side_bar_names_the_modes_of_the_lesson(site):
    text = (site / "01_the_whole_pipeline.html").read_text("utf-8")
    nav = text.partition('<nav id="site-nav"')[2].partition("</nav>")[0]
    words = re.sub(r"<[^>]+>", "\n", nav)
    places = [
        words.index(f"\n{name}\n")
        for name in ("Why", "Deep dive", "Trace", "Practise", "Challenge", "Experiment", "Measure", "Recall")
    ]
    assert places == sorted(places)
    assert 'href="#recall"' in nav


def test_each_script_is_whole_and_refers_to_no_module(site):
    scripts = sorted((site / "assets").glob("*.js"))
    assert len(scripts) > 10
    for script in scripts:
        text = script.read_text("utf-8")
        assert not re.search(r"^(import|export) ", text, re.MULTILINE), script.name
        done = subprocess.run([node(), "--check", str(script)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_links_between_notebooks_lead_to_pages_and_cells(tmp_path):
    text = page_of(
        tmp_path,
        markdown("start", "# A\n[page](b.ipynb) [cell](b.ipynb#cell-id=there) [heading](b.ipynb#Two-words)"),
        markdown("more", "[mine](#start) [deep](tools/c.ipynb) [web](https://example.org/x.ipynb) `b.ipynb`"),
        b=[markdown("there", "# B"), markdown("two", "## Two words")],
        tools__c=[markdown("c", "# C\n[back](../a.ipynb#start)")],
    )
    expected = [
        "b.html",
        "b.html#there",
        "b.html#two",
        "#start",
        "tools/c.html",
        "https://example.org/x.ipynb",
    ]
    body = Reader(text.partition('<div class="cell')[2].partition('<nav class="turn"')[0])
    assert body.links == expected
    assert "<code>b.ipynb</code>" in text
    deep = (tmp_path / "site/tools/c.html").read_text("utf-8")
    assert "../a.html#start" in Reader(deep).links
    assert 'href="../assets/site.css' in deep


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("b.ipynb", "a.ipynb links to b.ipynb, which is not there"),
        ("#nowhere", "a.ipynb links to a.ipynb#nowhere, a place that is not in it"),
        ("../../outside.txt", "a.ipynb links to ../../outside.txt, which is not there"),
    ],
)
def test_a_link_that_leads_nowhere_stops_the_build_and_leaves_the_old_site(tmp_path, link, told):
    (tmp_path / "outside.txt").write_text("secret")
    root = course(tmp_path / "course", a=[markdown("start", "# Old")])
    build(root, tmp_path / "site")
    course(root, a=[markdown("start", f"# New\n[x]({link})")])
    with pytest.raises(BrokenLinks, match=re.escape(told)):
        build(root, tmp_path / "site")
    assert ">Old</h1>" in (tmp_path / "site/a.html").read_text("utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["course", "outside.txt", "site"]


def test_a_file_beside_the_notebooks_comes_along(tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks/app.py").write_text("print()")
    text = page_of(tmp_path, markdown("start", "# A\n[the file](app.py)"))
    assert "files/notebooks/app.py" in Reader(text).links
    assert (tmp_path / "site/files/notebooks/app.py").read_text() == "print()"


def test_outputs_in_the_order_of_preference_and_escaped(tmp_path):
    stream = [
        nbformat.v4.new_output("stream", name="stdout", text=part) for part in ("a\x1b[31m<b", ">\x1b[0m\n")
    ]
    text = page_of(
        tmp_path,
        markdown("start", "# A\n\n$a<b$ and\n\n```python\nx = '<i>'\n```"),
        code("out", "1 < 2", *stream, shown(text_html="<b>bold</b>", text_plain="never seen")),
        code("plain", "3", shown(text_plain="<plain>")),
        code("figure", "4", shown(image_png=PIXEL, text_plain="Figure: A grey pixel & no more.")),
    )
    assert "<pre><code>a&lt;b&gt;</code></pre><b>bold</b>" in text
    assert "never seen" not in text
    assert "<code>&lt;plain&gt;</code>" in text
    assert "<math" in text
    assert "<i>" not in text
    (image,) = Reader(text).images
    assert image["alt"] == "A grey pixel & no more."
    assert image["src"].startswith("images/")
    assert (tmp_path / "site" / image["src"]).read_bytes()[1:4] == b"PNG"


def test_a_picture_has_its_height_before_it_is_loaded(tmp_path):
    text = page_of(
        tmp_path,
        markdown("start", "# A"),
        code(
            "figure",
            "4",
            shown(text_html=f'<img src="data:image/png;base64,{PIXEL}" width="42" alt="A dot">'),
        ),
    )
    (image,) = Reader(text).images
    assert (image["width"], image["height"], image["loading"]) == ("42", "42", "lazy")


def test_a_formula_that_cannot_be_shown_names_its_cell(tmp_path):
    text = page_of(tmp_path / "fine", markdown("start", r"# A $\bigl| x \bigr|$"))
    assert "<math" in text
    with pytest.raises(InvalidArgument, match=r"a\.ipynb, cell start: the math '.*href"):
        page_of(tmp_path / "bad", markdown("start", r"# A $\href{https://x.y}{z}$"))


def test_a_comment_in_code_is_no_heading():
    assert headings("# One *two*\n```python\n# not me\n```\n### `three` four") == [
        (1, "One two"),
        (3, "three four"),
    ]


def test_an_element_gets_a_key_and_the_record_its_questions_modes(tmp_path):
    element = quiz.predict("01-predict-range")
    playground = '<div data-mlc-module="explore_loss.mjs" data-mlc="e30="></div>'
    text = page_of(
        tmp_path,
        markdown("start", "# A"),
        code("ask", "quiz.predict()", shown(text_html=element._repr_html_())),
        code("play", "explore.loss()", shown(text_html=playground)),
        code("test", "quiz.diagnose()", shown(text_html=quiz.diagnose()._repr_html_())),
    )
    assert 'data-mlc-key="a.ipynb#play" data-mlc="e30="' in text
    assert text.count('data-mlc-kind="diagnosis"') == 1
    assert 'src="assets/quiz.js' in text
    assert 'src="assets/explore_loss.js' in text
    modes = json.loads(re.search(r'id="site-modes">(.*?)</script>', text)[1])
    assert modes["01-predict-range"] == quiz.load("01").predictions[0].mode
    assert "<style>" not in text


# The folder


def test_a_new_build_replaces_the_old_one_whole(tmp_path):
    root = course(tmp_path / "course", a=[markdown("start", "# A")], b=[markdown("start", "# B")])
    build(root, tmp_path / "site")
    (root / "notebooks/b.ipynb").unlink()
    told = []
    made = build(root, tmp_path / "site", say=told.append)
    assert not (tmp_path / "site/b.html").exists()
    assert made.pages == 3
    assert made.size > 10_000
    assert len(told) == 1
    assert told[0].startswith("[1/1] a.html")


def test_a_folder_with_something_else_is_left_alone(tmp_path):
    root = course(tmp_path / "course", a=[markdown("start", "# A")])
    (tmp_path / "home").mkdir()
    (tmp_path / "home/thesis.txt").write_text("mine")
    with pytest.raises(InvalidArgument, match="something else in it, so nothing was written"):
        build(root, tmp_path / "home")
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["thesis.txt"]
    (tmp_path / "empty").mkdir()
    build(root, tmp_path / "empty")
    assert (tmp_path / "empty" / MARK).is_file()
    with pytest.raises(InvalidArgument, match="is a file"):
        build(root, tmp_path / "home/thesis.txt")


def test_an_interrupted_build_leaves_the_old_site_and_no_rest(tmp_path):
    root = course(tmp_path / "course", a=[markdown("start", "# A")])
    build(root, tmp_path / "out" / "site")
    before = (tmp_path / "out/site/a.html").read_text()

    def stop(_):
        raise KeyboardInterrupt

    course(root, a=[markdown("start", "# Changed")])
    with pytest.raises(KeyboardInterrupt):
        build(root, tmp_path / "out" / "site", say=stop)
    assert (tmp_path / "out/site/a.html").read_text() == before
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["site"]


def test_the_command_says_what_it_made_and_turns_faults_into_sentences(tmp_path, monkeypatch, capsys):
    root = course(tmp_path / "course", a=[markdown("start", "# A")])
    monkeypatch.setattr(environment, "ROOT", root)
    assert command.run(["--output", str(tmp_path / "site")]) == 0
    out, err = capsys.readouterr()
    assert "3 pages" in out
    assert str(tmp_path / "site") in out
    assert "[1/1] a.html" in err
    with pytest.raises(Fault, match="something else"):
        command.run(["--output", str(tmp_path)])
    with pytest.raises(Fault, match=r"must be like https://github\.com/OWNER/NAME"):
        command.run(["--output", str(tmp_path / "site"), "--repository", "git@github.com:a/b.git"])
    with pytest.raises(InvalidArgument, match="holds no lessons"):
        build(tmp_path, tmp_path / "new")


SERVE = """
import sys
from pathlib import Path
from mlcourse._cli import environment, site
environment.ROOT = Path(sys.argv[1])
sys.exit(site.run(["--output", sys.argv[2], "--serve"]))
"""


def test_serve_shows_the_site_until_control_c(tmp_path):
    root = course(tmp_path / "course", a=[markdown("start", "# A")])
    running = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(root), str(tmp_path / "site")],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        lines = [running.stdout.readline() for _ in range(2)]
        address = lines[1].split()[0]
        with urllib.request.urlopen(f"{address}assets/site.js", timeout=20) as answer:
            assert "javascript" in answer.headers["Content-Type"]
        running.send_signal(signal.SIGINT)
        assert running.wait(20) == 0
    finally:
        running.kill()
        running.stdout.close()


def test_a_bundle_gives_its_default_export_under_its_name():
    text = _assets.script("quiz.mjs")
    assert text.startswith("(() => {")
    assert '["quiz.mjs"] = { default: asModule }' in text
    assert "mlcourseModules" not in _assets.script("site_theme.mjs")
