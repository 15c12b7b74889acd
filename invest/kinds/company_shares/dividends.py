"""Lokala bolag: what shares in a limited company may pay out, and how an issue is shared out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from invest.kinds.refusals import BadTerms
from pools.money import split

YEARS_BACK = 5


@dataclass(frozen=True, slots=True)
class SvbYear:
    """A financial year of an AB (svb): what was paid in for shares at the end of the year before,
    the state loan rate that counts (per cent), and what was paid out that year.
    """

    paid_in_minor: int
    state_loan_rate_pct: Decimal
    paid_out_minor: int = 0
    margin_pct: Decimal = Decimal(1)

    @property
    def own_limit_minor(self) -> int:
        """Paid in · max(0, rate + margin), öre downwards; the margin is one percentage point."""
        rate = max(Fraction(0), Fraction(self.state_loan_rate_pct) + Fraction(self.margin_pct))
        return int(self.paid_in_minor * rate / 100)


def svb_room_minor(years: Mapping[int, SvbYear], year: int) -> int:
    """What may still be paid out in a year: its own limit and five years' unused room.

    Payouts use the oldest room first. Aktiebolagslagen (2005:551), chapter 32. Raises BadTerms
    where the year is unknown. The result is the law's ceiling only: free equity and prudence bound
    it too.
    """
    if year not in years:
        raise BadTerms(reason=_("nothing is known of the year %(year)s") % {"year": year})
    room: dict[int, int] = {}
    for known in sorted(years):
        if known > year:
            break
        room = {past: left for past, left in room.items() if known - past <= YEARS_BACK}
        room[known] = years[known].own_limit_minor
        left_to_charge = years[known].paid_out_minor
        for past in sorted(room):
            used = min(room[past], left_to_charge)
            room[past] -= used
            left_to_charge -= used
    return sum(room.values())


def dividend_per_share_minor(decided_minor: int, shares: int) -> int:
    """Öre for each share, downwards; the rest stays in the company. Raises BadTerms."""
    if decided_minor < 0 or shares < 1:
        raise BadTerms(reason=_("there are no shares"))
    return decided_minor // shares


def allot(asked: Sequence[int], available: int, *, rule: str) -> list[int]:
    """Shares to each subscriber, in the order they asked, by the rule announced beforehand.

    `first-come`: each in turn, until nothing is left. `pro-rata`: by what each asked, largest
    remainder, never more than asked. `equal`: the same to all as far as each asked (minimum lots
    first). The sum is the lesser of what is asked and what there is. Raises BadTerms.
    """
    if rule not in RULES or available < 0 or any(number < 1 for number in asked):
        raise BadTerms(reason=_("no rule of allotment was announced"))
    if sum(asked) <= available:
        return list(asked)
    return RULES[rule](asked, available)


def _first_come(asked: Sequence[int], available: int) -> list[int]:
    given = []
    for number in asked:
        given.append(min(number, available))
        available -= given[-1]
    return given


def _pro_rata(asked: Sequence[int], available: int) -> list[int]:
    return split(available, asked)


def _equal(asked: Sequence[int], available: int) -> list[int]:
    """Fill everybody evenly; who asked for little is full first."""
    given = [0] * len(asked)
    while available:
        open_ones = [i for i, number in enumerate(asked) if given[i] < number][:available]
        each = min(available // len(open_ones), *(asked[i] - given[i] for i in open_ones))
        for i in open_ones:
            given[i] += each
        available -= each * len(open_ones)
    return given


RULES = {"first-come": _first_come, "pro-rata": _pro_rata, "equal": _equal}
