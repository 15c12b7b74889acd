"""Everything that is kept about one person, as plain values for a file to take home.

The right of access and to take one's data along (the General Data Protection Regulation, articles
15 and 20). Days and moments are ISO 8601, amounts text with two decimals, counts text with the
decimals of their unit. Whoever adds a table that points at a person adds it to `TABLES`; a test
looks.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from invest import identity
from invest.kinds import KINDS
from invest.models import (
    AssetCard,
    Call,
    DistributionLine,
    FollowUp,
    Holding,
    InKind,
    Person,
    Placement,
    Pledge,
    Producer,
    RepaymentLine,
    User,
)
from pools import balances
from pools.money import format_minor

Described = dict[str, Any]


def my_data(person: Person, on: date) -> Described:
    """All of it, in the order somebody would look for it."""
    user = person.user
    told: Described = {"told_on": on.isoformat(), "person": _person(person)}
    told["login"] = _login(user) if user else None
    return told | {name: describe(person) for name, describe in TABLES.items()}


def _person(person: Person) -> Described:
    return {
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "municipality": person.municipality,
        "postal_address": person.postal_address,
        "identity_number": identity.unseal(person.identity_sealed),
        "is_protected": person.is_protected,
        "language": person.language,
        "created_at": _at(person.created_at),
        "restricted_on": _on(person.restricted_on),
    }


def _login(user: User) -> Described:
    addresses = EmailAddress.objects.filter(user=user).order_by("pk")
    return {
        "email": user.email,
        "joined_at": _at(user.date_joined),
        "last_login_at": _at(user.last_login),
        "addresses": [
            {"email": a.email, "is_verified": a.verified, "is_primary": a.primary}
            for a in addresses
        ],
        "second_steps": [
            {"kind": step.type, "created_at": _at(step.created_at)}
            for step in Authenticator.objects.filter(user=user).order_by("pk")
        ],
        "roles": [
            {
                "kind": role.kind,
                "organisation": role.organisation.name if role.organisation else None,
                "since": _on(role.since),
                "until": _on(role.until),
            }
            for role in user.roles.select_related("organisation").order_by("since", "pk")
        ],
    }


def _consents(person: Person) -> list[Described]:
    return [
        {
            "kind": consent.kind,
            "text_version": consent.text_version,
            "given_at": _at(consent.given_at),
            "withdrawn_at": _at(consent.withdrawn_at),
        }
        for consent in person.consents.order_by("given_at", "pk")
    ]


def _pledges(person: Person) -> list[Described]:
    mine = person.pledges.select_related(
        "offering__vehicle__project", "offering__vehicle__organisation", "fair", "terms"
    ).prefetch_related(
        "events__beside", "calls__placements__entry", "calls__placements__part", "follow_ups"
    )
    return [_pledge(pledge) for pledge in mine.order_by("pk")]


def _pledge(pledge: Pledge) -> Described:
    vehicle = pledge.offering.vehicle
    return {
        "reference": f"L{pledge.pk:06d}",
        "project": vehicle.project.name if vehicle.project else None,
        "vehicle": vehicle.name,
        "organisation": vehicle.organisation.name,
        "terms_version": pledge.terms.version,
        "fair": pledge.fair.name if pledge.fair else None,
        "source": pledge.source,
        "binding": pledge.binding,
        "submitted_at": _at(pledge.submitted_at),
        "withdraw_until": _on(pledge.withdraw_until),
        "valid_until": _on(pledge.valid_until),
        "shown_as": pledge.shown_as,
        "receipt": pledge.get_absolute_url(),
        "events": [
            {**_event(event), "amount": _kronor(event.amount_minor)}
            for event in pledge.events.all()
        ],
        "calls": [_call(call) for call in pledge.calls.all()],
        "follow_ups": _follow_ups(pledge.follow_ups.all()),
    }


def _call(call: Call) -> Described:
    return {
        "ocr": call.ocr,
        "amount": _kronor(call.amount_minor),
        "issued_on": _on(call.issued_on),
        "due_on": _on(call.due_on),
        "payments": [_payment(placement) for placement in call.placements.all()],
    }


def _payment(placement: Placement) -> Described:
    return {
        "counts_from": _on(placement.counts_from),
        "booked_on": _on(placement.entry.booked_on),
        "amount": _kronor(placement.amount_minor),
        "payer_name": placement.part.payer_name,
        "payer_account": placement.part.payer_account,
        "message": placement.part.message,
        "is_undone": hasattr(placement.entry, "reversed_by"),
    }


def _held_for(person: Person) -> list[Described]:
    mine = person.held_for.select_related("entry__reversed_by", "part").order_by("pk")
    return [_payment(placement) for placement in mine]


def _in_kind(person: Person) -> list[Described]:
    mine = person.in_kind.select_related("project", "fair", "need").prefetch_related(
        "events__beside", "messages", "follow_ups"
    )
    return [_help(given) for given in mine.order_by("pk")]


def _help(given: InKind) -> Described:
    return {
        "reference": f"N{given.pk:06d}",
        "project": given.project.name,
        "need": str(given.need) if given.need else None,
        "fair": given.fair.name if given.fair else None,
        "source": given.source,
        "sort": given.sort,
        "what": given.what,
        "unit": given.unit_id,
        "unit_value": _kronor(given.unit_value_minor),
        "valued_by": given.valued_by,
        "available_from": _on(given.available_from),
        "available_until": _on(given.available_until),
        "conditions": given.conditions,
        "submitted_at": _at(given.submitted_at),
        "shown_as": given.shown_as,
        "receipt": given.get_absolute_url(),
        "events": [
            {**_event(e), "quantity": f"{e.quantity:.2f}", "due_on": _on(e.due_on)}
            for e in given.events.all()
        ],
        "messages": [
            {"at": _at(m.at), "is_from_giver": m.is_from_giver, "text": m.text}
            for m in given.messages.all()
        ],
        "follow_ups": _follow_ups(given.follow_ups.all()),
    }


def _holdings(person: Person) -> list[Described]:
    mine = person.holdings.select_related("vehicle__organisation", "account__ledger__unit")
    return [_holding(held) for held in mine.order_by("vehicle__name", "role")]


def _holding(held: Holding) -> Described:
    unit = held.account.ledger.unit
    roles = {role.role: role.label for role in KINDS[held.vehicle.kind].accounts()}
    lines = balances.statement(held.account)

    def text(amount_minor: int) -> str:
        return format_minor(amount_minor, scale=unit.scale)

    return {
        "vehicle": held.vehicle.name,
        "organisation": held.vehicle.organisation.name,
        "number": held.number,
        "role": held.role,
        "label": str(roles.get(held.role, "")),
        "unit": unit.code,
        "balance": text(lines[-1].balance_minor if lines else 0),
        "movements": [
            {
                "booked_on": _on(line.booked_on),
                "entry": line.seq,
                "kind": line.kind,
                "change": text(line.change_minor),
                "balance": text(line.balance_minor),
            }
            for line in lines
        ],
        "repayments": _repayments(held),
        "payouts": _payouts(held),
    }


def _repayments(held: Holding) -> list[Described]:
    lines = RepaymentLine.objects.filter(holding=held).select_related("repayment__entry")
    return [
        {
            "paid_on": _on(line.repayment.paid_on),
            "principal": _kronor(line.principal_minor),
            "interest": _kronor(line.interest_minor),
            "is_undone": hasattr(line.repayment.entry, "reversed_by"),
        }
        for line in lines.order_by("repayment__paid_on", "pk")
    ]


def _payouts(held: Holding) -> list[Described]:
    lines = DistributionLine.objects.filter(holding=held).select_related(
        "distribution__decided_entry", "distribution__paid_entry"
    )
    return [
        {
            "record_on": _on(line.distribution.record_on),
            "reason": line.distribution.reason,
            "state": str(line.distribution.state),
            "weight": str(line.weight),
            "part": _kronor(line.amount_minor),
            "paid": _kronor(line.paid_minor),
        }
        for line in lines.order_by("distribution__record_on", "pk")
    ]


def _letters(person: Person) -> list[Described]:
    return [
        {
            "kind": letter.kind,
            "to": letter.to,
            "subject": letter.subject,
            "text": letter.text,
            "written_at": _at(letter.written_at),
            "sent_at": _at(letter.sent_at),
        }
        for letter in person.letters.order_by("written_at", "pk")
    ]


def _unwanted(person: Person) -> list[str]:
    return list(person.unwanted.order_by("kind").values_list("kind", flat=True))


def _listing(card: AssetCard) -> Described | None:
    """What the directory shows of whoever made the card, and since which consent."""
    listing = Producer.objects.filter(card=card).first()
    if listing is None:
        return None
    return {
        "name": listing.name,
        "what": listing.what_sv,
        "address": listing.address,
        "hours": listing.hours,
        "web": listing.web,
        "phone": listing.phone,
        "agreed_on": _on(listing.agreed_on),
        "phone_agreed_on": _on(listing.phone_agreed_on),
        "ended_on": _on(listing.ended_on),
    }


def _asset_cards(person: Person) -> list[Described]:
    cards = person.asset_cards.select_related("place").order_by("pk")
    return [
        {
            "place": card.place.name,
            "side": card.side,
            "kind": card.kind,
            "title": card.title,
            "text": card.text,
            "quantity": None if card.quantity is None else f"{card.quantity:.2f}",
            "unit": card.unit_id,
            "added_at": _at(card.added_at),
            "contact_agreed_at": _at(card.contact_agreed_at),
            "listed_as": _listing(card),
            "removed_at": _at(card.removed_at),
            "removed_why": card.removed_why,
            "page": card.get_absolute_url(),
        }
        for card in cards
    ]


def _event(event: Any) -> Described:
    return {
        "number": event.number,
        "on": _on(event.on),
        "at": _at(event.at),
        "from": event.from_state,
        "to": event.to_state,
        "reason": event.reason,
    }


def _follow_ups(rows: Iterable[FollowUp]) -> list[Described]:
    return [
        {
            "due_on": _on(row.due_on),
            "reminded_at": _at(row.reminded_at),
            "done_on": _on(row.done_on),
            "found": row.found,
            "value": _kronor(row.value_minor),
            "comment": row.comment,
        }
        for row in rows
    ]


def _on(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _kronor(amount_minor: int | None) -> str | None:
    return None if amount_minor is None else format_minor(amount_minor, scale=2)


def _invitations(person: Person) -> list[Described]:
    mine = person.invitations.select_related("offering__vehicle__organisation")
    return [
        {
            "vehicle": asked.offering.vehicle.name,
            "organisation": asked.offering.vehicle.organisation.name,
            "invited_on": _on(asked.invited_on),
            "declined_on": _on(asked.declined_on),
            "said_yes": asked.pledge_id is not None,
        }
        for asked in mine.order_by("pk")
    ]


def _sign_ups(person: Person) -> list[Described]:
    mine = person.sign_ups.select_related("gathering__organisation")
    return [
        {
            "gathering": row.gathering.name,
            "organisation": row.gathering.organisation.name,
            "starts_at": _at(row.gathering.starts_at),
            "name": row.name,
            "party": row.party,
            "words": row.words,
            "signed_up_at": _at(row.signed_up_at),
            "cancelled_at": _at(row.cancelled_at),
            "came": row.came,
            "page": row.get_absolute_url(),
        }
        for row in mine.order_by("pk")
    ]


# What points at a person, by its name on the person → how it is told.
TABLES: dict[str, Callable[[Person], list[Any]]] = {
    "consents": _consents,
    "pledges": _pledges,
    "in_kind": _in_kind,
    "holdings": _holdings,
    "letters": _letters,
    "unwanted": _unwanted,
    "invitations": _invitations,
    "asset_cards": _asset_cards,
    "sign_ups": _sign_ups,
    "held_for": _held_for,
}
