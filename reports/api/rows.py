"""From what the site knows to what the API tells."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from ninja import Schema

from invest import models
from invest.links import absolute
from invest.organisations.queries import OrganisationPage
from invest.progress.listed import ListedProject
from invest.progress.offers import Offer
from invest.progress.sums import Sums
from invest.projects.queries import ProjectPage
from pools.money import ore
from reports.api import shapes
from reports.models import PublicationRevision


def money(amount_minor: int) -> shapes.Money:
    """Öre."""
    return shapes.Money(minor=amount_minor, unit="SEK")


def words(swedish: str, english: str) -> shapes.Words:
    """A text in both languages."""
    return shapes.Words(sv=swedish, en=english)


def sums(of: Sums) -> shapes.Sums:
    """Each sum by itself. A number of savers below five is not told."""
    return shapes.Sums(
        committed=money(of.committed_minor),
        received=money(of.received_minor),
        enabled=money(of.enabled_minor),
        pending=money(of.pending_minor),
        saving=money(of.saving_minor),
        savers=None if of.savers_are_few else of.savers,
    )


def named(thing: models.Organisation | models.Project | models.Fair) -> dict[str, str]:
    """What `shapes.Named` asks for."""
    return {"slug": thing.slug, "name": thing.name, "url": absolute(thing.get_absolute_url())}


def project_line(card: ListedProject) -> dict[str, Any]:
    """What `shapes.ProjectLine` asks for."""
    project, part = card.project, card.progress
    return {
        **named(project),
        "organisation": named(project.organisation),
        "sector": project.sector,
        "municipality": project.municipality,
        "stage": card.state or None,
        "summary": words(project.summary_sv, project.summary_en),
        "as_of": part.as_of,
        "sums": sums(part.sums),
        "goal_least": money(part.goal_min_minor) if part.raising else None,
        "goal_most": money(part.goal_max_minor) if part.raising else None,
        "days_left": part.days_left,
    }


def project(page: ProjectPage) -> shapes.Project:
    """One project. Names of savers are on its page, with their consent, and never here."""
    project, part = page.card.project, page.card.progress
    slug = [project.slug]
    return shapes.Project(
        **project_line(page.card),
        story=words(project.story_sv, project.story_en),
        use_of_money=words(project.use_of_money_sv, project.use_of_money_en),
        offerings=[_offering(offer) for offer in part.offers],
        stages=[shapes.Step(on=step.on, stage=step.title_sv) for step in page.stages],
        milestones=[
            shapes.Milestone(
                planned_on=aim.on,
                reached_on=aim.reached_on,
                text=words(aim.title_sv, aim.title_en),
            )
            for aim in page.milestones
        ],
        updates=[
            shapes.News(
                on=news.on,
                title=words(news.title_sv, news.title_en),
                text=words(news.text_sv, news.text_en),
            )
            for news in page.updates
        ],
        needs=[_need(need) for need in page.needs],
        finance=[
            shapes.Finance(
                kind=source.kind,
                text=words(source.text_sv, source.text_en),
                amount=money(source.amount_minor),
                signed_on=source.signed_on,
            )
            for source in part.finance
        ],
        feed=absolute(reverse("project_feed", args=slug)),
        deadlines=absolute(reverse("project_deadlines", args=slug)),
        widget=absolute(reverse("embed_project", args=slug)),
    )


def organisation_line(organisation: models.Organisation, projects: int) -> dict[str, Any]:
    """What `shapes.OrganisationLine` asks for."""
    return {
        **named(organisation),
        "form": organisation.form,
        "orgnr": organisation.orgnr or None,
        "municipality": organisation.municipality,
        "is_energy_company": organisation.is_energy_company,
        "projects": projects,
    }


def organisation(page: OrganisationPage) -> shapes.Organisation:
    """One organisation."""
    about = page.organisation
    return shapes.Organisation(
        **organisation_line(about, len(page.cards)),
        about=words(about.about_sv, about.about_en),
        as_of=page.as_of,
        sums=sums(page.sums),
        repaid=money(page.repaid_minor),
        interest=money(page.interest_minor),
        distributed=money(page.distributed_minor),
    )


def fair_line(fair: models.Fair) -> dict[str, Any]:
    """What `shapes.FairLine` asks for; times are Stockholm's."""
    return {
        **named(fair),
        "venue": fair.venue,
        "municipality": fair.municipality,
        "starts_at": timezone.localtime(fair.starts_at),
        "ends_at": timezone.localtime(fair.ends_at),
        "organiser": named(fair.organisation),
    }


def publication_line(revision: PublicationRevision) -> shapes.PublicationLine:
    """A publication by its newest public revision."""
    told = revision.publication
    return shapes.PublicationLine(
        id=told.pk,
        revision=revision.number,
        organisation=told.organisation.slug,
        project=told.project.slug if told.project else None,
        published_at=timezone.localtime(revision.published_from),
        url=absolute(told.get_absolute_url()),
        record=absolute(reverse("v1:publication", args=[told.pk])),
    )


def flat(row: dict[str, Any], *, under: str = "") -> dict[str, object]:
    """A line of CSV: what is nested gets its name from above, `sums_committed_minor`."""
    cells: dict[str, object] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            cells |= flat(value, under=f"{under}{name}_")
        else:
            cells[under + name] = value
    return cells


def columns(shape: type[Schema], *, under: str = "") -> Iterable[str]:
    """The columns that `flat` gives a shape, also where a nested part of a row is null."""
    for name, field in shape.model_fields.items():
        kinds = getattr(field.annotation, "__args__", (field.annotation,))
        nested = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Schema)]
        if not nested:
            yield under + name
        for part in nested:
            yield from columns(part, under=f"{under}{name}_")


def _offering(offer: Offer) -> shapes.Offering:
    return shapes.Offering(
        name=offer.offering.vehicle.name,
        kind=offer.offering.vehicle.kind,
        opens_on=offer.offering.opens_on,
        closes_on=offer.offering.closes_on,
        goals=[
            shapes.Goal(
                since=goal.on,
                least=money(goal.goal_min_minor),
                most=money(goal.goal_max_minor),
                reason=words(goal.reason_sv, goal.reason_en),
            )
            for goal in offer.goals
        ],
    )


def _need(need: models.Need) -> shapes.Need:
    return shapes.Need(
        text=words(need.text_sv, need.text_en),
        money=money(ore(need.money)) if need.money else None,
        quantity=None if need.quantity is None else str(need.quantity),
        unit=need.unit or None,
    )
