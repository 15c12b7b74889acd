"""The codes of vouchers that an action gives out, made and taken back with it."""

import secrets
from datetime import date
from typing import cast

from django.db.models import F, Max

from invest.kinds.local_vouchers import LocalVouchers
from invest.models import Action, VoucherCode
from invest.vehicles import offerings
from invest.vehicles.refusals import VoucherUsed

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 13


def make(action: Action) -> list[VoucherCode]:
    """The codes of vouchers that an action gives out; called as it is carried out."""
    kind = _terms(action)
    last = VoucherCode.objects.filter(vehicle=action.vehicle).aggregate(n=Max("number"))["n"] or 0
    until = action.coded.get("until")
    facts = {"until": date.fromisoformat(until) if until else None}
    return VoucherCode.objects.bulk_create(
        VoucherCode(
            vehicle=action.vehicle,
            action=action,
            number=last + i,
            code=_new_code(),
            worth=kind.worth,
            left=kind.worth,
            valid_until=kind.until(facts, action.on),
        )
        for i in range(1, action.coded["number"] + 1)
    )


def take_back(action: Action, on: date) -> None:
    """End the codes of an action that is undone. Raises VoucherUsed where one is used."""
    codes = VoucherCode.objects.select_for_update().filter(action=action)
    touched = codes.exclude(left=F("worth")).order_by("number").first()
    if touched is not None:
        raise VoucherUsed(on=_ended(touched))
    codes.update(left=0, ended_on=on)


def _terms(action: Action) -> LocalVouchers:
    """Those in force on the day it was given out: they stand on the voucher."""
    return cast(LocalVouchers, offerings.terms_on(action.vehicle, action.on))


def _ended(voucher: VoucherCode) -> date:
    """The day of its last use, or the day it was ended."""
    last = voucher.uses.standing().order_by("-pk").first()
    return last.on if last else voucher.ended_on or voucher.valid_until


def _new_code() -> str:
    bits = secrets.randbits(64)
    return "".join(SIGNS[bits >> 5 * place & 31] for place in reversed(range(LENGTH)))
