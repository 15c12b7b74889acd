"""Places and their cards: what everybody reads, what anybody adds, and an owner's own card."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from invest import access
from invest.in_kind import fits as in_kind_fits
from invest.models import AssetCard, Place
from invest.people import Giver
from invest.places import card_consents, places
from invest.places.forms import CardForm, PromiseForm
from invest.places.path import Line, Step, next_line, steps
from invest.places.queries import card_files
from invest.places.queries import path as places_path
from invest.places.queries import places as places_places
from invest.refusals import ContactShown, UnsafeText
from invest.web.desk import actor, today, without_page
from invest.web.papers import csv_file
from invest.web.throttle import throttle
from invest.web.visitors import known, unlisted, user_of
from pools.errors import Refused

PER_PAGE = 24


@require_safe
def place_list(request: HttpRequest) -> HttpResponse:
    """Every place."""
    text = request.GET.get("text", "")[:100]
    page = Paginator(places_places.places(text), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "invest/places/place_list.html",
        {"page": page, "text": text, "rest": without_page(request)},
    )


@require_safe
def place(request: HttpRequest, slug: str) -> HttpResponse:
    """A place and its inventory, narrowed down by what the visitor asks for."""
    found = get_object_or_404(Place.objects.select_related("organisation"), slug=slug)
    asked = _asked(request)
    page = Paginator(places_places.search(found, **asked), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "told": places_places.place_page(found, today()),
        "place": found,
        "page": page,
        "cards": [places_places.shown(card, user_of(request)) for card in page.object_list],
        "asked": asked,
        "kinds": AssetCard.Kind.choices,
        "sides": AssetCard.Side.choices,
        "rest": without_page(request),
    }
    return render(request, "invest/places/place.html", context)


@require_safe
def path(request: HttpRequest, slug: str) -> HttpResponse:
    """The six steps of the group that keeps the place, and the next thing to do."""
    found = get_object_or_404(Place.objects.select_related("organisation"), slug=slug)
    told = steps(places_path.facts(found, timezone.now()))
    keeper, user = found.organisation, request.user
    addresses = places_path.addresses(
        found,
        organises=access.may(user, keeper, "gatherings"),
        keeps_money=access.may(user, keeper, "offers"),
    )
    seen = places_path.evidence(found)

    def shown(step: Step, line: Line) -> dict[str, object]:
        rule = line.rule
        return {
            "line": line,
            "seen": seen[rule.fact],
            "do": addresses.get(rule.where),
            "how": places_path.how(rule.fact, step.chapter),
        }

    listed = [(step, [shown(step, line) for line in step.lines]) for step in told]
    ahead = next_line(told)
    context = {
        "place": found,
        "ahead": next((row for _s, rows in listed for row in rows if row["line"] is ahead), None),
        "steps": listed,
        "sums": places_path.sums(found, today()),
    }
    return render(request, "invest/places/path.html", context)


@require_safe
def place_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The cards that the page shows, as a file. Nobody's contact is in it."""
    found = get_object_or_404(Place, slug=slug)
    text = card_files.cards_csv(places_places.search(found, **_asked(request)))
    return csv_file(text, found.slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add_card(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, and what becomes of it: sent twice, it is still one card."""
    found = get_object_or_404(Place, slug=slug)
    initial = {"side": request.GET.get("side", ""), "kind": request.GET.get("kind", "")}
    form = CardForm(request.POST or None, initial={**known(request), **initial})
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                throttle(request, f"place-{found.slug}")
                return redirect(_add(request, found, form))
            except Refused as refusal:
                named = isinstance(refusal, UnsafeText | ContactShown)
                form.refuse("title" if named else None, refusal)
        status = form.status
    return render(
        request, "invest/places/add_card.html", {"place": found, "form": form}, status=status
    )


def _add(request: HttpRequest, found: Place, form: CardForm) -> AssetCard:
    typed, user, at = form.cleaned_data, user_of(request), timezone.now()
    is_own = user is not None and typed["email"].casefold() in {"", user.email.casefold()}
    is_own = is_own and not typed["phone"]
    giver = None
    if typed["email"] or typed["phone"] or (is_own and typed["name"]):
        giver = Giver(
            name=typed["name"],
            email=typed["email"],
            phone=typed["phone"],
            language=get_language() or "sv",
            user=user if is_own else None,
        )
    card = places.add_card(
        place=found,
        asset=form.asset(),
        key=typed["key"],
        by=actor(request),
        at=at,
        giver=giver,
        is_own=is_own and typed["agrees"],
    )
    if card.added_at != at:
        return card
    if typed["agrees"] and card_consents.ask(card=card, link=_link(request), at=at):
        said = _("Thank you! The contact is shown when its owner says yes by the link we mailed.")
    else:
        said = _("Thank you! The card is in the inventory.")
    messages.success(request, said)
    return card


@never_cache
@require_safe
def asset_card(request: HttpRequest, token: str) -> HttpResponse:
    """A card for whoever holds its link: what it fits with, promising it, taking it away."""
    return _card_page(request, _card(token))


@never_cache
@require_POST
def promise_card(request: HttpRequest, token: str) -> HttpResponse:
    """What the card offers is promised to a project, once."""
    card = _card(token)
    form = PromiseForm(
        request.POST, card=card, projects=places_places.projects_to_help(card, today())
    )
    if form.is_valid():
        try:
            return redirect(_promise(request, card, form))
        except Refused as refusal:
            form.refuse(None, refusal)
    return _card_page(request, card, form)


@never_cache
@require_POST
def take_card_away(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever holds the link takes the card away; pressed twice, it keeps its first moment."""
    card, why = _card(token), _("By its owner's link")
    places.take_away(card=card, by=actor(request), at=timezone.now(), why=why)
    messages.success(request, _("The card is taken away."))
    return redirect(card)


def _card(token: str) -> AssetCard:
    cards = AssetCard.objects.select_related("place", "person", "in_kind__project", "unit")
    return get_object_or_404(cards, token=token)


def _card_page(
    request: HttpRequest, card: AssetCard, form: PromiseForm | None = None
) -> HttpResponse:
    """The card; the project that it fits best is chosen beforehand."""
    user, projects = user_of(request), places_places.projects_to_help(card, today())
    fits = in_kind_fits.fits_of_card(card, today())
    best = next((fit.need for fit in fits if fit.need), None)
    initial = {"project": best.project.slug, "need": best.pk} if best else {}
    context = {
        "shown": places_places.shown(card, user),
        "card": card,
        "here": card.get_absolute_url(),
        "fits": fits,
        "form": form or PromiseForm(card=card, projects=projects, initial=initial),
        "projects": projects,
        "may_promise": bool(projects) and not card.in_kind_id and not card.removed_at,
        "speaks": places.speaks_for(card, user),
    }
    status = form.status if form else 200
    return unlisted(render(request, "invest/places/asset_card.html", context, status=status))


def _promise(request: HttpRequest, card: AssetCard, form: PromiseForm) -> str:
    typed = form.cleaned_data
    project = typed["project"]
    made = places.promise(
        card=card,
        project=project,
        need=project.needs.filter(pk=typed["need"], quantity__isnull=False).first(),
        on=today(),
        at=timezone.now(),
        by=actor(request),
        quantity=typed.get("quantity"),
        name=typed.get("name", ""),
        user=user_of(request),
    )
    return made.get_absolute_url()


@never_cache
@require_safe
def agree_contact(request: HttpRequest, signed: str) -> HttpResponse:
    """Shows what would be shown and asks; only the button says yes."""
    card, is_old = _signed(signed)
    return _agree_page(request, signed, card, is_old=is_old, status=410 if is_old else 200)


@never_cache
@require_POST
def show_contact(request: HttpRequest, signed: str) -> HttpResponse:
    """The owner says yes, once; a link that became too old meanwhile fetches a new one."""
    card, is_old = _signed(signed)
    if is_old:
        return _ask_anew(request, signed, card)
    try:
        card_consents.agree(card=card, at=timezone.now())
    except Refused as refusal:
        card.refresh_from_db()
        return _agree_page(request, signed, card, status=refusal.status)
    card.refresh_from_db()
    return _agree_page(request, signed, card, done=True)


@never_cache
@require_POST
def refuse_contact(request: HttpRequest, signed: str) -> HttpResponse:
    """The owner says no, and the card goes; a link that became too old fetches a new one."""
    card, is_old = _signed(signed)
    if is_old:
        return _ask_anew(request, signed, card)
    why = _("By whose contact it was")
    places.take_away(card=card, by=actor(request), at=timezone.now(), why=why)
    card.refresh_from_db()
    return _agree_page(request, signed, card, done=True)


@never_cache
@require_POST
def ask_contact_anew(request: HttpRequest, signed: str) -> HttpResponse:
    """A new link, for who has one that is too old; some letters a day at most."""
    card, is_old = _signed(signed)
    return _ask_anew(request, signed, card) if is_old else redirect("agree_contact", signed)


def _signed(signed: str) -> tuple[AssetCard, bool]:
    """The card, and whether the link is too old."""
    try:
        return card_consents.read(signed)
    except BadSignature as forged:
        raise Http404 from forged


def _ask_anew(request: HttpRequest, signed: str, card: AssetCard) -> HttpResponse:
    card_consents.ask(card=card, link=_link(request), at=timezone.now())
    return _agree_page(request, signed, card, is_old=True, done=True)


def _agree_page(
    request: HttpRequest,
    signed: str,
    card: AssetCard,
    *,
    is_old: bool = False,
    done: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "card": card,
        "signed": signed,
        "here": reverse("agree_contact", args=[signed]),
        "is_old": is_old,
        "done": done,
    }
    return unlisted(render(request, "invest/places/agree_contact.html", context, status=status))


def _asked(request: HttpRequest) -> dict[str, str]:
    kind, side = request.GET.get("kind", ""), request.GET.get("side", "")
    return {
        "text": request.GET.get("text", "")[:100],
        "kind": kind if kind in AssetCard.Kind.values else "",
        "side": side if side in AssetCard.Side.values else "",
    }


def _link(request: HttpRequest) -> Callable[[str], str]:
    return lambda signed: request.build_absolute_uri(reverse("agree_contact", args=[signed]))
