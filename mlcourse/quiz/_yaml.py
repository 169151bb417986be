"""Reads the bank's YAML files: fast, strict about doubled keys, and with errors that teachers can act on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from mlcourse.quiz._problems import BankError, Problem

if TYPE_CHECKING:
    from pathlib import Path


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # libyaml is ten times as fast
    """Reads YAML, and refuses a key that stands twice in one place; YAML would let the last one win."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node)
        if not isinstance(key, str):
            raise yaml.MarkedYAMLError(
                problem=f"has the key {key!r}, which YAML does not read as a text; put it in quotes",
                problem_mark=key_node.start_mark,
            )
        if key in seen:
            raise yaml.MarkedYAMLError(
                problem=f"has the key {key!r} twice in the same place", problem_mark=key_node.start_mark
            )
        seen.add(key)
    made: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    return made


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    except FileNotFoundError:
        raise BankError([Problem(path.name, "", "", f"is not in {path.parent}")]) from None
    except UnicodeDecodeError:
        raise BankError([Problem(path.name, "", "", "is not UTF-8 text; save it as UTF-8")]) from None
    except yaml.MarkedYAMLError as error:
        line = f" (line {error.problem_mark.line + 1})" if error.problem_mark else ""
        hint = (
            " If a text holds `: ` or begins with ` or @, put it in quotes or after |."
            if not line or not (error.problem or "").startswith("has the key")
            else ""
        )
        raise BankError(
            [Problem(path.name, "", "", f"{error.problem or 'is not valid YAML'}{line}.{hint}")]
        ) from None
    except yaml.YAMLError as error:
        raise BankError([Problem(path.name, "", "", f"is not valid YAML: {error}")]) from None


def stamp_of(*paths: Path) -> tuple[int, ...]:
    """Return what changes when one of the files does, so that a teacher's edit shows without a restart."""
    there = [path.stat() if path.exists() else None for path in paths]
    return tuple(n for status in there for n in ((status.st_mtime_ns, status.st_size) if status else (0, 0)))
