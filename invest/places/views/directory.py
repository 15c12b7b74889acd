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
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from invest.models import AssetCard, Organisation, Place, Producer
from invest.places import directory, listing_links
from invest.places.forms import EnlistForm, ListingForm, ProducerForm
from invest.places.queries import directory as places_directory
from invest.places.tables import ListingTable
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
def listings(request: HttpRequest, slug: str) -> HttpResponse:
    """The directory, narrowed down by what the visitor asks for."""
    place = get_object_or_404(Place.objects.select_related("organisation"), slug=slug)
    asked = _asked(request)
    found = places_directory.listings(place, **asked)
    context = {
        "place": place,
        "groups": places_directory.grouped(found),
        "listings": found,
        "number": len(found),
        "asked": asked,
        "rest": request.GET.urlencode(),
        "files": OTHER_FILES,
    }
    return render(request, "invest/places/listings.html", context)


@require_safe
def listings_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """What the page shows, as a file."""
    place = get_object_or_404(Place, slug=slug)
    rows = places_directory.listing_rows(places_directory.listings(place, **_asked(request)))
    return table_file(rows, f"{place.slug}-shops", request.GET.get("as", ""))


@require_safe
def listings_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The leaflet to print and fold."""
    place = get_object_or_404(Place.objects.select_related("organisation"), slug=slug)
    told = places_directory.leaflet(place, today())
    context = {"leaflet": told, "place": place, "organisation": place.organisation}
    name = f"{place.slug}-shops"
    return paper(
        request,
        "invest/places/paper_leaflet.html",
        context,
        ledgers=(),
        name=name,
        rows=told.number,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk("places")
def listings_desk(request: UserRequest, organisation: Organisation, place: str) -> HttpResponse:
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
                return redirect("listings_desk", organisation.slug, found.slug)
        status = form.status
    table = ListingTable(places_directory.standing(found)).asked(request, f"{found.slug}-listings")
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
    return render(request, "invest/places/listings_desk.html", context, status=status)


def _of_card(request: HttpRequest, place: Place) -> dict[str, object]:
    """What a card of the inventory says already."""
    number = row_number(request.GET.get("card", ""))
    card = AssetCard.objects.filter(place=place, pk=number, removed_at__isnull=True).first()
    if card is None:
        return {}
    words = card.text[:240] or card.title
    return {"card": card, "name": card.title, "what_sv": words}


@never_cache
@require_safe
@desk("places")
def listing_desk(
    request: UserRequest, organisation: Organisation, place: str, pk: int
) -> HttpResponse:
    """Correct a listing, end it, or hand its link to whom it is about."""
    return _listing_page(request, _standing(organisation, place, pk))


@never_cache
@require_POST
@desk("places")
def correct_listing(
    request: UserRequest, organisation: Organisation, place: str, pk: int
) -> HttpResponse:
    """Other words, hours or ticks; the same again say that they are still right."""
    producer = _standing(organisation, place, pk)
    form = ProducerForm(request.POST, place=producer.place, initial=_now(producer))
    if not _correct(producer, form):
        return _listing_page(request, _standing(organisation, place, pk), form)
    messages.success(request, _("Written down."))
    return redirect("listings_desk", organisation.slug, place)


@never_cache
@require_POST
@desk("places")
def end_listing(
    request: UserRequest, organisation: Organisation, place: str, pk: int
) -> HttpResponse:
    """Off the page and the leaflet; pressed twice, it keeps its first day."""
    found = get_object_or_404(organisation.places, slug=place)
    directory.end(producer=get_object_or_404(found.producers, pk=pk), on=today())
    messages.success(request, _("It is off the page and the leaflet."))
    return redirect("listings_desk", organisation.slug, place)


@never_cache
@require_POST
@desk("places")
def mail_listing(
    request: UserRequest, organisation: Organisation, place: str, pk: int
) -> HttpResponse:
    """The link of a listing is mailed to whom it is about, some times a day at most."""
    producer = _standing(organisation, place, pk)
    if listing_links.send(producer=producer, link=_link(request), at=timezone.now()):
        messages.success(request, _("The link is on its way to them."))
    else:
        messages.warning(request, _("No letter was sent. Give them the link yourself."))
    return redirect("listing_desk", organisation.slug, place, producer.pk)


def _standing(organisation: Organisation, place: str, pk: int) -> Producer:
    found = get_object_or_404(organisation.places, slug=place)
    standing = found.producers.filter(ended_on__isnull=True)
    return get_object_or_404(standing.select_related("place__organisation"), pk=pk)


def _listing_page(
    request: UserRequest, producer: Producer, form: ProducerForm | None = None
) -> HttpResponse:
    place = producer.place
    context = {
        "organisation": place.organisation,
        "here": reverse("listing_desk", args=[place.organisation.slug, place.slug, producer.pk]),
        "place": place,
        "producer": producer,
        "form": form or ProducerForm(place=place, initial=_now(producer)),
        "link": _link(request)(listing_links.sign(producer)),
        "has_reader": listing_links.reader(producer) is not None,
    }
    status = form.status if form else 200
    return render(request, "invest/places/listing_desk.html", context, status=status)


@never_cache
@require_safe
def listing_by_link(request: HttpRequest, signed: str) -> HttpResponse:
    """A listing for whoever is listed: what is shown, correcting it, taking it away."""
    return _page_by_link(request, signed, _signed(signed))


@never_cache
@require_POST
def correct_listing_by_link(request: HttpRequest, signed: str) -> HttpResponse:
    """Whoever is listed says what is right."""
    producer = _signed(signed)
    form = ListingForm(request.POST, place=producer.place, initial=_now(producer))
    if not _correct(producer, form):
        return _page_by_link(request, signed, _signed(signed), form)
    messages.success(request, _("Written down."))
    return redirect("listing_by_link", signed)


@never_cache
@require_POST
def end_listing_by_link(request: HttpRequest, signed: str) -> HttpResponse:
    """Whoever is listed takes it away; pressed twice, it keeps its first day."""
    directory.end(producer=_signed(signed), on=today())
    messages.success(request, _("It is off the page and the leaflet."))
    return redirect("listing_by_link", signed)


def _signed(signed: str) -> Producer:
    try:
        return listing_links.read(signed)
    except BadSignature as forged:
        raise Http404 from forged


def _page_by_link(
    request: HttpRequest, signed: str, producer: Producer, form: ListingForm | None = None
) -> HttpResponse:
    context = {
        "listing": places_directory.listing(producer),
        "signed": signed,
        "here": reverse("listing_by_link", args=[signed]),
        "form": form or ListingForm(place=producer.place, initial=_now(producer)),
    }
    status = form.status if form else 200
    return unlisted(render(request, "invest/places/listing_by_link.html", context, status=status))


def _correct(producer: Producer, form: ProducerForm) -> bool:
    if not form.is_valid():
        return False
    form.cleaned_data.pop("card")
    try:
        directory.correct(producer=producer, on=today(), **form.cleaned_data)
    except Refused as refusal:
        form.refuse("name", refusal)
        return False
    return True


def _link(request: HttpRequest) -> Callable[[str], str]:
    return lambda signed: request.build_absolute_uri(reverse("listing_by_link", args=[signed]))


def _now(producer: Producer) -> dict[str, object]:
    names = [name for name in ProducerForm.base_fields if name not in {"card", "phone_agreed"}]
    told: dict[str, object] = {name: getattr(producer, name) for name in names}
    return {**told, "phone_agreed": producer.phone_agreed_on is not None}
