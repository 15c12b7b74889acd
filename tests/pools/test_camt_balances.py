"""The chain of balances: over all that is booked, before anything is dropped; signs not guessed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pools.bank import camt
from pools.errors import (
    NoAmount,
    NoDirection,
    NothingMoved,
    NothingMovedInAll,
    Refused,
    UnevenFile,
    UnknownStatus,
    UnreadEntry,
)
from tests.pools.camt_elements import balance, detail, details, document, entry, file, statement

ENDS = (balance("OPBD", "0.00"), balance("CLBD", "100.00"))
ODD_SIGNS = ["", "CREDIT", "crdt", "CRDT DBIT", "D"]
ODD_AMOUNTS = ["", "x", "1,50", "1.005", "-5.00", "1e3", "１", "1 000.00", "1000000000000.01", "."]


def read(*inside: str, **about: str) -> camt.Statement:
    return camt.read(file(*inside, **about)).statements[0]


def amounts(found: camt.Statement) -> list[int]:
    return [line.amount_minor for line in found.lines]


def reasons(found: camt.Statement) -> list[tuple[int, type[Refused], bool]]:
    return [(note.position, type(note.reason), note.is_taken) for note in found.notes]


def ends(found: camt.Statement) -> tuple[int | None, int | None]:
    return found.opening_minor, found.closing_minor


@pytest.mark.parametrize("sign", ODD_SIGNS)
def test_a_sign_that_is_missing_or_unknown_is_never_guessed(sign):
    found = read(entry(sign=sign), entry("5.00"))

    assert amounts(found) == [500]
    assert reasons(found) == [(1, NoDirection, False)]


def test_two_signs_that_differ_are_none():
    found = read(entry(inside="<CdtDbtInd>DBIT</CdtDbtInd>"), entry("5.00", "DBIT"))

    assert amounts(found) == [-500]
    assert reasons(found) == [(1, NoDirection, False)]


@pytest.mark.parametrize("amount", ODD_AMOUNTS)
def test_an_amount_that_is_missing_or_odd_is_never_guessed(amount):
    found = read(entry(amount), entry("5.00"))

    assert amounts(found) == [500]
    assert reasons(found) == [(1, NoAmount, False)]


@pytest.mark.parametrize(
    ("told", "minor"),
    [("5", 500), ("5.", 500), (".5", 50), ("+5.5", 550), ("007.10", 710), ("1.50000", 150)],
)
def test_an_amount_is_read_as_xml_schema_writes_decimals(told, minor):
    assert amounts(read(entry(told))) == [minor]


@pytest.mark.parametrize(
    "odd", [entry(sign=""), entry("x"), entry(inside="<Amt Ccy='SEK'>1</Amt>")]
)
def test_what_cannot_be_read_refuses_the_file_whose_balances_need_it_and_is_named(odd):
    with pytest.raises(UnreadEntry) as refusal:
        read(*ENDS, entry("100.00"), odd)

    assert refusal.value.facts["entry"] == 2
    assert "R" in str(refusal.value)


@pytest.mark.parametrize("sign", ["CRDT", "DBIT", ""])
def test_a_line_of_zero_is_told_and_the_others_taken(sign):
    found = read(*ENDS, entry("0.00", sign), entry())

    assert amounts(found) == [10_000]
    assert reasons(found) == [(1, NothingMoved, False)]


def test_payments_that_cancel_out_to_zero_are_told():
    netted = details(detail("40.00", sign="CRDT"), detail("40.00", sign="DBIT"))

    assert reasons(read(entry("0.00", inside=netted))) == [(1, NothingMovedInAll, False)]


@pytest.mark.fault("F45")
def test_balances_must_agree_with_what_is_booked():
    assert ends(read(*ENDS, entry("130.00"), entry("30.00", "DBIT"))) == (0, 10_000)
    with pytest.raises(UnevenFile) as refusal:
        read(*ENDS, entry("130.00"), entry("30.01", "DBIT"))
    assert "0.00 + 99.99 ≠ 100.00 SEK" in str(refusal.value)


def test_a_remark_on_one_line_does_not_hide_that_the_balances_break():
    with pytest.raises(UnevenFile, match="≠") as refusal:
        read(*ENDS, entry("0.00"), entry("99.00"))

    assert not isinstance(refusal.value, UnreadEntry)


def test_what_is_not_yet_booked_does_not_count_and_is_no_alarm():
    states = [f"<Sts><Cd>{code}</Cd></Sts>" for code in ("PDNG", "INFO", "FUTR")]

    found = read(*ENDS, *(entry(status=told) for told in [*states, "<Sts>PDNG</Sts>"]), entry())

    assert [(line.position, line.amount_minor) for line in found.lines] == [(5, 10_000)]
    assert found.notes == ()


@pytest.mark.parametrize(
    "status", ["", "<Sts/>", "<Sts>BOOK</Sts>", "<Sts><Cd>BOOK</Cd><Prtry>X</Prtry></Sts>"]
)
def test_a_missing_status_is_booked(status):
    assert amounts(read(*ENDS, entry(status=status))) == [10_000]


def test_an_unknown_status_is_told_and_named_where_the_balances_need_the_line():
    odd = entry(status="<Sts><Prtry>HELD</Prtry></Sts>")

    assert reasons(read(odd)) == [(1, UnknownStatus, False)]
    with pytest.raises(UnreadEntry, match="HELD"):
        read(*ENDS, odd)


def test_a_line_in_another_currency_counts_by_no_other_rate():
    found = read(*ENDS, entry(), entry("10.00", currency="EUR"))

    assert [(line.amount_minor, line.currency) for line in found.lines] == [
        (10_000, "SEK"),
        (1_000, "EUR"),
    ]


@pytest.mark.parametrize("foreign", ["90.00", "9.00"])
def test_a_line_in_another_currency_that_the_balances_count_refuses_the_file(foreign):
    with pytest.raises(UnreadEntry, match="EUR") as refusal:
        read(*ENDS, entry("10.00"), entry(foreign, currency="EUR"))

    assert refusal.value.facts["entry"] == 2


def test_a_whole_statement_in_another_currency_is_read():
    unit = {"currency": "EUR"}

    found = read(
        balance("OPBD", "0", **unit), balance("CLBD", "1", **unit), entry("1", **unit), **unit
    )

    assert (found.currency, ends(found)) == ("EUR", (0, 100))


@pytest.mark.parametrize("code", ["CLAV", "FWAV", "ITAV", "OPAV", "XPCD", "INFO"])
def test_other_balances_never_count(code):
    other = balance(code, "999.00"), balance(code, "5.00", day="2026-11-24")

    assert ends(read(*other, *ENDS, *other, entry())) == (0, 10_000)
    assert ends(read(*other, entry())) == (None, None)


def test_the_previous_closing_counts_as_opening():
    opening = balance("PRCD", "-20.00", day="2026-11-20")

    found = read(opening, balance("CLBD", "80.00"), entry())

    assert (ends(found), found.opens_on) == ((-2_000, 8_000), date(2026, 11, 20))
    with pytest.raises(UnevenFile):
        read(opening, balance("CLBD", "80.01"), entry())


def test_interim_balances_tell_the_pages_of_a_statement():
    interim = balance("ITBD", "100.00")
    pages = (
        statement(balance("OPBD", "0.00"), interim, entry()),
        statement(interim, balance("ITBD", "150.00"), entry("50.00")),
        statement(balance("ITBD", "150.00"), balance("CLBD", "120.00"), entry("30.00", "DBIT")),
    )

    found = camt.read(document(*pages).encode()).statements

    assert [ends(page) for page in found] == [(0, 10_000), (10_000, 15_000), (15_000, 12_000)]
    assert [line.position for page in found for line in page.lines] == [1, 2, 3]
    with pytest.raises(UnevenFile):
        read(interim, balance("CLBD", "120.00"), entry())


def test_a_single_interim_balance_is_how_it_stands():
    assert ends(read(balance("ITBD", "7.00"), entry())) == (None, 700)


def test_of_several_balances_those_count_that_the_lines_lead_between():
    days = (
        balance("OPBD", "50.00", day="2026-11-23"),
        balance("CLBD", "80.00", day="2026-11-23"),
        balance("OPBD", "80.00", day="2026-11-24"),
        balance("CLBD", "70.00", day="2026-11-24"),
    )

    found = read(*days, entry("30.00"), entry("10.00", "DBIT"))

    assert (ends(found), found.opens_on, found.closes_on) == (
        (5_000, 7_000),
        date(2026, 11, 23),
        date(2026, 11, 24),
    )


LINE = "<CdtLine><Incl>{}</Incl><Amt Ccy='SEK'>300.00</Amt></CdtLine>"


@pytest.mark.parametrize("is_included", ["true", "1", "false", "0"])
def test_a_credit_line_beside_a_booked_balance_does_not_count(is_included):
    line = LINE.format(is_included)

    found = read(
        balance("OPBD", "0.00", inside=line), balance("CLBD", "100.00", inside=line), entry()
    )

    assert ends(found) == (0, 10_000)


def test_a_credit_line_inside_one_balance_is_taken_out_where_only_that_fits_the_lines():
    within = balance("CLBD", "400.00", inside=LINE.format("true"))

    assert ends(read(balance("OPBD", "0.00"), within, entry())) == (0, 10_000)
    with pytest.raises(UnevenFile):
        read(balance("OPBD", "0.00"), within.replace("true", "false"), entry())


def test_a_balance_without_a_sign_is_not_guessed():
    blind = balance("CLBD", "100.00").replace("<CdtDbtInd>CRDT</CdtDbtInd>", "")

    found = read(balance("OPBD", "0.00"), blind, balance("ITBD", "5.00"), entry())

    assert ends(found) == (0, None)


def test_balances_in_several_currencies_are_those_of_the_account():
    other = [balance(code, "7.00", currency="EUR") for code in ("OPBD", "CLBD")]

    assert ends(read(*other, *ENDS, entry())) == (0, 10_000)
    assert read(*ENDS, entry(), currency="").currency == "SEK"
    assert read(entry(), currency="").currency == "SEK"


def test_an_amount_without_a_currency_is_in_that_of_the_account_or_else_unread():
    bare = entry().replace(' Ccy="SEK"', "")

    assert [line.currency for line in read(bare).lines] == ["SEK"]
    assert [line.currency for line in read(*ENDS, bare, currency="").lines] == ["SEK"]
    assert reasons(read(bare, currency="")) == [(1, NoAmount, False)]


@given(st.lists(st.integers(-5_000, 5_000).filter(bool), max_size=8), st.integers(-9_999, 9_999))
def test_lines_lead_from_opening_to_closing_or_the_file_is_refused(moved, opening):
    rows = [entry(f"{abs(m) / 100:.2f}", "CRDT" if m > 0 else "DBIT") for m in moved]
    closing = opening + sum(moved)

    found = read(
        balance("OPBD", f"{opening / 100:.2f}"), balance("CLBD", f"{closing / 100:.2f}"), *rows
    )

    assert (amounts(found), ends(found)) == (moved, (opening, closing))
    with pytest.raises(UnevenFile):
        read(
            balance("OPBD", f"{opening / 100:.2f}"),
            balance("CLBD", f"{(closing + 1) / 100:.2f}"),
            *rows,
        )
