"""The handbook: its contents with a search, its chapters, and all of it as a PDF."""

from functools import cache
from threading import Lock

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from invest import papers
from invest.handbook import PARTS
from invest.queries import handbook as queries
from invest.queries.fair_desk import absolute
from pools.errors import NoPapers

_one_at_a_time = Lock()  # The book takes seconds to set; those who ask meanwhile get the same one.


@require_safe
def handbook(request: HttpRequest) -> HttpResponse:
    """The contents, and what a search found. Everything stands in the address."""
    asked = " ".join(request.GET.get("q", "").split())[: queries.LONGEST_SEARCH]
    context = {
        "asked": asked,
        "found": queries.searched(_language(), asked.split()),
        "parts": queries.parts(_language()),
    }
    return render(request, "invest/handbook.html", context)


@require_safe
def chapter(request: HttpRequest, slug: str) -> HttpResponse:
    """One chapter, with the way to the one before and the one after."""
    found = queries.chapter(_language(), slug)
    if found is None:
        raise Http404
    context = {
        "chapter": found,
        "part": PARTS[found.part],
        "text": queries.page_html(found),
        "headings": [section for section in found.sections if section.level == 2],
        **queries.neighbours(found),
    }
    return render(request, "invest/handbook_chapter.html", context)


@require_safe
def handbook_pdf(request: HttpRequest) -> HttpResponse:
    """The whole book in the reader's language, A4."""
    language = _language()
    try:
        with _one_at_a_time:
            made = _book(language)
    except NoPapers as refusal:
        why = {"reason": refusal, "page": reverse("handbook")}
        return render(request, "invest/no_paper.html", why, status=refusal.status)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="handbook-{language}.pdf"'
    return response


@cache
def _book(language: str) -> bytes:
    """The PDF, made once: its words change only with the files. Raises NoPapers."""
    told = [
        (part, [(chapter, queries.paper_html(chapter)) for chapter in part.chapters])
        for part in queries.parts(language)
    ]
    context = {
        "site_name": settings.SITE_NAME,
        "organisation": {"name": settings.SITE_NAME},
        "version": settings.VERSION,
        "address": absolute(reverse("handbook")),
        "parts": told,
    }
    return papers.pdf(render_to_string("invest/paper_handbook.html", context))


def _language() -> str:
    return "en" if get_language() == "en" else "sv"
