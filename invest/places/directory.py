"""The directory of who makes and sells in a place: listed by their own word, corrected, ended."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from invest.models import AssetCard, Place, Producer
from invest.people import plain
from invest.places.refusals import ProducerListed
from invest.refusals import WrongState
from invest.similarity import fold

LINES = {"name": 120, "what_sv": 240, "what_en": 240, "address": 160, "hours": 160, "phone": 30}


@transaction.atomic
def enlist(
    *, place: Place, agreed_on: date, card: AssetCard | None = None, **told: Any
) -> Producer:
    """List a shop or producer that has agreed to it; one whose listing has ended comes back.

    It comes back by its card or else by its name, and keeps the card it was made from.
    `phone_agreed` says that they agreed to show their telephone number too; without it the number
    is kept by nobody. Raises ProducerListed where the place has one of the name or of the card,
    UnsafeText, TextTooLong.
    """
    facts = _facts(told, agreed_on)
    of_card = list(Producer.objects.filter(card=card)) if card else []
    named = [each for each in place.producers.all() if fold(each.name) == fold(facts["name"])]
    for earlier in (*of_card, *named):
        if earlier.ended_on is None:
            raise ProducerListed(name=earlier.name)
    producer = next(iter((*of_card, *named)), Producer(place=place))
    facts |= {"agreed_on": agreed_on, "checked_on": agreed_on, "ended_on": None}
    return _save(producer, facts | {"card": card or producer.card})


@transaction.atomic
def correct(*, producer: Producer, on: date, **told: Any) -> Producer:
    """Other words, hours or ticks, by what they say now; another number is agreed to anew.

    The same words again say that they are still right. Raises as `enlist`, and WrongState where
    the listing has ended.
    """
    producer = Producer.objects.select_for_update(of=("self",)).get(pk=producer.pk)
    if producer.ended_on:
        raise WrongState(state=_("no longer listed"))
    facts = _facts(told, on)
    if facts["phone_agreed_on"] and facts["phone"] == producer.phone:
        facts["phone_agreed_on"] = producer.phone_agreed_on or on
    others = producer.place.producers.exclude(pk=producer.pk)
    if any(fold(each.name) == fold(facts["name"]) for each in others):
        raise ProducerListed(name=facts["name"])
    return _save(producer, facts | {"checked_on": on})


def end(*, producer: Producer, on: date) -> Producer:
    """Off the page and the leaflet; that it stood there is kept, its telephone is not."""
    producer.ended_on = producer.ended_on or on
    producer.phone, producer.phone_agreed_on = "", None
    producer.save(update_fields=["ended_on", "phone", "phone_agreed_on"])
    return producer


def _facts(told: dict[str, Any], agreed_on: date) -> dict[str, Any]:
    phone_agreed = told.pop("phone_agreed", False)
    facts = {
        name: plain(value, most=LINES[name]) if name in LINES else value
        for name, value in told.items()
    }
    if not phone_agreed:
        facts["phone"] = ""
    facts["phone_agreed_on"] = agreed_on if facts.get("phone") else None
    return facts


def _save(producer: Producer, facts: dict[str, Any]) -> Producer:
    for name, value in facts.items():
        setattr(producer, name, value)
    try:
        with transaction.atomic():
            producer.save()
    except IntegrityError as taken:
        raise ProducerListed(name=producer.name) from taken
    return producer
