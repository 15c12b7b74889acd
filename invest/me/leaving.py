"""Leaving: what is shown of somebody stops, what is promised is taken back, and one is forgotten.

The Swedish and European right to erasure (the General Data Protection Regulation, article 17) with
its limits: `invest/retention.py` knows what law keeps, and until when.
"""

from dataclasses import dataclass
from datetime import date, datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from invest import people
from invest.in_kind import in_kind as in_kind_in_kind
from invest.letters import about
from invest.letters import queries as letters_queries
from invest.letters.outbox import send_to_organisation
from invest.me import retention
from invest.me.refusals import AskedToday, HandOver, NoLetterBox, StillBound
from invest.models import (
    AssetCard,
    Consent,
    FollowUp,
    InKind,
    InKindEvent,
    InKindMessage,
    Letter,
    Person,
    Pledge,
    PledgeEvent,
    Producer,
    Role,
    User,
    Vehicle,
)
from invest.pledges import pledges

State = PledgeEvent.State
# Promised, and not a krona of it paid in.
UNPAID_STATES = frozenset({State.SUBMITTED, State.IN_REFLECTION, State.CONFIRMED, State.CALLED})
NOBODY = "forgotten-{pk}@nobody.invalid"


@dataclass(frozen=True, slots=True)
class Open:
    """What somebody has promised and not yet given: what can be taken back, and what binds."""

    pledges: tuple[Pledge, ...]
    in_kind: tuple[InKind, ...]
    bound: tuple[Pledge, ...]


def still_open(person: Person, on: date) -> Open:
    """What stands open on a day."""
    unpaid = Pledge.objects.filter(person=person).with_state().filter(state__in=UNPAID_STATES)
    found = list(unpaid.select_related("offering__vehicle__project").order_by("pk"))
    free = [p for p in found if p.binding == Pledge.Binding.INTENTION or on <= p.withdraw_until]
    given = InKind.objects.filter(person=person).select_related("project").order_by("pk")
    return Open(
        pledges=tuple(free),
        in_kind=tuple(g for g in given if _can_be_withdrawn(g)),
        bound=tuple(p for p in found if p not in free),
    )


def roles_held(user: User, on: date) -> list[Role]:
    """What somebody keeps for others on a day, and must hand over first."""
    held = Role.objects.filter(user=user).filter(Q(until__isnull=True) | Q(until__gte=on))
    return list(held.select_related("organisation").order_by("organisation__name", "kind"))


@transaction.atomic
def leave(*, user: User, on: date, by: str) -> date | None:
    """Take back what is open, and forget whoever logs in: all at once, or what law lets.

    Returns the last day on which law keeps the name; None: nothing is kept. Raises HandOver where
    somebody keeps a desk, StillBound where a binding promise waits for payment: nothing is done.
    """
    person = Person.objects.select_for_update().get(pk=people.claim(user).pk)
    if roles := roles_held(user, on):
        raise HandOver(what=", ".join(str(role.get_kind_display()) for role in roles))
    open_ = still_open(person, on)
    if open_.bound:
        raise StillBound(what=open_.bound[0].offering.vehicle.name)
    for pledge in open_.pledges:
        pledges.withdraw(pledge=pledge, on=on, by=by)
    for given in open_.in_kind:
        in_kind_in_kind.withdraw(in_kind=given, on=on, by=by)
    _take_away_words(person)
    person.user = None
    person.save(update_fields=["user"])
    until = retention.forget(person=person, on=on)
    _close(user)
    return until


@transaction.atomic
def stop_showing(*, person: Person, kind: Consent.Kind, at: datetime) -> None:
    """Withdraw a consent, and take the name off what was promised under it."""
    people.withdraw_consent(person=person, kind=kind, at=at)
    if kind == Consent.Kind.PUBLISH_NAME:
        Pledge.objects.filter(person=person).update(shown_as="")
        InKind.objects.filter(person=person).update(shown_as="")


