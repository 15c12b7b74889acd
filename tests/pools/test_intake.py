"""A bank file in: every payment once, of the right account, in the ledger's unit, or a sentence."""

from datetime import UTC, date, datetime

import pytest

from pools import audit, balances, book, uploads
from pools.bank import intake, movements, statements
from pools.errors import AlreadyImported, AlreadySettled, NotAlike, WrongAccount, WrongCurrency
from pools.models import BankAccount, BankFile, BankStatement, Entry, Movement, Part
from tests import factories as make
from tests.camt_files import IBAN, Row
from tests.camt_files import camt as build

AT = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # Already the 24th in Stockholm.
DAY = date(2026, 11, 23)


def account(number: str = "", iban: str = IBAN, bankgiro: str = "5050-0017") -> BankAccount:
    ledger = make.ledger() if not number else BankAccount.objects.get().account.ledger
    return BankAccount.objects.create(
        account=make.account(ledger, f"assets:bank{number}"),
        unmatched=make.account(ledger, f"liabilities:unmatched{number}", make.LIABILITY),
        iban=iban,
        bankgiro=bankgiro,
        payee="Energi",
    )


@pytest.fixture
def bank(db) -> BankAccount:
    return account()


def take(bank: BankAccount, data: bytes, *more: BankAccount) -> intake.Intake:
    return intake.read_and_take_in(
        data=data, file_name="bank.xml", bank_accounts=[bank, *more], by="user:4", at=AT
    )


def booked(bank: BankAccount) -> tuple[int, int]:
    """What stands at the bank, and what waits for its other side."""
    told = balances.balances([bank.account, bank.unmatched])
    return told[bank.account_id], told[bank.unmatched_id]


def test_every_line_is_kept_and_booked(bank):
    rows = (Row("1500.00", "1234574"), Row("30.00", direction="DBIT", reference="R2", name="Bo"))

    taken = take(bank, build(*rows, kind="053", opening="0.00", closing="1470.00"))

    told = [(part.amount_minor, part.ocr, part.payer_name) for part in taken.parts]
    assert told == [(150_000, "1234574", "Ada"), (-3_000, "", "Bo")]
    assert [movement.entry.kind for movement in taken.new] == ["bank-in", "bank-out"]
    assert (taken.known, taken.refused, taken.asked) == (0, [], [])
    assert booked(bank) == (147_000, 147_000)
    statement = BankStatement.objects.get()
    assert (statement.file.name, statement.file.received_by) == ("bank.xml", "user:4")
    assert (statement.closing_minor, statement.closes_on) == (147_000, DAY)


def test_a_file_is_kept_as_it_was_received(bank):
    data = build(Row("1500.00"))

    take(bank, data)

    file = BankFile.objects.get()
    assert (uploads.read(file.sha256), file.size) == (data, len(data))
    assert uploads.read("0" * 64) is None


def test_the_same_file_again_is_refused_with_when_and_by_whom(bank):
    data = build(Row("1500.00"))
    take(bank, data)

    with pytest.raises(AlreadyImported) as refusal:
        take(bank, data)

    assert refusal.value.facts == {"on": date(2026, 11, 24), "by": "user:4"}
    assert Entry.objects.count() == Movement.objects.count() == 1


def test_lines_known_from_an_overlapping_file_are_counted_and_not_booked(bank):
    first, second = Row("1500.00"), Row("20.00", reference="R2")
    take(bank, build(first))

    taken = take(bank, build(first, second, identification="S2"))

    assert (len(taken.new), taken.known) == (1, 1)
    assert booked(bank) == (152_000, 152_000)
    assert Movement.objects.order_by("pk")[0].lines.count() == 2


def test_a_statement_of_another_account_is_refused_whole(bank):
    other = "SE3550000000054910000003"

    with pytest.raises(WrongAccount) as refusal:
        take(bank, build(Row("1500.00"), iban=other))

    assert refusal.value.facts == {"account": other, "own": IBAN}
    assert BankFile.objects.count() == BankStatement.objects.count() == Entry.objects.count() == 0


