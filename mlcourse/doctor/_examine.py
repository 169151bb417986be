"""The examination: gather the facts, run every rule, leave out what another finding explains."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mlcourse._errors import InvalidArgument, one_of, shown
from mlcourse._text import count, listed
from mlcourse.doctor import _arrays, _keras
from mlcourse.doctor._behaviour import behaviour, told_activation
from mlcourse.doctor._facts import Facts, Output, Sibling
from mlcourse.doctor._not_judged import not_judged
from mlcourse.doctor._records import SEVERITIES, Codes, Diagnosis, Finding
from mlcourse.doctor._registry import RULES, in_order
from mlcourse.doctor._task import TASKS, infer
from mlcourse.doctor.rules.setup import fits

if TYPE_CHECKING:
    from mlcourse.doctor._facts import Input
    from mlcourse.doctor._registry import Seen

SAMPLE = 256  # rows that go through the model at most


def codes() -> Codes:
    """Return every mistake the doctor knows: iterate over it, index it by code, or show it.

    Returns
    -------
    Codes
        Its entries have ``.code .severity .theme .title .why``.

    Examples
    --------
    >>> codes()["bce-on-softmax"].title
    'A binary loss on a softmax'
    """
    return Codes(tuple(rule.code for rule in in_order()))


def examine(
    model: Any,
    X: Any,
    y: Any,
    *,
    task: str | None = None,
    X_test: Any = None,
    y_test: Any = None,
) -> Diagnosis:
    """Examine a compiled Keras classifier and its data, and explain what is wrong.

    It never trains and never changes the model: weights, optimizer, compiled
    state and random seeds stay as they are. At most 256 rows, spread evenly
    over X, go through the model once; X and y are measured whole.

    Parameters
    ----------
    model : keras.Model
        Built: Sequential, functional or subclassed.
    X : array of shape (n_samples, ...), or a dict or list of them for several inputs
        Rows as they are given to ``fit``. pandas frames are accepted.
    y : array of shape (n_samples,), (n_samples, 1) or (n_samples, n_units), or a dict or list of them
        Labels as they are given to ``fit``.
    task : {"binary", "multiclass", "multilabel"}, optional
        What the labels mean. Inferred when left out; `Diagnosis.assumed` says
        where two readings were possible.
    X_test, y_test : optional
        Test rows and labels, to see whether they are apart from X and y.

    Returns
    -------
    Diagnosis
        Its ``.findings``, ``.ok`` and ``.not_judged``; it shows itself in a notebook.

    Raises
    ------
    InvalidType
        `model` is no Keras model, or X, y are no arrays, or X holds text that the model does not take.
    InvalidArgument
        The model is not built, an array is empty, lengths differ, names do not match.
    """
    if task is not None:
        one_of("task", task, TASKS)
    if y_test is not None and X_test is None:
        raise InvalidArgument("y_test was given without X_test, but the two belong together.")
    plan = _keras.plan(model)
    inputs = _arrays.as_inputs("X", X, plan.input_names)
    outputs = plan.outputs
    wanted = tuple(o.name for o in outputs) if outputs else _names_in(y)
    labels = _arrays.as_labels("y", y, wanted)
    rows = _arrays.same_rows("X", inputs, "y", labels)
    _check_kinds(model, plan, inputs)

    described = tuple(
        _arrays.describe_input(
            name,
            array,
            expected=plan.expected.get(name),
            scaled_inside=plan.scaled.get(name, (None, ""))[0],
            scaled_how=plan.scaled.get(name, (None, "the model's inside cannot be seen"))[1],
        )
        for name, array in inputs.items()
    )
    picked = _arrays.sample_rows(rows, SAMPLE)
    answers, names, error = _ask(model, plan, inputs, described, picked)
    outputs = _outputs(plan, names or wanted, answers)
    wanted = tuple(o.name for o in outputs)
    differ = any(len(picked) > 1 and bool((a[picked] != a[picked[:1]]).any()) for a in inputs.values())
    facts = _facts(
        model,
        plan=plan,
        inputs=described,
        outputs=outputs,
        y=labels,
        answers=answers,
        picked=picked,
        task=task,
        error=error,
        differ=differ,
        by_name=isinstance(y, Mapping),
    )
    if X_test is not None:
        facts = _with_split(facts, plan=plan, X=inputs, y=labels, X_test=X_test, y_test=y_test)

    return Diagnosis(
        findings=_findings([f for f, _ in facts]),
        not_judged=not_judged([f for f, _ in facts], wanted),
        assumed=tuple(dict.fromkeys(sentence for _, sentence in facts if sentence)),
        looked_at=f"Looked at {count(rows, 'row')} of X and y"
        + (f"; {len(picked)} of them went through the model once, nothing was trained." if answers else "."),
    )


def _names_in(y: Any) -> tuple[str, ...]:
    """Return the names of a subclassed model's outputs as far as y tells them; Keras sorts a dict by keys."""
    if isinstance(y, dict):
        return tuple(sorted(y))
    several = isinstance(y, (list, tuple)) and len(y) > 0 and all(getattr(part, "ndim", 0) > 0 for part in y)
    return tuple(f"output {i}" for i in range(len(y))) if several else ("output",)


