"""The keeper's desk of places: adding one, its cards with their contacts, and cards from a file."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from invest.models import AssetCard, Organisation, Place
from invest.places import places
from invest.places.forms import CardFileForm, PlaceForm, RemoveForm
from invest.places.queries import card_files
from invest.places.queries import places as places_places
from invest.web.desk import UserRequest, actor, desk, without_page
from pools.errors import Refused

PER_PAGE = 50


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("places")
def places_desk(request: UserRequest, organisation: Organisation) -> HttpResponse:
    """The group's places, and adding one."""
    initial = {"municipality": organisation.municipality}
    form = PlaceForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                made = places.add_place(organisation=organisation, **form.cleaned_data)
            except Refused as refusal:
                form.refuse("name", refusal)
            else:
                messages.success(request, _("The place is there. Now write its first card."))
                return redirect("place_desk", organisation.slug, made.slug)
        status = form.status
    context = {"organisation": organisation, "places": organisation.places.all(), "form": form}
    return render(request, "invest/places/places_desk.html", context, status=status)


@never_cache
@require_safe
@desk("places")
def place_desk(request: UserRequest, organisation: Organisation, place: str) -> HttpResponse:
    """Cards with how to reach their owners, taking one away, and cards from a file."""
    return _page(request, _place(organisation, place))


@never_cache
@require_POST
@desk("places")
def correct_place(request: UserRequest, organisation: Organisation, place: str) -> HttpResponse:
    """Other words about the place."""
    found, form = _place(organisation, place), PlaceForm(request.POST)
    if form.is_valid():
        try:
            places.correct_place(place=found, **form.cleaned_data)
        except Refused as refusal:
            form.refuse("name", refusal)
        else:
            messages.success(request, _("Written down."))
            return redirect("place_desk", organisation.slug, found.slug)
    # Told as it is kept: the refused one may hold what was typed.
    return _page(request, _place(organisation, place), correct=form)


@never_cache
@require_POST
@desk("places")
def remove_card(
    request: UserRequest, organisation: Organisation, place: str, pk: int
) -> HttpResponse:
    """A card is taken away, with a reason; pressed twice, it is taken away once."""
    found, form = _place(organisation, place), RemoveForm(request.POST)
    card, by = get_object_or_404(found.cards, pk=pk), actor(request)
    if form.is_valid():
        why = form.cleaned_data["why"]
        try:
            places.take_away(card=card, by=by, at=timezone.now(), why=why)
        except Refused as refusal:
            form.refuse(None, refusal)
        else:
            messages.success(request, _("The card is taken away."))
            return redirect("place_desk", organisation.slug, found.slug)
    return _page(request, found, chosen=card, wrong=form)


@never_cache
@require_POST
@desk("places")
def preview_cards(request: UserRequest, organisation: Organisation, place: str) -> HttpResponse:
    """What a file says, line by line; nothing is kept."""
    found, form = _place(organisation, place), CardFileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            read = _preview(found, form.cleaned_data["file"].read(card_files.MOST_BYTES + 1))
            return _page(request, found, read=read)
        except Refused as refusal:
            form.refuse("file", refusal)
    return _page(request, found, form=form)


@never_cache
@require_POST
@desk("places")
def enter_cards(request: UserRequest, organisation: Organisation, place: str) -> HttpResponse:
    """The cards that a preview showed; those that are there already are not entered again."""
    found = _place(organisation, place)
    try:
        new = _enter(request, found)
    except Refused as refusal:
        form = CardFileForm({}, {})
        form.errors.clear()
        form.refuse("file", refusal)
        return _page(request, found, form=form)
    told = ngettext(
        "%(n)s new card is in the inventory.", "%(n)s new cards are in the inventory.", new
    )
    messages.success(request, told % {"n": new})
    return redirect("place_desk", organisation.slug, found.slug)


def _place(organisation: Organisation, slug: str) -> Place:
    return get_object_or_404(organisation.places.select_related("organisation"), slug=slug)


def _page(
    request: UserRequest,
    place: Place,
    *,
    correct: PlaceForm | None = None,
    form: CardFileForm | None = None,
    wrong: RemoveForm | None = None,
    chosen: AssetCard | None = None,
    read: dict[str, Any] | None = None,
) -> HttpResponse:
    """The desk with the form as it was sent, or with what a file says."""
    asked = request.GET.get("text", "")[:100]
    page = Paginator(places_places.search(place, asked), PER_PAGE).get_page(request.GET.get("page"))
    removed = place.cards.filter(removed_at__isnull=False).order_by("-removed_at")
    context = {
        "organisation": place.organisation,
        "here": reverse("place_desk", args=[place.organisation.slug, place.slug]),
        "place": place,
        "page": page,
        "cards": [(card, places_places.keepers_contact(card)) for card in page],
        "removed": removed[:PER_PAGE],
        "asked": asked,
        "rest": without_page(request),
        "correct": correct or PlaceForm(initial=model_to_dict(place)),
        "form": form or CardFileForm(),
        "wrong": wrong,
        "chosen": chosen,
        **(read or {}),
    }
    sent = correct or form or wrong
    status = sent.status if sent else 200
    return render(request, "invest/places/place_desk.html", context, status=status)


def _preview(place: Place, data: bytes) -> dict[str, Any]:
    text = card_files.decoded(data)
    rows = card_files.read_rows(place, text)
    return {
        "read": rows,
        "text": text,
        "left_out": card_files.left_out(text),
        "broken": [row for row in rows if row.wrong],
        "new": [row for row in rows if row.asset and not row.is_known],
        "known": sum(row.is_known for row in rows),
    }


def _enter(request: UserRequest, place: Place) -> int:
    rows = card_files.read_rows(place, request.POST.get("text", ""))
    assets = [row.asset for row in rows if row.asset and not row.is_known]
    return places.enter(
        place=place, assets=assets, by=f"import:{actor(request)}", at=timezone.now()
    )