def test_a_file_of_two_own_accounts_is_taken_in_for_both(bank):
    second = account(":2", "SE3550000000054910000003", "")
    one = build(Row("100.00"))
    both = one.replace(
        b"</BkToCstmrDbtCdtNtfctn>",
        build(Row("7.00"), iban=second.iban).split(b"</GrpHdr>")[1].split(b"</BkTo")[0]
        + b"</BkToCstmrDbtCdtNtfctn>",
    )

    first = take(bank, both)
    assert (booked(bank)[0], first.other_accounts) == (10_000, [second.iban])
    take(bank, both, second)

    assert (booked(bank)[0], booked(second)[0]) == (10_000, 700)
    with pytest.raises(AlreadyImported):
        take(bank, both, second)


def test_a_notification_may_name_the_account_by_its_bankgiro(bank):
    assert len(take(bank, build(Row("1500.00"), iban="50500017")).new) == 1


def test_a_line_in_another_currency_is_refused_and_the_others_are_not(bank):
    euro = Row("10.00", currency="EUR", reference="R2")

    taken = take(bank, build(Row("1500.00"), euro))

    ((number, refusal),) = taken.refused
    assert (number, "EUR" in str(refusal)) == (2, True)
    assert [movement.amount_minor for movement in taken.new] == [150_000]
    assert audit.run(audit.CHECKS) == []


def test_a_ledger_in_another_currency_takes_nothing(bank):
    data = build(Row("10.00", currency="EUR")).replace(b"<Ccy>SEK</Ccy>", b"<Ccy>EUR</Ccy>")

    taken = take(bank, data)

    assert [type(refusal) for _number, refusal in taken.refused] == [WrongCurrency]
    assert booked(bank) == (0, 0)


def test_no_payer_is_told_in_the_book(bank):
    (movement,) = take(bank, build(Row("100.00", reference="", name="Åsa Öberg"))).new

    assert movement.entry.key == f"bank:{IBAN}:{BankFile.objects.get().sha256[:40]}:1"


def test_a_line_of_a_locked_period_is_booked_on_the_first_open_day(bank):
    book.lock_period(ledger=bank.account.ledger, until=date(2026, 11, 30))

    (movement,) = take(bank, build(Row("100.00"))).new

    assert (movement.booked_on, movement.entry.booked_on) == (DAY, date(2026, 12, 1))


def test_equal_payments_of_two_notifications_are_asked_about(bank):
    row = Row("100.00", reference="")
    take(bank, build(row, identification="N1"))

    taken = take(bank, build(row, identification="N2"))

    assert (taken.new, len(taken.asked), booked(bank)[0]) == ([], 1, 10_000)
    assert taken.asked[0].entry is None


def test_a_notification_that_is_sent_again_is_known(bank):
    row = Row("100.00", reference="")
    take(bank, build(row, identification="N1"))

    taken = take(bank, build(row, Row("5.00"), identification="N1"))

    assert (len(taken.new), taken.known, taken.asked) == (1, 1, [])


@pytest.fixture
def asked(bank) -> Movement:
    """A payment of 100 kronor, and one that is perhaps the same."""
    row = Row("100.00", reference="")
    take(bank, build(row, identification="N1"))
    return take(bank, build(row, identification="N2")).asked[0]


def test_somebody_says_that_it_is_one_of_its_own(bank, asked):
    outcome = movements.settle(movement=asked, same_as=None, by="user:4")
    again = movements.settle(movement=asked, same_as=None, by="user:4")

    assert (outcome.new, outcome.parts, again.new) == ([asked], list(asked.parts.all()), [])
    assert booked(bank) == (20_000, 20_000)


def test_somebody_says_that_it_is_told_twice(bank, asked):
    known = Movement.objects.exclude(pk=asked.pk).get()

    movements.settle(movement=asked, same_as=known, by="user:4")

    assert (Movement.objects.get(), known.lines.count()) == (known, 2)
    assert (booked(bank)[0], Part.objects.count()) == (10_000, 1)


