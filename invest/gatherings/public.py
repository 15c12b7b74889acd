"""Gatherings as everybody sees them, signing up, and answering whether one takes part."""

from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from invest import access
from invest.gatherings import cooperations, gatherings, queries
from invest.gatherings.forms import PartyForm, SignUpForm
from invest.models import Cooperation, Gathering, Place, SignUp
from invest.people import Giver
from invest.web.calendars import calendar_file
from invest.web.desk import today, without_page
from invest.web.throttle import throttle
from invest.web.visitors import known, unlisted, user_of
from pools.errors import Refused

PER_PAGE = 24
MOST_IN_A_FILE = 200


@require_safe
def gathering_list(request: HttpRequest) -> HttpResponse:
    """What is to come, and what was, narrowed by form and place."""
    form, at = request.GET.get("form", ""), timezone.now()
    place = Place.objects.filter(slug=request.GET.get("place", "")).first()
    narrowed: dict[str, object] = {}
    if form in Gathering.Form.values:
        narrowed["form"] = form
    if place is not None:
        narrowed["place"] = place
    past = Paginator(queries.past(at, **narrowed), PER_PAGE)
    context = {
        "coming": queries.coming(at, **narrowed),
        "page": past.get_page(request.GET.get("page")),
        "forms": Gathering.Form.choices,
        "places": Place.objects.filter(gatherings__isnull=False).distinct(),
        "form": form,
        "place": place,
        "rest": without_page(request),
    }
    return render(request, "invest/gatherings/gathering_list.html", context)


@require_safe
def gatherings_ics(request: HttpRequest) -> HttpResponse:
    """All that is to come, for a calendar that reads it again now and then."""
    at = timezone.now()
    told = queries.coming(at).prefetch_related("changes")[:MOST_IN_A_FILE]
    return calendar_file(told, "gatherings", at)


@require_safe
def gathering_ics(request: HttpRequest, slug: str) -> HttpResponse:
    """One gathering for a calendar, also when it is cancelled."""
    found = get_object_or_404(queries.every(), slug=slug)
    return calendar_file([found], found.slug, timezone.now())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def gathering(request: HttpRequest, slug: str) -> HttpResponse:
    """The invitation, and signing up: sent twice, it is still once."""
    found, at = get_object_or_404(queries.every(), slug=slug), timezone.now()
    form = SignUpForm(request.POST or None, initial=known(request))
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                throttle(request, f"gathering-{found.slug}")
                return _sign_up(request, found, form, at)
            except Refused as refusal:
                form.refuse(None, refusal)
        status = form.status
    may_keep = access.may(request.user, found.organisation, "gatherings")
    page = queries.gathering_page(found, at)
    context = {"page": page, "gathering": found, "form": form, "may_keep": may_keep}
    return render(request, "invest/gatherings/gathering.html", context, status=status)


def _sign_up(
    request: HttpRequest, found: Gathering, form: SignUpForm, at: datetime
) -> HttpResponse:
    """Who typed an address hears the same whether or not it comes already: the letter tells."""
    typed, user = form.cleaned_data, user_of(request)
    is_own = user is not None and typed["email"].casefold() in {"", user.email.casefold()}
    made = gatherings.sign_up(
        gathering=found,
        giver=Giver(
            name=typed["name"],
            email=typed["email"],
            language=get_language() or "sv",
            user=user if is_own else None,
        ),
        party=typed["party"],
        words=typed["words"],
        key=typed["key"],
        at=at,
    )
    if typed["email"] and not is_own:
        told = _(
            "Thank you! You are on the list. A letter is on its way to %(email)s, with a link to "
            "change the number or to say that you cannot come."
        )
        messages.success(request, told % {"email": typed["email"]})
        return redirect(found)
    if made.signed_up_at == at:
        messages.success(request, _("Welcome! You have signed up."))
    else:
        messages.info(request, _("You have signed up already: nothing is changed."))
    return redirect(made)


@never_cache
@require_safe
def sign_up(request: HttpRequest, token: str) -> HttpResponse:
    """A sign-up for whoever holds its link: how many come, or nobody."""
    return _sign_up_page(request, _mine(token))


@never_cache
@require_POST
def change_sign_up(request: HttpRequest, token: str) -> HttpResponse:
    """Another number comes, or who had withdrawn comes after all."""
    mine, form = _mine(token), PartyForm(request.POST)
    if form.is_valid():
        return _change(request, mine, form, form.cleaned_data["party"])
    return _sign_up_page(request, mine, form)


@never_cache
@require_POST
def withdraw_sign_up(request: HttpRequest, token: str) -> HttpResponse:
    """Nobody comes; pressed twice, it is withdrawn once."""
    mine = _mine(token)
    form = PartyForm({"party": mine.party})
    form.errors.clear()
    return _change(request, mine, form, 0)


def _mine(token: str) -> SignUp:
    rows = SignUp.objects.select_related(
        "gathering__organisation", "gathering__place", "gathering__fair", "person"
    )
    return get_object_or_404(rows, token=token)


def _change(request: HttpRequest, mine: SignUp, form: PartyForm, party: int) -> HttpResponse:
    try:
        gatherings.change(sign_up=mine, party=party, at=timezone.now())
    except Refused as refusal:
        form.refuse(None, refusal)
        return _sign_up_page(request, mine, form)
    messages.success(request, _("Changed. Thank you for telling us."))
    return redirect(mine)


def _sign_up_page(
    request: HttpRequest, mine: SignUp, form: PartyForm | None = None
) -> HttpResponse:
    context = {
        "mine": mine,
        "here": mine.get_absolute_url(),
        "page": queries.gathering_page(mine.gathering, timezone.now()),
        "gathering": mine.gathering,
        "form": form or PartyForm(initial={"party": mine.party}),
    }
    status = form.status if form else 200
    return unlisted(render(request, "invest/gatherings/sign_up.html", context, status=status))


@never_cache
@require_safe
def cooperation(request: HttpRequest, token: str) -> HttpResponse:
    """Whether an organisation takes part, for whoever holds the link that was mailed to it."""
    context = {"asked": _asked(token)}
    return unlisted(render(request, "invest/gatherings/cooperation.html", context))


@never_cache
@require_POST
def accept_cooperation(request: HttpRequest, token: str) -> HttpResponse:
    """The organisation takes part."""
    return _answer(request, token, accepts=True)


@never_cache
@require_POST
def decline_cooperation(request: HttpRequest, token: str) -> HttpResponse:
    """The organisation does not take part."""
    return _answer(request, token, accepts=False)


def _answer(request: HttpRequest, token: str, *, accepts: bool) -> HttpResponse:
    asked = _asked(token)
    cooperations.answer(cooperation=asked, accepts=accepts, on=today())
    messages.success(request, _("Thank you. The organiser sees your answer."))
    return redirect(asked)


def _asked(token: str) -> Cooperation:
    rows = Cooperation.objects.select_related(
        "organisation", "gathering__organisation", "fair__organisation", "project__organisation"
    )
    return get_object_or_404(rows, token=token)
