"""The bank's page: files in, what they brought, what is perhaps told twice, and what waits."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from invest.models import Placement
from invest.pledges import pledges
from invest.treasury import queries
from pools import uploads
from pools.models import BankAccount, BankFile, BankLine, Entry, Movement
from tests import factories as make
from tests.camt_files import Row, camt

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}
OTHER = "SE3550000000054910000003"


def sent(data: bytes, name: str = "bank.xml") -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile(name, data, "application/xml")}


@pytest.fixture
def bank(energi) -> str:
    return reverse("bank", args=[energi.slug])


@pytest.fixture
def asked(desk, bank) -> Movement:
    """A notification of 300 kr on a day that a statement has told whole, without it."""
    statement = camt(Row("200.00", reference="R1"), kind="053", opening="0.00", closing="200.00")
    desk.post(bank, sent(statement, "kontoutdrag.xml"))
    notified = camt(Row("300.00", reference="N9", name="Bo"), identification="N1")
    desk.post(bank, sent(notified, "avisering.xml"))
    return Movement.objects.get(entry=None)


def test_a_bank_file_places_what_is_exact_and_queues_the_rest(desk, bank, offering, today):
    exact = make.called(make.pledge(offering, 1000, "Ada"), today)
    short = make.called(make.pledge(offering, 2000, "Bo"), today)
    rows = [Row("1000.00", exact.ocr, "r1"), Row("1999.00", short.ocr, "r2")]

    response = desk.post(bank, sent(camt(*rows)), headers=ENGLISH)

    assert response.status_code == 200
    assert pledges.latest(exact.pledge).to_state == "paid"
    assert pledges.latest(short.pledge).to_state == "called"
    (row, (suggestion,)) = response.context["shown"][0]
    assert (row.left_minor, suggestion.typed) == (199_900, (("call", str(short.pk)),))
    assert "What bank.xml brought" in response.content.decode()


@pytest.mark.fault("F43")
def test_the_same_file_twice_is_409_and_adds_nothing(desk, bank):
    desk.post(bank, sent(camt(Row("5.00"))))

    response = desk.post(bank, sent(camt(Row("5.00"))), headers=ENGLISH)

    assert (response.status_code, BankLine.objects.count()) == (409, 1)
    assert "already imported" in response.content.decode()


@pytest.mark.fault("F50")
@pytest.mark.parametrize("ocr", ["1234567", "0009000001", ""])
def test_a_reference_that_does_not_hold_waits_for_a_person(desk, bank, offering, today, ocr):
    call = make.called(make.pledge(offering, 1000, "Ada"), today)

    response = desk.post(bank, sent(camt(Row("1000.00", ocr))))

    ((_row, (suggestion,)),) = response.context["shown"]
    assert Placement.objects.count() == 0
    assert suggestion.typed == (("call", str(call.pk)),)


@pytest.mark.fault("F50")
def test_the_same_reference_twice_is_placed_once(desk, bank, offering, today):
    call = make.called(make.pledge(offering, 1000, "Ada"), today)
    rows = [Row("1000.00", call.ocr, reference) for reference in ("r1", "r2")]

    response = desk.post(bank, sent(camt(*rows)))

    assert Placement.objects.count() == 1
    assert [row.left_minor for row, _suggestions in response.context["shown"]] == [100_000]


def test_an_entry_that_is_refused_is_told_with_its_number(desk, bank):
    file = camt(Row("5.00"), Row("7.00", reference="r2", currency="EUR"))

    response = desk.post(bank, sent(file), headers=ENGLISH)

    assert (response.status_code, BankLine.objects.count()) == (200, 1)
    assert "Entry 2: The line is in EUR" in response.content.decode()


@pytest.mark.fault("F46")
@pytest.mark.fault("F47")
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
def test_what_is_no_bank_file_is_refused_with_a_sentence(desk, bank, content, status):
    response = desk.post(bank, sent(content, "x.xml"))

    assert (response.status_code, BankLine.objects.count()) == (status, 0)
    assert 'id="id_file_error"' in response.content.decode()


def test_no_file_and_a_strangers_file_are_refused(desk, bank):
    assert desk.post(bank).status_code == 400
    assert desk.post(bank, sent(camt(Row("5.00"), iban=OTHER))).status_code == 400
    assert (BankLine.objects.count(), Entry.objects.count()) == (0, 0)


def test_days_that_no_statement_tells_of_are_told_with_what_is_missing(desk, bank):
    desk.post(bank, sent(camt(Row("5.00"), kind="053", opening="0.00", closing="5.00")))
    later = camt(
        Row("7.00", reference="r2"),
        kind="053",
        identification="S2",
        opening="305.00",
        closing="312.00",
    )

    response = desk.post(bank, sent(later, "2.xml"), headers=ENGLISH)

    assert [gap.missing_minor for gap in response.context["gaps"]] == [30_000]
    assert "Fetch the statement for those days" in response.content.decode()


def test_what_is_perhaps_told_twice_is_one_of_its_own_once(desk, energi, bank, asked):
    line = asked.lines.get()
    own = reverse("settle_own", args=[energi.slug, line.pk])
    assert "Perhaps told twice" in desk.get(bank, headers=ENGLISH).content.decode()

    answers = [desk.post(own, follow=True, headers=ENGLISH) for _ in range(2)]

    asked.refresh_from_db()
    assert (asked.entry.kind, Entry.objects.count()) == ("bank-in", 2)
    assert "answered already" in answers[1].content.decode()
    assert not queries.asked(asked.bank_account).exists()


def test_what_becomes_booked_by_an_answer_is_placed_by_its_reference(desk, energi, bank, offering):
    call = make.called(make.pledge(offering, 500, "Bo"), make.DAY)
    desk.post(bank, sent(camt(kind="053", opening="0.00", closing="0.00"), "1.xml"))
    notified = camt(Row("500.00", call.ocr, "N9"), identification="N1")
    desk.post(bank, sent(notified, "2.xml"))
    line = BankLine.objects.get(movement__entry=None)

    desk.post(reverse("settle_own", args=[energi.slug, line.pk]))

    assert pledges.latest(call.pledge).to_state == "paid"


@pytest.fixture
def twin(desk, bank) -> Movement:
    """A payment of a statement; another name and reference of that day tell the same amount."""
    row = Row("200.00", reference="R1", name="Ada")
    desk.post(bank, sent(camt(row, kind="053", opening="0.00", closing="200.00"), "utdrag.xml"))
    notified = camt(Row("200.00", reference="N9", name="Bo"), identification="N1")
    desk.post(bank, sent(notified, "avisering.xml"))
    return Movement.objects.get(entry__isnull=False)


def test_what_is_told_twice_becomes_the_booked_one_once(desk, energi, twin):
    line = BankLine.objects.exclude(movement=twin).first()
    if line is None:
        pytest.fail("the two were taken for one without a question")
    same = reverse("settle_same", args=[energi.slug, line.pk, twin.pk])

    answers = [desk.post(same, follow=True, headers=ENGLISH) for _ in range(2)]

    assert (Movement.objects.get(), Entry.objects.count()) == (twin, 1)
    assert "booked once" in answers[0].content.decode()
    assert "answered already" in answers[1].content.decode()


def test_two_payments_of_other_amounts_are_never_one(desk, energi, asked):
    booked = Movement.objects.get(entry__isnull=False)
    line = asked.lines.get()

    for other in (booked, asked):
        same = reverse("settle_same", args=[energi.slug, line.pk, other.pk])
        answer = desk.post(same, follow=True, headers=ENGLISH)
        assert "Those are two payments" in answer.content.decode()

    assert (Movement.objects.count(), Entry.objects.count()) == (2, 1)


def test_the_list_of_what_waits_is_narrowed_searched_and_summed(desk, bank):
    rows = [Row("70.00", reference="r1", name="Ada"), Row("30.00", reference="r2", name="Bo")]
    rows.append(Row("20.00", reference="r3", name="Banken", direction="DBIT"))
    desk.post(bank, sent(camt(*rows)))

    def shown(**asked: str) -> list[int]:
        page = desk.get(bank, asked)
        return [row.signed_minor for row, _suggestions in page.context["shown"]]

    assert shown() == [7000, 3000, -2000]
    assert shown(direction="in") == [7000, 3000]
    assert shown(direction="out") == [-2000]
    assert shown(direction="sideways", account="x", sort="left") == [-2000, 3000, 7000]
    assert shown(q="bo") == [3000]
    sums = desk.get(bank).context["sums"]
    assert (sums.number, sums.in_minor, sums.out_minor) == (3, 10_000, -2000)
    taken = desk.get(bank, {"as": "csv", "direction": "out"}, headers=ENGLISH)
    assert taken.content.decode("utf-8-sig").splitlines()[1].endswith(",-20.00")


def test_a_file_is_given_back_exactly_and_never_opened(desk, energi, bank):
    data = camt(Row("5.00"))
    desk.post(bank, sent(data, 'år "1"\r\nX: y.xml'))
    file = BankFile.objects.get()

    response = desk.get(reverse("bank_file", args=[energi.slug, file.pk]))

    assert response.content == data
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert response["Content-Disposition"].startswith('attachment; filename="')
    assert set(response["Content-Disposition"][22:-1]) <= set("r__1X:y.xmlfilename=") - {":"}
    assert "no-store" in response["Cache-Control"]


def test_a_file_that_is_not_kept_is_404_with_a_sentence(desk, energi):
    make.bank_line(500)
    file = BankFile.objects.get()
    uploads.path_of(file.sha256).unlink(missing_ok=True)
    assert uploads.read(file.sha256) is None

    response = desk.get(reverse("bank_file", args=[energi.slug, file.pk]), headers=ENGLISH)

    assert response.status_code == 404
    assert "not kept here" in response.content.decode()


@pytest.mark.fault("F58")
def test_another_organisations_files_and_questions_are_not_there(elsewhere, asked):
    line, file = asked.lines.get(), BankFile.objects.first()
    account = BankAccount.objects.get(account__ledger__organisation__slug="annan")

    assert elsewhere.get(reverse("bank_file", args=["annan", file.pk])).status_code == 404
    for name, more in (("settle_own", []), ("settle_same", [asked.pk])):
        address = reverse(name, args=["annan", line.pk, *more])
        assert elsewhere.post(address).status_code == 404
    asked.refresh_from_db()
    assert asked.entry is None
    assert not account.movements.exists()
