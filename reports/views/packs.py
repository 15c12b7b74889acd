"""The desk of a fair's report: which parts it shows, the words in it, and packs to take along."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from invest.models import Fair
from invest.web.desk import UserRequest, actor, fair_desk, today
from reports import tasks
from reports.forms.packs import ChapterForm, PackForm, chapter_forms
from reports.models import Chapter, Pack


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@fair_desk("packs")
def packs(request: UserRequest, fair: Fair) -> HttpResponse:
    """Decide what the report shows, ask for a pack, fetch those that are made."""
    step = request.POST.get("step", "")
    if request.method == "POST" and step not in {"words", "make"}:
        raise Http404
    chapters = chapter_forms(fair, request.POST if step == "words" else None)
    fresh = {"as_of": today(), "language": get_language() or "sv"}
    asked = PackForm(request.POST if step == "make" else None, initial=fresh)
    if step == "words" and all(form.is_valid() for form in chapters.values()):
        _decide(fair, chapters)
        messages.success(request, _("The report is as you want it now."))
        return redirect("packs", fair.slug)
    if step == "make" and asked.is_valid():
        pack = tasks.ask(fair=fair, by=actor(request), at=timezone.now(), **asked.cleaned_data)
        return redirect("pack", fair.slug, pack.pk)
    context = {
        "fair": fair,
        "chapters": chapters.values(),
        "asked": asked,
        "rows": tasks.packs(fair, timezone.now()),
        "kept": tasks.KEPT,
    }
    return render(request, "reports/packs.html", context, status=400 if step else 200)


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
