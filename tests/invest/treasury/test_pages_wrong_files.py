"""Wrong files at the treasurer's desk: each its status and its sentence, and nothing is booked."""

import html
import io
import tracemalloc
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from invest.models import Placement
from pools import balances, uploads
from pools.models import BankAccount, BankFile, BankLine, Entry, Movement
from pools.money import format_minor
from tests import factories as make
from tests.camt_files import Row, camt
from tests.factories import DAY, IBAN

pytestmark = pytest.mark.django_db
OTHER = "SE3550000000054910000003"
GOOD = camt(Row("100.00", name="Åsa Öberg"), kind="053", opening="0.00", closing="100.00")


def packed(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("camt053.xml", data)
    return file.getvalue()


@pytest.fixture
def offering():
    return make.share_offering()


@pytest.fixture
def desk(offering, client) -> Client:
    client.force_login(make.user("dee", ("treasurer", offering.vehicle.organisation)))
    return client


def sent(desk: Client, data: bytes, to: str = "energi") -> tuple[int, str]:
    """The answer's status, and its words."""
    file = SimpleUploadedFile("bank.xml", data, "application/xml")
    answer = desk.post(f"/organisations/{to}/bank/", {"file": file})
    return answer.status_code, " ".join(html.unescape(answer.content.decode()).split())


@pytest.mark.fault("F47")
@pytest.mark.fault("F48")
@pytest.mark.fault("F49")
@pytest.mark.parametrize(
    ("data", "status", "sentence"),
    [
        (GOOD[:-300], 400, "Filen slutar tvärt på rad 1, som om den inte kom hem hel."),
        (GOOD[:200], 400, "Filen slutar tvärt på rad 1, som om den inte kom hem hel."),
        (GOOD.decode().encode("cp1252"), 400, "Filen säger att dess bokstäver är"),
        (GOOD.decode().encode("cp437"), 400, "Filen säger att dess bokstäver är"),
        (camt(Row("1.00"), iban=OTHER), 400, f"Filen gäller kontot {OTHER}, inte {IBAN}."),
        (packed(GOOD), 400, "Det här är en packad fil (zip)."),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", 400, "Det här är en PDF"),
        (b"01BGMAX               0120261123173035010331P", 400, "Det här är en BgMax-fil."),
        (b"<!DOCTYPE html><html lang='sv'><title>Logga in</title>", 400, "Det här är en webbsida"),
        (b"Datum;Text;Belopp\n2026-11-23;Ada;100,00\n", 400, "Det här är en tabell"),
        (b"", 400, "Filen är tom."),
        (b"<x>" + b" " * 20_971_520 + b"</x>", 413, "Filen är för stor: högst 20 MiB."),
    ],
    ids=["cut", "cut-early", "cp1252", "cp437", "other-account", "zip", "pdf", "bgmax", "page",
         "table", "empty", "20-MiB"],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_its_sentence(desk, data, status, sentence):
    answered, words = sent(desk, data)

    assert (answered, sentence in words) == (status, True), words
    kept = [model.objects.count() for model in (Entry, Movement, BankFile)]
    assert kept == [0, 0, 0]


@pytest.mark.fault("F49")
def test_a_line_in_euro_is_told_and_the_others_are_booked(desk):
    status, words = sent(desk, camt(Row("1.00"), Row("2.00", currency="EUR", reference="R2")))

    assert (status, "Raden är i EUR, som det här kontot inte har." in words) == (200, True)
    assert list(Movement.objects.values_list("amount_minor", flat=True)) == [100]


@pytest.mark.fault("F49")
def test_an_account_told_in_euro_alone_books_nothing(desk):
    status, words = sent(desk, camt(Row("2.00", currency="EUR")).replace(b">SEK<", b">EUR<"))

    assert (status, "Raden är i EUR, som det här kontot inte har." in words) == (200, True)
    assert (Movement.objects.count(), Entry.objects.count()) == (0, 0)


@pytest.mark.fault("F42")
def test_a_line_of_a_closed_period_is_booked_on_the_first_open_day(desk, offering):
    call = make.called(make.pledge(offering, 1000), DAY)
    account = BankAccount.objects.get()
    ledger, until = account.account.ledger, DAY + timedelta(days=7)
    ledger.locked_until = until
    ledger.save()

    status, _words = sent(desk, camt(Row("1000.00", call.ocr)))

    placed = Placement.objects.get()
    assert (status, placed.counts_from, Movement.objects.get().booked_on) == (200, DAY, DAY)
    assert {entry.booked_on for entry in Entry.objects.filter(ledger=ledger)} == {
        until + timedelta(days=1)
    }


def two_accounts() -> bytes:
    """A file of two organisations' accounts, as one bank login for both fetches it."""
    first = camt(Row("100.00"), identification="S1").decode()
    second = camt(Row("200.00"), identification="S2", iban=OTHER).decode()
    begins, ends = second.index("<Ntfctn>"), second.index("</BkToCstmrDbtCdtNtfctn>")
    return first.replace(
        "</BkToCstmrDbtCdtNtfctn>", f"{second[begins:ends]}</BkToCstmrDbtCdtNtfctn>"
    ).encode()


@pytest.mark.fault("F43")
def test_one_file_of_two_organisations_is_taken_by_both_each_its_own(desk, client):
    other = make.organisation("bagarn", OTHER)
    eva = Client()
    eva.force_login(make.user("eva", ("treasurer", other)))
    data = two_accounts()

    assert [sent(desk, data)[0], sent(eva, data, "bagarn")[0]] == [200, 200]
    assert [sent(desk, data)[0], sent(eva, data, "bagarn")[0]] == [409, 409]

    booked = {row.iban: balances.balance(row.account) for row in BankAccount.objects.all()}
    assert booked == {IBAN: 10_000, OTHER: 20_000}
    assert (BankFile.objects.count(), BankLine.objects.count()) == (1, 2)
    assert uploads.read(BankFile.objects.get().sha256) == data


def test_what_was_refused_and_mended_is_taken(desk):
    assert sent(desk, GOOD[:-300])[0] == 400

    assert sent(desk, GOOD)[0] == 200
    assert sent(desk, GOOD)[0] == 409
    assert format_minor(Movement.objects.get().amount_minor, scale=2) == "100.00"


class Endless(io.RawIOBase):
    """A form on the wire that is never in memory as a whole: its head, and then zeros."""

    def __init__(self, size: int) -> None:
        super().__init__()
        disposition = 'form-data; name="file"; filename="stor.xml"'
        self.head = f"--b\r\nContent-Disposition: {disposition}\r\n\r\n".encode()
        self.tail = b"\r\n--b--\r\n"
        self.size = len(self.head) + size + len(self.tail)
        self.given = 0

    def read(self, most: int = -1) -> bytes:
        """The next bytes, at most so many."""
        least = min(most if most >= 0 else 1 << 16, self.size - self.given)
        ends = self.size - len(self.tail)
        if self.given < len(self.head):
            piece = self.head[self.given :][:least]
        elif self.given < ends:
            piece = bytes(min(least, ends - self.given))
        else:
            piece = self.tail[self.given - ends :][:least]
        self.given += len(piece)
        return piece


@pytest.mark.fault("F47")
def test_a_hundred_megabytes_are_refused_and_never_held_in_memory(desk):
    desk.get("/organisations/energi/bank/")  # What is read and compiled once.
    wire = Endless(100 * 1_000_000)
    asked = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/organisations/energi/bank/",
        "CONTENT_TYPE": "multipart/form-data; boundary=b",
        "CONTENT_LENGTH": str(wire.size),
        "wsgi.input": wire,
    }
    tracemalloc.start()
    try:
        answer = desk.request(**asked)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert (answer.status_code, BankFile.objects.count()) == (413, 0)
    assert "Filen är för stor: högst 20 MiB." in answer.content.decode()
    assert wire.given > 100 * 1_000_000
    assert most < 2 * 1_000_000
