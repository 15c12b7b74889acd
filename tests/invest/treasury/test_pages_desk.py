"""The desks: bank files, pairing by hand, promises and payouts; and who may not come in."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from invest.models import Distribution, Person, Placement
from invest.payouts import distributions
from invest.pledges import pledges
from invest.treasury import placing
from pools.models import BankLine
from tests import factories as make
from tests.factories import IBAN, sek

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}
CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>
<GrpHdr><MsgId>m1</MsgId><CreDtTm>2026-11-23T10:00:00</CreDtTm></GrpHdr>
<Ntfctn><Id>n1</Id><Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>SEK</Ccy></Acct>{entries}</Ntfctn>
</BkToCstmrDbtCdtNtfctn></Document>"""
ENTRY = """<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>{ref}</AcctSvcrRef>
<NtryDtls><TxDtls><Refs><AcctSvcrRef>{ref}</AcctSvcrRef></Refs><Amt Ccy="{currency}">{amount}</Amt>
<RmtInf><Strd><CdtrRefInf><Ref>{ocr}</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls></Ntry>"""


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def offering():
    return make.share_offering()


@pytest.fixture
def energi(offering):
    return offering.vehicle.organisation


@pytest.fixture
def dee(energi):
    return make.user("dee", ("treasurer", energi))


@pytest.fixture
def desk(client, dee) -> Client:
    client.force_login(dee)
    return client


def entry(ocr: str, amount: str = "1000.00", ref: str = "r1", currency: str = "SEK") -> str:
    day = timezone.localdate()
    return ENTRY.format(ocr=ocr, amount=amount, ref=ref, currency=currency, day=day)


def statement(*entries: str, iban: str = IBAN, name: str = "bank.xml") -> SimpleUploadedFile:
    text = CAMT.format(iban=iban, entries="".join(entries))
    return SimpleUploadedFile(name, text.encode(), "application/xml")


def bank(energi) -> str:
    return reverse("bank", args=[energi.slug])


def test_a_bank_file_pairs_what_is_exact_and_queues_the_rest(desk, energi, offering, today):
    exact = make.called(make.pledge(offering, 1000, "Ada"), today)
    short = make.called(make.pledge(offering, 2000, "Bo"), today)

    response = desk.post(
        bank(energi),
        {"file": statement(entry(exact.ocr), entry(short.ocr, "1999.00", "r2"))},
    )

    page = response.context["page"]
    assert response.status_code == 200
    assert pledges.latest(exact.pledge).to_state == "paid"
    assert pledges.latest(short.pledge).to_state == "called"
    assert [(w.left_minor, w.suggestions[0].open_call.call) for w in page.waiting] == [
        (199_900, short)
    ]
    assert [match.call for match in page.matched] == [exact]


@pytest.mark.fault("F43")
def test_the_same_file_twice_is_409_and_adds_nothing(desk, energi):
    desk.post(bank(energi), {"file": statement(entry("1"))})

    response = desk.post(bank(energi), {"file": statement(entry("1"))}, headers=ENGLISH)

    assert (response.status_code, BankLine.objects.count()) == (409, 1)
    assert "already imported" in response.content.decode()


@pytest.mark.fault("F50")
@pytest.mark.parametrize("ocr", ["1234567", "0009000001", "", "12 34574"])
def test_a_reference_that_does_not_hold_waits_for_a_person(desk, energi, offering, today, ocr):
    call = make.called(make.pledge(offering, 1000, "Ada"), today)

    response = desk.post(bank(energi), {"file": statement(entry(ocr))})

    waiting = response.context["page"].waiting
    assert (len(waiting), Placement.objects.count()) == (1, 0)
    assert [suggestion.open_call.call for suggestion in waiting[0].suggestions] == [call]


@pytest.mark.fault("F50")
def test_the_same_reference_twice_is_paired_once(desk, energi, offering, today):
    call = make.called(make.pledge(offering, 1000, "Ada"), today)

    response = desk.post(
        bank(energi), {"file": statement(entry(call.ocr), entry(call.ocr, ref="r2"))}
    )

    assert Placement.objects.count() == 1
    assert [waiting.left_minor for waiting in response.context["page"].waiting] == [100_000]


