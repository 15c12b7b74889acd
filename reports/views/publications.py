"""What was published: the page, the signed file, the paper and the picture. Each is one record."""

import logging

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from invest.web import papers
from invest.web.refusals import NoPapers
from pools.bank.references import qr_svg
from reports import publish
from reports.models import Publication, PublicationRevision
from reports.publish import shown

log = logging.getLogger(__name__)


@require_safe
def publication(request: HttpRequest, pk: int) -> HttpResponse:
    """The revision that holds, or (`?revision=`) an earlier one, marked as revised and why."""
    revision = _asked(request, pk)
    if not _holds(revision):
        return _broken(request, revision)
    content = shown(revision.content)
    history = list(publish.published(timezone.now()).filter(publication=pk).order_by("number"))
    context = {
        "revision": revision,
        "publication": revision.publication,
        "told": content,
        "history": history,
        "newest": history[-1],
        "revised_by": next((later for later in history if later.number > revision.number), None),
        "newspaper": content.for_a_newspaper(verify_address(revision)),
        "page_address": settings.PUBLIC_URL + _address("publication", revision),
        "picture_address": settings.PUBLIC_URL + _address("publication_picture", revision),
        "signed_address": _address("publication_signed", revision),
        "paper_address": _address("publication_paper", revision),
    }
    return render(request, "reports/publication.html", context)


@require_safe
def signed(request: HttpRequest, pk: int) -> HttpResponse:
    """The exact bytes that were signed, with signature and key, to keep and to verify anywhere."""
    revision = _asked(request, pk)
    if not _holds(revision):
        return JsonResponse({"error": "The signature does not hold."}, status=409)
    response = HttpResponse(
        publish.signed_file(revision, verify_address(revision)), content_type="application/json"
    )
    response["Content-Disposition"] = f'inline; filename="{_file_name(revision)}.json"'
    return response


@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The publication on A4, with the signed file inside and a seal over the whole."""
    revision = _asked(request, pk)
    if not _holds(revision):
        return _broken(request, revision)
    address = verify_address(revision)
    context = {
        "revision": revision,
        "told": shown(revision.content),
        "organisation": revision.publication.organisation,
        "printed_at": timezone.now(),
        "address": address,
        "qr": qr_svg(address, title=_("Verify it")),
    }
    html = render_to_string("reports/publication_paper.html", context, request)
    try:
        made = papers.pdf(html, attached={"signed.json": publish.signed_file(revision, address)})
    except NoPapers as refusal:
        context = {"reason": str(refusal)}
        return render(request, "invest/web/no_paper.html", context, status=refusal.status)
    response = HttpResponse(publish.seal_paper(made), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{_file_name(revision)}.pdf"'
    return response


@require_safe
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures as a picture of 1200 · 630, as social media show it beside a link."""
    from reports.publish.picture import drawn  # noqa: PLC0415 -- Pillow: only who draws

    revision = _asked(request, pk)
    if not _holds(revision):
        return _broken(request, revision)
    domain = settings.PUBLIC_URL.partition("://")[2]
    made = drawn(shown(revision.content), domain)
    return HttpResponse(made, content_type="image/png")


def verify_address(revision: PublicationRevision) -> str:
    """Where anybody checks what is published, in full."""
    return f"{settings.PUBLIC_URL}{reverse('verify')}?publication={revision.publication_id}"


def asked_number(text: str) -> int | None:
    """A number in an address; None for anything else, and for one beyond what is kept."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _asked(request: HttpRequest, pk: int) -> PublicationRevision:
    """The revision asked for, if everybody may read it; drafts and held ones are not there."""
    if pk >= 1 << 63:
        raise Http404
    found = get_object_or_404(Publication, pk=pk)
    asked = request.GET.get("revision", "")
    revision = publish.latest(found, timezone.now())
    if asked:
        readable = publish.published(timezone.now()).filter(publication=found)
        number = asked_number(asked)
        revision = readable.filter(number=number).first() if number is not None else None
    if revision is None:
        raise Http404
    return revision


def _holds(revision: PublicationRevision) -> bool:
    if publish.is_genuine(revision):
        return True
    log.error("publication %s: the signature does not hold", revision)
    return False


def _broken(request: HttpRequest, revision: PublicationRevision) -> HttpResponse:
    """What stands in the database is not what was signed: nothing of it is shown."""
    context = {"revision": revision, "publication": revision.publication}
    return render(request, "reports/publication_broken.html", context, status=409)


def _address(name: str, revision: PublicationRevision) -> str:
    return f"{reverse(name, args=[revision.publication_id])}?revision={revision.number}"


def _file_name(revision: PublicationRevision) -> str:
    language = get_language() or "sv"
    return f"byakassan-{revision.publication_id}-{revision.number}-{language}"
