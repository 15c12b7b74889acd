"""The desk of a fair's report: which parts it shows, the words in it, and packs to take along."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from invest.models import Fair
from invest.web.desk import UserRequest, actor, fair_desk, today
from reports import tasks
from reports.forms.packs import ChapterForm, PackForm, chapter_forms
from reports.models import Chapter, Pack


@never_cache
@require_safe
@fair_desk("packs")
def packs(request: UserRequest, fair: Fair) -> HttpResponse:
    """Decide what the report shows, ask for a pack, fetch those that are made."""
    return _packs_page(request, fair)


@never_cache
@require_POST
@fair_desk("packs")
def decide(request: UserRequest, fair: Fair) -> HttpResponse:
    """Leave out parts of the report, and write words before them."""
    chapters = chapter_forms(fair, request.POST)
    if not all(form.is_valid() for form in chapters.values()):
        return _packs_page(request, fair, chapters=chapters)
    _decide(fair, chapters)
    messages.success(request, _("The report is as you want it now."))
    return redirect("packs", fair.slug)


@never_cache
@require_POST
@fair_desk("packs")
def make(request: UserRequest, fair: Fair) -> HttpResponse:
    """Ask for a pack."""
    asked = PackForm(request.POST)
    if not asked.is_valid():
        return _packs_page(request, fair, asked=asked)
    made = tasks.ask(fair=fair, by=actor(request), at=timezone.now(), **asked.cleaned_data)
    return redirect("pack", fair.slug, made.pk)


def _packs_page(
    request: UserRequest,
    fair: Fair,
    *,
    chapters: dict[str, ChapterForm] | None = None,
    asked: PackForm | None = None,
) -> HttpResponse:
    """The desk; what is given was typed wrong, and stands as it was typed."""
    fresh = {"as_of": today(), "language": get_language() or "sv"}
    context = {
        "here": reverse("packs", args=[fair.slug]),
        "fair": fair,
        "chapters": (chapters or chapter_forms(fair, None)).values(),
        "asked": asked or PackForm(initial=fresh),
        "rows": tasks.packs(fair, timezone.now()),
        "kept": tasks.KEPT,
    }
    status = 400 if chapters or asked else 200
    return render(request, "reports/packs.html", context, status=status)


@transaction.atomic
def _decide(fair: Fair, chapters: dict[str, ChapterForm]) -> None:
    for code, form in chapters.items():
        told: dict[str, Any] = form.cleaned_data
        Chapter.objects.update_or_create(fair=fair, code=code, defaults=told)


@never_cache
@require_safe
@fair_desk("packs")
def pack(request: UserRequest, fair: Fair, pk: int) -> HttpResponse:
    """How far a pack has come; asks for itself again until it is done."""
    row = next((row for row in tasks.packs(fair, timezone.now()) if row.pack.pk == pk), None)
    if row is None:
        raise Http404
    return render(request, "reports/pack.html", {"fair": fair, "row": row})


@never_cache
@require_safe
@fair_desk("packs")
def pack_zip(_request: UserRequest, fair: Fair, pk: int) -> HttpResponse:
    """The files of a pack that is made."""
    made = get_object_or_404(Pack, fair=fair, pk=pk, failed="", archive__isnull=False)
    name = f"{fair.slug}-{made.as_of.isoformat()}-{made.language}.zip"
    answer = HttpResponse(bytes(made.archive or b""), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
