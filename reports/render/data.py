"""A report's figures as numbers: CSV for each chart, JSON for the whole, and what was known.

The same facts give the same bytes: no clock, no order that may differ. CSV is the same in every
language; JSON holds the report's words too.
"""

import json
from dataclasses import fields
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from invest.models import Fair
from invest.progress.sums import KnownTo
from pools.exports.cells import csv_text
from pools.models import Entry, Ledger
from reports.charts import Chart
from reports.fair import FairReport

REPORT = "byakassan.fair-report/1"
KNOWN = "byakassan.known-to/1"


class NotKnown(ValueError):
    """A file of what was known that cannot be used here; the sentence says why."""


def chart_csv(chart: Chart) -> bytes:
    """A chart's figures as RFC 4180 in UTF-8: öre, numbers and codes under a head of names.

    What is not told is empty; a text that a spreadsheet would run is neutral.
    """
    return csv_text([chart.data.columns, *chart.data.rows]).encode()


def csv_files(report: FairReport) -> dict[str, bytes]:
    """One CSV for each chart that has figures, by the chart's id."""
    return {chart.id: chart_csv(chart) for chart in report.charts if chart.data.columns}


def report_json(report: FairReport) -> bytes:
    """The whole report. The organiser's words are not in it: they are no figures."""
    fair = report.fair
    return _json(
        {
            "type": REPORT,
            "language": get_language(),
            "fair": {
                "slug": fair.slug,
                "name": fair.name,
                "venue": fair.venue,
                "starts_at": timezone.localtime(fair.starts_at).isoformat(),
            },
            "as_of": report.as_of.isoformat(),
            "known_to": _known(report.known_to),
            "heads": _ledger_heads(report),
            "tiles": [
                {"code": tile.code, "label": tile.label, "value": tile.value, "note": tile.note}
                for tile in report.tiles
            ],
            "parts": [
                {
                    "code": part.code,
                    "title": part.title,
                    "facts": [{"label": fact.label, "value": fact.value} for fact in part.facts],
                    "charts": [
                        {
                            "id": chart.id,
                            "title": chart.title,
                            "finding": chart.finding,
                            "note": chart.note,
                            "columns": chart.data.columns,
                            "rows": chart.data.rows,
                        }
                        for chart in part.charts
                    ],
                }
                for part in report.parts
            ],
        }
    )


def known_json(report: FairReport) -> bytes:
    """What the report rests on, to make the same report from again; see `read_known`."""
    told = {
        "type": KNOWN,
        "fair": report.fair.slug,
        "as_of": report.as_of.isoformat(),
        "heads": _ledger_heads(report),
    }
    return _json({**told, "known_to": _known(report.known_to)})


def read_known(text: bytes, fair: Fair) -> tuple[date, KnownTo]:
    """The day and what was known, from a file that `known_json` wrote.

    Raises NotKnown: for another fair, for no such file, and where an entry that the file names is
    missing or has another seal (then the books are not those that the report was made from).
    """
    try:
        told = json.loads(text)
        if told["type"] != KNOWN:
            raise NotKnown("The file does not say what was known.")
        if told["fair"] != fair.slug:
            raise NotKnown(f"The file is of the fair {told['fair']}, not of {fair.slug}.")
        as_of = date.fromisoformat(told["as_of"])
        event = int(told["known_to"]["event"])
        seqs = {str(code): int(seq) for code, seq in told["known_to"]["ledgers"].items()}
        others = {name: told["known_to"][name] for name in _others()}
        seals = {(head["ledger"], int(head["seq"])): head["seal"] for head in told["heads"]}
    except (TypeError, KeyError, AttributeError, UnicodeDecodeError, json.JSONDecodeError) as wrong:
        raise NotKnown("The file does not say what was known.") from wrong
    except ValueError as wrong:
        raise wrong if isinstance(wrong, NotKnown) else NotKnown(str(wrong)) from wrong
    ledgers = dict(Ledger.objects.filter(code__in=seqs).values_list("code", "pk"))
    for code, seq in seqs.items():
        entry = Entry.objects.filter(ledger__code=code, seq=seq).first()
        if code not in ledgers or (seq and entry is None):
            raise NotKnown(f"The book {code} has no entry {seq}.")
        if entry is not None and seals.get((code, seq)) != entry.seal:
            raise NotKnown(f"Entry {seq} of the book {code} has another seal than in the file.")
    return as_of, KnownTo(event, {ledgers[code]: seq for code, seq in seqs.items()}, **others)


def _known(known: KnownTo) -> dict[str, Any]:
    """By the ledgers' codes: keys of the database are nobody else's."""
    codes = dict(Ledger.objects.filter(pk__in=known.ledgers).values_list("pk", "code"))
    return {
        "event": known.event,
        "ledgers": {codes[ledger]: seq for ledger, seq in known.ledgers.items()},
        **{name: getattr(known, name) for name in _others()},
    }


def _others() -> list[str]:
    """What else is known by: plain as it is."""
    return [each.name for each in fields(KnownTo) if each.name not in {"event", "ledgers"}]


def _ledger_heads(report: FairReport) -> list[dict[str, Any]]:
    return [
        {"ledger": head.ledger, "seq": head.seq, "seal": head.seal} for head in report.ledger_heads
    ]


def _json(told: dict[str, Any]) -> bytes:
    """Sorted keys, two blanks a level, letters as they are, a line's end at the end."""
    text = json.dumps(told, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()
