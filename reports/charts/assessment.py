"""How an enterprise sees itself: a radar drawn without script, and the table of the same numbers.

The numbers of different questions are never added, and the area of the shape means nothing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from invest.models import Assessment
from invest.projects.assessments import MOST, PAYS, QUESTIONS
from reports.charts.drawing import Chart, Data, joined

_RADIUS, _LABEL = 90, 105  # In the drawing's own units; its middle is (0, 0).
MOST_EARLIER = 3


@dataclass(frozen=True, slots=True)
class Label:
    """A question's name at the end of its spoke: a point, how it is anchored, and its lines."""

    x: float
    y: float
    anchor: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Radar:
    """Points of SVG polygons: rings 1…4, the newest answers, and those before them ("": none)."""

    chart: Chart
    rings: tuple[str, ...]
    spokes: tuple[tuple[float, float], ...]
    now: str
    before: str
    dots: tuple[tuple[float, float], ...]
    labels: tuple[Label, ...]


def radar(told: Sequence[Assessment]) -> Radar:
    """The newest first; at least one, at most `MOST_EARLIER` earlier ones stand in the table."""
    newest, *earlier = told[: MOST_EARLIER + 1]
    steps = [newest.answers[code] for code in QUESTIONS]
    dots = tuple(_at(i, step * _RADIUS / MOST) for i, step in enumerate(steps))
    return Radar(
        chart=_chart(newest, earlier),
        rings=tuple(_polygon([ring] * len(QUESTIONS)) for ring in range(1, MOST + 1)),
        spokes=tuple(_at(i, _RADIUS) for i in range(len(QUESTIONS))),
        now=_polygon(steps),
        before=_polygon([earlier[0].answers[code] for code in QUESTIONS]) if earlier else "",
        dots=dots,
        labels=tuple(_label(i, str(asked.name)) for i, asked in enumerate(QUESTIONS.values())),
    )


def _at(spoke: int, length: float) -> tuple[float, float]:
    """The first spoke points up; the others follow with the clock."""
    angle = 2 * math.pi * spoke / len(QUESTIONS)
    return round(length * math.sin(angle), 1), round(-length * math.cos(angle), 1)


def _polygon(steps: Sequence[int]) -> str:
    points = (_at(i, step * _RADIUS / MOST) for i, step in enumerate(steps))
    return " ".join(f"{x},{y}" for x, y in points)


def _label(spoke: int, name: str) -> Label:
    x, y = _at(spoke, _LABEL)
    lines = _in_lines(name)
    anchor = "middle" if abs(x) < 1 else "start" if x > 0 else "end"
    return Label(x, y - 8 * (len(lines) - 1) + (5 if spoke else 0), anchor, lines)


def _in_lines(name: str, most: int = 11) -> tuple[str, ...]:
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return tuple(lines)


def _chart(newest: Assessment, earlier: Sequence[Assessment]) -> Chart:
    days = [told.on.isoformat() for told in (newest, *earlier)]
    pays = {"yes": _("Yes"), "not-yet": _("Not yet"), "no": _("No")}
    rows = [(_("Pays its way"), *(pays[told.pays] for told in (newest, *earlier)))]
    rows += [
        (str(asked.name), *(str(told.answers[code]) for told in (newest, *earlier)))
        for code, asked in QUESTIONS.items()
    ]
    return Chart(
        id="assessment",
        title=_("How it sees itself"),
        finding=_finding(newest, earlier[0] if earlier else None),
        note=_(
            "The enterprise's own answers, 0–4 for each question. They are not to be added: "
            "a high number makes no low one better."
        ),
        figure=None,
        columns=(_("Question"), *days),
        rows=tuple(rows),
        data=Data(
            ("question", *days),
            tuple(
                (code, *((t.pays if code == PAYS else t.answers[code]) for t in (newest, *earlier)))
                for code in (PAYS, *QUESTIONS)
            ),
        ),
    )


def _finding(newest: Assessment, before: Assessment | None) -> str:
    """Which questions stand highest and lowest, what moved, and whether it pays its way."""
    steps = newest.answers
    high, low = max(steps.values()), min(steps.values())
    highest, lowest = _named(steps, high), _named(steps, low)
    where = (
        _("Every question stands at %(n)s.") % {"n": high}
        if high == low
        else _("Highest, at %(high)s: %(highest)s. Lowest, at %(low)s: %(lowest)s.")
        % {"high": high, "highest": highest, "low": low, "lowest": lowest}
    )
    moved = ""
    if before is not None:
        steps_moved = [
            _("%(name)s from %(was)s to %(now)s")
            % {"name": asked.name, "was": before.answers[code], "now": steps[code]}
            for code, asked in QUESTIONS.items()
            if before.answers[code] != steps[code]
        ]
        moved = (
            _("Since last time: %(moved)s.") % {"moved": "; ".join(steps_moved)}
            if steps_moved
            else _("No number has moved since last time.")
        )
    pays = _("Does it pay its way? %(answer)s.") % {"answer": newest.get_pays_display()}
    return joined(where, moved, pays)


def _named(steps: dict[str, int], step: int) -> str:
    return ", ".join(str(QUESTIONS[code].name) for code in QUESTIONS if steps[code] == step)
