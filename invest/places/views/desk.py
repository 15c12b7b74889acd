"""The keeper's desk of places: adding one, its cards with their contacts, and cards from a file."""

from typing import Any

from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from invest.models import Organisation, Place
from invest.places import places
from invest.places.forms import CardFileForm, PlaceForm, RemoveForm
from invest.places.queries import card_files
from invest.places.queries import places as places_places
from invest.places.tables import CardTable, PlaceTable, RemovedTable
from invest.web.desk import UserRequest, actor, desk, row_number
from invest.web.tables import first_file
from pools.errors import Refused


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
    table = PlaceTable(organisation.places.all()).asked(request, f"{organisation.slug}-places")
    if file := table.file():
        return file
    context = {"organisation": organisation, "table": table, "form": form}
    return render(request, "invest/places/places_desk.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("places")
def place_desk(request: UserRequest, organisation: Organisation, place: str) -> HttpResponse:
    """Cards with how to reach their owners, taking one away, and a file's preview."""
    found = get_object_or_404(organisation.places, slug=place)
    form = CardFileForm()
    correct = PlaceForm(initial=model_to_dict(found))
    wrong: RemoveForm | None = None
    read: dict[str, Any] = {}
    status, step = 200, request.POST.get("step")
    if request.method == "POST":
        try:
            if step == "remove":
                wrong = RemoveForm(request.POST)
                if wrong.is_valid() and _remove(request, found, wrong):
                    return redirect("place_desk", organisation.slug, found.slug)
                status = wrong.status
            elif step == "correct":
                correct = PlaceForm(request.POST)
                if _correct(request, found, correct):
                    return redirect("place_desk", organisation.slug, found.slug)
                status = correct.status
            elif step == "enter":
                _enter(request, found)
                return redirect("place_desk", organisation.slug, found.slug)
            else:
                form = CardFileForm(request.POST, request.FILES)
                status = form.status
                if form.is_valid():
                    read = _preview(
                        found, form.cleaned_data["file"].read(card_files.MOST_BYTES + 1)
                    )
                    status = 200
        except Refused as refusal:
            form = CardFileForm({}, {})
            form.errors.clear()
            form.refuse("file", refusal)
            status = form.status
    chosen = request.POST.get("card", "") if step == "remove" else ""
    table = CardTable(places_places.search(found)).asked(
        request, f"{found.slug}-cards", at=lambda card: bool(chosen) and card.code == chosen
    )
    gone = found.cards.filter(removed_at__isnull=False).order_by("-removed_at")
    removed = RemovedTable(gone, prefix="removed-").asked(request, f"{found.slug}-removed")
    if file := first_file(table, removed):
        return file
    context = {
        "organisation": organisation,
        "place": found,
        "table": table,
        "cards": [(card, places_places.keepers_contact(card)) for card in table.records],
        "removed": removed,
        "correct": correct,
        "form": form,
        "wrong": wrong,
        "chosen": chosen,
        **read,
    }
    return render(request, "invest/places/place_desk.html", context, status=status)


def _correct(request: UserRequest, place: Place, form: PlaceForm) -> bool:
    if not form.is_valid():
        return False
    try:
        places.correct_place(place=place, **form.cleaned_data)
    except Refused as refusal:
        form.refuse("name", refusal)
        return False
    messages.success(request, _("Written down."))
    return True


def _remove(request: UserRequest, place: Place, form: RemoveForm) -> bool:
    card = get_object_or_404(place.cards, pk=row_number(request.POST.get("card", "")))
    try:
        why = form.cleaned_data["why"]
        places.take_away(card=card, by=actor(request), at=timezone.now(), why=why)
    except Refused as refusal:
        form.refuse(None, refusal)
        return False
    messages.success(request, _("The card is taken away."))
    return True


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


def _enter(request: UserRequest, place: Place) -> None:
    rows = card_files.read_rows(place, request.POST.get("text", ""))
    assets = [row.asset for row in rows if row.asset and not row.is_known]
    new = places.enter(place=place, assets=assets, by=f"import:{actor(request)}", at=timezone.now())
    told = ngettext(
        "%(n)s new card is in the inventory.", "%(n)s new cards are in the inventory.", new
    )
    messages.success(request, told % {"n": new})
