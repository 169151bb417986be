"""A Jupyter server over its REST and WebSocket API: what a browser does when a student runs a lesson."""

from __future__ import annotations

import json
import time
import urllib.parse
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import requests
import websocket

from tests.notebooks.lessons import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import nbformat
    from typing_extensions import Self


@dataclass
class Server:
    """A server's address, `/` at its end, and the token that opens it."""

    url: str
    token: str

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> requests.Response:
        """Send one request of the REST API."""
        return requests.request(
            method,
            self.url + path,
            headers={"Authorization": f"token {self.token}"},
            json=body,
            timeout=120,
        )

    def open(self, path: str) -> Kernel:
        """Open a notebook, by its path on the server, in a kernel of its own."""
        wanted = {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
        answer = self.ask("POST", "api/sessions", wanted)
        assert answer.status_code == 201, answer.text
        return self.attach(answer.json()["kernel"]["id"])

    def attach(self, id_: str) -> Kernel:
        """Connect to a kernel that runs, as a page does that is loaded again."""
        return Kernel(self, id_)


@dataclass
class Result:
    """What one cell has shown, by MIME type (`stream` for what it printed), and its error, if any."""

    shown: dict[str, str] = field(default_factory=dict)
    error: str = ""


class Kernel:
    """One running kernel, through the server's WebSocket.

    `with` keeps one connection, as a page does. Outside of it each `run` makes its own: a server hangs up on
    those who are silent for a minute or two.
    """

    def __init__(self, server: Server, id_: str) -> None:
        self.server, self.id = server, id_
        self._session = uuid.uuid4().hex
        self._socket: websocket.WebSocket | None = None

    def __enter__(self) -> Self:
        """Connect, as a page does that is opened."""
        address = urllib.parse.urlsplit(self.server.url)
        self._socket = websocket.create_connection(
            f"ws://{address.netloc}{address.path}api/kernels/{self.id}/channels?session_id={self._session}",
            header=[f"Authorization: token {self.server.token}"],
            timeout=300,
        )
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up, as a page does that is closed: the kernel goes on."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def run(self, source: str) -> Result:
        """Run a cell and wait for its end."""
        if self._socket is None:
            with self:
                return self._run(self._socket, source)
        return self._run(self._socket, source)

    def _run(self, socket: websocket.WebSocket, source: str) -> Result:
        asked = uuid.uuid4().hex
        content = {"code": source, "silent": False, "store_history": True, "allow_stdin": False}
        header = {"msg_id": asked, "msg_type": "execute_request", "session": self._session}
        header |= {
            "username": "student",
            "version": "5.3",
            "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        socket.send(json.dumps(message | {"channel": "shell", "buffers": []}))
        result = Result()
        for message in self._answers(socket, asked):
            kind, content = message["header"]["msg_type"], message["content"]
            if kind == "stream" and content["name"] == "stdout":
                result.shown["stream"] = result.shown.get("stream", "") + content["text"]
            elif kind in {"execute_result", "display_data"}:
                for mime, value in content["data"].items():
                    result.shown[mime] = result.shown.get(mime, "") + str(value)
            elif kind == "error":
                result.error = f"{content['ename']}: {content['evalue']}"
        return result

    def _answers(self, socket: websocket.WebSocket, asked: str) -> Iterator[dict[str, Any]]:
        """Yield what the kernel says to one request, until it has both replied and come to rest."""
        replied = resting = False
        while not (replied and resting):
            said = socket.recv()
            # A widget's state comes with binary buffers after its message; no cell is told apart by it.
            message = json.loads(said if isinstance(said, str) else _json_of(said))
            if message["parent_header"].get("msg_id") != asked:
                continue
            replied |= message["header"]["msg_type"] == "execute_reply"
            resting |= message["content"].get("execution_state") == "idle"
            yield message


def _json_of(frame: bytes) -> bytes:
    """Return the message in a frame with binary buffers: a count, so many offsets, the JSON, the buffers."""
    count = int.from_bytes(frame[:4], "big")
    places = [int.from_bytes(frame[4 * n : 4 * n + 4], "big") for n in range(1, count + 1)]
    return frame[places[0] : places[1]]


@dataclass(frozen=True)
class Lesson:
    """How a run through a lesson went."""

    results: dict[str, Result]
    first_output: float
    whole: float


def run_lesson(
    kernel: Kernel, notebook: nbformat.NotebookNode, at_first: Callable[[], object] = lambda: None
) -> Lesson:
    """Run every code cell, top to bottom; `at_first` is called after the first one that shows something."""
    began = time.perf_counter()
    first, results = 0.0, {}
    with kernel:
        for cell in notebook.cells:
            if cell.cell_type == "code":
                results[cell.id] = kernel.run(cell.source)
                if not first and results[cell.id].shown:
                    first = time.perf_counter() - began
                    at_first()
    return Lesson(results, first, time.perf_counter() - began)


def differences(lesson: Lesson, notebook: nbformat.NotebookNode) -> list[str]:
    """Return the cells that failed, or printed other than what is committed."""
    found = [f"{name}: {one.error}" for name, one in lesson.results.items() if one.error]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            printed = lesson.results[cell.id].shown.get("stream")
            if printed != shown(cell).get("stream"):
                found.append(f"{cell.id}: printed {printed!r}")
    return found
