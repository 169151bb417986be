"""Cleaning an executed notebook: printed text in one piece, the order of everything else kept."""

from __future__ import annotations

from nbformat import v4

from mlcourse._lessons.clean import clean


def printed(text, name="stdout"):
    return v4.new_output("stream", name=name, text=text)


def test_text_that_a_busy_kernel_sent_in_pieces_is_joined():
    shown = v4.new_output("execute_result", data={"text/plain": "1"}, execution_count=1)
    cell = v4.new_code_cell("f()", id="a", outputs=[printed("x\n"), printed("y\n"), shown, printed("z\n")])
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell("text", id="b"), cell])
    assert clean(notebook) == []
    assert [o.get("text") for o in notebook.cells[1].outputs] == ["x\ny\n", None, "z\n"]


def test_stdout_and_stderr_stay_apart():
    outputs = [printed("x\n"), printed("oh\n", "stderr"), printed("y\n")]
    notebook = v4.new_notebook(cells=[v4.new_code_cell("f()", id="a", outputs=outputs)])
    assert clean(notebook) == ["cell a: stderr says 'oh'"]
    assert [o.text for o in notebook.cells[0].outputs] == ["x\n", "oh\n", "y\n"]
