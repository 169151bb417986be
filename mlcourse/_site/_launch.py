"""The addresses that open a lesson elsewhere: Binder and Colab, from the repository's one address."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib import metadata
from urllib.parse import quote, urlsplit

from mlcourse._errors import InvalidArgument

VARIABLE = "MLCOURSE_REPOSITORY"


@dataclass(frozen=True)
class Launch:
    """A button: what it says, and where it leads."""

    name: str
    address: str


def configured(option: str | None) -> str | None:
    """Return the repository's address: the option's, the environment's, or pyproject.toml's; None for none.

    Raises
    ------
    InvalidArgument
        If it is not the https address of a repository.
    """
    address = option or os.environ.get(VARIABLE) or _declared()
    if not address:
        return None
    parts = urlsplit(address.strip())
    path = parts.path.strip("/").removesuffix(".git")
    if parts.scheme != "https" or not parts.hostname or path.count("/") < 1 or parts.username:
        raise InvalidArgument(
            f"The repository's address is {address!r}, but must be like https://github.com/OWNER/NAME."
        )
    return f"https://{parts.netloc}/{path}"


def _declared() -> str | None:
    """Return what `[project.urls]` in pyproject.toml calls Repository."""
    try:
        declared = metadata.metadata("mlcourse").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:
        return None
    named = (line.partition(", ") for line in declared)
    return next((address for name, _, address in named if name.lower() == "repository"), None)


def launches(repository: str | None, branch: str, notebook: str) -> tuple[Launch, ...]:
    """Return the buttons of a lesson; none without a repository, and Colab for GitHub alone.

    The forms of the addresses are mybinder.org's (`/v2/gh/OWNER/NAME/REF`,
    `/v2/gl/` and `/v2/git/` with the rest quoted) and Colab's
    (`/github/OWNER/NAME/blob/BRANCH/PATH`).
    """
    if repository is None:
        return ()
    host, _, path = repository.removeprefix("https://").partition("/")
    reference = quote(branch, safe="")
    if host == "github.com":
        provider = f"gh/{path}"
    elif host == "gitlab.com":
        provider = f"gl/{quote(path, safe='')}"
    else:
        provider = f"git/{quote(repository, safe='')}"
    place = quote(f"lab/tree/{notebook}", safe="")
    found = [Launch("Binder", f"https://mybinder.org/v2/{provider}/{reference}?urlpath={place}")]
    if host == "github.com":
        colab = f"https://colab.research.google.com/github/{path}/blob/{quote(branch)}/{quote(notebook)}"
        found.append(Launch("Colab", colab))
    return tuple(found)