def test_what_was_booked_twice_is_taken_back(bank, asked):
    known = Movement.objects.exclude(pk=asked.pk).get()
    movements.settle(movement=asked, same_as=None, by="user:4")

    movements.settle(movement=asked, same_as=known, by="user:4")

    assert (booked(bank), Movement.objects.count()) == ((10_000, 10_000), 1)
    assert audit.run(audit.CHECKS) == []


def test_payments_of_other_amounts_are_never_one(bank, asked):
    other = take(bank, build(Row("5.00", reference="R9"), identification="N3")).new[0]

    with pytest.raises(NotAlike):
        movements.settle(movement=asked, same_as=other, by="user:4")


def test_a_statement_settles_what_waited(bank, asked):
    rows = [Row("100.00", reference=""), Row("100.00", reference="")]

    taken = take(bank, build(*rows, kind="053", opening="0.00", closing="200.00"))

    assert (taken.new, taken.known) == ([asked], 1)
    assert booked(bank) == (20_000, 20_000)


def test_a_day_that_a_statement_covers_gets_nothing_from_a_notification(bank):
    take(bank, build(Row("100.00"), kind="053", opening="0.00", closing="100.00"))

    taken = take(bank, build(Row("70.00", reference="R7"), identification="N1"))

    assert (taken.new, len(taken.asked), booked(bank)[0]) == ([], 1, 10_000)


@pytest.mark.parametrize("kinds", [("053", "054"), ("054", "053")])
@pytest.mark.parametrize("reference", ["B7", ""])
def test_statement_and_notification_tell_one_payment_of_two_parts(bank, kinds, reference):
    total = Row("300.00", reference=reference, name="")
    batch = Row("300.00", reference=reference, parts=[("100.00", "1234574"), ("200.00", "1234566")])
    files = {
        "053": build(total, kind="053", opening="0.00", closing="300.00"),
        "054": build(batch, identification="N1"),
    }

    for kind in kinds:
        take(bank, files[kind])

    movement = Movement.objects.get()
    parts = [(part.amount_minor, part.ocr) for part in movement.parts.order_by("pk")]
    assert parts == [(10_000, "1234574"), (20_000, "1234566")]
    assert (booked(bank)[0], movement.lines.count()) == (30_000, 2)


@pytest.mark.parametrize("kinds", [("053", "054"), ("054", "053")])
def test_a_statements_sum_of_two_notified_payments_is_not_booked_beside_them(bank, kinds):
    total = Row("300.00", name="", reference="B7", end_to_end="")
    files = {
        "053": build(total, kind="053", opening="0.00", closing="300.00"),
        "054": build(
            Row("100.00", "1234574", reference="n1"),
            Row("200.00", "1234566", reference="n2"),
            identification="N1",
        ),
    }

    for kind in kinds:
        take(bank, files[kind])

    parts = sorted(part.amount_minor for part in Movement.objects.get().parts.all())
    assert (booked(bank), parts) == ((30_000, 30_000), [10_000, 20_000])
    assert audit.run(audit.CHECKS) == []


def test_what_is_odd_is_said_with_the_entrys_number(bank):
    data = build(Row("0.00", reference="R0"), Row("100.00"))

    taken = take(bank, data.replace(b"<BookgDt><Dt>2026-11-23</Dt></BookgDt>", b"", 2))

    assert [number for number, _reason in taken.refused + taken.remarks] == [1, 2]


def test_what_has_gone_into_another_is_settled(bank, asked):
    known = Movement.objects.exclude(pk=asked.pk).get()
    movements.settle(movement=asked, same_as=known, by="user:4")

    with pytest.raises(AlreadySettled):
        movements.settle(movement=asked, same_as=None, by="user:4")


def test_what_has_a_place_stays_as_it_was_told(bank, asked):
    known = Movement.objects.exclude(pk=asked.pk).get()
    movements.settle(movement=asked, same_as=None, by="user:4")
    make.placed(asked.parts.get())

    with pytest.raises(AlreadySettled):
        movements.settle(movement=asked, same_as=known, by="user:4")


