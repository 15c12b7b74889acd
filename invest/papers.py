"""Papers: a page of HTML set as a PDF that also a screen reader can read."""

import logging
from collections.abc import Mapping
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.contrib.staticfiles import finders

from pools.errors import NoPapers

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
