"""Payments reach the bank, and the treasurer fetches the file every Friday."""

from datetime import date, timedelta

from invest.models import Call
from invest.scenario.stage import BY, Stage
from invest.treasury import matching
from pools.bank import camt, intake
from pools.money import ore


def pays(stage: Stage, slug: str, on: date, amount_minor: int, ocr: str, name: str = "") -> None:
    """A payment reaches the bank; the treasurer fetches the file on the next Friday."""
    stage.arriving[slug].append((on, amount_minor, ocr, name))
    friday = min(on + timedelta(days=(3 - on.weekday()) % 7 + 1), stage.today)
    if (slug, friday) not in stage.fetched:
        stage.fetched.add((slug, friday))
        stage.at(friday, lambda: _fetch(stage, slug, friday))


def _fetch(stage: Stage, slug: str, on: date) -> None:
    waiting, stage.arriving[slug] = stage.arriving[slug], []
    if not waiting:
        return
    bank = stage.banks[slug]
    name = f"camt054-{slug}-{on}.xml"
    lines = tuple(
        camt.Line(
            key=f"camt:{bank.iban}:{on:%Y%m%d}:{number}",
            amount_minor=minor,
            currency="SEK",
            booked_on=day,
            value_on=day,
            is_reversal=False,
            reference=f"{on:%Y%m%d}",
            ordinal=number,
            ocr=ocr,
            message="",
            end_to_end="",
            payer_name=payer,
            payer_account="",
        )
        for number, (day, minor, ocr, payer) in enumerate(waiting, start=1)
    )
    statement = camt.Statement(name, "054", bank.iban, "SEK", None, None, lines)
    brought = intake.take_in(
        file=camt.StatementFile(name, None, (statement,)),
        sha256=name,
        file_name=name,
        bank_account=bank,
        by=BY,
    )
    stage.summary.lines += len(brought.new)
    incoming = [line for line in brought.new if line.amount_minor > 0]
    for line in matching.match_by_reference(lines=incoming, on=on, by=BY).waiting:
        if call := stage.part_paid.get(line.ocr):
            matching.match_by_hand(
                line=line, call=call, amount_minor=line.amount_minor, on=on, by=BY
            )


def strays(stage: Stage) -> None:
    """Two payments that nobody can pair by machine, waiting for the treasurer today."""
    slug = "bjorkdalens-energi"
    call = Call.objects.filter(
        pledge__offering__vehicle__slug="soltaket", matches__isnull=True
    ).latest("pk")
    stage.arriving[slug] += [
        (stage.today, ore(call.amount) - 5000, call.ocr, "Göran Fors"),
        (stage.today, 150_000, "", "Swish 0701740605"),
    ]
    _fetch(stage, slug, stage.today + timedelta(days=1))
