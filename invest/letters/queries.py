"""Letters: those of an organisation's people, and those that asked it for something."""

import re
from dataclasses import dataclass

from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, TextField

from invest.models import Holding, InKind, Letter, Organisation, Pledge, Vehicle

# Whoever knows the last part of a receipt's address may take the promise back, and whoever knows
# that of a question may answer it.
_SECRET = re.compile(r"(?<=/)(?:[\w-]{22}|[\w-]+:[\w-]+:[\w-]+)(?=/)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter as it may be read: with the secrets of its links left out, where they must be."""

    letter: Letter
    text: str


def shown(letter: Letter, *, is_open: bool) -> Shown:
    """A letter for a desk. With `is_open` its links can be followed, as in a demo."""
    return Shown(letter, letter.text if is_open else _SECRET.sub("…", letter.text))


def letters_of(organisation: Organisation) -> QuerySet[Letter]:
    """What was written to those who promised to or hold in an organisation, newest first.

    Somebody who takes part elsewhere too gets letters that are not this organisation's: of theirs
    only those are here that link to something promised to it. Nobody with a protected identity, and
    no letter of a gathering: who comes is for its organiser alone.
    """
    ours, elsewhere = _takes_part(organisation)
    is_about = [
        Exists(rows.filter(person=OuterRef("person")).annotate(told=_TEXT).filter(_NAMED))
        for rows in (
            Pledge.objects.filter(offering__vehicle__organisation=organisation),
            InKind.objects.filter(project__organisation=organisation),
        )
    ]
    only_here = ours & ~elsewhere
    asked = Q(person__isnull=True, to=organisation.contact_email) & ~Q(to="")
    return (
        Letter.objects.filter(only_here | is_about[0] | is_about[1] | asked)
        .exclude(person__is_protected=True)
        .exclude(kind=Letter.Kind.GATHERING)
        .select_related("person")
        .order_by("-written_at", "-pk")
    )


_TEXT = ExpressionWrapper(OuterRef("text"), output_field=TextField())
_NAMED = Q(told__contains=F("token"))


def _takes_part(organisation: Organisation) -> tuple[Q, Q]:
    """Whether a letter's person promised to or holds in the organisation; and in another."""
    ways = (
        (Holding, "vehicle__organisation"),
        (Pledge, "offering__vehicle__organisation"),
        (InKind, "project__organisation"),
    )
    here, there = Q(), Q()
    for model, path in ways:
        theirs = model._default_manager.filter(person=OuterRef("person"))
        here |= Q(Exists(theirs.filter(**{path: organisation})))
        there |= Q(Exists(theirs.exclude(**{path: organisation})))
    return here, there


def exit_reference(vehicle: Vehicle, number: int) -> str:
    """What begins the subject of a letter that asks for exit: the vehicle and the holder."""
    return f"[{vehicle.slug}-{number}]"


def exits_asked(vehicle: Vehicle, number: int) -> QuerySet[Letter]:
    """The letters in which a holder asked the organisation to leave, newest first."""
    begins = exit_reference(vehicle, number)
    return Letter.objects.filter(person__isnull=True, subject__startswith=begins)
