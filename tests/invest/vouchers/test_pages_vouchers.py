"""Vouchers on pages and paper: the till of a phone, the desk of codes, and the sheet to cut."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from invest.models import VoucherCode, VoucherUse
from invest.vehicles import actions
from invest.vehicles.refusals import VoucherUsed
from invest.vouchers import codes
from invest.vouchers.queries import codes_page
from invest.web import throttle
from invest.web.refusals import SlowDown
from pools import audit
from pools.errors import AlreadyReversed
from tests import factories as make
from tests.papers import pages

pytestmark = pytest.mark.django_db
TERMS = {"worth": 100, "months": 120, "in_part": "yes", "lapses_to": "income", "most": 500}
SINCE = make.DAY.replace(year=2025)


@pytest.fixture
def cheques():
    vehicle = make.offering("local-vouchers", TERMS, minimum=make.sek(100)).vehicle
    make.did(vehicle, "give", SINCE, number=9)
    return vehicle


@pytest.fixture
def token(cheques) -> str:
    person = make.person("Lanthandeln <b>AB</b>")
    number = actions.number_for(person=person, vehicle=cheques, role="owed", on=SINCE)
    return codes.till_token(make.did(cheques, "join", SINCE, producer=number))


@pytest.fixture
def till(client, token):
    """A phone that has become a till."""
    assert client.post(reverse("till", args=[token])).status_code == 302
    return client


def look(client, voucher, **more):
    return client.get(reverse("vouchers"), {"code": voucher.spelled, **more})


def take(client, voucher, key="k", **more):
    return client.post(reverse("take_voucher"), {"code": voucher.spelled, "key": key, **more})


def undo(client, use):
    vehicle = use.voucher.vehicle
    return client.post(reverse("undo_voucher", args=["energi", vehicle.slug, use.pk]), follow=True)


def test_a_holder_sees_worth_and_day_and_nobodys_account(client, cheques, token):
    page = look(client, VoucherCode.objects.first())
    told = page.content.decode()

    assert page.status_code == 200
    assert "100\u00a0kr" in told
    assert 'name="worth"' not in told
    assert "Lanthandeln" not in told
    assert page["Referrer-Policy"] == "same-origin"  # The code stands in the address.
    # Without a till nothing is taken, whatever is posted.
    take(client, VoucherCode.objects.first())
    assert not VoucherUse.objects.exists()


def test_a_till_takes_it_once_and_says_so(till, cheques):
    voucher = VoucherCode.objects.first()
    assert 'name="worth"' in look(till, voucher).content.decode()

    answer = take(till, voucher, worth="40")
    again = take(till, voucher, worth="40")

    assert (answer.status_code, again.status_code) == (302, 302)
    assert VoucherUse.objects.count() == 1
    assert "60" in till.get(reverse("vouchers")).content.decode()
    take(till, voucher, key="k2")
    used = take(till, voucher, key="k3")
    assert used.status_code == 409
    assert str(VoucherUsed(on=VoucherUse.objects.first().on)) in used.content.decode()


def test_a_voucher_after_its_day_and_a_code_of_nobody(till, cheques):
    voucher = VoucherCode.objects.first()
    VoucherCode.objects.update(valid_until=SINCE)

    assert look(till, voucher).status_code == 409
    assert take(till, voucher).status_code == 409
    for code in ("<script>alert(1)</script>", "0" * 13, "å"):
        page = till.get(reverse("vouchers"), {"code": code})
        assert page.status_code == 404
        assert "<script>alert" not in page.content.decode()


def test_names_are_shown_as_text(client, cheques, token):
    told = client.get(reverse("till", args=[token])).content.decode()

    assert "Lanthandeln &lt;b&gt;AB&lt;/b&gt;" in told
    assert client.get(reverse("till", args=["1:forged"])).status_code == 404


def test_guessing_codes_is_slowed(client, cheques, rf, monkeypatch):
    monkeypatch.setattr(throttle, "MOST_OF_AN_ADDRESS", 3)
    cache.clear()

    answers = [client.get(reverse("vouchers"), {"code": "0" * 13}).status_code for _ in range(4)]

    assert answers == [404, 404, 404, SlowDown.status]


def test_the_desk_prints_hands_out_tills_and_undoes(client, cheques, token):
    dee = make.user("dee", ("treasurer", cheques.organisation))
    client.force_login(dee)
    voucher = VoucherCode.objects.first()
    use = codes.redeem(
        voucher=voucher, till=codes.till(token), worth=None, on=make.DAY, by="t", key="u"
    )
    path = reverse("codes", args=["energi", cheques.slug])

    told = client.get(path).content.decode()
    assert voucher.code not in told
    assert voucher.spelled not in told
    assert reverse("till", args=[token]) in told
    assert undo(client, use).redirect_chain == [(path, 302)]
    assert VoucherCode.objects.get(pk=voucher.pk).left == 100
    sheet = client.get(path, {"as": "pdf", "batch": "1"})
    assert sheet["Content-Type"] == "application/pdf"
    words = " ".join(pages(sheet.content))
    assert all(code.spelled in words for code in VoucherCode.objects.all())
    assert client.get(path, {"as": "pdf", "batch": "x"}).status_code == 404


def test_the_desk_counts_what_has_lapsed_and_leaves_out_what_was_taken_back(client, token, cheques):
    lapsed = make.did(cheques, "give", SINCE, number=4)
    back = make.did(cheques, "give", SINCE, number=5)
    actions.undo(action=back, on=make.DAY, by="user:1", why="Fel dag")
    lapsed.voucher_codes.update(valid_until=SINCE)
    partly = VoucherCode.objects.filter(action__number=1, number__lte=2)
    till = codes.till(token)
    codes.redeem(voucher=partly[0], till=till, worth=40, on=SINCE, by="t", key="u")
    partly.update(valid_until=SINCE)
    codes.lapse(make.DAY, "job:due")
    VoucherCode.objects.update(valid_until=make.DAY)

    told = codes_page(cheques).batches
    counted = [(b.number, b.count, b.lapsed, b.worth_minor, b.left_minor) for b in told]
    assert counted == [(lapsed.number, 4, 4, 40_000, 0), (1, 9, 2, 90_000, 70_000)]
    client.force_login(make.user("dee", ("treasurer", cheques.organisation)))
    page = client.get(reverse("codes", args=["energi", cheques.slug])).content.decode()
    assert "batch=1" in page
    assert f"batch={lapsed.number}" not in page  # There is nothing to print.


def test_the_issuers_debt_is_told_to_everybody(client, cheques):
    told = client.get(reverse("organisation", args=["energi"])).content.decode()

    assert "900\u00a0kr" in told


def test_a_use_is_undone_once_however_often_it_is_pressed(client, cheques, token):
    voucher, till = VoucherCode.objects.first(), codes.till(token)
    parts = [
        codes.redeem(voucher=voucher, till=till, worth=worth, on=make.DAY, by="t", key=str(worth))
        for worth in (30, 70)
    ]
    client.force_login(make.user("dee", ("treasurer", cheques.organisation)))
    path = reverse("codes", args=["energi", cheques.slug])

    for use, left in ((parts[0], 30), (parts[1], 100)):
        for _press in range(2):
            told = undo(client, use).content.decode()
            assert VoucherCode.objects.get(pk=voucher.pk).left == left
        assert str(AlreadyReversed()) in told
    assert audit.run(audit.CHECKS) == []
    assert client.post(f"{path}999999/undo/").status_code == 404


def test_a_till_takes_voucher_after_voucher(till, cheques):
    cache.clear()
    assert till.get(reverse("vouchers")).status_code == 200  # The form's cookie.

    for number, voucher in enumerate(VoucherCode.objects.all()):
        assert look(till, voucher).status_code == 200
        assert take(till, voucher, key=str(number)).status_code == 302
    assert VoucherUse.objects.count() == 9


@pytest.mark.parametrize("worth", ["0", "abc", "1,5"])
def test_a_wrong_sum_at_the_till_is_refused_beside_what_was_typed(till, cheques, worth):
    answer = take(till, VoucherCode.objects.first(), worth=worth)

    assert answer.status_code == 400
    assert f'value="{worth}"' in answer.content.decode()
    assert not VoucherUse.objects.exists()