def test_a_line_in_another_currency_is_listed_and_the_others_taken(desk, energi):
    file = statement(entry("1"), entry("2", ref="r2", currency="EUR"))

    response = desk.post(bank(energi), {"file": file}, headers=ENGLISH)

    assert (response.status_code, BankLine.objects.count()) == (200, 1)
    assert "The line is in EUR" in response.content.decode()


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 400),
        (b"hello", 400),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", 400),
        (b"<x>" + b"a" * (20 * 1024 * 1024) + b"</x>", 413),
    ],
    ids=["empty", "text", "doctype", "large"],
)
@pytest.mark.fault("F46")
@pytest.mark.fault("F47")
def test_what_is_no_bank_file_is_refused_with_a_sentence(desk, energi, content, status):
    response = desk.post(bank(energi), {"file": SimpleUploadedFile("x.xml", content)})

    assert (response.status_code, BankLine.objects.count()) == (status, 0)
    assert 'id="id_file_error"' in response.content.decode()


def test_no_file_and_a_strangers_file_are_refused(desk, energi):
    assert desk.post(bank(energi)).status_code == 400
    other = statement(entry("1"), iban="SE3550000000054910000003")
    assert desk.post(bank(energi), {"file": other}).status_code == 400
    assert BankLine.objects.count() == 0


def test_a_line_is_paired_by_hand_and_undone(desk, energi, offering, today):
    call = make.called(make.pledge(offering, 1000, "Ada"), today)
    line = make.bank_line(100_000, on=today)
    address = reverse("match", args=[energi.slug, line.pk])

    guessed = desk.get(f"{address}?call={call.pk}").context["form"].initial
    assert guessed == {"call": str(call.pk), "amount": "1000,00"}
    done = desk.post(address, {"call": call.pk, "amount": "1 000"})
    assert (done.status_code, done["Location"]) == (302, bank(energi))
    assert pledges.latest(call.pledge).to_state == "paid"

    undo = reverse("unmatch", args=[energi.slug, Placement.objects.get().pk])
    assert desk.get(undo).status_code == 405
    assert desk.post(undo).status_code == 302
    assert pledges.latest(call.pledge).to_state == "called"
    assert placing.left_of(line) == 100_000
    desk.post(undo)
    assert placing.left_of(line) == 100_000


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"amount": "1000,01"}, 409),
        ({"amount": "-5"}, 400),
        ({"amount": ""}, 400),
        ({"call": "999"}, 400),
    ],
)
def test_a_pairing_that_cannot_be_is_refused(desk, energi, offering, today, typed, status):
    call = make.called(make.pledge(offering, 1000, "Ada"), today)
    line = make.bank_line(100_000, on=today)

    response = desk.post(
        reverse("match", args=[energi.slug, line.pk]), {"call": call.pk, "amount": "5", **typed}
    )

    assert (response.status_code, Placement.objects.count()) == (status, 0)


def with_ticked(energi, act: str) -> str:
    return reverse(f"{act}_pledges", args=[energi.slug])


def test_promises_are_confirmed_and_called_many_at_once(desk, energi, offering, today):
    ada, bo = make.pledge(offering, 1000, "Ada"), make.pledge(offering, 500, "Bo")

    desk.post(with_ticked(energi, "confirm"), {"pledges": [ada.pk, bo.pk]})
    assert [pledges.latest(pledge).to_state for pledge in (ada, bo)] == ["confirmed"] * 2
    due_on = today + timedelta(days=20)
    desk.post(with_ticked(energi, "call"), {"pledges": [ada.pk], "due_on": due_on})
    assert ada.calls.get().due_on == due_on

    response = desk.post(with_ticked(energi, "confirm"), {"pledges": [ada.pk, bo.pk]})
    assert response.context["handled"].done == 0
    assert [pledge for pledge, _sentence in response.context["handled"].refused] == [ada, bo]


