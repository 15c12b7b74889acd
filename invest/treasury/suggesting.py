"""What a part of a movement might be, for a person to say: never placed by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from invest.kinds import KINDS
from invest.models import Action, Holding, Organisation, Person, Placement
from invest.treasury import placing, queries
from invest.treasury.queries import InTransit, OpenCall, Waiting
from invest.web.fields import typed_amount
from pools.bank.references import find_ocrs, resembling
from pools.models import BankMode, Entry, Ledger, Movement, Part
from pools.wording import kronor_text

MOST = 5


@dataclass(frozen=True)
class Expected:
    """A payment that the book has and no bank has told of: what for, with whom, how old."""

    entry: Entry
    open_minor: int
    what: str
    who: str
    age_days: int

    @property
    def is_out(self) -> bool:
        """Whether it is to leave the account."""
        return self.open_minor < 0

    @property
    def booked_on(self) -> date:
        """The day of the entry."""
        return self.entry.booked_on

    @property
    def label(self) -> str:
        """In a list of choices."""
        told = [date_format(self.entry.booked_on), self.what, self.who]
        return " · ".join([*filter(None, told), kronor_text(abs(self.open_minor))])


@dataclass(frozen=True)
class Suggestion:
    """One way to place all of a part, why we think so, and what would be posted where."""

    act: str  # the name of the address
    what: str
    why: str
    amount_minor: int
    typed: tuple[tuple[str, str], ...]

    @property
    def amount_typed(self) -> str:
        """As somebody would type it."""
        return typed_amount(self.amount_minor)


def expected(ledger: Ledger, today: date) -> list[Expected]:
    """What the book expects of the bank, in words, oldest first."""
    rows = queries.in_transit(ledger)
    told = _in_words([row.entry for row in rows])
    return [_expected(row, *told[row.entry.pk], today) for row in rows]


def _expected(row: InTransit, what: str, who: str, today: date) -> Expected:
    age = (today - row.entry.booked_on).days
    return Expected(row.entry, row.open_minor, what, who, age)


def in_words(entry: Entry) -> str:
    """What an entry was, and with whom."""
    return ", ".join(filter(None, _in_words([entry])[entry.pk]))


def _in_words(entries: Sequence[Entry]) -> dict[int, tuple[str, str]]:
    """Entry → what was done with which vehicle, and whose accounts it moved."""
    by_number = {
        int(entry.key.split(":")[1]): entry.pk for entry in entries if entry.key.startswith("deed:")
    }
    actions = {
        by_number[action.pk]: action
        for action in Action.objects.filter(pk__in=by_number).select_related("vehicle")
    }
    pks = [entry.pk for entry in entries]
    names: dict[int, dict[str, None]] = {pk: {} for pk in pks}
    vehicles: dict[int, str] = {}
    for side in ("debits", "credits"):
        held = Holding.objects.filter(**{f"account__{side}__entry__in": pks})
        rows = held.values_list(f"account__{side}__entry", "pk").distinct()
        holdings = Holding.objects.select_related("person", "vehicle").in_bulk(
            {pk for _entry, pk in rows}
        )
        for entry, pk in rows:
            names[entry][name_of(holdings[pk].person)] = None
            vehicles[entry] = holdings[pk].vehicle.name
    return {
        entry.pk: (
            _what(entry, actions.get(entry.pk), vehicles.get(entry.pk, "")),
            _few(list(names[entry.pk])),
        )
        for entry in entries
    }


def _what(entry: Entry, action: Action | None, vehicle: str) -> str:
    if action is not None:
        label = str(KINDS[action.vehicle.kind].act(action.act).label)
        return f"{label}, {action.vehicle.name}"
    told = {"distribution-paid": _("Payout to savers"), "repayment": _("Repayment of a loan")}
    return ", ".join(filter(None, [told.get(entry.kind, entry.kind), vehicle]))


def _few(names: list[str]) -> str:
    if len(names) > 3:
        return _("%(name)s and %(n)s more") % {"name": names[0], "n": len(names) - 1}
    return ", ".join(names)


def name_of(person: Person | None) -> str:
    """Who it is on a desk; of a protected person nothing."""
    if person is None:
        return "–"
    return _("protected identity") if person.is_protected else person.name


def persons(organisation: Organisation) -> QuerySet[Person]:
    """Who holds or has promised something here, by name."""
    held = Holding.objects.filter(vehicle__organisation=organisation, person__isnull=False)
    return (
        Person.objects.filter(
            Q(pk__in=held.values("person"))
            | Q(pledges__offering__vehicle__organisation=organisation)
        )
        .distinct()
        .order_by("name", "pk")
    )


def for_part(
    part: Part, left_minor: int, calls: Sequence[OpenCall], rows: Sequence[Expected]
) -> list[Suggestion]:
    """What all of what is left might be, likeliest first."""
    if not left_minor:
        return []
    found = _confirming(part, left_minor, rows)
    if part.amount_minor > 0:
        found = _paying(part, left_minor, calls) + found
    found += [_setting_off(part, other) for other in queries.opposite(part)]
    if part.is_charge and part.amount_minor < 0:
        is_ours = placing.mode_of(part) == BankMode.Mode.CAPITAL
        found.insert(0, _charge(left_minor, is_ours))
    return found[:MOST]


def for_waiting(
    row: Waiting, calls: Sequence[OpenCall], rows: Sequence[Expected]
) -> list[Suggestion]:
    """The same, without what asks the database for each row of a list."""
    found = _confirming(row.part, row.left_minor, rows)
    return found if row.is_out else _paying(row.part, row.left_minor, calls) + found


def _paying(part: Part, left_minor: int, calls: Sequence[OpenCall]) -> list[Suggestion]:
    """Calls whose reference stands in the texts, or nearly, then those of just this amount."""
    text = "\n".join([part.ocr, part.references, part.message, part.movement.message])
    named = {part.ocr, *part.references.splitlines(), *find_ocrs(text)}
    near = set(resembling(text, [c.call.ocr for c in calls])) - named
    found = [(c, _("its reference")) for c in calls if c.call.ocr in named]
    found += [(c, _("nearly its reference")) for c in calls if c.call.ocr in near]
    found += [
        (c, _("same amount"))
        for c in calls
        if c.left_minor == left_minor and c.call.ocr not in named | near
    ]
    return [_pay(call, why, left_minor) for call, why in found[:MOST]]


def _pay(found: OpenCall, why: str, left_minor: int) -> Suggestion:
    pledge = found.call.pledge
    who = f"{name_of(pledge.person)}, {pledge.offering.vehicle.name}"
    minor = min(left_minor, found.left_minor)
    return Suggestion("pay_part", who, why, minor, (("call", str(found.call.pk)),))


def _confirming(part: Part, left_minor: int, rows: Sequence[Expected]) -> list[Suggestion]:
    wanted = left_minor if part.amount_minor > 0 else -left_minor
    return [
        Suggestion(
            "confirm_part",
            ", ".join(filter(None, [row.what, row.who])),
            _("the book expects it since %(day)s") % {"day": date_format(row.entry.booked_on)},
            left_minor,
            (("entry", str(row.entry.pk)),),
        )
        for row in rows
        if row.open_minor == wanted
    ][:MOST]


def _setting_off(part: Part, other: Part) -> Suggestion:
    kind = likely_kind(part, other)
    return Suggestion(
        "set_off_part",
        f"{Placement.Kind(kind).label}: {told_of(other)}",
        _("the same amount the other way"),
        abs(part.amount_minor),
        (("against", str(other.pk)), ("kind", kind)),
    )


def _charge(left_minor: int, is_ours: bool) -> Suggestion:
    if is_ours:
        return Suggestion("fee_part", _("The bank's fee"), _("the bank says so"), left_minor, ())
    told = _("The bookkeeper's")
    return Suggestion("bookkeeper_part", told, _("the bank says it is a fee"), left_minor, ())


def likely_kind(part: Part, other: Part) -> str:
    """What two payments that answer each other probably are."""
    if part.movement.bank_account_id != other.movement.bank_account_id:
        return Placement.Kind.TRANSFERRED
    came, went = (part, other) if part.amount_minor > 0 else (other, part)
    if part.movement.is_reversal or other.movement.is_reversal or _is_before(went, came):
        return Placement.Kind.RETURNED
    return Placement.Kind.SENT_BACK


def _is_before(part: Part, other: Part) -> bool:
    one, two = part.movement, other.movement
    return (one.booked_on, one.pk) < (two.booked_on, two.pk)


def told_of(part: Part) -> str:
    """A part in a list of choices: day, who, message, account, amount."""
    movement: Movement = part.movement
    words = (part.message or movement.message).split("\n")[0][:60]
    told = [
        date_format(movement.booked_on),
        part.payer_name,
        words,
        movement.bank_account.iban[-4:],
    ]
    return " · ".join([*filter(None, told), kronor_text(part.amount_minor)])
