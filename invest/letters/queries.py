"""Letters: those of an organisation's people, and those that asked it for something."""

import re
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from invest.letters import about
from invest.models import Holding, InKind, Letter, Organisation, Person, Pledge, Vehicle

# Whoever knows the last part of a receipt's address may take the promise back, and whoever knows
# that of a question may answer it, and that of a listing change it.
_SECRET = re.compile(r"(?<=/)(?:[\w-]{22}|[\w-]+:(?:[\w-]+:)?[\w-]{43})(?=/)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter as it may be read: with the secrets of its links left out, where they must be."""

    letter: Letter
    text: str


def shown(letter: Letter, *, is_open: bool) -> Shown:
    """A letter for a desk. With `is_open` its links can be followed, as in a demo."""
    return Shown(letter, letter.text if is_open else _SECRET.sub("…", letter.text))


def letters_of(organisation: Organisation) -> QuerySet[Letter]:
    """An organisation's letters to those who promised to it or hold in it, and to itself.

    Newest first. Not to whoever takes no part in it: a card of its inventory may bear the address
    of somebody it does not know. Nobody with a protected identity, and no letter of a gathering:
    who comes is for its organiser alone.
    """
    return (
        Letter.objects.filter(organisation=organisation)
        .filter(Q(person__isnull=True) | _takes_part(organisation))
        .exclude(person__is_protected=True)
        .exclude(kind=Letter.Kind.GATHERING)
        .select_related("person")
        .order_by("-written_at", "-pk")
    )


def _takes_part(organisation: Organisation) -> Q:
    """Whether a letter's person promised to or holds in the organisation."""
    ways = (
        (Holding, "vehicle__organisation"),
        (Pledge, "offering__vehicle__organisation"),
        (InKind, "project__organisation"),
    )
    here = Q()
    for model, path in ways:
        theirs = model._default_manager.filter(person=OuterRef("person"))
        here |= Q(Exists(theirs.filter(**{path: organisation})))
    return here


def anew(topic: str, person: Person | None = None) -> str:
    """The key of the next letter to somebody about what may be asked again.

    Made of the last one, so that two who ask at the same time write one letter.
    """
    last = Letter.objects.filter(about=topic, person=person).order_by("-pk").first()
    return f"{topic}:{person.pk if person else ''}:after:{last.pk if last else ''}"


def exit_reference(vehicle: Vehicle, number: int) -> str:
    """What begins the subject of a letter that asks for exit: the vehicle and the holder."""
    return f"[{vehicle.slug}-{number}]"


def exits_asked(vehicle: Vehicle, number: int) -> QuerySet[Letter]:
    """The letters in which a holder asked the organisation to leave, newest first."""
    return Letter.objects.filter(about=about.exit_of(vehicle, number))
