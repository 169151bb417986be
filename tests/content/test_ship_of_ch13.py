"""Lesson 13's solutions do what TensorFlow does; its service refuses, and stops, as the lesson says."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from mlcourse.practice import _bank
from mlcourse.practice._records import CannotMeasure, Exercise
from mlcourse.practice.bank import _ch13_experiment

LESSON = Path(__file__).parents[2] / "notebooks" / "13_ship_it.ipynb"


def solution(id):  # noqa: A002
    task = _bank.find(id, Exercise)
    space: dict = {}
    exec(task.setup + task.solution, space)
    return space[task.name]


def cell(id):  # noqa: A002
    cells = json.loads(LESSON.read_text(encoding="utf-8"))["cells"]
    return "".join(next(one["source"] for one in cells if one["id"] == id))


def run(source, space):
    """Run a cell as the notebook does: not under this file's `from __future__ import annotations`."""
    exec(compile(source, "cell", "exec", dont_inherit=True), space)


def test_a_grid_for_each_unit_is_tensorflows():
    import tensorflow as tf

    W = np.random.default_rng(0).normal(0, 1, (30, 4)).astype("float32") * [1, 0.1, 5, 1]
    largest = np.abs(W).max(axis=0)
    theirs = tf.quantization.fake_quant_with_min_max_vars_per_channel(
        W, min=-largest, max=largest, num_bits=8, narrow_range=True
    )
    np.testing.assert_allclose(solution("13-per-channel")(W), theirs.numpy(), atol=1e-5)
    q, scale = solution("13-quantize")(W[:, 2])
    np.testing.assert_allclose(q * scale, theirs.numpy()[:, 2], atol=1e-5)


def test_the_zero_point_is_tensorflows():
    import tensorflow as tf

    x = np.linspace(-1, 1.55, 50).astype("float32")
    scale, zero = solution("13-zero-point")(-1.0, 1.55)
    ours = (np.clip(np.round(x / scale) + zero, 0, 255) - zero) * scale
    theirs = tf.quantization.fake_quant_with_min_max_args(x, min=-1.0, max=1.55, num_bits=8)
    np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-5)


def test_the_experiment_hides_the_slips_that_the_lesson_never_shows():
    from mlcourse import datasets

    space: dict = {"np": np, "datasets": datasets, "Path": Path}
    source = cell("data").split("\n")
    start = next(i for i, line in enumerate(source) if line.startswith("digits ="))
    exec("\n".join(line for line in source[start:] if not line.startswith("plots.")), space)
    hidden, _ = _ch13_experiment._slips()["hidden"]
    test, y_test = _ch13_experiment._slips()["test"]
    np.testing.assert_array_equal(test, space["grey_test"])
    np.testing.assert_array_equal(y_test, space["y_test"])
    np.testing.assert_array_equal(hidden, space["grey"][1400:])
    assert len(space["grey_train"]) + len(test) + len(hidden) == 1797


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("small.tflite", "Hand in the LiteRT file itself"),
        (b"", "no LiteRT file"),
        (b"PK\x03\x04 a zip, not a model", "no LiteRT file"),
        (b"\x1c\0\0\0TFL3" + bytes(40), "cannot open"),
    ],
)
def test_what_is_no_litert_file_is_told(answer, message):
    with pytest.raises(CannotMeasure, match=message):
        _ch13_experiment._measure(answer)


@pytest.fixture(scope="module")
def lesson():
    """Return the lesson's service with a reader that answers 7 to everything."""
    space: dict = {"__name__": "lesson"}
    for name in ("imports-of-python", "imports"):
        run(cell(name), space)

    def signature(grey):
        return {"output_0": space["tf"].constant(np.tile(np.eye(10)[7], (len(grey), 1)))}

    space["signature"] = signature
    for name in ("contract", "large", "app", "refusals", "serving", "ask"):
        run(cell(name), space)
    return space


