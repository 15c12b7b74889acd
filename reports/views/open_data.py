"""What every open address has in common: reading only, from anywhere, cheap to ask again.

An answer carries a strong ETag made of the data's mark, so that asking again costs no rendering; it
may be kept for a minute, read by any page (CORS), and leaves no cookie. What is refused is told as
JSON (RFC 9457), with a sentence.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.conf import settings
from django.core.cache import cache
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    JsonResponse,
)
from django.utils import timezone
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from invest.web.refusals import TooManyReads
from invest.web.throttle import keep_reading_pace
from reports.public import public_mark

View = Callable[..., HttpResponseBase]
READING = "GET, HEAD, OPTIONS"
FRESH_SECONDS = 60
MARK_SECONDS = 1  # The mark is made once for everybody who asks within the second.
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After, Content-Disposition",
}
PREFLIGHT = {
    "Allow": READING,
    "Access-Control-Allow-Methods": READING,
    "Access-Control-Allow-Headers": "Accept, Accept-Language, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def open_data(view: View) -> View:
    """Serve a view as open data. It is called for GET only, and its 200s must follow the mark."""

    @csrf_exempt  # Nothing is written here: a POST is told so, not asked for a token.
    @wraps(view)
    def opened(request: HttpRequest, *args: object, **words: object) -> HttpResponseBase:
        if request.method == "OPTIONS":
            answer: HttpResponseBase = HttpResponse(status=204, headers=PREFLIGHT)
        elif request.method in {"GET", "HEAD"}:
            answer = _read(view, request, *args, **words)
        else:
            answer = problem(405, _("Here is only to read: ask with GET."), Allow=READING)
        answer.headers.setdefault("Cache-Control", "no-store")
        for name, value in CORS.items():
            answer[name] = value
        return answer

    return opened


def asked_language(request: HttpRequest) -> str:
    """The language that the address asks for, else Swedish: what is framed follows its page."""
    asked = request.GET.get("lang", "")
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def problem(status: int, sentence: str, **headers: str) -> HttpResponse:
    """A refusal as problem details (RFC 9457): `status`, `title`, and a sentence as `detail`."""
    told = {"status": status, "title": HTTPStatus(status).phrase, "detail": sentence}
    return JsonResponse(
        told,
        status=status,
        content_type="application/problem+json",
        headers=headers,
        json_dumps_params={"ensure_ascii": False},
    )


def _read(view: View, request: HttpRequest, *args: object, **words: object) -> HttpResponseBase:
    try:
        keep_reading_pace(request)
    except TooManyReads as refusal:
        return problem(refusal.status, str(refusal), **{"Retry-After": str(refusal.seconds)})
    if any("\0" in value for values in request.GET.lists() for value in [values[0], *values[1]]):
        return problem(400, _("The address holds a character that no text has."))
    tag = _tag(request)
    asked = parse_etags(request.headers.get("If-None-Match", ""))
    if tag in {known.removeprefix("W/") for known in asked}:
        return _fresh(HttpResponseNotModified(), tag)
    is_head, request.method = request.method == "HEAD", "GET"
    try:
        answer = view(request, *args, **words)
    except Http404:
        answer = problem(404, _("There is nothing at this address."))
    if answer.status_code == HTTPStatus.OK:
        _fresh(answer, tag)
    if is_head and isinstance(answer, HttpResponse):
        answer["Content-Length"] = str(len(answer.content))
        answer.content = b""
        request.method = "HEAD"
    return answer


def _fresh(answer: HttpResponseBase, tag: str) -> HttpResponseBase:
    answer["ETag"] = tag
    answer["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    return answer


def _tag(request: HttpRequest) -> str:
    mark = cache.get_or_set("public-mark", lambda: public_mark(timezone.now()), MARK_SECONDS)
    told = hashlib.sha256(f"{mark} {request.get_full_path()}".encode())
    return f'"{told.hexdigest()[:32]}"'
