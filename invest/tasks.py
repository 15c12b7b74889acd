"""What a day brings, one task a step: each may fail without stopping the others, or run twice.

Tasks are told the day as ISO 8601, so that one that waited in the queue still means its own day.
"""

import logging
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task
from django_tasks.base import Task

from invest.fairs import follow_ups
from invest.kinds import KINDS
from invest.letters import about, outbox
from invest.links import absolute
from invest.me import retention
from invest.models import (
    Assessment,
    Call,
    Fair,
    InKind,
    Letter,
    Pledge,
    PledgeEvent,
    Project,
    Vehicle,
)
from invest.pledges import letters, pledges
from invest.refusals import WrongState
from invest.treasury.placing import open_on_call
from invest.vehicles import actions
from invest.vouchers import codes

log = logging.getLogger(__name__)
BY = "job:due"
# Nobody is asked about a fair whose last question is a month old.
ASKED_FOR = timedelta(days=max(follow_ups.DAYS) + 30)


@task
def lapse_promises(on: str) -> int:
    """Let go of promises whose last day has passed and that were never called. How many."""
    day = date.fromisoformat(on)
    past = (
        Pledge.objects.filter(valid_until__lt=day)
        .with_state()
        .filter(
            state__in=[
                state for state, to in PledgeEvent.TRANSITIONS.items() if pledges.State.LAPSED in to
            ]
        )
    )
    lapsed = 0
    for pledge in past.order_by("pk"):
        try:
            pledges.lapse(pledge=pledge, on=day, by=BY)
            lapsed += 1
        except WrongState:  # Called or confirmed anew in this very moment.
            log.info("pledge %s did not lapse", pledge.pk)
    return lapsed


@task
def lapse_vouchers(on: str) -> int:
    """Let vouchers lapse whose last day has passed. How many."""
    return codes.lapse(date.fromisoformat(on), BY)


@task
def use_what_is_ahead(on: str) -> int:
    """Pay with money ahead what falls due by the day. How many entries."""
    day = date.fromisoformat(on)
    funds = Vehicle.objects.filter(
        kind__in=[k for k, kind in KINDS.items() if kind.moves_by_itself]
    )
    return sum(
        actions.move_by_itself(vehicle=fund, until=day, by=BY) for fund in funds.order_by("pk")
    )


@task
def ask_what_became(on: str) -> int:
    """Make the questions of fairs that have ended, and mail those due. How many letters."""
    day = date.fromisoformat(on)
    for fair in Fair.objects.order_by("pk"):
        if timezone.localdate(fair.ends_at) < day <= timezone.localdate(fair.ends_at) + ASKED_FOR:
            follow_ups.plan_for(fair)
    return follow_ups.remind(on=day, link=_receipt, at=timezone.now())


@task
def remind_of_calls(on: str) -> int:
    """Mail who has not paid what was due, once for each call. How many letters."""
    late = _late_calls(date.fromisoformat(on))
    return sum(_remind(call) for call in late.order_by("due_on", "pk"))


@task
def remind_of_assessments(on: str) -> int:
    """Mail organisations whose enterprise is to look at itself again, once for each time."""
    due = Project.objects.filter(
        pk__in=Assessment.objects.filter(next_on__lte=date.fromisoformat(on)).values("project")
    ).select_related("organisation")
    return sum(_look_again(project, date.fromisoformat(on)) for project in due.order_by("pk"))


@task
def forget(on: str) -> int:
    """Forget for good those whose time is over. How many."""
    day = date.fromisoformat(on)
    midnight = timezone.make_aware(datetime.combine(day, time.min))
    return retention.purge(day) + retention.forget_guests(midnight)


STEPS: tuple[Task[[str], int], ...] = (
    lapse_promises,
    lapse_vouchers,
    use_what_is_ahead,
    ask_what_became,
    remind_of_calls,
    remind_of_assessments,
    forget,
)


def _receipt(promise: Pledge | InKind) -> str:
    return absolute(promise.get_absolute_url())


def _late_calls(day: date) -> QuerySet[Call]:
    """Calls past due that still wait for money, and of which nobody was reminded."""
    waiting = Pledge.objects.with_state().filter(state__in=PledgeEvent.PAYABLE)
    key = Concat(Value(about.CALLS), Cast(OuterRef("pk"), CharField()), Value(letters.LATE))
    reminded = Letter.objects.filter(key=key)
    return Call.objects.filter(
        ~Exists(reminded),
        due_on__lt=day,
        pledge__in=waiting.values("pk"),
        pledge__person__email__gt="",
    ).select_related("pledge__person", "pledge__offering__vehicle__project__organisation")


@transaction.atomic
def _remind(call: Call) -> bool:
    """One letter; two runs at once wait for each other here."""
    Pledge.objects.select_for_update().get(pk=call.pledge_id)
    person, project = call.pledge.person, call.pledge.offering.vehicle.project
    still = _late_calls(call.due_on + timedelta(days=1)).filter(pk=call.pk).exists()
    left_minor = open_on_call(call)
    if person is None or project is None or not still or left_minor <= 0:
        return False
    return letters.send_late(call, left_minor=left_minor)


@transaction.atomic
def _look_again(project: Project, day: date) -> bool:
    """One letter; two runs at once wait for each other here."""
    Project.objects.select_for_update().get(pk=project.pk)
    newest = project.assessments.with_words().first()
    link = absolute(reverse("assess", args=[project.slug]))
    if newest is None or newest.next_on > day:
        return False
    topic = about.assessment(newest)
    key = f"{topic}:again"
    if Letter.objects.filter(key=key).exists():
        return False
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("Time to look at yourselves again: %(project)s") % {"project": project.name}
    context = {"project": project, "newest": newest, "link": link}
    letter = outbox.send_to_organisation(
        project.organisation,
        Letter.Kind.FOLLOW_UP,
        subject,
        "projects/letters/assess",
        context,
        about=topic,
        key=key,
    )
    return letter is not None