def test_what_is_placed_whole_is_not_told_in_parts_afterwards(bank):
    total = Row("300.00", reference="B7", name="")
    (part,) = take(bank, build(total, kind="053", opening="0.00", closing="300.00")).parts
    make.placed(part)
    batch = Row("300.00", reference="B7", parts=[("100.00", "1234574"), ("200.00", "1234566")])

    take(bank, build(batch, identification="N1"))

    assert list(Movement.objects.get().parts.all()) == [part]


def test_what_the_only_part_lacks_is_taken_from_another_line(bank):
    take(bank, build(Row("100.00", name="", end_to_end="")))

    told = Row("100.00", "1234574", name="Ada", end_to_end="")
    taken = take(bank, build(told, kind="053", opening="0.00", closing="100.00"))

    (part,) = taken.parts
    assert (part.ocr, part.payer_name, taken.known) == ("1234574", "Ada", 1)


def test_a_sum_takes_in_what_waited_and_leaves_what_does_not_fit(bank):
    rows = [Row(f"{kr}.00", reference="", end_to_end="") for kr in (100, 200, 50)]
    take(bank, build(rows[0], identification="N1"))
    take(bank, build(*rows, identification="N2"))
    total = Row("300.00", name="", reference="B7", end_to_end="")
    other = Row("7.00", name="", reference="B8", end_to_end="")

    take(bank, build(total, other, kind="053", opening="0.00", closing="307.00"))

    assert audit.run(audit.CHECKS) == []
    assert Movement.objects.filter(entry__isnull=False).count() >= 3


def test_of_many_payments_no_sum_is_guessed():
    assert movements.one_way_to(300, [100] * 13) == ()
    assert movements.one_way_to(200, [100, 100, 100]) == ()


def test_a_statement_without_a_zone_is_swedish_time(bank):
    statement = statements.Statement(
        *("S1", "053", IBAN, "SEK", None, None, None, None),
        lines=(),
        created_at=datetime(2026, 11, 23, 18),  # noqa: DTZ001 -- as a careless bank tells it
    )

    taken = intake.take_in(
        file=statements.StatementFile("M", None, (statement,)),
        sha256="0" * 64,
        file_name="f.xml",
        bank_accounts=[bank],
        by="user:4",
    )

    assert taken.statements[0].made_at.isoformat() == "2026-11-23T18:00:00+01:00"


def nameless(amount: str, reference: str, on: str = "2026-11-23") -> Row:
    """A sum as a statement tells it: nobody's name, nobody's reference."""
    return Row(amount, name="", reference=reference, end_to_end="", on=on)


def notified(bank: BankAccount) -> intake.Intake:
    rows = (Row("100.00", reference="n1"), Row("200.00", reference="n2"))
    return take(bank, build(*rows, identification="N1"))


def test_of_two_sums_the_one_that_the_parts_make_is_told(bank):
    sums = (nameless("50.00", "B1"), nameless("300.00", "B2"))
    take(bank, build(*sums, kind="053", opening="0.00", closing="350.00"))

    taken = notified(bank)

    assert (len(taken.parts), taken.asked, booked(bank)[0]) == (2, [], 35_000)


def test_a_later_statements_sum_takes_in_what_waited(bank):
    take(bank, build(nameless("7.00", "B1"), kind="053", opening="0.00", closing="7.00"))
    assert len(notified(bank).asked) == 2

    later = build(nameless("300.00", "B2"), kind="053", opening="7.00", closing="307.00")
    take(bank, later.replace(b"<Id>S1<", b"<Id>S2<"))

    assert (booked(bank)[0], Movement.objects.filter(entry=None).count()) == (30_700, 0)
    assert sorted(part.amount_minor for part in Part.objects.all()) == [700, 10_000, 20_000]


def test_what_moved_on_a_day_between_is_no_matter(bank):
    take(bank, build(Row("100.00", reference="B1", on="2026-11-22")))

    rows = [Row("100.00", reference=f"B{day}", on=f"2026-11-{day}") for day in (21, 23)]
    taken = take(bank, build(*rows, identification="N2"))

    assert (len(taken.new), booked(bank)[0]) == (2, 30_000)
