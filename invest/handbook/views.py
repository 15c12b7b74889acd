"""The handbook, the chooser that leads into it, and the public calculators."""

import csv
from functools import cache
from threading import Lock
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from invest import access
from invest.handbook import queries
from invest.handbook.chapters import PARTS
from invest.handbook.choosing import nearest, outcomes
from invest.handbook.choosing_questions import QUESTIONS
from invest.handbook.forms import CarryForm, ChooseForm, LoanForm
from invest.kinds import KINDS
from invest.kinds.schedules import Due, plan
from invest.links import absolute
from invest.models import Project
from invest.web import papers as web_papers
from invest.web.desk import today
from invest.web.refusals import NoPapers
from pools.errors import Refused
from pools.money import format_minor

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
    return render(request, "invest/handbook/handbook.html", context)


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
    return render(request, "invest/handbook/handbook_chapter.html", context)


@require_safe
def handbook_pdf(request: HttpRequest) -> HttpResponse:
    """The whole book in the reader's language, A4."""
    language = _language()
    try:
        with _one_at_a_time:
            made = _book(language)
    except NoPapers as refusal:
        why = {"reason": refusal, "page": reverse("handbook")}
        return render(request, "invest/web/no_paper.html", why, status=refusal.status)
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
    return web_papers.pdf(render_to_string("invest/handbook/paper_handbook.html", context))


def _language() -> str:
    return "en" if get_language() == "en" else "sv"


FORMS: dict[str, type[LoanForm] | type[CarryForm]] = {"loan": LoanForm, "carry": CarryForm}


@require_safe
def calculator(request: HttpRequest) -> HttpResponse:
    """Everything stands in the address, so that an answer can be sent on. Nothing is kept."""
    what = request.GET.get("what", "loan")
    what = what if what in FORMS else "loan"
    is_asked = set(request.GET) - {"what"} != set()
    form: LoanForm | CarryForm = FORMS[what](request.GET if is_asked else None, today=today())
    context: dict[str, Any] = {"form": form, "what": what, "query": request.GET.urlencode()}
    status = 200
    if is_asked:
        try:
            context |= _answer(form)
        except Refused as refusal:
            form.refuse(None, refusal)
        status = 200 if form.is_valid() else form.status
    if status == 200 and request.GET.get("as") == "csv" and "rows" in context:
        return _as_csv(context["rows"])
    return render(request, "invest/handbook/calculator.html", context, status=status)


def _answer(form: LoanForm | CarryForm) -> dict[str, Any]:
    if not form.is_valid():
        return {}
    if isinstance(form, CarryForm):
        return {"carried": form.carried()}
    rows = plan(form.cleaned_data["kind"], form.loan())
    return {
        "rows": rows,
        "paid_minor": sum(row.payment_minor for row in rows),
        "cost_minor": sum(row.interest_minor + row.fee_minor for row in rows),
        "has_saving": any(row.saving_minor for row in rows),
        "has_units": any(row.units for row in rows),
    }


def _as_csv(rows: list[Due]) -> HttpResponse:
    """Kronor with two decimals and a point; days are ISO 8601."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="plan.csv"'
    writer = csv.writer(response)
    writer.writerow(["period", "due_on", "principal", "interest", "fee", "payment", "balance",
                     "saving", "units"])  # fmt: skip
    for row in rows:
        amounts = (
            row.principal_minor,
            row.interest_minor,
            row.fee_minor,
            row.payment_minor,
            row.balance_minor,
            row.saving_minor,
        )
        told = [format_minor(minor, scale=2) for minor in amounts]
        writer.writerow([row.period, row.due_on.isoformat(), *told, row.units])
    return response


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Everything stands in the address, so that an answer can be sent on. Nothing is kept."""
    is_asked = bool(set(request.GET) & set(QUESTIONS))
    form = ChooseForm(request.GET if is_asked else None)
    told, status = [], 200
    if is_asked:
        if form.is_valid():
            told = outcomes(form.answers())
        else:
            status = form.status
    context = {
        "form": form,
        # Carried on to the offer that is opened, so that nothing is written twice.
        "project": Project.objects.filter(slug=request.GET.get("project", "")).first(),
        "asked": {code: text for code, (text, _answers) in QUESTIONS.items()},
        "said": [
            (text, answers[form.cleaned_data[code]])
            for code, (text, answers) in QUESTIONS.items()
            if told and form.cleaned_data[code]
        ],
        "told": told,
        "nearest": [(found, [QUESTIONS[q][0] for q in found.blocking]) for found in nearest(told)]
        if told
        else [],
        "kinds": {code: kind.label for code, kind in KINDS.items()},
        "desks": access.organisations_for(request.user, "offers"),
    }
    return render(request, "invest/handbook/choose.html", context, status=status)
