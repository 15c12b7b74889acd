"""Vouchers by their codes: made, redeemed once, lapsed. The book is the truth; codes follow it.

A code is 64 random bits in Crockford's base 32, thirteen signs without I, L, O and U. Who has it
has the voucher, so it stands on paper and at the issuer's desk, and nowhere else.
"""

from datetime import date, datetime
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.utils import timezone

from invest.kinds.actions import MONEY, RIGHTS
from invest.kinds.local_vouchers import LocalVouchers
from invest.kinds.refusals import NotEnough
from invest.models import Action, ActionEvent, Holding, Vehicle, VoucherCode, VoucherUse
from invest.once import Sent
from invest.refusals import WrongState
from invest.vehicles import books
from invest.vehicles.refusals import VoucherUsed
from invest.vehicles.voucher_codes import LENGTH, _ended, _terms
from invest.vouchers.refusals import NoSuchTill, NoSuchVoucher, VoucherExpired, VoucherWhole
from pools import book
from pools.errors import AlreadyReversed
from pools.models import Account, Entry
from pools.money import kronor
from pools.wording import kronor_text

_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_TILL = signing.Signer(salt="voucher-till")


def find(typed: str) -> VoucherCode:
    """The voucher of a code as somebody types it. Raises NoSuchVoucher."""
    code = "".join(typed.upper().split()).replace("-", "").translate(_READ_AS)
    found = VoucherCode.objects.filter(code=code).select_related("vehicle__organisation", "action")
    if len(code) != LENGTH or (voucher := found.first()) is None:
        raise NoSuchVoucher
    return voucher


def refuse_unusable(voucher: VoucherCode, on: date) -> None:
    """Raise VoucherExpired or VoucherUsed where it buys nothing on a day."""
    if on > voucher.valid_until:
        raise VoucherExpired(on=voucher.valid_until)
    if not voucher.left:
        raise VoucherUsed(on=_ended(voucher))


@transaction.atomic
def redeem(
    *,
    voucher: VoucherCode,
    till: Holding,
    worth: int | None,
    on: date,
    by: str,
    key: str,
    at: datetime | None = None,
) -> VoucherUse:
    """A producer takes a voucher, or so many kronor of it (None: all that is left).

    The same key returns the use already there. Raises NoSuchVoucher at a till of another issuer,
    VoucherUsed, VoucherExpired, VoucherWhole, NotEnough, KeyReused.
    """
    voucher = (
        VoucherCode.objects.select_for_update(of=("self",))
        .select_related("vehicle__pool__ledger", "vehicle__rights_ledger", "action")
        .get(pk=voucher.pk)
    )
    sent = Sent(key, {"voucher_id": voucher.pk, "holding_id": till.pk})
    if earlier := sent.earlier(VoucherUse.objects.all()):
        return earlier
    if till.vehicle_id != voucher.vehicle_id:
        raise NoSuchVoucher
    refuse_unusable(voucher, on)
    worth = voucher.left if worth is None else worth
    if worth > voucher.left:
        left, wanted = kronor_text(100 * voucher.left), kronor_text(100 * worth)
        raise NotEnough(left=left, wanted=wanted)
    if worth != voucher.left and _terms(voucher.action).in_part != "yes":
        raise VoucherWhole(worth=kronor(100 * voucher.left))
    entry = _post(
        voucher.vehicle,
        "redeem",
        {till.account: worth},
        on=on,
        by=by,
        key=f"voucher:{voucher.pk}:{voucher.uses.count() + 1}",
    )
    VoucherCode.objects.filter(pk=voucher.pk).update(left=F("left") - worth)
    return VoucherUse.objects.create(
        voucher=voucher,
        holding=till,
        worth=worth,
        on=on,
        at=at or timezone.now(),
        key=key,
        entry=entry,
    )


