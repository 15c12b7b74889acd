"""The board on the wall, its moderator, and the worker that keeps phones going without a net."""

from pathlib import Path

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from invest.fairs.queries import board as fairs_board
from invest.models import Fair, InKind, Pledge
from invest.web.desk import UserRequest, fair_desk, today

FRESH_SECONDS = 0.5  # With a poll every second what is on the wall is never two seconds old.


@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole screen; it asks for its figures every second, and goes on from the last ones."""
    fair = get_object_or_404(Fair.objects.select_related("organisation"), slug=slug)
    _mark, body = _current(slug)
    context = {"fair": fair, "body": body, "is_dark": request.GET.get("theme") == "dark"}
    return render(request, "invest/fairs/board.html", context)


@require_safe
def now(request: HttpRequest, slug: str) -> HttpResponse:
    """The figures alone: 304 while nothing has changed."""
    mark, body = _current(slug)
    tag = f'"{mark}"'
    if request.headers.get("If-None-Match") == tag:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = HttpResponse(body)
    answer["ETag"] = tag
    answer["Cache-Control"] = "no-cache"
    answer["Vary"] = "Accept-Language, Cookie"
    return answer


def _current(slug: str) -> tuple[str, str]:
    """The mark and the figures, made once for everybody who asks within the second."""
    language = get_language() or "sv"
    kept = f"board:{slug}:{language}"
    if (told := cache.get(kept)) is not None:
        return told[0], told[1]
    made = cache.get(f"{kept}:made")
    if not cache.add(f"{kept}:making", True, FRESH_SECONDS) and made:
        return made[0], made[1]  # Somebody is making it anew this very moment.
    fair = get_object_or_404(Fair.objects.select_related("organisation"), slug=slug)
    mark = fairs_board.mark(fair, language, today())
    if made is None or made[0] != mark:
        board = fairs_board.board(fair, today(), timezone.now())
        made = (mark, render_to_string("invest/fairs/_board.html", {"board": board}))
        cache.set(f"{kept}:made", made, 3600)
    cache.set(kept, made, FRESH_SECONDS)
    cache.delete(f"{kept}:making")
    return made[0], made[1]


@never_cache
@require_safe
@fair_desk("fairs")
def moderate(request: UserRequest, fair: Fair) -> HttpResponse:
    """Named promises, newest first: one press holds one back, another shows it."""
    context = {"fair": fair, "rows": fairs_board.to_moderate(fair)}
    return render(request, "invest/fairs/board_moderate.html", context)


@never_cache
@require_POST
@fair_desk("fairs")
def hold(request: UserRequest, fair: Fair, what: str, pk: int) -> HttpResponse:
    """A name is held back from the board; what it promised still counts."""
    _promise(fair, what, pk).update(is_held_back=True)
    messages.success(request, _("Held back."))
    return redirect("board_moderate", fair.slug)


@never_cache
@require_POST
@fair_desk("fairs")
def show(request: UserRequest, fair: Fair, what: str, pk: int) -> HttpResponse:
    """A name is shown on the board again."""
    _promise(fair, what, pk).update(is_held_back=False)
    messages.success(request, _("Shown again."))
    return redirect("board_moderate", fair.slug)


def _promise(fair: Fair, what: str, pk: int) -> QuerySet[InKind] | QuerySet[Pledge]:
    of: dict[str, type[InKind | Pledge]] = {"in-kind": InKind, "pledge": Pledge}
    if what not in of:
        raise Http404
    found = of[what]._default_manager.filter(fair=fair, pk=pk)
    if not found.exists():
        raise Http404
    return found


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Served from the root, so that it may serve the whole site; it names this version's files."""
    code = Path(str(finders.find("invest/pledges/sw.js"))).read_text("utf-8")
    names = ("vendor/bootstrap.min.css", "site/tokens.css", "site/site.css", "site/site.js",
             "site/theme.js", "invest/pages.css", "invest/pledges/outbox.js", "vendor/inter.woff2",
             "site/mark.svg")  # fmt: skip
    files = ", ".join(f'"{static(name)}"' for name in names)
    answer = HttpResponse(code.replace("/* FILES */", files), content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer
