"""What is taken home from a fair: posters, stand cards, pledge cards, the calendar's line."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from invest.fairs.forms import CardsForm
from invest.fairs.queries import desk as fairs_desk
from invest.fairs.queries.fairs import programme
from invest.fairs.views.desk import FIRST_CARDS, desk_page
from invest.models import Fair, Pitch
from invest.web import desk as web_desk
from invest.web.calendars import calendar_file
from invest.web.desk import UserRequest
from invest.web.papers import paper

ON_A_SHEET = 4
MOST_TICKS = 6  # Projects to tick on a card; with more there is no room, and a line is left.


@never_cache
@require_safe
@web_desk.fair_desk("fairs")
def poster(request: UserRequest, fair: Fair, code: str) -> HttpResponse:
    """A project on an A3 for the wall."""
    return _stand_paper(
        request, fair, code, template="invest/fairs/paper_poster.html", word="poster"
    )


@never_cache
@require_safe
@web_desk.fair_desk("fairs")
def stand_card(request: UserRequest, fair: Fair, code: str) -> HttpResponse:
    """A project on an A5 for its table."""
    return _stand_paper(
        request, fair, code, template="invest/fairs/paper_stand_card.html", word="stand"
    )


@never_cache
@require_safe
@web_desk.fair_desk("fairs")
def card_sheet(request: UserRequest, fair: Fair) -> HttpResponse:
    """Pledge cards with running numbers, four on an A4 to cut."""
    form = CardsForm({**FIRST_CARDS, **request.GET.dict()})
    if not form.is_valid():
        return desk_page(request, fair, cards=form)
    serials = form.serials()
    projects = programme(fair)
    context = {
        "organisation": fair.organisation,
        "fair": fair,
        "projects": projects if len(projects) <= MOST_TICKS else [],
        "sheets": [serials[i : i + ON_A_SHEET] for i in range(0, len(serials), ON_A_SHEET)],
    }
    name = f"{fair.slug}-cards-{serials[0]}-{serials[-1]}"
    template = "invest/fairs/paper_cards.html"
    return paper(request, template, context, ledgers=(), name=name, rows=len(serials))


@require_safe
def fair_ics(request: HttpRequest, slug: str) -> HttpResponse:
    """The fair for a calendar, with its time zone."""
    fair = get_object_or_404(Fair.objects.select_related("organisation"), slug=slug)
    return calendar_file([fair], fair.slug, timezone.now())


def _stand_paper(
    request: UserRequest, fair: Fair, code: str, *, template: str, word: str
) -> HttpResponse:
    pitches = Pitch.objects.filter(fair=fair).select_related("fair", "project__organisation")
    pitch = get_object_or_404(pitches, code=code)
    context = {
        "organisation": pitch.project.organisation,
        "fair": fair,
        "stand": fairs_desk.stand(pitch),
    }
    name = f"{fair.slug}-{pitch.project.slug}-{word}"
    return paper(request, template, context, ledgers=(), name=name, rows=1)
