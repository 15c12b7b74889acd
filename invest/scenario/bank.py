"""Payments reach the bank, and the treasurer fetches the statement every Friday."""

import hashlib
from datetime import date, timedelta
from itertools import groupby

from invest.models import Call
from invest.scenario.stage import BY, Stage
from invest.treasury import placing, queries
from pools.bank import intake, statements
from pools.models import Part
from pools.money import ore


def pays(stage: Stage, slug: str, on: date, amount_minor: int, ocr: str, name: str = "") -> None:
    """A payment reaches the bank; the treasurer fetches the file on the next Friday."""
    stage.arriving[slug].append((on, amount_minor, ocr, name))
    _will_fetch(stage, slug, on)


def leaves(stage: Stage, slug: str, on: date) -> None:
    """What the book says has gone or come that day does so at the bank too."""
    _will_fetch(stage, slug, on)


def _will_fetch(stage: Stage, slug: str, on: date) -> None:
    friday = min(on + timedelta(days=(3 - on.weekday()) % 7 + 1), stage.today)
    if (slug, friday) not in stage.fetched:
        stage.fetched.add((slug, friday))
        stage.at(friday, lambda: _fetch(stage, slug, friday))


def _fetch(stage: Stage, slug: str, on: date) -> None:
    coming = sorted([*stage.arriving[slug], *_moved_by_the_book(stage, slug)], key=lambda p: p[0])
    stage.arriving[slug] = []
    if not coming:
        return
    name = f"camt053-{slug}-{on}.xml"
    brought = intake.take_in(
        file=statements.StatementFile(name, None, _statements(stage, slug, name, coming)),
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        file_name=name,
        bank_accounts=[stage.banks[slug]],
        by=BY,
    )
    stage.summary.lines += len(brought.new)
    _place(stage, slug, placing.pair_by_reference(parts=brought.parts, by=BY).waiting)


def _moved_by_the_book(stage: Stage, slug: str) -> list[tuple[date, int, str, str]]:
    fresh = [
        row
        for row in queries.in_transit(stage.banks[slug].account.ledger)
        if row.entry.pk not in stage.told
    ]
    stage.told |= {row.entry.pk for row in fresh}
    return [(row.entry.booked_on, row.open_minor, "", "") for row in fresh]


def _statements(
    stage: Stage, slug: str, name: str, coming: list[tuple[date, int, str, str]]
) -> tuple[statements.Statement, ...]:
    """One a day on which something moved, as banks write them; `coming` by day."""
    numbered = enumerate(coming, start=1)
    days = groupby(numbered, key=lambda payment: payment[1][0])
    return tuple(_statement(stage, slug, name, day, list(rows)) for day, rows in days)


def _statement(
    stage: Stage,
    slug: str,
    name: str,
    day: date,
    rows: list[tuple[int, tuple[date, int, str, str]]],
) -> statements.Statement:
    opening = stage.balance[slug]
    stage.balance[slug] += sum(minor for _number, (_day, minor, _ocr, _name) in rows)
    return statements.Statement(
        identification=f"{name[8:-4]}-{rows[0][0]}",
        kind="053",
        account=stage.banks[slug].iban,
        currency="SEK",
        opening_minor=opening,
        opens_on=day,
        closing_minor=stage.balance[slug],
        closes_on=day,
        lines=tuple(
            statements.Line(
                position=number,
                amount_minor=minor,
                currency="SEK",
                booked_on=day,
                value_on=day,
                reference=f"{name[8:-4]}-{number}",
                parts=(statements.Part(amount_minor=minor, ocr=ocr, payer_name=payer),),
            )
            for number, (_day, minor, ocr, payer) in rows
        ),
    )


def _place(stage: Stage, slug: str, parts: list[Part]) -> None:
    """What the treasurer knows at once: a part payment, and what the book has gone out."""
    expected = queries.in_transit(stage.banks[slug].account.ledger)
    for part in parts:
        if call := stage.part_paid.get(part.ocr):
            placing.pay(part=part, call=call, amount_minor=part.amount_minor, by=BY)
            continue
        same = [row for row in expected if row.open_minor == part.amount_minor and not part.ocr]
        if same:
            expected.remove(same[0])
            placing.confirm(
                part=part, entry=same[0].entry, amount_minor=abs(part.amount_minor), by=BY
            )


def strays(stage: Stage) -> None:
    """Two payments that nobody can pair by machine, waiting for the treasurer today."""
    slug = "bjorkdalens-energi"
    call = Call.objects.filter(
        pledge__offering__vehicle__slug="soltaket", placements__isnull=True
    ).latest("pk")
    stage.arriving[slug] += [
        (stage.today, ore(call.amount) - 5000, call.ocr, "Göran Fors"),
        (stage.today, 150_000, "", "Swish 0701740605"),
    ]
    _fetch(stage, slug, stage.today + timedelta(days=1))