def _check_kinds(model: Any, plan: _keras.Plan, inputs: dict[str, Any]) -> None:
    """Raise where an input holds what its layer cannot take."""
    tensors = getattr(model, "inputs", None) or ()
    takes_text = {n: t.dtype == "string" for n, t in zip(plan.input_names or (), tensors, strict=False)}
    for name, array in inputs.items():
        if not takes_text.get(name, plan.input_names is None and _arrays.is_text(array)):
            _arrays.numbers_only("X" if len(inputs) == 1 else f"X[{name!r}]", array)


def _ask(
    model: Any, plan: _keras.Plan, inputs: dict[str, Any], described: tuple[Input, ...], picked: Any
) -> tuple[list[Any], tuple[str, ...] | None, str]:
    """Call the model on the picked rows, if they can fit; return answers, their names, or the error."""
    if any(i.expected is not None and not fits(i.shape, i.expected) for i in described):
        return [], None, ""
    try:
        answers, names = _keras.answers(model, {n: a[picked] for n, a in inputs.items()}, plan.input_names)
    except _keras.CallFailedError as error:
        return [], None, str(error)
    return answers, names, ""


def _outputs(plan: _keras.Plan, names: tuple[str, ...], answers: list[Any]) -> tuple[Output, ...]:
    """Return the outputs; what the layers do not show is told from the answers."""
    outputs = plan.outputs
    if outputs is None:
        if answers and len(answers) != len(names):
            raise InvalidArgument(
                f"y has {count(len(names), 'part')} ({listed(names)}), but the model gives {len(answers)} "
                "outputs."
            )
        shapes = [a.shape[1:] for a in answers] or [(None,)] * len(names)
        outputs = tuple(Output(n, s, (), "nothing") for n, s in zip(names, shapes, strict=True))
    if not answers:
        return outputs
    return tuple(
        told_activation(o, a) if o.seen_in == "nothing" else o for o, a in zip(outputs, answers, strict=True)
    )


