"""One payment: each placement at its own address, once; and undoing one, which asks first."""

from datetime import timedelta

import pytest
from django.urls import reverse

from invest.models import Holding, Placement
from invest.payouts import distributions
from invest.pledges import pledges
from invest.treasury import placing, queries
from pools import balances
from pools.models import BankMode, Entry, Part
from tests import factories as make
from tests.factories import DAY, sek

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}
Kind = Placement.Kind


@pytest.fixture
def into(energi) -> Part:
    return make.bank_line(100_000, reference="in", on=DAY)


@pytest.fixture
def out(energi) -> Part:
    return make.bank_line(-5_000, reference="out", on=DAY)


@pytest.fixture
def call(offering):
    return make.called(make.pledge(offering, 1000, "Ada"), DAY)


@pytest.fixture
def paid_out(dee, offering, energi) -> Entry:
    """A payout of 90 kr that no bank has told of."""
    make.paid(offering, 1000, "Cem")
    found = distributions.compute(
        vehicle=offering.vehicle, total=sek(90), record_on=DAY, reason="Så", by=dee, key="d1"
    )
    other = make.user("eva", ("approver", energi))
    distributions.approve(distribution=found, by=other, on=DAY)
    return distributions.pay(distribution=found, by=dee, on=DAY).paid_entry


def at(energi, act: str, part: Part) -> str:
    return reverse(act, args=[energi.slug, part.pk])


def test_the_page_tells_everything_and_suggests_the_likeliest_first(desk, energi, call, into):
    Part.objects.update(on_behalf_of="Barnet", message="Tack", references="RF18")

    page = desk.get(at(energi, "bank_part", into), headers=ENGLISH)

    text = page.content.decode()
    for told in ("Barnet", "Tack", "RF18", "Ada", "SE05 5000 0000", "entry 1"):
        assert told in text
    (first, *_rest) = page.context["page"].suggestions
    assert (first.act, first.typed) == ("pay_part", (("call", str(call.pk)),))
    assert [act for act, *_more in page.context["acts"]] == [
        "pay_part",
        "hold_part",
        "bookkeeper_part",
    ]


def test_a_call_is_paid_in_two_halves_each_once_however_often_it_is_sent(desk, energi, call, into):
    address = at(energi, "pay_part", into)
    first = {"seen": "0", "call": call.pk, "amount": "400"}
    rest = {"seen": "1", "call": call.pk, "amount": "600,00"}

    answers = [desk.post(address, typed) for typed in (first, first, rest, rest)]

    assert [answer.status_code for answer in answers] == [302] * 4
    assert [row.amount_minor for row in Placement.objects.order_by("pk")] == [40_000, 60_000]
    assert pledges.latest(call.pledge).to_state == "paid"


def test_what_somebody_else_placed_meanwhile_is_seen_first(desk, energi, call, into):
    placing.hold(part=into, person=None, amount_minor=10_000, by="user:9")

    stale = desk.post(
        at(energi, "pay_part", into),
        {"seen": "0", "call": call.pk, "amount": "500"},
        headers=ENGLISH,
    )

    assert (stale.status_code, Placement.objects.count()) == (409, 1)
    assert "was placed meanwhile" in stale.content.decode()


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({"amount": "1000,01"}, 409, "That is more than there is"),
        ({"amount": "-5"}, 400, "not an amount"),
        ({"amount": ""}, 400, "required"),
        ({"call": "999999"}, 400, "Select a valid choice"),
        ({"call": ""}, 400, "Choose what the payment is for"),
        ({"seen": ""}, 400, "The form came incomplete"),
    ],
)
def test_a_payment_that_cannot_be_is_refused(desk, energi, call, into, typed, status, sentence):
    typed = {"seen": "0", "call": call.pk, "amount": "5", **typed}

    response = desk.post(at(energi, "pay_part", into), typed, headers=ENGLISH)

    assert (response.status_code, Placement.objects.count()) == (status, 0)
    text = response.content.decode().replace("\xa0", " ")
    assert sentence in text


