"""Handing out papers and tables: a PDF, or the page that says why there is none; a CSV."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from invest import papers
from pools.errors import NoPapers, PaperTooLong
from pools.models import Ledger
from pools.wording import number_text

MOST_ROWS = 2000  # About 20 s to set, measured; a worker does nothing else meanwhile.


def paper(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    *,
    heads: Iterable[Ledger],
    name: str,
    rows: int,
    as_of: date | None = None,
) -> HttpResponse:
    """The template as a PDF to take home. `as_of` is the day of a sheet, which is a CSV too."""
    stamp = {"printed_at": timezone.now(), "heads": _told(heads)}
    try:
        _refuse_long(rows)
        made = papers.pdf(render_to_string(template, {**context, **stamp}, request))
    except (NoPapers, PaperTooLong) as refusal:
        why = {"reason": str(refusal), "as_of": as_of}
        return render(request, "invest/no_paper.html", why, status=refusal.status)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


def csv_file(text: str | bytes, name: str) -> HttpResponse:
    """A table to take home: `<name>.csv`."""
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _refuse_long(rows: int) -> None:
    if rows > MOST_ROWS:
        raise PaperTooLong(rows=number_text(rows), most=number_text(MOST_ROWS))


def _told(heads: Iterable[Ledger]) -> str:
    """Where each book stands; the seal's first digits tell whether its past is still the same."""
    words = _("ledger %(code)s no. %(seq)s, seal %(seal)s")
    facts = [{"code": h.code, "seq": h.head_seq, "seal": h.head_seal[:8]} for h in heads]
    return "; ".join(words % fact for fact in facts)
