"""The codes of vouchers that an action gives out, made and taken back with it."""

import secrets
from datetime import date
from typing import cast

from django.db.models import F, Max

from invest.kinds.local_vouchers import LocalVouchers
from invest.models import Deed, VoucherCode
from invest.vehicles import offerings
from invest.vehicles.refusals import VoucherUsed

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 13


def make(deed: Deed) -> list[VoucherCode]:
    """The codes of vouchers that a deed gives out; called as it is carried out."""
    kind = _terms(deed)
    last = VoucherCode.objects.filter(vehicle=deed.vehicle).aggregate(n=Max("number"))["n"] or 0
    until = deed.facts.get("until")
    facts = {"until": date.fromisoformat(until) if until else None}
    return VoucherCode.objects.bulk_create(
        VoucherCode(
            vehicle=deed.vehicle,
            deed=deed,
            number=last + i,
            code=_new_code(),
            worth=kind.worth,
            left=kind.worth,
            valid_until=kind.until(facts, deed.on),
        )
        for i in range(1, deed.facts["number"] + 1)
    )


def take_back(deed: Deed, on: date) -> None:
    """End the codes of a deed that is undone. Raises VoucherUsed where one is used."""
    codes = VoucherCode.objects.select_for_update().filter(deed=deed)
    touched = codes.exclude(left=F("worth")).order_by("number").first()
    if touched is not None:
        raise VoucherUsed(on=_ended(touched))
    codes.update(left=0, ended_on=on)


def _terms(deed: Deed) -> LocalVouchers:
    """Those in force on the day it was given out: they stand on the voucher."""
    return cast(LocalVouchers, offerings.terms_on(deed.vehicle, deed.on))


def _ended(voucher: VoucherCode) -> date:
    """The day of its last use, or the day it was ended."""
    last = voucher.uses.filter(entry__reversed_by__isnull=True).order_by("-pk").first()
    return last.on if last else voucher.ended_on or voucher.valid_until


def _new_code() -> str:
    bits = secrets.randbits(64)
    return "".join(SIGNS[bits >> 5 * place & 31] for place in reversed(range(LENGTH)))
