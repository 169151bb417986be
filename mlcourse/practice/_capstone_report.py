"""The report of an examination as one HTML page: no network, no script, no other file; and its way to the disk."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mlcourse import _html
from mlcourse._errors import InvalidArgument, InvalidType, shown
from mlcourse._text import num
from mlcourse.practice import _capstone_view as view
from mlcourse.quiz._markdown import block

if TYPE_CHECKING:
    from mlcourse.practice._capstone_records import Shown, Verdict

# The page brings its own ground and follows the reader's light or dark setting; paper is always white.
_DARK: Final = "--mlc-accent: #7cb7ff; --mlc-good: #6fdc8c; --mlc-bad: #ff9d94; --mlc-warn: #ffc857;"
_STYLE: Final = f"""
:root {{ color-scheme: light dark; }}
body {{ margin: 0 auto; padding: 1.5rem; max-width: 62rem; background: #fff; color: #1a1a1a;
  font-family: system-ui, sans-serif; }}
main.mlc {{ max-width: none; font-size: 15px; }}
h1 {{ font-size: 1.6rem; margin: 0 0 .2em; }} h2 {{ font-size: 1.2rem; margin: 1.8em 0 .3em; }}
h3 {{ font-size: 1rem; margin: 1.3em 0 .3em; }}
.mlc .mlc-big {{ font-size: 1.25em; margin: .4em 0; }}
.mlc blockquote {{ margin: .4em 0; padding: .2em 1em; border-left: 4px solid var(--mlc-edge); white-space: pre-wrap; }}
.mlc figure {{ margin: .6em 0; }} .mlc figcaption {{ color: var(--mlc-soft); font-size: .92em; max-width: 44rem; }}
.mlc figure img {{ max-width: 100%; height: auto; border-radius: 4px; }}
.mlc td {{ overflow-wrap: break-word; }}
@media screen and (prefers-color-scheme: dark) {{
  body {{ background: #14171a; color: #e8e8e8; }}
  .mlc {{ {_DARK} }}
}}
@media print {{
  @page {{ margin: 16mm 14mm; }}
  :root {{ color-scheme: light; }}
  body {{ max-width: none; padding: 0; background: #fff; color: #000; }}
  main.mlc {{ font-size: 10pt; color: #000; }}
  .mlc {{ --mlc-accent: #000; --mlc-good: #000; --mlc-bad: #000; --mlc-warn: #000; --mlc-soft: #000; }}
  .mlc .scroll {{ overflow: visible; }}
  h2, h3 {{ break-after: avoid; }} .mlc blockquote {{ break-before: avoid; }} tr, figure, .mlc svg {{ break-inside: avoid; }}
}}
"""
_KEPT: Final = "\n\t\u200c\u200d"  # some scripts and emoji are joined, or kept apart, by the last two
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

_HOW: Final = """
<p>The model was asked about rows that were never handed out. The figures in brackets are 95&nbsp;% bootstrap
intervals: the rows are drawn a thousand times with replacement, and the middle 95&nbsp;% of the scores are kept
(Efron 1979). They tell how much the choice of rows matters; a new training would move the score, too. Whether the
reason for the metric is a good one is not judged by the program. Speed is not graded: it says more about the machine.</p>
"""


def page(verdict: Verdict) -> str:
    """Return the report as a whole HTML document."""
    sign, word, tone = view.head(verdict)
    parts = [
        f"<h1>Capstone: {_html.escape(verdict.title)}</h1>",
        f"<p>{_clean(verdict.name)}</p>" if verdict.name else "",
        f'<p class="mlc-big {tone}"><strong>{sign} {_html.escape(word)}</strong></p>',
        block(verdict.message),
    ]
    if verdict.criteria:
        parts += [
            "<h2>Rubric</h2>", view.rubric_table(verdict), view.next_steps(verdict), *_scores(verdict),
            *[f'<p class="soft">{_html.escape(note)}</p>' for note in verdict.notes],
            "<h2>Metric and reason</h2>", f"<p>Chosen: {_html.escape(verdict.metric)}. In the student’s words:</p>",
            f"<blockquote>{_clean(verdict.reason) or 'No reason was given.'}</blockquote>",
        ]  # fmt: skip
    if verdict.shown is not None:
        parts += [
            "<h2>On the student’s own test rows</h2>",
            *_figures(verdict.shown),
            *_traces(verdict.shown),
        ]
    parts += ["<h2>How this was examined</h2>", _HOW]
    body = "".join(parts).replace(
        f"<style>{_html.style()}</style>", ""
    )  # every view brings it; once is enough
    title = f"Capstone {verdict.task}" + (f", {_clean(verdict.name)}" if verdict.name else "")
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_html.style()}{_STYLE}</style></head>"
        f'<body><main class="mlc">{body}</main></body></html>\n'
    )


def _clean(text: str) -> str:
    """Escape the student's own words, and replace what no page can hold; line ends and spaces of any kind stay."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _html.escape(
        "".join(c if c.isprintable() or c in _KEPT or (c.isspace() and c > " ") else "\ufffd" for c in lines)
    )


def _scores(verdict: Verdict) -> list[str]:
    rows = [
        (
            _html.escape(name),
            str(score.n),
            num(score.value, 3),
            f"{num(score.low, 3)} to {num(score.high, 3)}",
        )
        for name, score in verdict.scores.items()
    ]
    return [
        _html.table(
            ("Rows", "Number", "Score", "95 % interval"), rows, caption="The same score on three sets of rows", numeric=(1, 2)
        )
    ]  # fmt: skip


def _figures(shown: Shown) -> list[str]:
    """Return the figures with their alt texts; one that cannot be drawn says so."""
    from mlcourse import plots

    names = list(shown.class_names)
    said = shown.H if shown.multilabel else shown.H.argmax(axis=1)
    wanted = (
        ("Each class or label", lambda: plots.per_class(shown.y, said, class_names=names)),
        ("Which mistakes", lambda: plots.confusion(shown.y, said, class_names=names)),
        ("Do the probabilities come true?", lambda: plots.reliability(shown.y, shown.P)),
    )
    parts = []
    for title, draw in wanted:
        parts.append(f"<h3>{title}</h3>")
        try:
            parts.append(figure(draw()))  # type: ignore[no-untyped-call]
        except (InvalidArgument, InvalidType) as error:
            parts.append(f"<p>{_html.escape(error)}</p>")
    return parts


def figure(drawn: Any) -> str:
    """Return a Matplotlib figure as HTML that holds its picture, with its alt text to be read, too."""
    from mlcourse.plots._draw._display import png

    data, width, _ = png(drawn)
    alt: str = drawn.alt
    code = base64.b64encode(data).decode("ascii")
    return (
        f'<figure><img src="data:image/png;base64,{code}" width="{width}" alt="{_html.escape(alt)}">'
        f'<figcaption aria-hidden="true">{_html.escape(alt)}</figcaption></figure>'
    )


def _traces(shown: Shown) -> list[str]:
    from mlcourse import trace

    parts = []
    for heading, found in shown.examples:
        parts.append(f"<h2>{_html.escape(heading)}</h2>")
        parts.append(f"<p>{_html.escape(found)}</p>" if isinstance(found, str) else found._repr_html_())
    for heading, found, kind in (
        ("The training", shown.training, "Training"),
        ("The data’s way", shown.flow, "DataFlow"),
    ):
        if found is not None:
            parts.append(f"<h2>{heading}</h2>")
            # Only the course's own traces: the HTML of any other thing could say anything at all, or fail.
            ours = isinstance(found, getattr(trace, kind))
            parts.append(
                found._repr_html_() if ours else f"<p>No trace: {_html.escape(shown_short(found))}.</p>"
            )
    if shown.size is not None:
        parts.append(f"<p>The saved model is a file of about {max(1, round(shown.size / 1000))} kB.</p>")
    return parts


def shown_short(value: Any) -> str:
    """Return what was handed in instead of a trace, as it is quoted in a message."""
    try:
        return f"this is {shown(value)}"
    except Exception:  # noqa: BLE001 - a thing that cannot even show itself
        return f"this is a {type(value).__name__}"


# --- to the disk --------------------------------------------------------------------------------


def save(verdict: Verdict, path: str | os.PathLike[str], *, replace: bool) -> Path:
    """Write the report, whole or not at all; see `Verdict.save`."""
    from mlcourse.progress._transfer import write

    if not isinstance(path, (str, os.PathLike)) or not str(path):
        raise InvalidType(f"path is {shown(path)}, but must be the name of a file, e.g. 'capstone.html'.")
    if not isinstance(replace, bool):
        raise InvalidType(f"replace is {shown(replace)}, but must be True or False.")
    if "\0" in str(path):
        raise InvalidArgument(f"path is {shown(path)}, but no file name can hold a zero character.")
    target = Path(path).expanduser()
    if target.suffix.lower() not in (".html", ".htm"):
        raise InvalidArgument(
            f"path is {shown(str(path))}, but must end in .html, so that a browser opens it."
        )
    if target.is_dir():
        raise InvalidArgument(
            f"{path} is a folder; name a file in it, e.g. {str(target / 'capstone.html')!r}."
        )
    if not target.parent.is_dir():
        raise InvalidArgument(f"{path} cannot be written: there is no folder {str(target.parent)!r}.")
    if target.exists() and not replace:
        raise InvalidArgument(
            f"{path} exists and was not replaced; choose another name, or say .save({str(path)!r}, replace=True)."
        )
    text = verdict.html
    try:
        write(target, text, fresh=not replace)
    except FileExistsError:
        raise InvalidArgument(f"{path} exists and was not replaced; choose another name.") from None
    except OSError as error:
        raise InvalidArgument(
            f"{path} cannot be written: {error.strerror or error}. Choose a folder that is yours."
        ) from error
    return target