def _facts(
    model: Any,
    *,
    plan: _keras.Plan,
    inputs: tuple[Input, ...],
    outputs: tuple[Output, ...],
    y: dict[str, Any],
    answers: list[Any],
    picked: Any,
    task: str | None,
    error: str,
    differ: bool,
    by_name: bool,
) -> list[tuple[Facts, str]]:
    """Return the facts of every output that has labels, each with what was assumed about its task."""
    losses = _keras.losses(model, outputs, y)
    metrics = _keras.metrics(model, outputs, y)
    bad_weights: int | None = None
    siblings = tuple(
        Sibling(
            o.name, loss.shown if (loss := losses[o.name]) else "None", tuple(m.code for m in metrics[o.name])
        )
        for o in outputs
    )
    gathered: list[tuple[Facts, str]] = []
    for i, output in enumerate(outputs):
        if output.name not in y:
            continue
        array, loss = y[output.name], losses[output.name]
        described = _arrays.describe_labels(array, output.shape)
        if output.seen_in == "numbers" and output.activation == "sigmoid" and loss and loss.from_logits:
            # Raw scores may happen to lie between 0 and 1: the loss gets the benefit of the doubt.
            output = dataclasses.replace(output, activations=(), seen_in="nothing")  # noqa: PLW2901
        known, assumed = infer(task, described, output, loss)
        now = None
        if answers:
            now = behaviour(
                answers[i], array[picked], inputs_differ=differ, task=known, output=output, labels=described
            )
            if now.bad and bad_weights is None:
                bad_weights = _keras.bad_weights(model)
        facts = Facts(
            inputs, output, described, loss, metrics[output.name], now, None, known,
            compiled=plan.compiled, own_training=plan.own_training, trained=plan.trained,
            optimizer=plan.optimizer, bad_weights=bad_weights or 0, call_error=error,
            siblings=siblings if len(outputs) > 1 else (),
            y_code="y" if len(outputs) == 1 else f"y[{output.name!r}]" if by_name else f"y[{i}]",
        )  # fmt: skip
        gathered.append((facts, assumed))
    return gathered


def _with_split(
    facts: list[tuple[Facts, str]],
    *,
    plan: _keras.Plan,
    X: dict[str, Any],
    y: dict[str, Any],
    X_test: Any,
    y_test: Any,
) -> list[tuple[Facts, str]]:
    tested = _arrays.as_inputs("X_test", X_test, plan.input_names)
    labels = _arrays.as_labels("y_test", y_test, tuple(y)) if y_test is not None else {}
    if labels:
        _arrays.same_rows("X_test", tested, "y_test", labels)
    for name, array in tested.items():
        if array.shape[1:] != X[name].shape[1:]:
            raise InvalidArgument(
                f"X_test has rows of shape {shown(array.shape[1:])}, but X has rows of shape "
                f"{shown(X[name].shape[1:])}."
            )
    split = _arrays.compare_split(X, tested)
    return [
        (
            dataclasses.replace(
                f,
                split=dataclasses.replace(
                    split, unseen=_arrays.unseen(y[f.output.name], labels.get(f.output.name))
                ),
            ),
            assumed,
        )
        for f, assumed in facts
    ]


def _findings(facts: list[Facts]) -> tuple[Finding, ...]:
    """Run every rule on every output's facts; one mistake, one finding."""
    found: list[Finding] = []
    for i, one in enumerate(facts):
        seen = {
            code: outcome
            for code, rule in RULES.items()
            if not (rule.whole and i > 0) and (outcome := rule.find(one)) is not None
        }
        explained = {code for by in seen for code in RULES[by].explains}
        name = one.output.name if len(facts) > 1 else None
        found += [
            _finding(code, outcome, name, one.y_code)
            for code, outcome in seen.items()
            if code not in explained
        ]
    # What is about the inputs or the model is the same for every output: it is said once.
    once = {(f.code, f.evidence): f for f in reversed(found)}
    order = [rule.code.code for rule in in_order()]
    unique = [f for f in found if once[f.code, f.evidence] is f]
    return tuple(sorted(unique, key=lambda f: (SEVERITIES.index(f.severity), order.index(f.code))))


def _finding(code: str, seen: Seen, output: str | None, y_code: str) -> Finding:
    rule = RULES[code]
    fix = seen.fix
    if y_code != "y" and re.match(r"y = |from sklearn.preprocessing", fix):
        # Rules write `y`; of several outputs only this one's labels are meant.
        fix = re.sub(r"\by\b", lambda _: y_code, fix)
    return Finding(
        code,
        seen.severity or rule.code.severity,
        rule.code.title,
        seen.evidence[0].upper() + seen.evidence[1:] if not seen.evidence.startswith("y ") else seen.evidence,
        seen.why or rule.code.why,
        fix,
        None if rule.whole else output,
    )
