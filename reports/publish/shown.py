"""A publication read back from what was signed, in the reader's language: for page, paper, picture.

Nothing is counted anew here: each figure is one of the content's, dressed in words.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from invest.web.wording import in_language, quantity_text
from pools.wording import day_text, kronor_text, number_text, percent_text
from reports.publish.freeze import Content

WIDTH = 1000  # The drawing's own units across a bar.
MOST_MONTHS = 24
SUMS = {
    "committed": gettext_lazy("Promised"),
    "received": gettext_lazy("Paid in"),
    "enabled": gettext_lazy("Bank loans enabled"),
}


@dataclass(frozen=True, slots=True)
class Band:
    """One sum of money as a bar of its own; `text` empty where it is not told."""

    code: str
    label: str
    text: str
    percent: str
    x: int

    @property
    def shown(self) -> str:
        """The amount, or that it is not told."""
        return self.text or _("not told: fewer than five persons")


@dataclass(frozen=True, slots=True)
class GoalStep:
    """The goal from a day on: the sums over all offerings, and why it moved."""

    on: date
    min_minor: int
    max_minor: int
    reason: str
    x: int

    @property
    def least(self) -> str:
        """What is needed at least."""
        return kronor_text(self.min_minor)

    @property
    def most(self) -> str:
        """What can be used at most."""
        return kronor_text(self.max_minor)


@dataclass(frozen=True, slots=True)
class GoalBar:
    """Three bars on one scale, never stacked; what is beyond the goal is drawn beyond it."""

    bands: tuple[Band, ...]
    steps: tuple[GoalStep, ...]
    least_x: int
    most_x: int

    @property
    def now(self) -> GoalStep | None:
        """The goal in force; None where savers were never asked, or where projects are summed."""
        return self.steps[-1] if self.steps else None

    @property
    def earlier(self) -> tuple[GoalStep, ...]:
        """The goals before it, oldest first."""
        return self.steps[:-1]

    @property
    def says(self) -> str:
        """The finding, for whoever does not see the bars."""
        parts = [f"{band.label}: {band.shown}" for band in self.bands]
        if self.now:
            parts.append(_("Needs at least %(goal)s") % {"goal": self.now.least})
        return ". ".join(parts) + "."


@dataclass(frozen=True, slots=True)
class Month:
    """A month's kilowatt-hours, and its bar's place and height in a drawing of 1000 · 100."""

    label: str
    kwh: str
    x: int
    width: int
    height: int
    is_estimated: bool

    @property
    def y(self) -> int:
        """Where the bar begins, from the top."""
        return 100 - self.height


@dataclass(frozen=True)
class ShownPublication:
    """A publication in the language in force."""

    content: Content

    @property
    def words(self) -> dict[str, Any]:
        """The author's words, with updates and plants."""
        told: dict[str, Any] = self.content["words"][in_language("sv", "en")]
        return told

    @property
    def title(self) -> str:
        """Its heading."""
        return str(self.words["title"])

    @property
    def whose(self) -> str:
        """The project's name, or the organisation's."""
        return str((self.content["project"] or self.content["organisation"])["name"])

    @property
    def as_of(self) -> date:
        """The day of its figures."""
        return date.fromisoformat(self.content["as_of"])

    @property
    def known_at(self) -> datetime:
        """The moment up to which things were known."""
        return datetime.fromisoformat(self.content["known_to"]["at"])

    @property
    def ledger_heads(self) -> list[dict[str, Any]]:
        """The books it rests on: ledger, last entry, seal."""
        heads: list[dict[str, Any]] = self.content["heads"]
        return heads

    @property
    def goal_bar(self) -> GoalBar:
        """Promised, paid in and enabled, each on its own."""
        figures = {f["code"]: f for f in self.content["figures"]}
        sums = {code: figures.get(code, {}).get("minor") for code in SUMS}
        # Older publications also hold goals that had not come into force.
        goals = [goal for goal in self.content["goals"] if goal["on"] <= self.content["as_of"]]
        steps = _goal_steps(goals) if self.content["project"] else []
        least, most = steps[-1][1:3] if steps else (0, 0)
        scale = max(1, most, *(minor or 0 for minor in sums.values()), *(s[1] for s in steps))
        return GoalBar(
            bands=tuple(
                Band(
                    code=code,
                    label=str(label),
                    text="" if sums[code] is None else kronor_text(sums[code]),
                    # A bank loan is not what savers were asked for: no share of their goal.
                    percent=percent_text(100 * sums[code] // least)
                    if least and sums[code] is not None and code != "enabled"
                    else "",
                    x=WIDTH * (sums[code] or 0) // scale,
                )
                for code, label in SUMS.items()
            ),
            steps=tuple(GoalStep(*step, x=WIDTH * step[1] // scale) for step in steps),
            least_x=WIDTH * least // scale,
            most_x=WIDTH * most // scale,
        )

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The other figures, each in its own unit: label and value."""
        return list(_facts(self.content["figures"]))

    @property
    def milestones(self) -> list[dict[str, Any]]:
        """Aims by planned day; `reached_on` None where it is to come."""
        return [
            {
                "text": in_language(aim["sv"], aim["en"]) or aim["sv"],
                "project": "" if self.content["project"] else aim["project"],
                "planned_on": date.fromisoformat(aim["planned_on"]),
                "reached_on": date.fromisoformat(aim["reached_on"]) if aim["reached_on"] else None,
            }
            for aim in self.content["milestones"]
        ]

    @property
    def updates(self) -> list[dict[str, Any]]:
        """News, newest first."""
        return [{**news, "on": date.fromisoformat(news["on"])} for news in self.words["updates"]]

    @property
    def months(self) -> list[Month]:
        """Kilowatt-hours by month, oldest first; the last two years."""
        told = [f for f in self.content["figures"] if f["code"] == "produced"][-MOST_MONTHS:]
        most = max((f["value"] for f in told), default=0) or 1
        step = WIDTH // len(told) if told else 0
        return [
            Month(
                label=f["month"],
                kwh=number_text(f["value"]),
                x=i * step + step // 10,
                width=max(1, step - step // 5),
                height=round(100 * f["value"] / most),
                is_estimated=f.get("estimated", False),
            )
            for i, f in enumerate(told)
        ]

    def for_a_newspaper(self, address: str) -> str:
        """The same in a few plain paragraphs, to copy; nothing in it is new."""
        bar = self.goal_bar
        sums = [f"{band.label}: {band.shown}" for band in bar.bands]
        if bar.now:
            sums.append(_("Needs at least %(goal)s") % {"goal": bar.now.least})
        facts = [f"{label}: {value}" for label, value in self.facts]
        about = {"whose": self.whose, "day": day_text(self.as_of)}
        parts = [
            self.title,
            str(self.words["text"]),
            _("%(whose)s on %(day)s:") % about + "\n" + "\n".join(f"– {s}" for s in sums + facts),
            _("Promised, paid in and enabled are three different things and are not added."),
            f"{_('Use of funds')}: {self.words['use_of_funds']}"
            if self.words["use_of_funds"]
            else "",
            _("Signed by %(name)s – anybody can check it: %(address)s")
            % {"name": self.content["organisation"]["name"], "address": address},
        ]
        return "\n\n".join(part for part in parts if part)


def shown(content: Content) -> ShownPublication:
    """A content for reading."""
    return ShownPublication(content)


def _goal_steps(goals: list[dict[str, Any]]) -> list[tuple[date, int, int, str]]:
    """(From, least, most, why): the sums of the goals in force on each day that one was moved."""
    standing: dict[int, dict[str, Any]] = {}
    steps: dict[str, tuple[date, int, int, str]] = {}
    for goal in goals:
        standing[goal["offering"]] = goal
        steps[goal["on"]] = (
            date.fromisoformat(goal["on"]),
            sum(one["min_minor"] for one in standing.values()),
            sum(one["max_minor"] for one in standing.values()),
            goal["reason_en"]
            if get_language() == "en" and goal["reason_en"]
            else goal["reason_sv"],
        )
    return [steps[on] for on in sorted(steps)]


def _facts(figures: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    few = _("fewer than five persons, so not told")
    for figure in figures:
        code, value = figure["code"], figure.get("value")
        if code == "savers":
            shown = few if value is None else number_text(value)
            yield _("Savers"), shown
        elif code == "saving" and (figure.get("few") or figure["minor"]):
            # The savers' own money at the bank: beside the rest, and in no sum.
            yield (
                _("Saved by savers at the bank"),
                few if figure.get("few") else kronor_text(figure["minor"]),
            )
        elif code == "needs" and figure["of"]:
            of = {"n": value, "of": number_text(figure["of"])}
            met = _("%(n)s of %(of)s") % of
            yield _("Needs of help met"), few if value is None else met
        elif code.startswith("help-") and value is not None:
            yield _("Help in kind, agreed"), quantity_text(Decimal(value), figure["unit"])
    if any(f["code"].startswith("help-") and f.get("few") for f in figures):
        yield _("Other help in kind, agreed"), few
