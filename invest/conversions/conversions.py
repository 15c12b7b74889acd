"""A purchase group becomes an association or a company: the old stays, its people are asked.

Nobody is made a member. What was bought together keeps its register, actions and accounts; the new
vehicle points back at it, and both projects tell of it with the paper it rests on.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from moneyed import Money

from invest.kinds.refusals import BadTerms
from invest.letters import about, outbox
from invest.links import absolute
from invest.models import (
    JoinInvitation,
    Letter,
    Offering,
    Organisation,
    Person,
    Pledge,
    Project,
    Role,
    StageEvent,
    User,
    Vehicle,
)
from invest.organisations import founding
from invest.people import Giver
from invest.pledges import pledges
from invest.projects import stages
from invest.refusals import NeedsEvidence, WrongState
from invest.vehicles import offerings

Stage = StageEvent.Stage


@transaction.atomic
def found(
    *,
    old: Vehicle,
    form: str,
    name: str,
    iban: str,
    on: date,
    user: User,
    paper: str,
) -> Project:
    """A new organisation out of the group, with books, and the project that it goes on with.

    The user keeps there the roles held in the old one; everybody else is given none. Raises
    BadTerms where another organisation has the account, OrganisationNamed where the municipality
    has one of the name in any case, NeedsEvidence without a paper.
    """
    project = _project(old)
    if not paper:
        raise NeedsEvidence
    made = founding.found(name=name, form=form, municipality=old.organisation.municipality)
    founding.open_books(organisation=made, on=on, iban=iban)
    held = Role.objects.filter(user=user, organisation=old.organisation, until__isnull=True)
    for kind in held.values_list("kind", flat=True):
        Role.objects.create(user=user, organisation=made, kind=kind, since=on)
    next_one = Project.objects.create(
        slug=made.slug,
        organisation=made,
        name=name,
        sector=project.sector,
        municipality=project.municipality,
        summary_sv=project.summary_sv,
        summary_en=project.summary_en,
    )
    by = f"user:{user.pk}"
    told = {"old": old.name, "new": name, "paper": paper}
    _note_step(next_one, Stage.FORMED, on, by, _("Grew out of %(old)s: %(paper)s") % told)
    _note_step(project, None, on, by, _("%(new)s is founded: %(paper)s") % told)
    return next_one


@transaction.atomic
def become(
    *,
    old: Vehicle,
    kind: str,
    name: str,
    slug: str,
    project: Project,
    terms: Mapping[str, object],
    offer: Mapping[str, Any],
    on: date,
    by: str,
    paper: str,
) -> Offering:
    """Open a vehicle that grew out of an old one, and ask everybody who held in that to join.

    Raises NeedsEvidence, and what opening a vehicle and an offering raises; nothing is opened then.
    """
    if not paper:
        raise NeedsEvidence
    was = _project(old)
    vehicle = offerings.open_vehicle(
        kind=kind,
        slug=slug,
        name=name,
        organisation=project.organisation,
        project=project,
        terms=terms,
        on=on,
    )
    vehicle.grew_from = old
    vehicle.save(update_fields=["grew_from"])
    offering = offerings.open_offering(vehicle=vehicle, **offer)
    told = {"old": old.name, "new": name, "paper": paper}
    _note_step(project, Stage.RAISING, on, by, _("%(new)s grew out of %(old)s: %(paper)s") % told)
    if was != project:
        _note_step(was, None, on, by, _("%(old)s becomes %(new)s: %(paper)s") % told)
    for person in Person.objects.filter(holdings__vehicle=old).distinct().order_by("pk"):
        _invite(offering, person, on, old.organisation)
    return offering


@transaction.atomic
def say_yes(*, invitation: JoinInvitation, amount: Money, key: str, on: date, by: str) -> Pledge:
    """Join: a promise like any other, by the person who was asked. Raises as `pledges.submit`."""
    invitation = _open(invitation)
    person = invitation.person
    if person is None:
        raise WrongState(state=_("Withdrawn"))
    pledge = pledges.submit(
        offering=invitation.offering,
        giver=Giver(name=person.name, email=person.email),
        person=person,
        amount=amount,
        key=key,
        key_owner=f"invitation:{invitation.pk}",
        on=on,
        by=by,
    )
    invitation.pledge = pledge
    invitation.save(update_fields=["pledge"])
    return pledge


@transaction.atomic
def say_no(*, invitation: JoinInvitation, on: date) -> None:
    """Not now, thank you. Raises WrongState once it is answered."""
    invitation = _open(invitation)
    invitation.declined_on = on
    invitation.save(update_fields=["declined_on"])


def _open(invitation: JoinInvitation) -> JoinInvitation:
    locked = JoinInvitation.objects.select_for_update(of=("self",)).select_related(
        "person", "offering__vehicle"
    )
    invitation = locked.get(pk=invitation.pk)
    if invitation.pledge_id or invitation.declined_on:
        raise WrongState(state=_("Answered"))
    return invitation


def _invite(offering: Offering, person: Person, on: date, asks: Organisation) -> None:
    invitation = JoinInvitation.objects.create(offering=offering, person=person, invited_on=on)
    vehicle = offering.vehicle
    with translation.override(person.language):
        subject = _("Will you join %(name)s?") % {"name": vehicle.organisation.name}
    context = {
        "person": person,
        "vehicle": vehicle,
        "old": vehicle.grew_from,
        "link": absolute(invitation.get_absolute_url()),
    }
    topic = about.invitation(invitation)
    outbox.send(
        person,
        Letter.Kind.CONFIRM,
        subject,
        "conversions/letters/join",
        context,
        organisation=asks,
        about=topic,
        key=f"{topic}:asked",
    )


def _project(vehicle: Vehicle) -> Project:
    if vehicle.project is None:
        raise BadTerms(reason=_("%(what)s has no project") % {"what": vehicle})
    return vehicle.project


def _note_step(project: Project, to: str | None, on: date, by: str, words: str) -> None:
    """A step of a project; None: it stays at the stage where it is."""
    now = project.stages.order_by("-number").first()
    stage = Stage(to or (now.to_state if now else Stage.FORMED))
    on = max(on, timezone.localdate()) if now and now.on > on else on
    stages.set_stage(project=project, to=stage, on=on, by=by, reason=words[:300])
