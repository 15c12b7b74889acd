"""Papers and tables to take home: a PDF that also a screen reader can read, or a CSV."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from mimetypes import guess_type
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from django.contrib.staticfiles import finders
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from invest.models import Vehicle
from invest.web.refusals import NoPapers, PaperTooLong
from pools.exports.cells import csv_text, swedish_csv_text, workbook
from pools.models import Ledger
from pools.wording import number_text

log = logging.getLogger(__name__)
_OWN = "https://paper.invalid/"  # Names our static files to WeasyPrint; leads nowhere.


def pdf(
    html: str,
    pictures: Mapping[str, bytes] | None = None,
    attached: Mapping[str, bytes] | None = None,
) -> bytes:
    """HTML as a tagged PDF (PDF/UA-1). Addresses in it name static files: `site/paper.css`, or one
    of the `pictures` by its name.

    `attached`: file name → contents, laid inside the PDF.

    Nothing is fetched from a network or from elsewhere on the disk: such an address is a fault of
    the template and raises ValueError. Raises NoPapers where WeasyPrint or Pango is missing.
    """
    try:
        # Takes a second and needs Pango's C libraries: only who asks for a paper waits for them.
        from weasyprint import HTML, Attachment
        from weasyprint.urls import (
            FatalURLFetchingError,
            URLFetcher,
            URLFetcherResponse,
        )
    except (ImportError, OSError) as missing:
        log.warning("no PDF: %s", missing)
        raise NoPapers from missing

    class OwnFiles(URLFetcher):  # type: ignore[misc] # WeasyPrint has no types
        """Our static files, and nothing else."""

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            """Read the file that an address names."""
            name = url.removeprefix(_OWN)
            if pictures and name in pictures:
                kind = guess_type(name)[0] or ""
                return URLFetcherResponse(url, pictures[name], {"Content-Type": kind})
            try:
                found = own_file(url)
            except ValueError:
                if not (url.startswith(_OWN) and name.endswith(".woff2")):
                    raise
                # Letters of another font are better than no paper.
                log.warning("a font is missing: %s", name)
                return URLFetcherResponse(url, b"", {"Content-Type": "font/woff2"})
            kind = guess_type(found.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, found.read_bytes(), {"Content-Type": kind})

    document = HTML(string=html, base_url=_OWN, url_fetcher=OwnFiles(fail_on_errors=True))
    try:
        made: bytes = document.write_pdf(
            pdf_variant="pdf/ua-1",
            attachments=[
                Attachment(string=contents, name=name, description=name, relationship="Data")
                for name, contents in (attached or {}).items()
            ],
        )
    except FatalURLFetchingError as stray:  # A BaseException: it would pass by Django's handling.
        raise ValueError(str(stray)) from stray
    return made


def own_file(url: str) -> Path:
    """The static file that an address in a paper names. Raises ValueError for any other."""
    name = unquote(urlsplit(url).path).lstrip("/")
    found = finders.find(name) if url.startswith(_OWN) and name else None
    if not found:
        raise ValueError(f"not a file of ours: {url}")
    return Path(str(found))


MOST_ROWS = 2000  # About 20 s to set, measured; a worker does nothing else meanwhile.


def paper(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    *,
    ledgers: Iterable[Ledger],
    name: str,
    rows: int,
    as_of: date | None = None,
) -> HttpResponse:
    """The template as a PDF to take home. `as_of` is the day of a sheet, which is a CSV too."""
    stamp = {"printed_at": timezone.now(), "heads": _heads_text(ledgers)}
    try:
        _refuse_long(rows)
        made = pdf(render_to_string(template, {**context, **stamp}, request))
    except (NoPapers, PaperTooLong) as refusal:
        why = {"reason": str(refusal), "as_of": as_of}
        return render(request, "invest/web/no_paper.html", why, status=refusal.status)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


def csv_file(text: str | bytes, name: str) -> HttpResponse:
    """A table to take home: `<name>.csv`."""
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


# What `?as=` asks for → what it is called. The plain CSV may be read by somebody's program.
FILES = {
    "xlsx": gettext_lazy("Excel file (XLSX)"),
    "csv-sv": gettext_lazy("CSV for a Swedish Excel"),
    "csv": gettext_lazy("CSV for programs"),
}
OTHER_FILES = {code: name for code, name in FILES.items() if code != "csv"}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_file(rows: Iterable[Sequence[object]], name: str, wanted: str) -> HttpResponse:
    """Rows, the head first, to take home as one of `FILES`; as the plain CSV where it is none."""
    if wanted == "xlsx":
        response = HttpResponse(workbook(rows, name), content_type=_XLSX)
        response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
        return response
    return csv_file(swedish_csv_text(rows) if wanted == "csv-sv" else csv_text(rows), name)


def _refuse_long(rows: int) -> None:
    if rows > MOST_ROWS:
        raise PaperTooLong(rows=number_text(rows), most=number_text(MOST_ROWS))


def _heads_text(ledgers: Iterable[Ledger]) -> str:
    """Where each book stands; the seal's first digits tell whether its past is still the same."""
    words = _("ledger %(code)s no. %(seq)s, seal %(seal)s")
    facts = [{"code": h.code, "seq": h.head_seq, "seal": h.head_seal[:8]} for h in ledgers]
    return "; ".join(words % fact for fact in facts)


T = TypeVar("T")


@transaction.atomic
def with_ledger_heads(vehicle: Vehicle, read: Callable[[], T]) -> tuple[T, tuple[Ledger, ...]]:
    """What `read` finds of a vehicle, and its books with their last entries, money first.

    Nothing is booked in them meanwhile: what is read is what the heads cover.
    """
    ledgers = (vehicle.pool.ledger_id, vehicle.units_ledger_id, vehicle.rights_ledger_id)
    books = [pk for pk in ledgers if pk is not None]
    heads = tuple(Ledger.objects.select_for_update().filter(pk__in=books).order_by("pk"))
    return read(), heads
