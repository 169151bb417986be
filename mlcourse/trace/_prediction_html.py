"""A prediction trace as HTML: the sample, what each layer makes of it, the decision, from top to bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlcourse._html import escape, page, table
from mlcourse._palette import BLUE
from mlcourse._text import count, listed, num
from mlcourse._text import shape as dims
from mlcourse.trace._prediction_numbers import WHOLE, cell, digits, shown_values, size, spread, summary
from mlcourse.trace._prediction_pictures import can_be_picture, picture
from mlcourse.trace._prediction_verdicts import Row, rows

if TYPE_CHECKING:
    from mlcourse.trace._prediction_records import Decision, PredictionTrace, TracedLayer

# With more layers than this the inner ones become rows of one table.
_ONE_BY_ONE = 16
# So many pictures, spread evenly over a deep model, keep the page under 150 kB.
_PICTURES = 12
_BAR = 160


def as_html(trace: PredictionTrace) -> str:
    """Return the whole story as one block of HTML."""
    drawn = _drawn(trace.layers)
    title = f"One sample through {trace.model_name}, layer by layer"
    parts = [f"<p><strong>{escape(title)}</strong></p>"]
    numbered = list(enumerate(trace.layers))
    if len(numbered) <= _ONE_BY_ONE:
        parts += [_layer(i, layer, trace, pictured=layer.name in drawn) for i, layer in numbered]
    else:
        ends = [(i, one) for i, one in numbered if one.role != "hidden"]
        inner = [(i, one) for i, one in numbered if one.role == "hidden"]
        parts += [_layer(i, one, trace, pictured=one.name in drawn) for i, one in ends if one.role == "input"]
        parts.append(_inner_table(inner, drawn))
        parts += [
            _layer(i, one, trace, pictured=one.name in drawn) for i, one in ends if one.role == "output"
        ]
    parts += [_decision(trace, decision) for decision in trace.decisions]
    parts += [f"<p><strong>Note.</strong> {escape(note)}</p>" for note in trace.notes]
    return page(*parts, label=f"Prediction trace of {trace.model_name}")


def _drawn(layers: tuple[TracedLayer, ...]) -> set[str]:
    """Return the names of the layers that get a picture: all that can have one, or some of many."""
    fit = [layer.name for layer in layers if can_be_picture(layer)]
    if len(fit) <= _PICTURES:
        return set(fit)
    last = len(fit) - 1
    return {fit[round(i * last / (_PICTURES - 1))] for i in range(_PICTURES)}


def _layer(i: int, layer: TracedLayer, trace: PredictionTrace, *, pictured: bool) -> str:
    """Return one layer: what it is, what it does, and its values."""
    step = {"input": "Input", "output": "Output"}.get(layer.role, "Layer")
    facts = [layer.kind, size(layer.shape, layer.values)]
    if layer.n_params:
        facts.append(count(layer.n_params, "parameter"))
    reads = (
        ""
        if _reads_the_one_before(i, layer, trace)
        else f" Reads {listed(f'<code>{escape(r)}</code>' for r in layer.reads)}."
    )
    head = (
        f'<p style="margin:.2em 0"><strong>{i} · {step}: <code>{escape(layer.name)}</code></strong> '
        f'<span class="soft">{escape(", ".join(facts))}</span><br>{escape(layer.does)}{reads}</p>'
    )
    indent = f"margin:.6em 0 .6em {1.2 * layer.depth:g}em;padding-left:.8em"
    body = _image(layer) if pictured else ""
    if not (pictured and len(layer.shape) == 3):  # the first numbers of a map say less than the map
        body += "" if _is_model(layer, trace) else _numbers(layer)
    return f'<div style="{indent};border-left:3px solid var(--mlc-line,#bbb)">{head}{body}</div>'


def _is_model(layer: TracedLayer, trace: PredictionTrace) -> bool:
    """Return whether a layer is a nested model, whose values its last layer has shown already."""
    return any(one.name.startswith(f"{layer.name}/") for one in trace.layers)


def _reads_the_one_before(i: int, layer: TracedLayer, trace: PredictionTrace) -> bool:
    if not layer.reads:
        return True
    before = trace.layers[i - 1].name if i else ""
    return layer.reads == (before,) or layer.kind == "Output" or before.startswith(f"{layer.name}/")


def _image(layer: TracedLayer) -> str:
    drawn = picture(layer)
    return (
        f'<p style="margin:.4em 0"><img src="{drawn.uri}" alt="{escape(drawn.alt)}" '
        f'width="{drawn.width}" height="{drawn.height}" '
        'style="image-rendering:pixelated;max-width:100%;margin:0">'
        f'<br><span class="soft">{escape(drawn.alt)}</span></p>'
    )


def _numbers(layer: TracedLayer) -> str:
    """Return a layer's values as a table, before and after its activation function."""
    if not layer.active:
        return ""
    values, before = layer.values, layer.before_activation
    if values.size == 0:
        return ""
    arrays = [values] if before is None else [before, values]
    decimals = digits(*arrays)
    names = ["values"] if before is None else [f"before {layer.activation}", f"after {layer.activation}"]
    head = ["place", *(_place(layer, i) for i in range(len(shown_values(values))))]
    lines = [
        [escape(name), *(escape(cell(v, decimals)) for v in shown_values(array))]
        for name, array in zip(names, arrays, strict=True)
    ]
    whole = values.size <= WHOLE
    caption = "All values" if whole else f"The first {len(head) - 1} of {values.size} values"
    shown = table(head, lines, caption=caption, numeric=range(1, len(head)))
    if whole:
        return shown
    words = [f"{name}: {spread(array, decimals)}" for name, array in zip(names, arrays, strict=True)]
    sentence = "; ".join(words)
    return f'<p style="margin:.3em 0">{escape(sentence[0].upper() + sentence[1:])}.</p>{shown}'


