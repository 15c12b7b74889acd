"""Who makes and sells in a place: the page, the file, the leaflet, and the keeper's desk."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from invest import producers as verbs
from invest.forms.producers import EnlistForm, ProducerForm
from invest.models import AssetCard, Organisation, Place, Producer
from invest.queries import producers as queries
from invest.views.gate import UserRequest, desk, row_number, today
from invest.views.papers import csv_file, paper
from invest.views.places_desk import PLACE_KINDS
from pools.errors import Refused


def _asked(request: HttpRequest) -> dict[str, str]:
    takes = request.GET.get("takes", "")
    return {
        "text": request.GET.get("text", "")[:100],
        "takes": takes if takes in {"currency", "vouchers"} else "",
    }


@require_safe
def shops(request: HttpRequest, slug: str) -> HttpResponse:
    """The directory, narrowed down by what the visitor asks for."""
    place = get_object_or_404(Place.objects.select_related("organisation"), slug=slug)
    asked = _asked(request)
    found = queries.shops(place, **asked)
    context = {
        "place": place,
        "groups": queries.grouped(found),
        "number": len(found),
        "asked": asked,
        "rest": request.GET.urlencode(),
    }
    return render(request, "invest/shops.html", context)


@require_safe
def shops_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """What the page shows, as a file."""
    place = get_object_or_404(Place, slug=slug)
    text = queries.shops_csv(queries.shops(place, **_asked(request)))
    return csv_file(text, f"{place.slug}-shops")


@require_safe
def shops_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The leaflet to print and fold."""
    place = get_object_or_404(Place.objects.select_related("organisation"), slug=slug)
    told = queries.leaflet(place, today())
    context = {"leaflet": told, "place": place, "organisation": place.organisation}
    name = f"{place.slug}-shops"
    return paper(
        request, "invest/paper_leaflet.html", context, heads=(), name=name, rows=told.number
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(*PLACE_KINDS)
def shops_desk(request: UserRequest, organisation: Organisation, place: str) -> HttpResponse:
    """All listings of a place, and a new one; a card of the inventory fills the form."""
    found = get_object_or_404(organisation.places, slug=place)
    form = EnlistForm(request.POST or None, place=found, initial=_of_card(request, found))
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                verbs.enlist(place=found, **form.cleaned_data)
            except Refused as refusal:
                form.refuse("name", refusal)
            else:
                messages.success(request, _("It is in the directory."))
                return redirect("shops_desk", organisation.slug, found.slug)
        status = form.status
    context = {
        "organisation": organisation,
        "place": found,
        "shops": queries.shops(found),
        "ended": found.producers.filter(ended_on__isnull=False).order_by("-ended_on"),
        "cards": queries.cards_to_list(found),
        "form": form,
    }
    return render(request, "invest/shops_desk.html", context, status=status)


def _of_card(request: HttpRequest, place: Place) -> dict[str, object]:
    """What a card of the inventory says already."""
    number = row_number(request.GET.get("card", ""))
    card = AssetCard.objects.filter(place=place, pk=number).first()
    if card is None:
        return {}
    words = card.text[:240] or card.title
    return {"card": card, "name": card.title, "what_sv": words}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk(*PLACE_KINDS)
def shop_desk(
    request: UserRequest, organisation: Organisation, place: str, pk: int
) -> HttpResponse:
    """Correct a listing, or end it."""
    found = get_object_or_404(organisation.places, slug=place)
    producer = get_object_or_404(found.producers.filter(ended_on__isnull=True), pk=pk)
    is_end = request.POST.get("step") == "end"
    form = ProducerForm(
        request.POST if request.method == "POST" and not is_end else None,
        place=found,
        initial=_now(producer),
    )
    status = 200
    if request.method == "POST":
        if is_end:
            verbs.end(producer=producer, on=today())
            messages.success(request, _("It is off the page and the leaflet."))
            return redirect("shops_desk", organisation.slug, found.slug)
        if form.is_valid():
            form.cleaned_data.pop("card")
            try:
                verbs.correct(producer=producer, on=today(), **form.cleaned_data)
            except Refused as refusal:
                form.refuse("name", refusal)
            else:
                messages.success(request, _("Written down."))
                return redirect("shops_desk", organisation.slug, found.slug)
        status = form.status
    context = {"organisation": organisation, "place": found, "producer": producer, "form": form}
    return render(request, "invest/shop_desk.html", context, status=status)


def _now(producer: Producer) -> dict[str, object]:
    names = [name for name in ProducerForm.base_fields if name not in {"card", "phone_agreed"}]
    told: dict[str, object] = {name: getattr(producer, name) for name in names}
    return {**told, "phone_agreed": producer.phone_agreed_on is not None}
