"""Doing a thing together: an organisation is asked to take a part in another's, and answers.

Taking part opens no desk of the other, and no list of anybody: each keeps its own data.
"""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from invest.fairs import fairs
from invest.gatherings.refusals import BadGathering, GatheringCancelled, GatheringOver
from invest.kinds.refusals import AlreadyRecorded
from invest.letters import about, outbox
from invest.links import absolute
from invest.models import Cooperation, Fair, Gathering, Letter, Organisation, Project
from invest.people import plain
from invest.refusals import WrongState

Thing = Gathering | Fair | Project
FIELDS: dict[type, str] = {Gathering: "gathering", Fair: "fair", Project: "project"}


@transaction.atomic
def invite(*, organisation: Organisation, into: Thing, part: str, on: date) -> Cooperation:
    """Ask an organisation to take a part; it gets a letter where it has an address.

    One that said no may be asked again. Raises AlreadyRecorded, GatheringCancelled, GatheringOver,
    BadGathering where it would be asked into its own or the part is empty, UnsafeText, TextTooLong.
    """
    _refuse_ended(into, on)
    words = plain(part, most=160)
    if not words:
        raise BadGathering(field="part", reason=_("write what they would do"))
    if into.organisation_id == organisation.pk:
        raise BadGathering(field="organisation", reason=_("it is their own already"))
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    of = {FIELDS[type(into)]: into}
    standing = Cooperation.objects.filter(organisation=organisation, **of)
    if standing.filter(declined_on__isnull=True).exists():
        raise AlreadyRecorded(what=organisation.name)
    made = Cooperation.objects.create(organisation=organisation, part=words, invited_on=on, **of)
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("Will you take part in %(name)s?") % {"name": into.name}
    context = {"cooperation": made, "thing": into, "link": absolute(made.get_absolute_url())}
    topic = about.cooperation(made)
    outbox.send_to_organisation(
        organisation,
        Letter.Kind.CONFIRM,
        subject,
        "gatherings/letters/cooperation",
        context,
        about=topic,
        key=f"{topic}:asked",
    )
    return made


def _refuse_ended(into: Thing, on: date) -> None:
    if isinstance(into, Project):
        return
    into.refresh_from_db()
    if into.cancelled_at:
        raise GatheringCancelled(name=into.name)
    if timezone.localdate(into.ends_at) < on:
        raise GatheringOver(name=into.name)


@transaction.atomic
def answer(*, cooperation: Cooperation, accepts: bool, on: date) -> Cooperation:
    """Yes or no; it may be changed. The same answer again changes nothing, not even its day."""
    cooperation = Cooperation.objects.select_for_update(of=("self",)).get(pk=cooperation.pk)
    fairs.say(cooperation, accepts=accepts, on=on)
    cooperation.save(update_fields=["accepted_on", "declined_on"])
    return cooperation


@transaction.atomic
def take_back(*, cooperation: Cooperation) -> None:
    """The question is taken back before they said yes, and is gone. Raises WrongState."""
    cooperation = Cooperation.objects.select_for_update(of=("self",)).get(pk=cooperation.pk)
    if cooperation.accepted_on:
        raise WrongState(state=_("they have said yes"))
    cooperation.delete()
