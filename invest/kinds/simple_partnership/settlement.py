"""Enkla bolag: what each partner takes out when a simple partnership is settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from invest.kinds.refusals import BadTerms
from pools.money import split


@dataclass(frozen=True, slots=True)
class Settlement:
    """What each partner gets (below zero: owes), in öre, and the profit (below zero: loss)."""

    out_minor: tuple[int, ...]
    result_minor: int


def settle(
    *,
    contributions_minor: Sequence[int],
    assets_minor: int,
    debts_minor: int,
    provisions_minor: int = 0,
    shares: Sequence[int] | None = None,
) -> Settlement:
    """Share out what is left when known debts are paid or provided for.

    Each partner first gets the remaining contribution back; what is over or missing is shared by
    `shares` (None: equally), exact to the öre. The parts add up to the net. Lag (1980:1102) om
    handelsbolag och enkla bolag, 2:8 and 2:34 by 4:2. Raises BadTerms.
    """
    keys = list(shares or [1] * len(contributions_minor))
    figures = (*contributions_minor, assets_minor, debts_minor, provisions_minor, *keys)
    if len(contributions_minor) < 2 or len(keys) != len(contributions_minor):
        raise BadTerms(reason=_("it takes two partners or more"))
    if min(figures) < 0 or not any(keys):
        raise BadTerms(reason=_("no number may be below zero"))
    result = assets_minor - debts_minor - provisions_minor - sum(contributions_minor)
    parts = split(abs(result), keys)
    sign = 1 if result >= 0 else -1
    return Settlement(
        out_minor=tuple(
            back + sign * part for back, part in zip(contributions_minor, parts, strict=True)
        ),
        result_minor=result,
    )


# Dated settings: percentage points above the reference rate, on outlays and on what is late.
OUTLAY_MARGIN, LATE_MARGIN = "outlay-margin-pct", "late-margin-pct"


def interest_rate_pct(reference_pct: Fraction, margin_pct: Fraction) -> Fraction:
    """Interest a year on an outlay for the partnership (margin 2), or on a contribution that is
    late (8). Lag (1980:1102) 2:13, räntelagen (1975:635) 5 and 6 §§.
    """
    return reference_pct + margin_pct
