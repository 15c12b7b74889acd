"""Checking what was published: a file that somebody brings, or what stands here."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from reports import publish
from reports.forms.publications import VerifyForm
from reports.models import Publication, PublicationRevision
from reports.publish import shown
from reports.publish.freeze import Content
from reports.views.publications import asked_number


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Genuine and current, genuine but revised, not ours, or changed: said plainly."""
    form = VerifyForm(request.POST or None, request.FILES or None)
    found: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        if form.is_valid():
            found = _of_file(form.cleaned_data["data"])
        status = 400 if not form.is_valid() or found["verdict"] == "unreadable" else 200
    elif asked := request.GET.get("publication", ""):
        publication = get_object_or_404(Publication, pk=asked_number(asked) or 0)
        revision = get_object_or_404(
            publish.published(timezone.now())
            .filter(publication=publication)
            .order_by("-number")[:1]
        )
        found = _of_stored(revision)
    context = {"form": form, "found": found, "keys": sorted(publish.our_keys())}
    return render(request, "reports/verify.html", context, status=status)


def _of_stored(revision: PublicationRevision) -> dict[str, Any]:
    if not publish.is_genuine(revision):
        return {"verdict": "changed", "revision": revision}
    return {**_shown(revision.content), "verdict": "current", "revision": revision}


def _of_file(data: bytes) -> dict[str, Any]:
    try:
        verdict, content = publish.verdict_on(data)
    except publish.Unreadable:
        return {"verdict": "unreadable"}
    if verdict is not publish.Verdict.GENUINE:
        return {"verdict": verdict.value}
    known = PublicationRevision.objects.filter(
        publication=content["publication"], number=content["revision"]
    ).first()
    if known is None:
        return {**_shown(content), "verdict": "elsewhere"}
    now = publish.state(known, timezone.now())
    newest = publish.latest(known.publication, timezone.now())
    verdicts = {publish.State.REVISED: "revised", publish.State.HELD: "held"}
    return {
        **_shown(content),
        "verdict": verdicts.get(now, "current"),
        "revision": known,
        "newest": newest,
    }


def _shown(content: Content) -> dict[str, Any]:
    wrong = publish.wrong_heads(content)
    return {"told": shown(content), "wrong_heads": wrong}
