"""What the pages of projects show."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, DateField, F, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.functional import Promise

from invest.kinds import KINDS
from invest.kinds.actions import Text
from invest.kinds.kind import Kind
from invest.models import Assessment, Milestone, Need, Project, StageEvent, Update
from invest.progress.disclosure import FEWEST_SHOWN
from invest.progress.goals import Goal
from invest.progress.listed import ListedProject, listed_projects, stage_label
from invest.progress.offers import Offer
from invest.progress.savers import public_names
from invest.progress.stages import with_stage
from invest.projects.gates import words_for
from invest.vehicles import actions
from invest.web.wording import in_language


@dataclass(frozen=True, slots=True)
class Happening:
    """A dated line of a project's story: a stage reached, a milestone, or news.

    A milestone's `on` is the day it was planned for. A stage's titles are its code, and
    `lacked` the JSON of its codes that were not met. `pk` is that of
    the row it is read from, which `what` names.
    """

    what: str
    pk: int
    project: int
    on: date
    reached_on: date | None
    title_sv: str
    title_en: str
    text_sv: str
    text_en: str
    lacked: str

    @property
    def lacking(self) -> tuple[Promise, ...]:
        """The lines of a stage's gate that were passed before they were met."""
        return tuple(words_for(code) for code in json.loads(self.lacked or "[]"))

    @property
    def title(self) -> str:
        """In the reader's language."""
        if self.what == "stage":
            return stage_label(self.title_sv)
        return in_language(self.title_sv, self.title_en)

    @property
    def text(self) -> str:
        """In the reader's language."""
        return in_language(self.text_sv, self.text_en)


@dataclass(frozen=True, slots=True)
class Published:
    """What a vehicle tells everybody: sums, of nobody in particular."""

    name: str
    kind: type[Kind]
    figures: tuple[tuple[Text, Text], ...]


@dataclass(frozen=True)
class ProjectPage:
    """All that a project's page shows."""

    card: ListedProject
    happenings: tuple[Happening, ...]
    needs: tuple[Need, ...]
    names: tuple[str, ...]
    published: tuple[Published, ...]

    @property
    def use_of_money(self) -> str:
        """What the money is for, in the reader's language."""
        project = self.card.project
        return in_language(project.use_of_money_sv, project.use_of_money_en)

    @property
    def stages(self) -> list[Happening]:
        """Stages so far, first first."""
        return [happening for happening in self.happenings if happening.what == "stage"]

    @property
    def milestones(self) -> list[Happening]:
        """Milestones by planned day."""
        return [happening for happening in self.happenings if happening.what == "milestone"]

    @property
    def updates(self) -> list[Happening]:
        """News, newest first."""
        return [happening for happening in self.happenings[::-1] if happening.what == "update"]

    @property
    def next_milestone(self) -> Happening | None:
        """The first that is not reached."""
        return next((m for m in self.milestones if m.reached_on is None), None)

    @property
    def goals(self) -> list[tuple[Offer, Goal]]:
        """Every goal there was, newest first."""
        listed = [(offer, goal) for offer in self.card.progress.offers for goal in offer.goals]
        return sorted(listed, key=lambda pair: pair[1].on, reverse=True)


def all_projects(as_of: date) -> Any:
    """Every project with its stage and organisation, by name: a queryset.

    `assessed_on` is the day when it last told how it sees itself as an enterprise, if ever.
    """
    seen = Assessment.objects.filter(project=OuterRef("pk"), on__lte=as_of).order_by("-on")
    projects = Project.objects.select_related("organisation").annotate(
        assessed_on=Subquery(seen.values("on")[:1])
    )
    return with_stage(projects, as_of).order_by("name")


def project_page(project: Any, as_of: date) -> ProjectPage:
    """Everything on a project's page; `project` is annotated by `with_stage`.

    Seven queries, and a few for each vehicle that has figures of its own to publish.
    """
    card = listed_projects([project], as_of)[0]
    return ProjectPage(
        card=card,
        happenings=tuple(happenings(Q(project=project), as_of)),
        needs=tuple(project.needs.all()),
        names=tuple(public_names(project, as_of)),
        published=tuple(_published(card.progress.offers, as_of)),
    )


def _published(offers: tuple[Offer, ...], as_of: date) -> list[Published]:
    """Of the vehicles whose kind tells something; not of one that fewer than five hold in."""
    vehicles = {
        offer.offering.vehicle.pk: offer.offering.vehicle
        for offer in offers
        if offer.has_actions and type(offer.kind).publish is not Kind.publish
    }
    told = []
    for vehicle in vehicles.values():
        people = vehicle.holdings.values("number").distinct().count()
        now = actions.snapshot(vehicle, as_of)
        figures = tuple(now.kind.publish(now)) if people >= FEWEST_SHOWN else ()
        if figures:
            told.append(Published(vehicle.name, KINDS[vehicle.kind], figures))
    return told


def happenings(which: Q, as_of: date) -> list[Happening]:
    """Stages, milestones and news in one query, oldest first.

    `which` is a condition on rows with a `project`; `Q()` selects all.
    """
    empty = Value("", output_field=TextField())
    no_day = Value(None, output_field=DateField())
    stages = StageEvent.objects.filter(which, on__lte=as_of).values_list(
        _what("stage"),
        F("pk"),
        F("project"),
        F("on"),
        no_day,
        F("to_state"),
        F("to_state"),
        Coalesce("beside__text", empty, output_field=TextField()),
        Coalesce("beside__text", empty, output_field=TextField()),
        Cast("lacking", TextField()),
    )
    milestones = Milestone.objects.filter(which).values_list(
        _what("milestone"),
        F("pk"),
        F("project"),
        F("planned_on"),
        F("reached_on"),
        F("text_sv"),
        F("text_en"),
        empty,
        empty,
        empty,
    )
    updates = Update.objects.filter(which, on__lte=as_of).values_list(
        _what("update"),
        F("pk"),
        F("project"),
        F("on"),
        no_day,
        F("title_sv"),
        F("title_en"),
        F("text_sv"),
        F("text_en"),
        empty,
    )
    rows = stages.order_by().union(milestones.order_by(), updates.order_by(), all=True)
    return [Happening(*row) for row in sorted(rows, key=lambda row: row[3])]


def _what(word: str) -> Value:
    return Value(word, output_field=CharField())
