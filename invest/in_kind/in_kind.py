"""The life of help in kind: offered, accepted, scheduled, delivered, verified; or not.

Facts are events, as with pledges in money: quantity and state are those of the last `InKindEvent`,
and a changed quantity is an event whose state stays. Nothing of it is ever added to money.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from invest import dated_settings
from invest.in_kind.refusals import ProjectClosed
from invest.kinds.refusals import BadTerms
from invest.models import Fair, InKind, InKindEvent, InKindMessage, Need, Pledge, Project
from invest.once import Sent
from invest.people import Giver, person_for, plain
from pools.errors import NotAnAmount
from pools.models import Unit

State = InKindEvent.State
Sort = InKind.Sort
MOST = Decimal(100_000)


def parse_quantity(typed: str) -> Decimal | None:
    """A number above zero and up to MOST with at most two decimals, as people type it: comma or
    point, spaces between; None for anything else.
    """
    text = "".join(typed.split()).replace(",", ".")
    if not (text.isascii() and text.replace(".", "", 1).isdigit()):
        return None
    number = Decimal(text)
    return number if 0 < number <= MOST and number == round(number, 2) else None


# The unit that goes without saying for a sort of help.
USUAL_UNITS: dict[str, str] = {
    Sort.TIME: "HOUR",
    Sort.ADVICE: "HOUR",
    Sort.TASK: "PIECE",
    Sort.GOODS: "PIECE",
    Sort.TOOL: "DAY",
    Sort.SPACE: "DAY",
    Sort.INTRODUCTIONS: "INTRO",
    Sort.PRE_PURCHASE: "SEK",
    Sort.CHILDCARE: "HOUR",
    Sort.PUBLICITY: "POST",
    Sort.LOCAL_CURRENCY: "KLOVER",
    Sort.OTHER: "PIECE",
}


@dataclass(frozen=True, slots=True)
class Help:
    """What is offered: its sort, in words, how much of which unit, when, and on what conditions.

    `unit_value_minor` is the giver's own word of what one unit is worth, in öre; None: hours are
    worth the standard hour, local currency its comparison, and nothing else has a value.
    """

    sort: str
    what: str
    quantity: Decimal
    unit: str
    available_from: date | None = None
    available_until: date | None = None
    conditions: str = ""
    unit_value_minor: int | None = None


def offer(
    *,
    project: Project,
    giver: Giver,
    help_: Help,
    key: str,
    key_owner: str,
    on: date,
    by: str,
    at: datetime | None = None,
    source: str = Pledge.Source.WEB,
    fair: Fair | None = None,
    need: Need | None = None,
    shown_as: str = "",
) -> InKind:
    """Offer help, once: the same key with the same content returns the offer already there.

    Raises KeyReused, ProjectClosed where the project takes no more, NotAnAmount, BadTerms and
    UnsafeText; nothing is kept then, and the same key may be sent again.
    """
    sent = _sent(project, giver, help_, key, key_owner)
    if earlier := sent.earlier(InKind.objects.all()):
        return earlier
    _refuse(project, help_, on)
    at = at or timezone.now()
    value, valued_by = _worth(help_, on)

    def make() -> InKind:
        made = InKind.objects.create(
            project=project,
            need=need,
            person=person_for(giver, at=at),
            fair=fair,
            source=source,
            sort=help_.sort,
            what=plain(help_.what, most=200),
            unit=Unit.objects.get(pk=help_.unit),
            available_from=help_.available_from,
            available_until=help_.available_until,
            conditions=plain(help_.conditions, most=300),
            unit_value_minor=value,
            valued_by=valued_by,
            shown_as=plain(shown_as),
            submitted_at=at,
            key=key,
            key_owner=key_owner,
            fingerprint=sent.fingerprint(),
        )
        InKindEvent.objects.step(made, State.OFFERED, on=on, by=by, at=at, quantity=help_.quantity)
        return made

    return sent.once(InKind.objects.all(), make)


def accept(*, in_kind: InKind, on: date, by: str, reason: str = "") -> InKindEvent:
    """The project says yes."""
    return _step(in_kind, State.ACCEPTED, on=on, by=by, reason=reason)


def decline(*, in_kind: InKind, on: date, by: str, reason: str = "") -> InKindEvent:
    """The project says no, kindly."""
    return _step(in_kind, State.DECLINED, on=on, by=by, reason=reason)


def schedule(*, in_kind: InKind, due_on: date, on: date, by: str, reason: str = "") -> InKindEvent:
    """A day is set."""
    return _step(in_kind, State.SCHEDULED, on=on, by=by, reason=reason, due_on=due_on)


def deliver(
    *, in_kind: InKind, on: date, by: str, quantity: Decimal | None = None, reason: str = ""
) -> InKindEvent:
    """It was done or handed over; `quantity` where it became more or less than was promised."""
    return _step(in_kind, State.DELIVERED, on=on, by=by, reason=reason, quantity=quantity)


def verify(*, in_kind: InKind, on: date, by: str, reason: str = "") -> InKindEvent:
    """The project acknowledges what it got."""
    return _step(in_kind, State.VERIFIED, on=on, by=by, reason=reason)


def withdraw(*, in_kind: InKind, on: date, by: str, reason: str = "") -> InKindEvent:
    """The giver takes it back."""
    return _step(in_kind, State.WITHDRAWN, on=on, by=by, reason=reason)


@transaction.atomic
def change_quantity(
    *, in_kind: InKind, quantity: Decimal, on: date, by: str, reason: str = ""
) -> InKindEvent:
    """More or less of it; the old quantity stays in the log."""
    now = latest(in_kind)
    return _step(in_kind, now.to_state, on=on, by=by, reason=reason, quantity=quantity)


@transaction.atomic
def answer_need(*, in_kind: InKind, need: Need | None) -> InKind:
    """Say which of the project's needs the help is for; None: no special one. Raises BadTerms."""
    if need is not None and (need.project_id != in_kind.project_id or need.quantity is None):
        raise BadTerms(field="need", reason=_("the project has no such need of help"))
    in_kind.need = need
    in_kind.save(update_fields=["need"])
    return in_kind


