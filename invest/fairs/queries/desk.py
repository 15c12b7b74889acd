"""What an organiser sees before a fair: the programme with its answers, the tasks, the papers."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from invest.links import absolute
from invest.models import Fair, FairTask, Need, Pitch, Project
from invest.progress.listed import STAGE_GROUPS
from invest.progress.stages import with_stage
from pools.bank.references import qr_svg

MOST_NEEDS_SHOWN = 4  # In money, and as many in kind.
# Beyond these a paper is set smaller, to stay on its page: letters of the name, letters, needs.
LONG_NAME, LONG, MANY_NEEDS = 36, 200, 4


@dataclass(frozen=True, slots=True)
class Slot:
    """A pitch with what its project answered."""

    pitch: Pitch
    is_first: bool
    is_last: bool

    @property
    def label(self) -> str:
        """Where it stands, in the reader's language."""
        if self.pitch.accepted_on:
            return _("Has accepted")
        if self.pitch.declined_on:
            return _("Has declined")
        return _("Invited") if self.pitch.invited_on else _("Not asked yet")

    @property
    def tone(self) -> str:
        """The class that colours the state."""
        if self.pitch.accepted_on:
            return ""
        return "is-quiet" if self.pitch.declined_on else "is-warm"

    @property
    def since(self) -> date | None:
        """The day of the answer, else of the invitation."""
        return self.pitch.accepted_on or self.pitch.declined_on or self.pitch.invited_on

    @property
    def link(self) -> str:
        """Where the project answers."""
        return absolute(reverse("invitation", args=[self.pitch.code]))

    @property
    def mail(self) -> str:
        """A letter to the project's organisation with the link in it; empty without an address."""
        to = self.pitch.project.organisation.contact_email
        words = {
            "subject": _("Invitation to %(fair)s") % {"fair": self.pitch.fair.name},
            "body": _("Would you like to pitch %(project)s? Answer here: %(link)s")
            % {"project": self.pitch.project.name, "link": self.link},
        }
        # Mail programs read a plus as a plus.
        return f"mailto:{to}?{urlencode(words).replace('+', '%20')}" if to else ""


@dataclass(frozen=True, slots=True)
class Task:
    """A task, and whether its day has passed without it."""

    task: FairTask
    is_late: bool


@dataclass(frozen=True)
class DeskPage:
    """A fair's desk."""

    fair: Fair
    slots: tuple[Slot, ...]
    tasks: tuple[Task, ...]
    is_over: bool

    @property
    def left(self) -> int:
        """How many tasks are not done."""
        return sum(task.task.done_on is None for task in self.tasks)


@dataclass(frozen=True)
class Stand:
    """What stands on a project's poster and stand card."""

    pitch: Pitch
    money: tuple[Need, ...]
    in_kind: tuple[Need, ...]

    @property
    def link(self) -> str:
        """The absolute short address, as the QR code says it."""
        return short_link(self.pitch)

    @property
    def address(self) -> str:
        """The same as somebody types it: domain and path."""
        parts = urlsplit(self.link)
        return f"{parts.netloc}{parts.path}".rstrip("/")

    @property
    def domain(self) -> str:
        """Ours, printed so that a sticker with another's code is seen."""
        return urlsplit(self.link).netloc

    @property
    def is_long(self) -> bool:
        """Whether there is more to say than the usual letters leave room for."""
        project, needs = self.pitch.project, self.money + self.in_kind
        letters = sum(map(len, [project.name, project.summary, *(need.text for need in needs)]))
        return len(project.name) > LONG_NAME or letters > LONG or len(needs) > MANY_NEEDS

    @property
    def path(self) -> str:
        """What stands after the domain in `address`."""
        return self.address.removeprefix(self.domain)

    @property
    def qr(self) -> str:
        """The short address as an inline SVG."""
        return qr_svg(self.link, title=self.address)


def desk_page(fair: Fair, as_of: date) -> DeskPage:
    """The desk of one fair. Two queries."""
    pitches = list(
        Pitch.objects.filter(fair=fair)
        .select_related("fair", "project__organisation")
        .order_by("position")
    )
    tasks = FairTask.objects.filter(fair=fair).order_by("due_on", "pk")
    return DeskPage(
        fair=fair,
        slots=tuple(
            Slot(pitch, is_first=pitch is pitches[0], is_last=pitch is pitches[-1])
            for pitch in pitches
        ),
        tasks=tuple(Task(task, task.done_on is None and task.due_on < as_of) for task in tasks),
        is_over=is_over(fair, as_of),
    )


def invitable(fair: Fair, as_of: date) -> Any:
    """Projects that may be asked, by name: neither asked already nor ended. A queryset."""
    asked = Pitch.objects.filter(fair=fair, declined_on__isnull=True)
    projects = with_stage(Project.objects.select_related("organisation"), as_of)
    return (
        projects.exclude(pk__in=asked.values("project"))
        .filter(Q(stage__isnull=True) | ~Q(stage__in=STAGE_GROUPS["ended"]))
        .order_by("name", "pk")
    )


def stand(pitch: Pitch) -> Stand:
    """A project's paper for its stand. One query."""
    needs = list(pitch.project.needs.all())
    return Stand(
        pitch=pitch,
        money=tuple(need for need in needs if need.money is not None)[:MOST_NEEDS_SHOWN],
        in_kind=tuple(need for need in needs if need.money is None)[:MOST_NEEDS_SHOWN],
    )


def is_over(fair: Fair, as_of: date) -> bool:
    """Whether the fair's day has passed."""
    return timezone.localdate(fair.ends_at) < as_of


def short_link(pitch: Pitch) -> str:
    """The absolute short address of a pitch."""
    return absolute(reverse("short_code", args=[pitch.code]))
