"""What a day brings: each step once, and one that fails stops no other."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from invest import tasks
from invest.me import retention
from invest.models import FollowUp, Letter, Person
from invest.pledges import pledges
from invest.treasury import placing
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def roof():
    return make.share_offering()


def due(on) -> list[str]:
    out = StringIO()
    call_command("due", on=on, stdout=out, stderr=out)
    return out.getvalue().splitlines()


def lines(lapsed=0, asked=0, reminded=0, forgotten=0) -> list[str]:
    return [
        f"lapse_promises: {lapsed}",
        "lapse_vouchers: 0",
        "use_what_is_ahead: 0",
        f"ask_what_became: {asked}",
        f"remind_of_calls: {reminded}",
        "remind_of_assessments: 0",
        f"forget: {forgotten}",
    ]


def test_promises_lapse_after_their_last_day_unless_called(roof, today):
    day = today - timedelta(days=10)
    made = [
        make.pledge(roof, 500, name, on=day, valid_until=today - timedelta(days=1))
        for name in ("Ada", "Bo", "Cem")
    ]
    pledges.confirm(pledge=made[1], on=day, by="t")
    make.called(made[2], day)
    make.pledge(roof, 500, "Dee", on=day, valid_until=today)

    assert tasks.lapse_promises.call(today.isoformat()) == 2
    assert tasks.lapse_promises.call(today.isoformat()) == 0

    assert [pledges.latest(pledge).to_state for pledge in made] == ["lapsed", "lapsed", "called"]
    assert pledges.latest(made[0]).actor == "job:due"


def test_a_fair_that_ended_is_followed_up(roof, today):
    fair = make.fair(owner=roof.vehicle.organisation, of=(roof.vehicle.project,))
    back = today - timedelta(days=30) - timezone.localdate(fair.starts_at)
    fair.starts_at, fair.ends_at = fair.starts_at + back, fair.ends_at + back
    fair.save()
    make.pledge(roof, 500, on=today, fair=fair)

    assert (due(today), due(today)) == (lines(asked=1), lines())
    assert Letter.objects.get().text.count("http://localhost:8000/pledges/") == 1
    assert FollowUp.objects.count() == 4


def test_a_fair_that_is_not_over_or_long_past_is_left_alone(roof, today):
    fair = make.fair(owner=roof.vehicle.organisation, of=(roof.vehicle.project,))
    make.pledge(roof, 500, fair=fair)
    day = timezone.localdate(fair.ends_at)

    for on in (day, day + timedelta(days=396)):
        assert tasks.ask_what_became.call(on.isoformat()) == 0
    assert FollowUp.objects.count() == 0


def test_a_late_payer_is_reminded_once(roof, today, django_capture_on_commit_callbacks):
    late = today - timedelta(days=3)
    call = make.called(make.pledge(roof, 1000, on=late), late)

    with django_capture_on_commit_callbacks(execute=True):
        assert (due(today), due(today)) == (lines(reminded=1), lines())

    letter = Letter.objects.get()
    assert (letter.kind, letter.person, call.ocr in letter.text) == (
        "call",
        call.pledge.person,
        True,
    )
    assert len(mail.outbox) == 1


def test_the_first_call_by_mail_is_no_reminder(roof, today):
    late = today - timedelta(days=3)
    call = make.called(make.pledge(roof, 1000, on=late), late)
    written = timezone.now() - timedelta(days=9)
    Letter.objects.create(
        person=call.pledge.person,
        kind="call",
        about=f"call:{call.pk}",
        to="a@b.se",
        text=call.ocr,
        written_at=written,
    )

    assert tasks.remind_of_calls.call(today.isoformat()) == 1


def test_a_letter_that_only_names_the_number_is_no_reminder(roof, today):
    late = today - timedelta(days=3)
    call = make.called(make.pledge(roof, 1000, on=late), late)
    make.called(make.pledge(roof, 1000, "Bo", on=late), late)
    told = {"to": "a@b.se", "text": f"{call.ocr} är mitt", "written_at": timezone.now()}
    Letter.objects.create(person=call.pledge.person, kind="call", **told)

    assert tasks.remind_of_calls.call(today.isoformat()) == 2
    assert tasks.remind_of_calls.call(today.isoformat()) == 0


def test_who_has_paid_or_has_time_left_is_not_reminded(roof, today):
    late = today - timedelta(days=3)
    paid = make.called(make.pledge(roof, 1000, on=late), late)
    line = make.bank_line(100_000, paid.ocr, on=late)
    placing.pair_by_reference(parts=[line], by="t")
    make.called(make.pledge(roof, 1000, "Bo", on=today), today)
    part = make.called(make.pledge(roof, 2000, "Cem", on=late), late)
    make.bank_line(50_000, part.ocr, reference="r2", on=late)

    assert tasks.remind_of_calls.call(today.isoformat()) == 1
    assert Letter.objects.get().person == part.pledge.person


def test_whose_time_is_over_is_forgotten(today):
    ada = make.person("Ada", restricted_on=today - timedelta(days=1))
    make.person("Bo")

    assert (due(today), due(today)) == (lines(forgotten=1), lines())
    assert list(Person.objects.values_list("name", flat=True)) == ["Bo"]
    assert retention.kept_until(ada) is None


def test_a_step_that_fails_stops_no_other_and_is_made_up_for(roof, today, settings):
    make.person("Ada", restricted_on=today - timedelta(days=1))
    fair = make.fair(owner=roof.vehicle.organisation, of=(roof.vehicle.project,))
    day = timezone.localdate(fair.ends_at) + timedelta(days=30)
    make.pledge(roof, 500, "Bo", fair=fair)
    address, settings.PUBLIC_URL = settings.PUBLIC_URL, None  # No link can be written.

    with pytest.raises(CommandError, match=r"Failed: ask_what_became\."):
        due(day)

    assert not Person.objects.filter(restricted_on__isnull=False).exists()
    assert not FollowUp.objects.filter(reminded_at__isnull=False).exists()
    settings.PUBLIC_URL = address
    assert due(day) == lines(asked=1)