def _place(layer: TracedLayer, i: int) -> str:
    """Return the index of the i-th value, as NumPy writes it."""
    if len(layer.shape) <= 1:
        return str(i)
    place = []
    for length in reversed(layer.shape):
        place.append(i % length)
        i //= length
    return ", ".join(map(str, reversed(place)))


def _inner_table(inner: list[tuple[int, TracedLayer]], drawn: set[str]) -> str:
    """Return the inner layers of a deep model, a row each."""
    lines = []
    for i, layer in inner:
        values = summary(layer.values) if layer.values.size <= WHOLE else spread(layer.values)
        handed = escape(values) if layer.active else "unchanged"
        if layer.name in drawn:
            handed += _image(layer)
        name = f"{i} · <code>{escape(layer.name)}</code><br>{escape(layer.kind)}, {escape(dims(layer.shape))}"
        lines.append([name, escape(layer.does), handed])
    caption = f"The {count(len(inner), 'layer')} between input and output"
    return table(["Layer and shape", "What it does", "What it hands on"], lines, caption=caption)


def _decision(trace: PredictionTrace, decision: Decision) -> str:
    """Return the output's probabilities beside the threshold, and the decision in words."""
    found, left = rows(trace, decision)
    parts = []
    if found:
        title = f"{decision.output}: " if len(trace.decisions) > 1 else ""
        parts.append(_probabilities(decision, found, title))
        if left:
            parts.append(f'<p class="soft">… {escape(left)}.</p>')
    parts.append(f"<p><strong>Decision: {escape(decision.text)}.</strong></p>")
    parts.append(f'<p class="soft">Why this rule: {escape(decision.why)}.</p>')
    parts += [f'<p><span class="warn">Look twice:</span> {escape(note)}</p>' for note in decision.notes]
    return "".join(parts)


def _probabilities(decision: Decision, found: list[Row], title: str) -> str:
    with_logits = any(row.logit for row in found)
    cuts = decision.rule != "argmax"
    head = ["Label", *(["Logit"] if with_logits else []), "Probability", "As a bar"]
    head += [*(["Threshold"] if cuts else []), "Verdict"]
    lines = []
    for row in found:
        verdict = f"<strong>{escape(row.verdict)}</strong>" if row.chosen else escape(row.verdict)
        line = [
            escape(row.name),
            *([escape(row.logit)] if with_logits else []),
            num(row.probability),
            _bar(row),
        ]
        lines.append([*line, *([f"{row.threshold:g}"] if cuts else []), verdict])
    function = decision.applied or ("softmax" if decision.rule == "argmax" else "sigmoid")
    steps = f"from logits through {function} to " if with_logits else "from probabilities to "
    steps = title + steps if title else steps.capitalize()
    caption = steps + ("the highest probability" if decision.rule == "argmax" else "the threshold")
    numeric = [i for i, name in enumerate(head) if name in {"Logit", "Probability", "Threshold"}]
    return table(head, lines, caption=caption, numeric=numeric)


def _bar(row: Row) -> str:
    """Draw a probability as a bar; a vertical line marks the threshold."""
    width = round(_BAR * min(max(row.probability, 0.0), 1.0))
    colour = BLUE if row.chosen else "currentColor"
    words = f"{num(row.probability)} of 1"
    mark = ""
    if row.threshold is not None:
        at = round(_BAR * row.threshold)
        words += f", threshold at {row.threshold:g}"
        mark = f'<line x1="{at}" y1="0" x2="{at}" y2="16" stroke="currentColor" stroke-width="2"/>'
    fill = 'fill-opacity="1"' if row.chosen else 'fill-opacity="0.35"'
    return (
        f'<svg role="img" aria-label="{escape(words)}" width="{_BAR}" height="16" viewBox="0 0 {_BAR} 16">'
        f'<rect x="0.5" y="2.5" width="{_BAR - 1}" height="11" fill="none" stroke="currentColor" '
        'stroke-opacity="0.4"/>'
        f'<rect x="0" y="3" width="{width}" height="10" fill="{colour}" {fill}/>{mark}</svg>'
    )
