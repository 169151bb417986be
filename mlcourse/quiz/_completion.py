"""The completion page: what a student did, as one HTML file to print or to keep."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mlcourse import _html
from mlcourse._errors import InvalidArgument, InvalidType, shown
from mlcourse._text import count, listed
from mlcourse.quiz._final_result import FinalResult, results
from mlcourse.quiz._final_text import date, parts

if TYPE_CHECKING:
    import os

    from mlcourse.progress._summary import Summary

_NAME: Final = 100
"""Most characters of a name on the page."""
_MARK: Final = '<meta name="generator" content="mlcourse completion">'
"""By which an earlier page is known, which may be replaced."""
_STYLE: Final = """
:root { color-scheme: light dark; }
body { margin: 0 auto; padding: 1.5rem; max-width: 60rem; background: #fff; color: #1a1a1a;
  font-family: system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .3em; } h2 { font-size: 1.15rem; margin: 1.4em 0 .3em; }
.mlc .name { font-size: 1.25rem; overflow-wrap: anywhere; } .mlc th, .mlc td { overflow-wrap: break-word; }
@media (prefers-color-scheme: dark) {
  body { background: #14171a; color: #e8e8e8; }
  .mlc { --mlc-accent: #7cb7ff; --mlc-good: #6fdc8c; --mlc-bad: #ff9d94; --mlc-warn: #ffc857; }
}
@media print { body { max-width: none; padding: 0; background: #fff; color: #000; }
  .mlc tr, .mlc li { break-inside: avoid; } .mlc h2 { break-after: avoid; } }
"""
# No script is ever needed; the policy makes sure that none in a name could run.
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


_NO_PROOF: Final = (
    "This page was written by the student's own copy of the course, from the record on that machine. "
    "It tells what was done; it is no proof of who did it."
)


@dataclass(frozen=True)
class Completion:
    """What `completion` did.

    Attributes
    ----------
    path : str or None
        The file that was written; None if there was nothing to put on it.
    """

    path: str | None

    def __repr__(self) -> str:
        return f"Completion({self.path!r})"

    def __str__(self) -> str:
        if self.path is None:
            return "Nothing is recorded yet, so no page was written: answer a question in a lesson first."
        return f"Written to {self.path}: open it in a browser, and print it or keep it."

    def _repr_html_(self) -> str:
        return _html.page(f"<p>{_html.escape(self)}</p>", label="Completion page")


def completion(
    path: str | os.PathLike[str] = "completion.html", *, name: str = "", now: datetime | None = None
) -> Completion:
    """Write a page that says what was done: one HTML file, without script or network, fit to print.

    It holds, by lesson and by mode, what the record says was done, the badges,
    and the newest final test with its date and seed. It is the student's own
    account: the page says itself that it proves nobody's identity.

    Parameters
    ----------
    path
        Where to write. An earlier completion page is replaced, any other file is not.
    name
        The name to put on it, if the student wants one. It is written into this file and nowhere else.
    now
        The moment to date it; by default the present.

    Raises
    ------
    InvalidArgument, InvalidType
        If the name is no text of one line, or the file cannot be written.
    """
    from mlcourse import progress

    called = _called(name)
    summary = progress.summary(now)
    tests = results()
    if not summary.n_answers and not tests:  # a final handed in without an answer is something, too
        return Completion(None)
    target = _target(path)
    newest = tests[-1] if tests else None
    _write(target, str(path), page(summary, newest, called, now or datetime.now(timezone.utc)))
    return Completion(str(path))


def page(summary: Summary, result: FinalResult | None, name: str, now: datetime) -> str:
    """Return the whole page; pure, but for the titles that the bank knows."""
    from mlcourse.progress._summary import MODES
    from mlcourse.progress._summary_view import percent

    whole = summary.whole
    of = "" if whole.total is None else f" of {whole.total}"
    score = "" if whole.score is None else f" The newest answers score {percent(whole.score)}."
    tried = f", in {count(summary.n_answers, 'answer')}"
    done = [
        f"<h1>What was done in the course</h1><p>Classification: one label and many, {date(now)}</p>",
        f'<p class="name" dir="auto"><strong>{_html.escape(name)}</strong></p>' if name else "",
        f"<p>{whole.done}{of} questions, exercises and experiments done{tried}.{score}</p>",
    ]
    if summary.badges:
        done.append(f"<p>Badges: {_html.escape(listed(summary.badges))}.</p>")
    final = ["<p>No final test has been handed in.</p>"] if result is None else parts(result, links=False)
    modes: dict[str, list[int]] = {mode: [0, 0] for mode in MODES}
    rows = []
    for chapter in summary.chapters:
        title = _html.escape(f"{chapter.chapter} {chapter.title}".strip())
        total = "" if chapter.whole.total is None else f" of {chapter.whole.total}"
        share = "–" if chapter.whole.score is None else percent(chapter.whole.score)
        rows.append([title, f"{chapter.whole.done}{total}", share])
        for mode, part in chapter.modes.items():
            counts = modes.setdefault(mode, [0, 0])
            counts[0] += part.done
            counts[1] += part.total or part.done
    by_mode = [
        [_html.escape(MODES.get(mode, mode or "other")), f"{a} of {b}"] for mode, (a, b) in modes.items() if b
    ]
    body = [
        *done,
        "<h2>Final test</h2>",
        *final,
        "<h2>By lesson</h2>",
        _html.table(
            ["Lesson", "Done", "Score"], rows, caption="Done, and score of the newest answers", numeric=(1, 2)
        ),
        "<h2>By mode</h2>",
        _html.table(["Mode", "Done"], by_mode, caption="The nine ways in", numeric=(1,)),
        f'<p class="soft">{_NO_PROOF}</p>',
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">{_MARK}'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>What was done in the course</title><style>{_html.style()}{_STYLE}</style></head>"
        f'<body><main class="mlc">{"".join(body)}</main></body></html>\n'
    )


def _called(name: str) -> str:
    if not isinstance(name, str):
        raise InvalidType(f"name is {shown(name)}, but must be a text, such as 'Ada Lovelace'.")
    plain = re.sub(r"\s+", " ", name).strip()
    if len(plain) > _NAME:
        raise InvalidArgument(f"name has {len(plain)} characters, but must have {_NAME} at most.")
    # Control characters, half characters and marks that turn the writing round cannot be part of a name.
    return "".join(c if c.isprintable() else "\ufffd" for c in plain)


def _target(path: str | os.PathLike[str]) -> Path:
    try:
        target = Path(path).expanduser()
    except RuntimeError as error:  # "~" of somebody who is not there
        raise InvalidArgument(f"{path} cannot be written: {error}") from error
    except TypeError as error:
        raise InvalidType(
            f"path is {shown(path)}, but must be a file name such as 'completion.html'."
        ) from error
    try:
        if target.is_dir():
            raise InvalidArgument(f"{path} is a folder; name a file in it, e.g. 'completion.html'.")
        if target.exists() and not _is_ours(target):
            raise InvalidArgument(
                f"{path} exists and is no completion page, so it was not replaced; choose another name."
            )
    except (OSError, ValueError) as error:
        if isinstance(error, InvalidArgument):
            raise
        raise InvalidArgument(f"{path} cannot be written: {error}.") from error
    return target


def _is_ours(target: Path) -> bool:
    """Return whether a file is an earlier page; its beginning tells, and a pipe or device is never read."""
    if not target.is_file():
        return False
    with target.open("rb") as file:
        return _MARK.encode() in file.read(2000)


def _write(target: Path, given: str, text: str) -> None:
    from mlcourse.progress._transfer import write

    try:
        write(target, text)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        why = getattr(error, "strerror", None) or error
        raise InvalidArgument(f"{given} cannot be written: {why}.") from error
