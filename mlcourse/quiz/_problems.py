"""What can be wrong in the bank, told in words: the file, the question, the field, what to write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlcourse._errors import InvalidArgument, shown
from mlcourse._text import listed
from mlcourse.quiz._questions import TYPES

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails


@dataclass(frozen=True)
class Problem:
    """One thing wrong in the bank."""

    file: str
    question: str
    field: str
    message: str

    def __str__(self) -> str:
        where = [self.file]
        where += [f"question {self.question}"] if self.question else []
        where += [f"field {self.field}"] if self.field else []
        return f"{', '.join(where)}: {self.message}"


class BankError(InvalidArgument):
    """The question bank cannot be used as it is; `problems` lists everything found."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        more = f" ({len(problems) - 1} more: python -m mlcourse check-content)" if len(problems) > 1 else ""
        super().__init__(f"{problems[0]}{more}")


_KINDS = {
    "string_type": "a text (put it in quotes)",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "tuple_type": "a list",
    "list_type": "a list",
    "model_type": "fields with a value each (key: value)",
    "dict_type": "fields with a value each (key: value)",
    "model_attributes_type": "fields with a value each (key: value)",
}


def _in_words(error: ErrorDetails) -> str:
    """Return what pydantic found wrong as a teacher would say it."""
    kind, context, given = error["type"], error.get("ctx", {}), error.get("input")
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return "is not a field that exists here; check its spelling"
    if kind in _KINDS:
        return f"is {shown(given)}, but must be {_KINDS[kind]}"
    if kind == "string_too_short":
        return "is empty"
    if kind == "string_pattern_mismatch":
        return f"is {shown(given)}, but must be lower-case words joined by hyphens, such as 01-sigmoid-sum"
    if kind == "literal_error":
        return f"is {shown(given)}, but must be {context['expected'].replace(' or ', ', ', 0)}"
    if kind == "too_short":
        return f"has {context['actual_length']} entries, but needs at least {context['min_length']}"
    if kind == "too_long":
        return f"has more than {context['max_length']} entries"
    if kind in {"greater_than_equal", "less_than_equal"}:
        bound = f"at least {context['ge']:g}" if "ge" in context else f"at most {context['le']:g}"
        return f"is {shown(given)}, but must be {bound}"
    if kind in {"union_tag_not_found", "union_tag_invalid"}:
        return f"must be one of {listed(TYPES, 'or')}"
    return error["msg"][:1].lower() + error["msg"][1:]


def _field(location: tuple[int | str, ...]) -> str:
    """Return where in a question something is, as `choices[2].feedback`."""
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}"
    return path.lstrip(".")


def problems_of(error: ValidationError, file: str, question: str, *, tagged: bool = False) -> list[Problem]:
    found = []
    # A misspelled field comes before the missing one that it was meant to be.
    for details in sorted(error.errors(include_url=False), key=lambda e: e["type"] != "extra_forbidden"):
        location = details["loc"]
        if details["type"].startswith("union_tag"):
            location = ("type",)
        elif tagged and location and location[0] in TYPES:
            location = location[1:]
        found.append(Problem(file, question, _field(location), _in_words(details)))
    return found