SLIP = [255] * 64


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({"instances": [SLIP[:63]]}, 422, "at least 64"),
        ({"instances": [[*SLIP, 1]]}, 422, "at most 64"),
        ({"instances": [[float("nan"), *SLIP[1:]]]}, 422, "finite"),
        ({"instances": [[float("inf"), *SLIP[1:]]]}, 422, "finite"),
        ({"instances": [[-1, *SLIP[1:]]]}, 422, "greater than or equal to 0"),
        ({"instances": [["255", *SLIP[1:]]]}, 422, "valid number"),
        ({"instances": [[True, *SLIP[1:]]]}, 422, "valid number"),
        ({"instances": []}, 422, "at least 1"),
        ({"instances": [SLIP] * 101}, 422, "at most 100"),
        ({"instances": [SLIP] * 2000}, 413, "64,000 bytes"),
        ({"pixels": SLIP}, 422, "Field required"),
        ([SLIP], 422, "body: "),
        ("", 422, "body: Field required"),
        ("not json", 422, "body: JSON"),
        (b"\xff{", 400, "body"),
        ("[" * 30_000, 400, "body"),
        ({"instances": [[10**400] * 64]}, 422, "valid number"),
    ],
)
def test_the_service_refuses_with_a_sentence(lesson, body, status, says):
    with lesson["serving"](lesson["app"]) as port:
        sent = body if isinstance(body, str | bytes) else json.dumps(body)
        code, answer = lesson["ask"](port, sent)
        assert code == status
        assert says in answer["error"]
        code, answer = lesson["ask"](port, json.dumps({"instances": [SLIP]}))
        assert (code, answer) == (200, {"predictions": [{"digit": 7, "probability": 1.0}]})


@pytest.mark.parametrize("fault", [KeyboardInterrupt, ValueError])
def test_the_service_is_stopped_even_if_the_cell_is_interrupted(lesson, fault):
    before = threading.active_count()
    ports = []

    def interrupted():
        with lesson["serving"](lesson["app"]) as port:
            ports.append(port)
            assert lesson["ask"](port, path="/v1/models/reader")[0] == 200
            raise fault

    with pytest.raises(fault):
        interrupted()
    with pytest.raises(OSError, match=r"refused|Connection"):
        lesson["ask"](ports[0], path="/v1/models/reader")
    names = [thread.name for thread in threading.enumerate()]
    assert threading.active_count() <= before + 1, names  # a worker of the event loop may take its time


def test_a_body_of_unknown_length_is_refused(lesson):
    with lesson["serving"](lesson["app"]) as port:
        call = lesson["http"].client.HTTPConnection("127.0.0.1", port, timeout=10)
        call.request("POST", "/v1/models/reader:predict", iter([b"{", b"}"]), encode_chunked=True)
        assert call.getresponse().status == 411
        call.close()


def test_another_address_is_refused_in_the_same_form(lesson):
    with lesson["serving"](lesson["app"]) as port:
        assert lesson["ask"](port, "{}", path="/v1/models/writer:predict") == (404, {"error": "Not Found"})
        assert lesson["ask"](port, "{}", path="/v1/models/reader")[0] == 405


def test_a_length_that_lies_lets_no_large_body_in(lesson):
    body = json.dumps({"instances": [SLIP] * 2000}).encode()
    head = (
        b"POST /v1/models/reader:predict HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        b"Content-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    with lesson["serving"](lesson["app"]) as port, socket.create_connection(("127.0.0.1", port), 10) as call:
        call.sendall(head + f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n")
        assert call.recv(100).startswith(b"HTTP/1.1 411")


def test_callers_who_hold_the_line_cannot_keep_the_service_alive(lesson):
    head = b"POST /v1/models/reader:predict HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{"
    with contextlib.ExitStack() as calls:
        with lesson["serving"](lesson["app"]) as port:
            half, idle = (
                calls.enter_context(socket.create_connection(("127.0.0.1", port), 10)) for _ in range(2)
            )
            half.sendall(head)
            assert lesson["ask"](port, path="/v1/models/reader")[0] == 200
            started = time.monotonic()
        assert time.monotonic() - started < 10
        with pytest.raises(OSError, match=r"refused|Connection"):
            lesson["ask"](port, path="/v1/models/reader")
        assert idle.recv(10) == b""


def test_what_libraries_write_past_python_is_kept_for_the_log():
    space: dict = {}
    exec("import os, tempfile\nfrom contextlib import contextmanager\n" + cell("overheard"), space)
    before = os.fstat(2)

    def fails():
        with space["overheard"]():
            os.write(2, b"from C++\n")
            raise ValueError("on purpose")

    with pytest.raises(ValueError, match="on purpose"):
        fails()
    assert space["log"] == ["from C++"]
    assert os.path.samestat(os.fstat(2), before)
