"""Whether a promise still stands: by phone, or by the link in a letter. A yes counts once.

Money is confirmed, and counts. Help in kind is the project's to accept: a giver who follows the
link says that it is still meant, as a line of the talk with the project.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core import signing
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from moneyed import Money

from invest.fairs.queries import after
from invest.in_kind import in_kind
from invest.letters import about, outbox
from invest.letters.queries import anew
from invest.models import Fair, InKind, Letter, Pledge
from invest.pledges import pledges
from invest.refusals import WrongState
from pools.money import kronor

SALT = "confirm-a-promise"
GOOD_FOR = timedelta(days=2)  # Whoever reads letters less often asks for a new link by the old one.
NOT_AGAIN_FOR = timedelta(days=7)  # Nobody is asked by mail twice in a week,
ANEW_AFTER = timedelta(hours=1)  # but whoever asks for a new link gets one an hour at most.

Promise = Pledge | InKind


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link asks about; `seen` is what the giver of help had said when it was written.

    A link older than `GOOD_FOR` (`is_old`) answers nothing; all it does is fetch a new one.
    """

    promise: Promise
    seen: int = 0
    is_old: bool = False

    @property
    def waits(self) -> bool:
        """Whether the answer is still wanted."""
        if self.is_old:
            return False
        if isinstance(self.promise, InKind):
            return _waits(self.promise) and _said(self.promise) == self.seen
        return _waits(self.promise)


def sign(promise: Promise) -> str:
    """The words of a link that is bound to one promise."""
    if isinstance(promise, InKind):
        return signing.dumps(["in-kind", promise.pk, _said(promise)], salt=SALT)
    return signing.dumps(["pledge", promise.pk, 0], salt=SALT)


def read(signed: str) -> Asked:
    """What a link asks about. Raises signing.BadSignature for what we never wrote."""
    is_old = False
    try:
        kind, pk, seen = signing.loads(signed, salt=SALT, max_age=GOOD_FOR)
    except signing.SignatureExpired:
        kind, pk, seen = signing.loads(signed, salt=SALT)
        is_old = True
    if kind == "in-kind":
        help_ = InKind.objects.select_related("project", "person", "fair").get(pk=pk)
        return Asked(help_, seen, is_old)
    promised = Pledge.objects.select_related("offering__vehicle__project", "person", "fair")
    return Asked(promised.get(pk=pk), seen, is_old)


@transaction.atomic
def say_yes(*, asked: Asked, on: date, by: str, at: datetime) -> None:
    """Whoever promised says by the link that it stands. Raises WrongState the second time."""
    _lock(asked.promise)
    if not asked.waits:
        raise WrongState(state=_label(asked.promise))
    if isinstance(asked.promise, InKind):
        in_kind.say(in_kind=asked.promise, text=_("I still mean it."), is_from_giver=True, at=at)
    else:
        reason = _("By the link in the letter")
        pledges.confirm(pledge=asked.promise, on=on, by=by, reason=reason)


@transaction.atomic
def reached(
    *, promise: Promise, on: date, by: str, amount: Decimal | None = None, reason: str = ""
) -> None:
    """Whoever promised was reached and means it: `amount` where it is another than before.

    In kronor, or in the help's own unit. Raises WrongState where it waits no more, and what
    `pledges.change_amount` and `in_kind.change_quantity` raise; nothing is changed then.
    """
    _lock(promise)
    if not _waits(promise):
        raise WrongState(state=_label(promise))
    if isinstance(promise, InKind):
        if amount is not None:
            in_kind.change_quantity(in_kind=promise, quantity=amount, on=on, by=by, reason=reason)
        in_kind.accept(in_kind=promise, on=on, by=by, reason=reason)
        return
    if amount is not None:
        told: Money = kronor(int(amount * 100))
        pledges.change_amount(pledge=promise, amount=told, on=on, by=by, reason=reason)
    pledges.confirm(pledge=promise, on=on, by=by, reason=reason)


@transaction.atomic
def let_go(*, promise: Promise, on: date, by: str, reason: str = "") -> None:
    """Whoever promised was reached and means it no more. Raises WrongState where it is handled."""
    _lock(promise)
    if not _waits(promise):
        raise WrongState(state=_label(promise))
    if isinstance(promise, InKind):
        in_kind.decline(in_kind=promise, on=on, by=by, reason=reason)
    else:
        pledges.decline(pledge=promise, on=on, by=by, reason=reason)


@dataclass(frozen=True)
class Question:
    """A promise in a letter, with the link that answers."""

    row: after.Row
    link: str


def ask_all(*, fair: Fair, link: Callable[[str], str], at: datetime) -> int:
    """Ask everybody with an address whose promise waits, one letter a person. Returns how many.

    `link` makes an address of what `sign` gives. Who was asked within a week is left in peace.
    """
    waiting: dict[int, list[after.Row]] = defaultdict(list)
    for row in after.waiting(fair):
        is_fresh = row.asked_at is None or row.asked_at <= at - NOT_AGAIN_FOR
        if row.person and row.person.email and is_fresh:
            waiting[row.person.pk].append(row)
    return sum(_ask(fair, rows, link) for rows in waiting.values())


def ask_anew(*, asked: Asked, link: Callable[[str], str], at: datetime) -> bool:
    """A new link for whoever came by an old one, by mail to the address on record.

    Only while the promise waits, and once an hour. Returns whether a letter went: whoever holds the
    old link is told the same either way.
    """
    promise, fair = asked.promise, asked.promise.fair
    if fair is None:
        return False
    row = next((row for row in after.waiting(fair) if row.promise == promise), None)
    if row is None or (row.asked_at and row.asked_at > at - ANEW_AFTER):
        return False
    return _ask(fair, [row], link)


def _ask(fair: Fair, rows: list[after.Row], link: Callable[[str], str]) -> bool:
    person = rows[0].person
    if person is None:
        return False
    with translation.override(person.language):
        subject = _("Does your promise at %(fair)s still stand?") % {"fair": fair.name}
    context = {
        "person": person,
        "fair": fair,
        "days": GOOD_FOR.days,
        "questions": [Question(row, link(sign(row.promise))) for row in rows],
    }
    topic = about.fair(fair)
    letter = outbox.send(
        person,
        Letter.Kind.CONFIRM,
        subject,
        "fairs/letters/confirm",
        context,
        organisation=after.whose(fair, [row.promise for row in rows]),
        about=topic,
        key=anew(topic, person),
    )
    return letter is not None


def _lock(promise: Promise) -> None:
    """Two yeses at once are one: the second waits here, and then is late."""
    type(promise)._default_manager.select_for_update().get(pk=promise.pk)


def _waits(promise: Promise) -> bool:
    now = after.row_of(promise)
    return now.state in (after.WAITING_MONEY if now.is_money else after.WAITING_HELP)


def _said(promise: InKind) -> int:
    return promise.messages.filter(is_from_giver=True).count()


def _label(promise: Promise) -> str:
    if isinstance(promise, InKind):
        return in_kind.latest(promise).label
    return pledges.latest(promise).label
