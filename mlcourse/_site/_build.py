"""Makes the whole site in a folder: pages, scripts, style sheets, pictures and the search's index."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlcourse._errors import InvalidArgument
from mlcourse._site import _assets, _search
from mlcourse._site._launch import launches
from mlcourse._site._lesson import read_all
from mlcourse._site._links import Links
from mlcourse._site._render import Page, Renderer, markdown
from mlcourse.quiz._modules import STATIC

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mlcourse._site._lesson import Lesson

NAME = "Classification, traced"
MARK = "mlcourse-site.json"
"""The file that tells a folder of ours, which a new build may replace."""
TEMPLATES = Path(__file__).parent / "templates"
_NOTEBOOKS = "notebooks"
_MOST = 10  # broken links that are told at once


class BrokenLinks(InvalidArgument):
    """Links of the lessons lead nowhere; the message lists them."""


@dataclass(frozen=True)
class Built:
    """What a build made: the folder, how many pages, bytes, and seconds."""

    folder: Path
    pages: int
    size: int
    seconds: float


def _modes() -> dict[str, str]:
    """Return the mode of every question of the bank."""
    from mlcourse.quiz._bank import load, names

    return {question.id: question.mode for name in names() for question in load(name).all}


def _template_environment() -> Any:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )


def _version() -> str:
    """Return what makes a browser load scripts anew after a change, and only then."""
    digest = hashlib.sha256()
    for path in sorted([*STATIC.iterdir(), TEMPLATES / "site.css"]):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


class _Writer:
    """Writes the files of one build into its folder."""

    def __init__(self, folder: Path, lessons: Sequence[Lesson], repository: str | None, branch: str) -> None:
        self._folder = folder
        self._lessons = lessons
        self._repository = repository
        self._branch = branch
        self._environment = _template_environment()
        self._version = _version()
        self.pages = 0
        self._assets = {
            "site.css": (TEMPLATES / "site.css").read_text("utf-8"),
            "elements.css": _assets.sheet(),
            "search_index.js": _search.script(lessons),
            **{_assets.script_name(module): _assets.script(module) for module in _assets.OWN},
        }

    def put(self, place: str, content: str | bytes) -> None:
        target = self._folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)

    def assets(self, modules: set[str]) -> None:
        for module in _assets.known(modules):
            self._assets[_assets.script_name(module)] = _assets.script(module)
        for name, content in self._assets.items():
            self.put(f"assets/{name}", content)

    def page(self, template: str, place: str, **known: Any) -> None:
        text = self._environment.get_template(template).render(
            name=NAME,
            lessons=self._lessons,
            root="../" * place.count("/"),
            version=self._version,
            repository=self._repository,
            **{"lesson": None, "scripts": [], "launches": (), "description": NAME, **known},
        )
        self.put(place, text)
        self.pages += 1

    def launches(self, lesson: Lesson) -> Any:
        return launches(self._repository, self._branch, f"{_NOTEBOOKS}/{lesson.source}")

    def lesson(self, made: Page) -> None:
        from markupsafe import Markup

        lesson = made.lesson
        place = self._lessons.index(lesson)
        self.page(
            "lesson.html.j2",
            lesson.page,
            lesson=lesson,
            description=lesson.about or lesson.title,
            cells=Markup("\n".join(made.cells)),  # noqa: S704 - our own pages, escaped where they were made
            scripts=[_assets.script_name(module) for module in _assets.known(made.modules)],
            modes=Markup(json.dumps(made.modes).replace("<", "\\u003c")),  # noqa: S704
            launches=self.launches(lesson),
            before=self._lessons[place - 1] if place else None,
            after=self._lessons[place + 1] if place + 1 < len(self._lessons) else None,
        )
        for name, pixels in made.images.items():
            self.put(name, pixels)

    def frame(self) -> None:
        """Write the start page and the search."""
        from markupsafe import Markup

        first = self._lessons[0]
        intro = markdown(first.cells[0]["source"].partition("\n")[2]) if first.cells else ""
        self.page(
            "index.html.j2",
            "index.html",
            intro=Markup(intro),  # noqa: S704 - as above
            launches=self.launches(first),
            description=first.about,
        )
        self.page("search.html.j2", "search.html", scripts=["search_index.js"])


def _told(broken: Sequence[str]) -> str:
    """Return the sentences of broken links, each once, and not too many."""
    each = list(dict.fromkeys(broken))
    more = [f"… and {len(each) - _MOST} more."] if len(each) > _MOST else []
    return "\n".join(["The site was not made:", *each[:_MOST], *more])


def _check(output: Path) -> None:
    """Refuse a place where something else than a site lies."""
    if output.is_dir():
        if not (output / MARK).is_file() and any(output.iterdir()):
            raise InvalidArgument(
                f"{output} is a folder with something else in it, so nothing was written. "
                "Name an empty folder, a new one, or one that holds a site made by this command."
            )
    elif output.exists() or output.is_symlink():
        raise InvalidArgument(f"{output} is a file; name a folder for the site.")


@contextlib.contextmanager
def _draft(output: Path) -> Iterator[Path]:
    """Give a folder beside `output` that takes its place when all is well, and goes otherwise."""
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".site-", dir=output.parent) as scratch:
        draft = Path(scratch, "new")
        draft.mkdir()
        yield draft
        if output.exists():
            output.rename(Path(scratch, "old"))
        draft.rename(output)


def build(
    root: Path,
    output: Path,
    *,
    repository: str | None = None,
    branch: str = "main",
    say: Callable[[str], None] = lambda _: None,
) -> Built:
    """Make the site of the lessons below `root`.

    Parameters
    ----------
    root
        The course's folder, which holds `notebooks/`.
    output
        Where the site goes; what an earlier build left there is replaced when the new one is whole.
    repository, branch
        What Binder and Colab open; no buttons without a repository.
    say
        Told of each step in a line.

    Raises
    ------
    InvalidArgument
        If `output` holds something else, or there are no lessons.
    BrokenLinks
        If a lesson links to what is not there. Then nothing is written.
    """
    began = time.monotonic()
    _check(output)
    notebooks = root / _NOTEBOOKS
    lessons = read_all(notebooks)
    if not lessons:
        raise InvalidArgument(f"{notebooks} holds no lessons.")
    links = Links(lessons, notebooks)
    renderer = Renderer(links, _modes())
    modules: set[str] = set()
    with _draft(output.absolute()) as folder:
        writer = _Writer(folder, lessons, repository, branch)
        for i, lesson in enumerate(lessons, 1):
            started = time.monotonic()
            page = renderer.page(lesson)
            writer.lesson(page)
            modules |= page.modules
            seconds = time.monotonic() - started
            say(f"[{i:{len(str(len(lessons)))}}/{len(lessons)}] {lesson.page} ({seconds:.1f} s)")
        if links.broken:
            raise BrokenLinks(_told(links.broken))
        writer.frame()
        writer.assets(modules)
        for place, file in links.files.items():
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, folder / place)
        writer.put(MARK, json.dumps({"format": "mlcourse-site", "pages": writer.pages}) + "\n")
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Built(output, writer.pages, size, time.monotonic() - began)