def test_money_is_held_for_somebody_and_for_nobody_yet(desk, energi, call, into):
    address, ada = at(energi, "hold_part", into), call.pledge.person

    desk.post(address, {"seen": "0", "person": ada.pk, "amount": "400"})
    desk.post(address, {"seen": "1", "person": "", "amount": "600"})

    held = Placement.objects.filter(kind=Kind.HELD).order_by("pk")
    assert [(row.person, row.amount_minor) for row in held] == [(ada, 40_000), (None, 60_000)]
    account = energi.ledger.accounts.get(code="liabilities:held")
    assert balances.balance(account) == 100_000


def test_a_stranger_is_not_among_those_money_is_held_for(desk, energi, into):
    stranger = make.person("Xerxes")

    response = desk.post(
        at(energi, "hold_part", into), {"seen": "0", "person": stranger.pk, "amount": "1"}
    )

    assert (response.status_code, Placement.objects.count()) == (400, 0)


def test_a_fee_is_booked_where_the_account_is_for_capital_alone(desk, energi, out):
    fee = {"seen": "0", "amount": "50"}
    desk.post(at(energi, "fee_part", out), fee)
    assert Placement.objects.get().kind == Kind.FEE

    shared = make.bank_line(-700, reference="shared", on=DAY)
    BankMode.objects.create(bank_account=shared.movement.bank_account, mode="B", since=DAY)
    page = desk.get(at(energi, "bank_part", shared))
    assert "fee_part" not in [act for act, *_more in page.context["acts"]]
    refused = desk.post(at(energi, "fee_part", shared), fee | {"amount": "7"}, headers=ENGLISH)
    assert (refused.status_code, Placement.objects.count()) == (400, 1)
    assert "shared with the bookkeeping program" in refused.content.decode()


@pytest.mark.parametrize("act", ["fee_part", "hold_part", "pay_part"])
def test_what_does_not_fit_the_direction_is_refused(desk, energi, call, into, out, act):
    part = into if act == "fee_part" else out
    typed = {"seen": "0", "amount": "1", "call": call.pk, "person": ""}

    response = desk.post(at(energi, act, part), typed)

    assert (response.status_code, Placement.objects.count()) == (400, 0)


def test_a_line_that_is_not_ours_is_left_to_the_bookkeeper(desk, energi, out):
    for _ in range(2):
        desk.post(at(energi, "bookkeeper_part", out), {"seen": "0", "amount": "50"})

    assert Placement.objects.get().kind == Kind.BOOKKEEPER


