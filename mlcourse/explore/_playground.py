"""A playground: what it shows without a kernel, and the module that brings it to life."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlcourse import _html
from mlcourse._errors import InvalidArgument, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

STATIC = Path(__file__).parents[1] / "static"
RUN = "Run this cell to play."


class Playground:
    """Something a lesson shows to play with; it is the value of the cell's last line.

    A notebook shows the live form, a page without a kernel the summary, a
    terminal the one line of `repr`.

    Parameters
    ----------
    name
        Names the module: `output_layer` is `mlcourse/static/explore_output_layer.mjs`.
    title
        The heading, and the name a screen reader lists it by.
    intro
        One or two sentences: what is here, and what to move.
    summary
        The playground at its start values as finished HTML (made with
        `mlcourse._html`), for a page without JavaScript. It is computed here,
        in Python, from the same values.
    start
        The values that the student moves, as JSON can write them; they are
        saved with the notebook.
    data
        What the module needs besides and nobody moves: names, ranges, real data.
    tries
        Things to try, one sentence each.
    """

    def __init__(
        self,
        name: str,
        *,
        title: str,
        intro: str,
        summary: str,
        start: Mapping[str, Any],
        data: Mapping[str, Any] | None = None,
        tries: Sequence[str] = (),
    ) -> None:
        module = f"explore_{name}.mjs"
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or not (STATIC / module).is_file():
            raise InvalidArgument(
                f"name is {shown(name)}, but mlcourse/static/ holds no module {shown(module)}."
            )
        self.name = name
        self.module = module
        self.title = title
        self.intro = intro
        self.summary = summary
        self.start = dict(start)
        self.data = dict(data or {})
        self.tries = tuple(tries)
        self._widget: Any = None

    def __repr__(self) -> str:
        return f"Playground {self.name}: {self.title}. Run the cell to play."

    @property
    def payload(self) -> str:
        """What travels to the browser, encoded; the same every time."""
        from mlcourse.quiz._payload import encode

        return encode(
            {
                "title": self.title,
                "intro": self.intro,
                "tries": list(self.tries),
                "start": self.start,
                "data": self.data,
            }
        )

    @property
    def widget(self) -> Any:
        """The live form, made when it is first asked for."""
        if self._widget is None:
            from mlcourse.explore._widget import make

            self._widget = make(self.module, self.payload)
        return self._widget

    @property
    def values(self) -> dict[str, Any]:
        """The values as the student has moved them, as far as the kernel has heard."""
        moved = {} if self._widget is None else self._widget.state
        return {**self.start, **moved}

    def _repr_html_(self) -> str:
        body = (
            f'<div data-mlc-module="{self.module}" data-mlc="{self.payload}">'
            f"<p><strong>{_html.escape(self.title)}</strong></p><p>{_html.escape(self.intro)}</p>"
            f"{self.summary}<p><em>{RUN}</em></p></div>"
        )
        return _html.page(body, label=self.title)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        live = self.widget._repr_mimebundle_(**kwargs)
        data, metadata = live if isinstance(live, tuple) else (live or {}, {})
        return {**data, "text/plain": repr(self), "text/html": self._repr_html_()}, metadata