@transaction.atomic
def undo_use(*, use: VoucherUse, on: date, by: str) -> None:
    """A voucher was taken by mistake: it is good again, once.

    Raises WrongState once it has lapsed, AlreadyReversed where it is undone already.
    """
    voucher = VoucherCode.objects.select_for_update().get(pk=use.voucher_id)
    if voucher.ended_on is not None:
        raise WrongState(state=voucher.ended_on)
    if Entry.objects.filter(reverses=use.entry).exists():
        raise AlreadyReversed
    for entry in Entry.objects.filter(key__in=[use.entry.key, f"{use.entry.key}:units"]):
        book.reverse(entry=entry, on=on, key=f"{entry.key}:undone", by=by)
    VoucherCode.objects.filter(pk=voucher.pk).update(left=F("left") + use.worth)


def lapse(on: date, by: str) -> int:
    """Let vouchers whose last day is before a day lapse, as their terms say. How many."""
    over = VoucherCode.objects.filter(valid_until__lt=on, left__gt=0)
    return sum(_lapse(pk, on, by) for pk in sorted(set(over.values_list("vehicle", flat=True))))


@transaction.atomic
def _lapse(vehicle_pk: int, on: date, by: str) -> int:
    vehicle = Vehicle.objects.select_related("pool__ledger", "rights_ledger").get(pk=vehicle_pk)
    over = list(
        VoucherCode.objects.select_for_update(of=("self",))
        .filter(vehicle=vehicle, valid_until__lt=on, left__gt=0)
        .select_related("action__vehicle")
        .order_by("pk")
    )
    if not over:
        return 0
    worth: dict[Account, int] = {}
    for voucher in over:
        account = _lapses_to(vehicle, _terms(voucher.action), on)
        worth[account] = worth.get(account, 0) + voucher.left
    _post(vehicle, "lapse", worth, on=on, by=by, key=f"voucher:{over[0].pk}:lapsed")
    VoucherCode.objects.filter(pk__in=[v.pk for v in over]).update(left=0, ended_on=on)
    return len(over)


def outstanding(codes: "QuerySet[VoucherCode]") -> int:
    """Kronor that are left on vouchers."""
    left: int = codes.aggregate(total=Sum("left", default=0))["total"]
    return left


# --- Tills ---


def till_token(action: Action) -> str:
    """What makes a phone the till of the producer who joined by an action."""
    return _TILL.sign(str(action.pk))


def till(token: str) -> Holding:
    """The producer's account behind a token, while the joining stands. Raises NoSuchTill."""
    try:
        pk = int(_TILL.unsign(token))
    except (signing.BadSignature, ValueError) as bad:
        raise NoSuchTill from bad
    action = Action.objects.filter(pk=pk, act="join").select_related("vehicle").first()
    if action is None or action.state != ActionEvent.State.DONE:
        raise NoSuchTill
    held = Holding.objects.filter(
        vehicle=action.vehicle, number=action.coded["producer"], role="owed", person__isnull=False
    ).select_related("account", "person", "vehicle")
    if (found := held.first()) is None:
        raise NoSuchTill
    return found


def _post(
    vehicle: Vehicle, why: str, worth: dict[Account, int], *, on: date, by: str, key: str
) -> Entry:
    """Vouchers are out no more, and their kronor are somebody else's. The money's entry."""
    out, gone = (_own(vehicle, RIGHTS, role) for role in ("out", "redeemed"))
    units = [book.Move(debit=out, credit=gone, amount_minor=sum(worth.values()))]
    debt = _own(vehicle, MONEY, "outstanding")
    money = [
        book.Move(debit=debt, credit=account, amount_minor=100 * n) for account, n in worth.items()
    ]
    facts: dict[str, Any] = {"on": on, "kind": why, "by": by}
    entry = book.post(ledger=vehicle.pool.ledger, moves=money, key=key, **facts)
    rights = books.book_of(vehicle, RIGHTS)
    book.post(ledger=rights, moves=units, key=f"{key}:units", **facts)
    return entry


def _own(vehicle: Vehicle, which: str, role: str) -> Account:
    code = f"{vehicle.slug}:{role}"
    return Account.objects.get(ledger=books.book_of(vehicle, which), code=code)


def _lapses_to(vehicle: Vehicle, terms: LocalVouchers, on: date) -> Account:
    if terms.lapses_to == "fund":
        return _own(vehicle, MONEY, "fund")
    return books.chart_account(vehicle.pool.ledger, "income:lapsed", on)
