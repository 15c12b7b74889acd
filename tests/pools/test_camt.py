"""camt in every version; what no bank sends is refused before it can do harm."""

import contextlib
from datetime import date, datetime
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyiso20022.camt.camt_054_001_08 import Document
from xsdata.formats.dataclass.parsers import XmlParser

from pools.bank import camt, xml
from pools.bank.days import STOCKHOLM
from pools.errors import FileTooLarge, NotFile, Refused, UnsafeXml
from tests.camt_files import IBAN, Row
from tests.camt_files import camt as build


def lines(data: bytes) -> tuple[camt.Line, ...]:
    return camt.read(data).statements[0].lines


@pytest.mark.parametrize("version", [f"{number:02d}" for number in range(2, 14)])
@pytest.mark.parametrize("kind", ["053", "054"])
def test_every_version_is_read(kind, version):
    row = Row("1500.00", "1234574", name="Åsa Öberg", message="Till taket")

    file = camt.read(build(row, kind=kind, version=version))

    (statement,) = file.statements
    (line,) = statement.lines
    assert (statement.kind, statement.account, statement.identification) == (kind, IBAN, "S1")
    assert line == camt.Line(
        position=1,
        amount_minor=150_000,
        currency="SEK",
        booked_on=date(2026, 11, 23),
        parts=(
            camt.Part(
                amount_minor=150_000,
                ocr="1234574",
                message="Till taket",
                end_to_end="E",
                payer_name="Åsa Öberg",
            ),
        ),
        reference="R1",
    )


def test_a_file_tells_when_it_was_made():
    file = camt.read(build(Row("1.00")))

    made = datetime(2026, 11, 23, 10, tzinfo=STOCKHOLM)
    assert (file.message_id, file.created_at, file.statements[0].created_at) == ("M1", made, made)


def test_a_batch_is_one_line_with_its_payments_as_parts():
    data = build(Row("1500.00", parts=[("1000.00", "1234574"), ("500.00", "123000192")]))

    (line,) = lines(data)

    assert (line.amount_minor, line.reference) == (150_000, "R1")
    assert [(part.amount_minor, part.ocr) for part in line.parts] == [
        (100_000, "1234574"),
        (50_000, "123000192"),
    ]


@pytest.mark.fault("F51")
def test_money_out_is_negative_and_a_reversal_is_marked():
    rows = (
        Row("30.00", direction="DBIT"),
        Row("30.00", direction="CRDT", reversal=True, reference="R2"),
    )

    found = [(line.amount_minor, line.is_reversal) for line in lines(build(*rows))]

    assert found == [(-3_000, False), (3_000, True)]


def test_only_what_is_booked_counts():
    assert lines(build(Row("30.00", status="PDNG"))) == ()


@pytest.mark.fault("F44")
def test_equal_payments_without_a_bank_reference_are_lines_of_their_own():
    same = Row("100.00", reference="", message="Andel")

    found = lines(build(same, same))

    assert [(line.position, line.amount_minor) for line in found] == [(1, 10_000), (2, 10_000)]


@pytest.mark.fault("F46")
@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><Document>&b;</Document>',
        b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>',
        b'<!DOCTYPE d SYSTEM "http://127.0.0.1/x.dtd"><Document/>',
        b"<!DOCTYPE d><Document/>",
    ],
)
def test_document_types_and_entities_are_refused(data):
    with pytest.raises(UnsafeXml):
        camt.read(data)


@pytest.mark.fault("F47")
def test_deep_and_huge_files_are_refused(monkeypatch):
    with pytest.raises(UnsafeXml):
        camt.read(b"<BkToCstmrStmt>" * 65 + b"</BkToCstmrStmt>" * 65)
    monkeypatch.setattr(xml, "MOST_ENTRIES", 3)
    with pytest.raises(FileTooLarge):
        camt.read(build(*[Row("1.00")] * 4))


@pytest.mark.fault("F47")
@pytest.mark.parametrize("size", [xml.MOST_BYTES + 1, 100 * 1024 * 1024])
def test_a_hundred_megabytes_are_refused_by_size_alone(size):
    with pytest.raises(FileTooLarge) as refusal:
        camt.read(b"x" * size)

    assert refusal.value.status == 413
    with pytest.raises(FileTooLarge):
        xml.parse(b"<a/>".ljust(size))


def test_an_entry_outside_of_any_statement_is_not_lost_in_silence():
    data = (
        build(Row("1.00"))
        .replace(b"<Ntry>", b"<Page><Ntry>")
        .replace(b"</Ntry>", b"</Ntry></Page>")
    )

    with pytest.raises(NotFile):
        camt.read(data)


def test_the_time_to_read_grows_no_faster_than_the_file():
    def seconds(number):
        data = build(*[Row("1.00", "1234574", parts=[("0.40", ""), ("0.60", "")])] * number)
        start = process_time()
        assert len(lines(data)) == number
        return process_time() - start

    small = min(seconds(200) for _time in range(3))

    assert seconds(2_000) < 30 * small


@pytest.mark.fault("F48")
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Hej!",
        b"PK\x03\x04zip",
        b"<a>",
        b"<a></b>",
        b"<Document/>",
        b"<Document><Other/></Document>",
        b"<!-- BkToCstmrStmt --><Document/>",
        "<Document>åäö</Document>".encode("latin-1"),
    ],
)
def test_what_is_no_bank_file_is_refused_with_a_sentence(data):
    with pytest.raises(NotFile) as refusal:
        camt.read(data)

    assert str(refusal.value).startswith(("Filen", "Det här är"))


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data):
    with contextlib.suppress(Refused):
        camt.read(data)


def test_another_reader_agrees():
    rows = [
        Row("1500.00", "1234574"),
        Row("700.50", reference="R2", parts=[("700.00", "123000192"), ("0.50", "2026004206")]),
    ]
    data = build(*rows)

    theirs = XmlParser().from_bytes(data, Document)

    entries = theirs.bk_to_cstmr_dbt_cdt_ntfctn.ntfctn[0].ntry
    expected = [
        (
            int((d.amt_dtls.tx_amt.amt.value if d.amt_dtls else e.amt.value) * 100),
            d.rmt_inf.strd[0].cdtr_ref_inf.ref,
        )
        for e in entries
        for block in e.ntry_dtls
        for d in block.tx_dtls
    ]
    found = [(part.amount_minor, part.ocr) for line in lines(data) for part in line.parts]
    assert found == expected
