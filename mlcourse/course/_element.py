"""What the course map and the path show: their HTML without a kernel, and their live form."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from mlcourse import _html

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Up to here the view depends on the lessons and the record: tests of the notebook leave it out.
END = '<span class="mlc-end"></span>'


class Element:
    """A view of the course; it is the value of the cell's last line.

    A notebook shows the live form, a page without a kernel the HTML form, a
    terminal the one line of `repr`, and `str` the whole in words.

    Parameters
    ----------
    module
        The ES module in `mlcourse/static/`.
    title
        The heading, and the name a screen reader lists it by.
    line
        What `repr` says. It depends on neither the lessons' texts nor the
        student's record: it stands in the notebook.
    words
        The whole in plain text.
    html
        Finished HTML for a page without JavaScript.
    payload
        What the module needs, as JSON can write it.
    """

    def __init__(
        self, module: str, *, title: str, line: str, words: str, html: str, payload: Mapping[str, Any]
    ) -> None:
        from mlcourse.quiz._payload import encode

        self._module = module
        self._title = title
        self._line = line
        self._words = words
        self._html = html
        self._payload = encode({"title": title, **payload})
        self._widget: Any = None

    def __repr__(self) -> str:
        return self._line

    def __str__(self) -> str:
        return self._words

    @property
    def widget(self) -> Any:
        """The live form, made when it is first asked for."""
        if self._widget is None:
            self._widget = _kind(self._module)(payload=self._payload)
        return self._widget

    def _repr_html_(self) -> str:
        body = (
            f'<div data-mlc-module="{self._module}" data-mlc-key="{self._module}" data-mlc="{self._payload}">'
            f"<p><strong>{_html.escape(self._title)}</strong></p>{self._html}{END}</div>"
        )
        return _html.page(body, label=self._title)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        live = self.widget._repr_mimebundle_(**kwargs)
        data, metadata = live if isinstance(live, tuple) else (live or {}, {})
        return {**data, "text/plain": repr(self), "text/html": self._repr_html_()}, metadata


@cache
def _kind(module: str) -> type[Any]:
    """Return the widget class of a module; anywidget reads the module's text from the class."""
    import anywidget
    import traitlets

    from mlcourse.quiz._modules import bundle, styles

    class CourseWidget(anywidget.AnyWidget):
        _esm = bundle(module)
        _css = styles("base.css", "quiz.css", "explore.css", "course.css")
        payload = traitlets.Unicode().tag(sync=True)
        state = traitlets.Dict().tag(sync=True)

    return CourseWidget