def _can_be_withdrawn(given: InKind) -> bool:
    return in_kind_in_kind.latest(given).may_become(InKindEvent.State.WITHDRAWN)


def _take_away_words(person: Person) -> None:
    """What rows that stay would tell of who it was: names shown, talk, letters, fingerprints."""
    given = InKind.objects.filter(person=person)
    promised = Pledge.objects.filter(person=person)
    for help_ in given:
        if _names(person, help_.what):
            help_.what = str(InKind.Sort(help_.sort).label)
            help_.save(update_fields=["what"])
    for card in AssetCard.objects.filter(person=person):
        if _names(person, f"{card.title} {card.text}"):
            card.title, card.text = str(AssetCard.Kind(card.kind).label), ""
            card.save(update_fields=["title", "text"])
    for listing in Producer.objects.filter(card__person=person):
        listing.what_sv = listing.what_en = listing.address = listing.hours = listing.web = ""
        if _names(person, listing.name):
            listing.name = f"{Producer.Sort(listing.sort).label} {listing.pk}"
        listing.save()
    rows: list[Pledge | InKind | AssetCard] = [
        *promised,
        *given,
        *AssetCard.objects.filter(person=person),
    ]
    for row in rows:
        if _names(person, row.key):  # A browser's key names nobody; one of an import may.
            row.key = f"forgotten:{row.pk}"
            row.save(update_fields=["key"])
    FollowUp.objects.filter(Q(pledge__in=promised) | Q(in_kind__in=given)).update(comment="")
    InKindMessage.objects.filter(in_kind__in=given).delete()
    given.update(shown_as="", conditions="", fingerprint="")
    promised.update(shown_as="", fingerprint="")
    for held in person.holdings.select_related("vehicle"):
        letters_queries.exits_asked(held.vehicle, held.number).delete()
    Letter.objects.filter(person=person).delete()
    _take_from_log(person)


def _names(person: Person, text: str) -> bool:
    told = (person.name, person.email, person.phone)
    return any(word and word.casefold() in text.casefold() for word in told)


def _take_from_log(row: Person | User) -> None:
    """The admin's log names the rows it tells of."""
    LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(row), object_id=str(row.pk)
    ).delete()


def _close(user: User) -> None:
    """No login is left. Who has decided something in the books stays as a number without a name."""
    _take_from_log(user)
    for session in Session.objects.filter(expire_date__gte=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
    try:
        with transaction.atomic():
            User.objects.get(pk=user.pk).delete()
    except ProtectedError:
        EmailAddress.objects.filter(user=user).delete()
        Authenticator.objects.filter(user=user).delete()
        user.email, user.is_active = NOBODY.format(pk=user.pk), False
        user.set_unusable_password()
        user.save()


@transaction.atomic
def ask_exit(*, vehicle: Vehicle, number: int, why: str, link: str, at: datetime) -> Letter:
    """A holder asks the organisation to leave: a letter, and nothing is booked.

    `link` leads the keeper to the holder. Raises AskedToday, and NoLetterBox where the
    organisation has no address.
    """
    Vehicle.objects.select_for_update().get(pk=vehicle.pk)
    topic = about.exit_of(vehicle, number)
    key = f"{topic}:{timezone.localdate(at)}"
    if Letter.objects.filter(key=key).exists():
        raise AskedToday
    told = {"number": number, "vehicle": vehicle.name}
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("Holder no. %(number)s asks to leave %(vehicle)s") % told
    letter = send_to_organisation(
        vehicle.organisation,
        Letter.Kind.CONFIRM,
        f"{letters_queries.exit_reference(vehicle, number)} {subject}",
        "me/letters/exit",
        {**told, "why": why, "link": link},
        about=topic,
        key=key,
    )
    if letter is None:
        raise NoLetterBox(organisation=vehicle.organisation.name)
    return letter