def test_promises_are_declined_released_and_marked_once(desk, energi, offering, today):
    ada, bo, cem = (make.pledge(offering, 1000, name) for name in ("Ada", "Bo", "Cem"))
    make.called(bo, make.DAY)
    make.called(cem, make.DAY)
    asked = {"decline": ada, "release": bo, "mark_unfulfilled": cem}
    names = {"mark_unfulfilled": "mark_pledges_unfulfilled"}

    for act, pledge in asked.items():
        path = reverse(names.get(act, f"{act}_pledges"), args=[energi.slug])
        answers = [desk.post(path, {"pledges": [pledge.pk], "reason": "Så"}) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert [answer.context["handled"].done for answer in answers] == [1, 0]

    assert [(e.to_state, e.reason) for e in map(pledges.latest, asked.values())] == [
        ("declined", "Så"),
        ("released", "Så"),
        ("unfulfilled", "Så"),
    ]


def test_what_an_act_shows_leads_back_to_the_desk(desk, energi, offering):
    make.pledge(offering, 1000, "Ada")
    here = reverse("pledges_desk", args=[energi.slug])

    page = desk.post(f"{with_ticked(energi, 'confirm')}?state=submitted&sort=-amount").content

    text = page.decode()
    assert f'action="{with_ticked(energi, "confirm")}?state=submitted&amp;sort=-amount"' in text
    assert f'href="{here}?state=submitted&amp;sort=-amount&amp;as=csv"' in text
    assert re.search(f'href="{here}[?][^"]*sort=amount', text)
    assert f'name="next" value="{here}"' in text
    assert 'href="?' not in text


@pytest.mark.parametrize(
    ("act", "typed"),
    [
        ("confirm", {}),
        ("confirm", {"pledges": ["999999"]}),
        ("call", {"pledges": ["{pk}"]}),
        ("call", {"pledges": ["{pk}"], "due_on": "2020-01-01"}),
        ("call", {"pledges": ["{pk}"], "due_on": "igår"}),
        ("decline", {"pledges": ["{pk}"], "reason": "x" * 301}),
    ],
)
def test_what_the_pledges_desk_cannot_do_is_400(desk, energi, offering, act, typed):
    pledge = make.pledge(offering, 1000, "Ada")
    typed = {**typed, "pledges": [pk.format(pk=pledge.pk) for pk in typed.get("pledges", [])]}

    response = desk.post(with_ticked(energi, act), typed)

    assert (response.status_code, pledge.events.count()) == (400, 1)


def test_an_organiser_confirms_but_does_not_call(client, energi, offering, today):
    pledge = make.pledge(offering, 1000, "Ada")
    client.force_login(make.user("olle", ("organiser", energi)))

    confirmed = client.post(with_ticked(energi, "confirm"), {"pledges": [pledge.pk]})
    assert confirmed.status_code == 200
    assert with_ticked(energi, "call") not in confirmed.content.decode()
    asked = {"pledges": [pledge.pk], "due_on": today}
    assert client.post(with_ticked(energi, "call"), asked).status_code == 404
    assert pledges.latest(pledge).to_state == "confirmed"


def test_pledges_desk_is_narrowed_by_state(desk, energi, offering):
    make.pledge(offering, 1000, "Ada")
    bo = make.pledge(offering, 500, "Bo")
    pledges.confirm(pledge=bo, on=make.DAY, by="test")

    response = desk.get(reverse("pledges_desk", args=[energi.slug]), {"state": "confirmed"})

    assert [row.pledge for row in response.context["table"].data] == [bo]
    assert {code: found.number for code, found in response.context["states"].items()} == {
        "submitted": 1,
        "confirmed": 1,
    }


def test_the_pledges_desk_is_sorted_by_its_heads(desk, energi, offering):
    for amount, name in ((1500, "Ada"), (500, "Bo"), (1000, "Cem")):
        make.pledge(offering, amount, name)

    response = desk.get(reverse("pledges_desk", args=[energi.slug]), {"sort": "-amount"})

    shown = [row.record.pledge.person.name for row in response.context["table"].page.object_list]
    assert shown == ["Ada", "Cem", "Bo"]
    assert 'aria-sort="descending"' in response.content.decode()


@pytest.mark.fault("F56")
@pytest.mark.parametrize("name", ["=HYPERLINK(A1)", "+46", "-1", "@SUM(A1)", " =1+1", "＝1"])
def test_the_list_taken_home_runs_in_no_spreadsheet(desk, energi, offering, name):
    make.pledge(offering, 500, "Bo")
    Person.objects.update(name=name, phone="+46701740605")

    response = desk.get(reverse("pledges_desk", args=[energi.slug]), {"as": "csv"}, headers=ENGLISH)

    lines = response.content.decode("utf-8-sig").split("\r\n")
    assert response["Content-Disposition"] == 'attachment; filename="energi-pledges.csv"'
    assert lines == [
        "Saver,E-mail,Phone,Project,State,Since,Amount",
        f"'{name},bo@example.org,'+46701740605,Soltaket,Submitted,2026-11-23,500.00",
        "",
    ]


@pytest.fixture
def computed(desk, dee, energi, offering, today) -> Distribution:
    call = make.called(make.pledge(offering, 1000, "Ada"), make.DAY)
    line = make.bank_line(100_000, call.ocr)
    placing.pair_by_reference(parts=[line], by="test")
    return distributions.compute(
        vehicle=offering.vehicle,
        total=sek(90),
        record_on=make.DAY,
        reason="Stämman",
        by=dee,
        key="d1",
    )


def test_a_payout_is_computed_once_by_its_key(desk, energi, offering, computed, today):
    typed = {
        "key": "d2",
        "vehicle": offering.vehicle.pk,
        "total": "100",
        "record_on": today,
        "reason": "Stämman",
    }
    address = reverse("distributions", args=[energi.slug])

    first, again = desk.post(address, typed), desk.post(address, typed)

    assert (first.status_code, first["Location"]) == (302, again["Location"])
    assert Distribution.objects.count() == 2
    assert desk.post(address, {**typed, "total": "200"}).status_code == 422
    ahead = {**typed, "key": "d3", "record_on": today + timedelta(days=1)}
    assert desk.post(address, ahead).status_code == 400


def test_a_payout_needs_a_second_person(desk, client, energi, computed):
    approve = reverse("approve_distribution", args=[energi.slug, computed.pk])
    pay = reverse("pay_distribution", args=[energi.slug, computed.pk])

    assert desk.post(approve).status_code == 403
    assert desk.post(pay).status_code == 409

    other = Client()
    other.force_login(make.user("eva", ("approver", energi)))
    assert other.post(approve).status_code == 302
    assert other.post(pay).status_code == 404
    assert desk.post(pay).status_code == 302
    computed.refresh_from_db()
    assert computed.state == "paid"


def test_a_payout_is_approved_and_paid_once_however_often_it_is_pressed(desk, energi, computed):
    other = Client()
    other.force_login(make.user("eva", ("approver", energi)))

    approve = reverse("approve_distribution", args=[energi.slug, computed.pk])
    assert [other.post(approve).status_code for _ in range(2)] == [302, 409]
    pay = reverse("pay_distribution", args=[energi.slug, computed.pk])
    answers = [desk.post(pay, headers=ENGLISH) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 409]
    assert 'role="alert"' in answers[1].content.decode()
    computed.refresh_from_db()
    assert (computed.state, computed.paid_entry is not None) == ("paid", True)


@pytest.mark.fault("F58")
@pytest.mark.parametrize(
    ("name", "act"),
    [
        ("bank", "bank"),
        ("pledges_desk", "confirm_pledges"),
        ("distributions", "distributions"),
    ],
)
def test_a_desk_is_not_there_for_others(client, energi, name, act):
    address = reverse(name, args=[energi.slug])
    elsewhere = make.organisation("annan", iban="SE3550000000054910000003")
    assert client.get(address)["Location"].startswith(reverse("account_login"))
    for user in (
        make.user("cem"),
        make.user("dan", ("treasurer", elsewhere)),
        make.user("admin", ("administrator", None)),
    ):
        client.force_login(user)
        assert client.get(address).status_code == 404
        assert client.post(reverse(act, args=[energi.slug])).status_code == 404


@pytest.mark.fault("F58")
def test_another_organisations_line_match_and_payout_are_not_there(
    client, energi, offering, computed
):
    elsewhere = make.organisation("annan", iban="SE3550000000054910000003")
    client.force_login(make.user("dan", ("treasurer", elsewhere)))
    line, match = BankLine.objects.get(), Placement.objects.get()

    assert client.get(reverse("match", args=["annan", line.pk])).status_code == 404
    assert client.post(reverse("unmatch", args=["annan", match.pk])).status_code == 404
    assert client.get(reverse("distribution", args=["annan", computed.pk])).status_code == 404
    typed = {"pledges": [match.call.pledge_id]}
    assert client.post(reverse("confirm_pledges", args=["annan"]), typed).status_code == 400


def test_a_role_without_its_second_step_is_sent_to_set_it_up(client, energi):
    client.force_login(make.user("dee", ("treasurer", energi), mfa=False))

    response = client.get(bank(energi))

    assert (response.status_code, response["Location"]) == (302, reverse("mfa_index"))


def test_a_role_that_ended_opens_nothing(client, energi, today):
    dee = make.user("dee", ("treasurer", energi))
    client.force_login(dee)
    assert client.get(bank(energi)).status_code == 200

    dee.roles.update(until=today - timedelta(days=1))

    assert client.get(bank(energi)).status_code == 404


@pytest.mark.fault("F63")
def test_forged_desk_posts_are_403(energi, dee, computed):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(dee)

    for address in (
        bank(energi),
        reverse("confirm_pledges", args=[energi.slug]),
        reverse("pay_distribution", args=[energi.slug, computed.pk]),
    ):
        assert strict.post(address).status_code == 403
