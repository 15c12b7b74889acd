"""A project in a list, and its thermometer."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from invest.models import Project, StageEvent
from invest.progress.progress import Progress, progress
from pools.wording import kronor_text, percent_text

WIDTH = 1000  # The drawing's own units across a bar.

# How stages are grouped for somebody who looks for something to join.
STAGE_GROUPS: dict[str, tuple[str, ...]] = {
    "preparing": ("idea", "inventoried", "formed", "vetted"),
    "raising": ("raising",),
    "building": ("funded", "contracting", "building"),
    "operating": ("operating", "repaying", "restructured"),
    "ended": ("completed", "failed", "wound_up"),
}
_TONES = {"raising": "is-warm", "failed": "is-bad", "restructured": "is-bad"} | dict.fromkeys(
    (*STAGE_GROUPS["preparing"], "completed", "wound_up"), "is-quiet"
)


@dataclass(frozen=True, slots=True)
class Band:
    """One bar: what it counts, the amount and its share of the least goal as text, its length."""

    code: str
    label: str
    amount: str
    percent: str
    x: int


@dataclass(frozen=True, slots=True)
class Thermometer:
    """Three bars on one scale, never stacked. The scale holds what is beyond the goal too."""

    bands: tuple[Band, ...]
    goal_min: str
    goal_max: str
    goal_min_x: int
    goal_max_x: int


@dataclass(frozen=True)
class ListedProject:
    """A project in a list."""

    project: Project
    state: str
    progress: Progress

    @property
    def stage(self) -> str:
        """The stage in the reader's language; empty before the first."""
        return stage_label(self.state)

    @property
    def stage_tone(self) -> str:
        """The class that colours the stage."""
        return _TONES.get(self.state, "")

    @property
    def thermometer(self) -> Thermometer | None:
        """For a list: without the bank loans where there are none. None where nobody was asked."""
        whole = self.whole_thermometer
        if whole is None or self.progress.sums.enabled_minor:
            return whole
        return replace(whole, bands=tuple(b for b in whole.bands if b.code != "enabled"))

    @property
    def whole_thermometer(self) -> Thermometer | None:
        """All three sums. None where savers were never asked."""
        return thermometer(self.progress) if self.progress.raising else None

    @property
    def kind_label(self) -> str:
        """What savers are offered."""
        return ", ".join(dict.fromkeys(str(kind.label) for kind in self.progress.kinds))

    @property
    def days_left(self) -> int | None:
        """Days to the last day inclusive; None when nothing is open."""
        return self.progress.days_left


def thermometer(part: Progress) -> Thermometer:
    """The bars of a progress that has a goal."""
    sums, least = part.sums, part.goal_min_minor
    amounts = {
        "committed": (_("Promised"), sums.committed_minor),
        "received": (_("Paid in"), sums.received_minor),
        "enabled": (_("Bank loans enabled"), sums.enabled_minor),
    }
    scale = max(part.goal_max_minor, *(minor for _label, minor in amounts.values()))
    return Thermometer(
        bands=tuple(
            Band(
                code=code,
                label=label,
                amount=kronor_text(minor),
                # A bank loan is not what savers were asked for: no share of their goal.
                percent="" if code == "enabled" else percent_text(100 * minor // least),
                x=WIDTH * minor // scale,
            )
            for code, (label, minor) in amounts.items()
        ),
        goal_min=kronor_text(least),
        goal_max=kronor_text(part.goal_max_minor),
        goal_min_x=WIDTH * least // scale,
        goal_max_x=WIDTH * part.goal_max_minor // scale,
    )


def listed_projects(projects: Iterable[Any], as_of: date) -> list[ListedProject]:
    """Projects annotated by `with_stage`, in their order. Four queries."""
    listed = list(projects)
    found = progress(Q(pk__in=[project.pk for project in listed]), as_of)
    return [
        ListedProject(project, project.stage or "", found.get(project.pk, Progress(as_of)))
        for project in listed
    ]


def stage_label(state: str) -> str:
    """A stage's name in the reader's language; empty before the first."""
    return str(StageEvent.Stage(state).label) if state else ""