def say(*, in_kind: InKind, text: str, is_from_giver: bool, at: datetime) -> InKindMessage:
    """A line of the talk between giver and project; said twice at once, it is one line.

    Raises UnsafeText, BadTerms where empty.
    """
    words = plain(text, most=500)
    if not words:
        raise BadTerms(field="text", reason=_("write a line"))
    last = in_kind.messages.order_by("pk").last()
    if last and (last.is_from_giver, last.text) == (is_from_giver, words):
        return last
    return InKindMessage.objects.create(
        in_kind=in_kind, at=at, is_from_giver=is_from_giver, text=words
    )


def latest(in_kind: InKind) -> InKindEvent:
    """The event that says what it is now."""
    return in_kind.events.latest("number")


@transaction.atomic
def _step(
    in_kind: InKind,
    to: str,
    *,
    on: date,
    by: str,
    reason: str = "",
    quantity: Decimal | None = None,
    due_on: date | None = None,
) -> InKindEvent:
    now = InKindEvent.objects.refuse(in_kind, to, on)  # The state is told before the amount.
    if quantity is not None and not 0 < quantity <= MOST:
        raise NotAnAmount
    told: dict[str, Any] = {"quantity": quantity, "due_on": due_on}
    changed = {name: value for name, value in told.items() if value is not None}
    said = {"to_state": to, **changed, **({"reason": reason} if reason else {})}
    if now is not None and all(getattr(now, name) == value for name, value in said.items()):
        return now  # Said twice, it is still one step.
    return InKindEvent.objects.step(in_kind, to, on=on, by=by, reason=reason, **changed)


def _refuse(project: Project, help_: Help, on: date) -> None:
    stage = project.stages.order_by("-number").first()
    if stage is not None and stage.to_state in _CLOSED:
        raise ProjectClosed(project=project.name, on=stage.on)
    if not 0 < help_.quantity <= MOST:
        raise NotAnAmount
    if help_.available_until is not None and help_.available_until < on:
        raise BadTerms(field="available_until", reason=_("that day has passed already"))


# Stages in which a project takes no more help.
_CLOSED = frozenset({"failed", "completed", "wound_up"})


def _worth(help_: Help, on: date) -> tuple[int | None, str]:
    """What one unit is worth in öre on a day, and by whose word. For information only."""
    if help_.unit_value_minor:
        return help_.unit_value_minor, InKind.ValuedBy.GIVER
    known = {"HOUR": "standard-hour-minor", "KLOVER": "klover-minor"}
    if help_.unit in known:
        return int(dated_settings.value(known[help_.unit], on)), InKind.ValuedBy.STANDARD
    if help_.unit == "SEK":
        return 100, InKind.ValuedBy.MARKET
    return None, ""


def _sent(project: Project, giver: Giver, help_: Help, key: str, key_owner: str) -> Sent:
    quantity = format(help_.quantity.normalize(), "f")
    about = [giver.name, giver.email.lower(), help_.sort, help_.what, quantity, help_.unit]
    columns = {"key_owner": key_owner, "project_id": project.pk}
    return Sent(key, columns, about, row_id=project.pk)