def test_the_bank_confirms_what_the_book_expects(desk, energi, paid_out):
    part = make.bank_line(-9_000, reference="pay", on=DAY)
    before = Placement.objects.count()
    page = desk.get(at(energi, "bank_part", part), headers=ENGLISH)
    assert page.context["page"].suggestions[0].act == "confirm_part"
    assert "On their way" in desk.get(reverse("bank", args=[energi.slug]), headers=ENGLISH).text

    typed = {"seen": "0", "entry": paid_out.pk, "amount": "90"}
    answers = [desk.post(at(energi, "confirm_part", part), typed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Placement.objects.count() == before + 1
    assert queries.in_transit(energi.ledger) == []


def test_a_returned_payment_is_set_off_and_its_promise_is_owed_again(desk, energi, call, into):
    placing.pay(part=into, call=call, amount_minor=100_000, by="user:9")
    back = make.bank_line(-100_000, reference="back", on=DAY + timedelta(days=2))

    typed = {"seen": "0", "against": into.pk, "kind": "returned"}
    answers = [desk.post(at(energi, "set_off_part", back), typed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Placement.objects.standing().filter(kind=Kind.RETURNED).count() == 2
    assert pledges.latest(call.pledge).to_state == "called"
    assert [placing.left_of(part) for part in (into, back)] == [0, 0]


@pytest.mark.parametrize("typed", [{"against": ""}, {"against": "999999"}, {"kind": "held"}])
def test_what_cannot_be_set_off_is_refused(desk, energi, into, typed):
    back = make.bank_line(-100_000, reference="back", on=DAY)
    typed = {"seen": "0", "against": into.pk, "kind": "returned", **typed}

    response = desk.post(at(energi, "set_off_part", back), typed)

    assert (response.status_code, Placement.objects.count()) == (400, 0)


def test_undoing_asks_first_and_names_what_it_reverses(desk, energi, call, into):
    made = placing.pay(part=into, call=call, amount_minor=100_000, by="user:9")
    address = reverse("undo_placement", args=[energi.slug, made.pk])
    before = Entry.objects.count()

    text = " ".join(desk.get(address, headers=ENGLISH).content.decode().split())

    units = Holding.objects.get(person__name="Ada", role="units").account
    assert (
        f'Ada</dd> <dt>For what</dt> <dd class="user-text">{call.pledge.offering.vehicle.name}'
        in text
    )
    assert f'<dd class="numbers">{made.entry.seq}</dd>' in text
    assert "Goes back" in text
    assert "Yes, undo it" in text
    assert (Entry.objects.count(), placing.left_of(into)) == (before, 0)
    assert balances.balance(units) > 0


def test_a_placement_is_undone_once_however_often_it_is_pressed(desk, energi, call, into):
    made = placing.pay(part=into, call=call, amount_minor=100_000, by="user:9")
    address = reverse("undo_placement", args=[energi.slug, made.pk])

    answers = [desk.post(address) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Entry.objects.filter(reverses=made.entry).count() == 1
    assert pledges.latest(call.pledge).to_state == "called"
    assert placing.left_of(into) == 100_000
    again = desk.get(address, headers=ENGLISH).content.decode()
    assert "It is undone" in again
    assert "Yes, undo it" not in again


def test_both_sides_of_what_was_set_off_are_named_and_undone(desk, energi, into):
    back = make.bank_line(-100_000, reference="back", on=DAY + timedelta(days=1))
    one, other = placing.set_off(part=into, against=back, kind=Kind.SENT_BACK, by="user:9")
    address = reverse("undo_placement", args=[energi.slug, one.pk])

    assert at(energi, "bank_part", back) in desk.get(address).content.decode()
    desk.post(address)

    assert not Placement.objects.standing().exists()
    assert [placing.left_of(part) for part in (into, back)] == [100_000, 100_000]
    assert Entry.objects.filter(reverses__in=[one.entry_id, other.entry_id]).count() == 2


@pytest.mark.fault("F58")
def test_another_organisations_part_and_placement_are_not_there(elsewhere, call, into):
    made = placing.pay(part=into, call=call, amount_minor=100, by="user:9")
    acts = ("pay_part", "hold_part", "fee_part", "bookkeeper_part", "confirm_part", "set_off_part")

    assert elsewhere.get(reverse("bank_part", args=["annan", into.pk])).status_code == 404
    for act in acts:
        typed = {"seen": "1", "amount": "1", "call": call.pk}
        assert elsewhere.post(reverse(act, args=["annan", into.pk]), typed).status_code == 404
    undo = reverse("undo_placement", args=["annan", made.pk])
    assert [elsewhere.get(undo).status_code, elsewhere.post(undo).status_code] == [404, 404]
    assert Placement.objects.standing().get() == made


def test_another_organisations_call_cannot_be_chosen(desk, energi, into):
    other = make.organisation("annan", iban="SE3550000000054910000003")
    theirs = make.share_offering(make.project("deras", other))
    call = make.called(make.pledge(theirs, 1000, "Bo"), DAY)

    response = desk.post(
        at(energi, "pay_part", into), {"seen": "0", "call": call.pk, "amount": "5"}
    )

    assert (response.status_code, Placement.objects.count()) == (400, 0)
