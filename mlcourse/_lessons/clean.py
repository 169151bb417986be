"""Bring an executed notebook into the form that is committed: no widget state, no noise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbformat import NotebookNode

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
_KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}


def clean(notebook: NotebookNode) -> list[str]:
    """Strip what must not be committed, in place, and return what a person has to mend.

    Parameters
    ----------
    notebook
        An executed notebook, format 4.5.

    Returns
    -------
    list of str
        One sentence for each output that no cleaning can make fit for readers:
        errors, warnings on stderr, elements without an HTML form.
    """
    problems: list[str] = []
    notebook.metadata = type(notebook.metadata)(
        {
            "kernelspec": dict(_KERNELSPEC),
            "language_info": {"name": "python"},
            **{k: v for k, v in notebook.metadata.items() if k == "mlcourse"},
        },
    )
    for cell in notebook.cells:
        for key in ("execution", "collapsed", "scrolled", "trusted", "jupyter"):
            cell.metadata.pop(key, None)
        if "outputs" in cell:
            cell.outputs = _joined(cell.outputs)
        for output in cell.get("outputs", []):
            problem = _clean_output(output)
            if problem and not _expected(cell, output):
                problems.append(f"cell {cell.id}: {problem}")
    return problems


def _joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Return the outputs with printed text in one piece; a busy kernel sends it in several, cut at random."""
    joined: list[NotebookNode] = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            joined.append(output)
    return joined


def _expected(cell: NotebookNode, output: NotebookNode) -> bool:
    """Tell whether a lesson shows this error on purpose."""
    return output.output_type == "error" and "raises-exception" in cell.metadata.get("tags", [])


def _clean_output(output: dict[str, Any]) -> str | None:
    if output["output_type"] == "error":
        return f"{output['ename']}: {output['evalue']}"
    if output["output_type"] == "stream":
        return f"stderr says {output['text'].strip()[:200]!r}" if output["name"] == "stderr" else None
    data = output["data"]
    output["metadata"].pop(WIDGET_VIEW, None)
    if data.pop(WIDGET_VIEW, None) is not None and "text/html" not in data:
        return "a widget without an HTML form; a reader without a kernel would see nothing"
    return None
