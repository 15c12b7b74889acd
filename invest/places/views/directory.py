"""Who makes and sells in a place: the page, the file, the leaflet, and the keeper's desk."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from invest.models import AssetCard, Organisation, Place, Producer
from invest.places import directory, listing_links
from invest.places.forms import EnlistForm, ListingForm, ProducerForm
from invest.places.queries import directory as places_directory
from invest.places.tables import ShopTable
from invest.web.desk import UserRequest, desk, row_number, today
from invest.web.papers import OTHER_FILES, paper, table_file
from invest.web.visitors import unlisted
from pools.errors import Refused

CHECKED_EVERY = timedelta(days=182)


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
    found = places_directory.shops(place, **asked)
    context = {
        "place": place,
        "groups": places_directory.grouped(found),
        "shops": found,
        "number": len(found),
        "asked": asked,
        "rest": request.GET.urlencode(),
        "files": OTHER_FILES,
    }
    return render(request, "invest/places/shops.html", context)


@require_safe
def shops_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """What the page shows, as a file."""
    place = get_object_or_404(Place, slug=slug)
    rows = places_directory.shop_rows(places_directory.shops(place, **_asked(request)))
    return table_file(rows, f"{place.slug}-shops", request.GET.get("as", ""))


@require_safe
def shops_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The leaflet to print and fold."""
    place = get_object_or_404(Place.objects.select_related("organisation"), slug=slug)
    told = places_directory.leaflet(place, today())
    context = {"leaflet": told, "place": place, "organisation": place.organisation}
    name = f"{place.slug}-shops"
    return paper(
        request, "invest/places/paper_leaflet.html", context, heads=(), name=name, rows=told.number
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("places")
def shops_desk(request: UserRequest, organisation: Organisation, place: str) -> HttpResponse:
    """All listings of a place, and a new one; a card of the inventory fills the form."""
    found = get_object_or_404(organisation.places, slug=place)
    form = EnlistForm(request.POST or None, place=found, initial=_of_card(request, found))
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                made = directory.enlist(place=found, **form.cleaned_data)
            except Refused as refusal:
                form.refuse("name", refusal)
            else:
                listing_links.send(producer=made, link=_link(request), at=timezone.now())
                messages.success(request, _("It is in the directory."))
                return redirect("shops_desk", organisation.slug, found.slug)
        status = form.status
    table = ShopTable(places_directory.standing(found)).asked(request, f"{found.slug}-listings")
    if file := table.file():
        return file
    context = {
        "organisation": organisation,
        "place": found,
        "table": table,
        "to_check": today() - CHECKED_EVERY,
        "ended": found.producers.filter(ended_on__isnull=False).order_by("-ended_on"),
        "cards": places_directory.cards_to_list(found),
        "form": form,
    }
    return render(request, "invest/places/shops_desk.html", context, status=status)


def _of_card(request: HttpRequest, place: Place) -> dict[str, object]:
    """What a card of the inventory says already."""
    number = row_number(request.GET.get("card", ""))
    card = AssetCard.objects.filter(place=place, pk=number, removed_at__isnull=True).first()
    if card is None:
        return {}
    words = card.text[:240] or card.title
    return {"card": card, "name": card.title, "what_sv": words}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("places")
def shop_desk(
    request: UserRequest, organisation: Organisation, place: str, pk: int
) -> HttpResponse:
    """Correct a listing, end it, or hand its link to whom it is about."""
    found = get_object_or_404(organisation.places, slug=place)
    producer = get_object_or_404(found.producers.filter(ended_on__isnull=True), pk=pk)
    if request.POST.get("step") == "mail":
        if listing_links.send(producer=producer, link=_link(request), at=timezone.now()):
            messages.success(request, _("The link is on its way to them."))
        else:
            messages.warning(request, _("No letter was sent. Give them the link yourself."))
        return redirect("shop_desk", organisation.slug, found.slug, producer.pk)
    form, said = _change(request, producer)
    if said:
        messages.success(request, said)
        return redirect("shops_desk", organisation.slug, found.slug)
    context = {
        "organisation": organisation,
        "place": found,
        "producer": producer,
        "form": form,
        "link": _link(request)(listing_links.sign(producer)),
        "has_reader": listing_links.reader(producer) is not None,
    }
    status = form.status if form.is_bound else 200
    return render(request, "invest/places/shop_desk.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest, signed: str) -> HttpResponse:
    """A listing for whoever is listed: what is shown, correcting it, taking it away."""
    try:
        producer = listing_links.read(signed)
    except BadSignature as forged:
        raise Http404 from forged
    form, said = _change(request, producer, ListingForm)
    if said:
        messages.success(request, said)
        return redirect("listing", signed)
    context = {"shop": places_directory.shop(producer), "form": form}
    status = form.status if form.is_bound else 200
    return unlisted(render(request, "invest/places/listing.html", context, status=status))


def _change(
    request: HttpRequest, producer: Producer, of: type[ProducerForm] = ProducerForm
) -> tuple[ProducerForm, str]:
    """What a POST did to a listing, in a sentence; empty where nothing was done."""
    is_end = request.POST.get("step") == "end"
    data = request.POST if request.method == "POST" and not is_end else None
    form = of(data, place=producer.place, initial=_now(producer))
    if is_end:
        directory.end(producer=producer, on=today())
        return form, _("It is off the page and the leaflet.")
    if form.is_valid():
        form.cleaned_data.pop("card")
        try:
            directory.correct(producer=producer, on=today(), **form.cleaned_data)
        except Refused as refusal:
            form.refuse("name", refusal)
        else:
            return form, _("Written down.")
    return form, ""


def _link(request: HttpRequest) -> Callable[[str], str]:
    return lambda signed: request.build_absolute_uri(reverse("listing", args=[signed]))


def _now(producer: Producer) -> dict[str, object]:
    names = [name for name in ProducerForm.base_fields if name not in {"card", "phone_agreed"}]
    told: dict[str, object] = {name: getattr(producer, name) for name in names}
    return {**told, "phone_agreed": producer.phone_agreed_on is not None}
