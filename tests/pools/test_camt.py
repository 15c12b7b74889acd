"""Bank files read whole or refused."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyiso20022.camt.camt_054_001_08 import Document
from xsdata.formats.dataclass.parsers import XmlParser

from pools.bank import camt
from pools.errors import FileTooLarge, NotFile, Refused, UnevenFile, UnsafeXml
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
        key=f"camt:{IBAN}:R1:1",
        amount_minor=150_000,
        currency="SEK",
        booked_on=date(2026, 11, 23),
        value_on=None,
        is_reversal=False,
        reference="R1",
        ordinal=1,
        ocr="1234574",
        message="Till taket",
        end_to_end="E",
        payer_name="Åsa Öberg",
        payer_account="",
    )


def test_a_batch_is_split_into_its_payments():
    data = build(Row("1500.00", parts=[("1000.00", "1234574"), ("500.00", "123000192")]))

    found = [(line.amount_minor, line.ocr, line.key[-4:]) for line in lines(data)]

    assert found == [(100_000, "1234574", "R1:1"), (50_000, "123000192", "R1:2")]


@pytest.mark.fault("F45")
def test_a_batch_that_does_not_add_up_is_refused():
    with pytest.raises(UnevenFile):
        camt.read(build(Row("1500.00", parts=[("1000.00", ""), ("499.99", "")])))


@pytest.mark.fault("F45")
def test_balances_must_agree_with_the_lines():
    rows = (Row("100.00"), Row("30.00", direction="DBIT", reference="R2"))

    statement = camt.read(build(*rows, kind="053", opening="-20.00", closing="50.00")).statements[0]

    assert (statement.opening_minor, statement.closing_minor) == (-2_000, 5_000)
    with pytest.raises(UnevenFile):
        camt.read(build(*rows, kind="053", opening="0.00", closing="50.00"))


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
def test_equal_payments_without_a_bank_reference_are_told_apart():
    same = Row("100.00", reference="", message="Andel")

    first = lines(build(same, same))
    overlapping = lines(build(same, same, Row("5.00", reference=""), kind="053"))

    keys = [line.key for line in first]
    assert len(set(keys)) == 2
    assert [line.key for line in overlapping][:2] == keys


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
        camt.read(b"<a>" * 65 + b"</a>" * 65)
    with pytest.raises(FileTooLarge):
        camt.read(b" " * (camt.MOST_BYTES + 1))
    monkeypatch.setattr(camt, "MOST_ENTRIES", 3)
    with pytest.raises(FileTooLarge):
        camt.read(build(*[Row("1.00")] * 4))


@pytest.mark.fault("F48")
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Hej!",
        b"PK\x03\x04zip",
        b"<a>",
        b"<Document/>",
        b"<Document><Other/></Document>",
        "<Document>åäö</Document>".encode("latin-1"),
        build(Row("1,50")),
        build(Row("1.005")),
        build(Row("0.00")),
        build(Row("-5.00")),
        build(Row("1e3")),
        build(Row("１")),
        build(Row("99999999999999999.00")),
        build(Row("1000000000000.01")),
        build(Row("1.00", on="2026-13-40")),
        build(Row("1.00", on="")),
    ],
)
def test_what_is_no_bank_file_is_refused_with_a_sentence(data):
    with pytest.raises(NotFile) as refusal:
        camt.read(data)

    assert str(refusal.value).startswith("Filen") or "file" in str(refusal.value)


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
    assert [(line.amount_minor, line.ocr) for line in lines(data)] == expected
