"""Exact arithmetic on money: in and out of minor units, and sharing without losing any. No ORM.

Money is whole minor units (öre) everywhere inside; `Money` at the doors. Never a float.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from moneyed import Money

from pools.errors import AmountTooLarge, NotAnAmount, NotKronor, UnevenMoney

MOST_MINOR = 10**14  # No amount is larger, so that no sum overflows 64 bits.

# ASCII digits, grouped by threes or not at all; a comma or a point before at most two decimals.
_AMOUNT = re.compile(
    r"(?P<whole>0|[1-9][0-9]{0,2}(?:[ \u00a0\u202f][0-9]{3})+|[1-9][0-9]*)"
    r"(?:[.,](?P<part>[0-9]+)|[:.,][-\u2013])?"
    r"[ \u00a0]?(?P<word>kr|SEK|tkr|mkr)?"
)
_TIMES = {None: 0, "kr": 0, "SEK": 0, "tkr": 3, "mkr": 6}


def to_minor(money: Money, *, scale: int) -> int:
    """Whole minor units of an amount; may be negative.

    Raises UnevenMoney when it is finer than the scale, AmountTooLarge beyond ±10**14.
    """
    amount: Decimal = money.amount
    if not amount.is_finite():
        raise NotAnAmount
    minor = Fraction(amount) * 10**scale
    if minor.denominator != 1:
        raise UnevenMoney
    if abs(minor) > MOST_MINOR:
        raise AmountTooLarge
    return int(minor)


def from_minor(minor: int, *, unit: str, scale: int) -> Money:
    """The amount that so many minor units are."""
    return Money(Decimal(minor).scaleb(-scale), unit)


def ore(money: Money) -> int:
    """Kronor in, öre out; see `to_minor`. Raises NotKronor for any other currency."""
    if str(money.currency) != "SEK":
        raise NotKronor(currency=str(money.currency))
    return to_minor(money, scale=2)


def kronor(minor: int) -> Money:
    """Öre in, kronor out."""
    return from_minor(minor, unit="SEK", scale=2)


def parse_amount(text: str, *, scale: int) -> int:
    """Whole minor units of what a visitor typed: `1 500`, `1500,50`, `1 500.50 kr`, `1 500:–`.

    Digits are ASCII; groups are parted by spaces. Raises NotAnAmount for anything else (negative,
    zero, NaN, `1e6`, `1_000`, `007`, full-width digits), UnevenMoney and AmountTooLarge.
    """
    found = _AMOUNT.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        raise NotAnAmount
    whole = re.sub(r"[ \u00a0\u202f]", "", found["whole"])
    part = found["part"] or ""
    if len(whole) > 15:
        raise AmountTooLarge
    minor = Fraction(int(whole + part), 10 ** len(part)) * 10 ** (scale + _TIMES[found["word"]])
    if minor.denominator != 1:
        raise UnevenMoney
    if minor > MOST_MINOR:
        raise AmountTooLarge
    if minor == 0:
        raise NotAnAmount
    return int(minor)


def format_minor(minor: int, *, scale: int) -> str:
    """Plain digits for files and programs: 217125 at scale 2 is `2171.25`."""
    return f"{Decimal(minor).scaleb(-scale):.{scale}f}"


def half_up(value: Fraction) -> int:
    """The nearest whole number, halves away from zero."""
    sign = -1 if value < 0 else 1
    return sign * ((2 * abs(value) + 1) // 2)


def split(total_minor: int, weights: Sequence[int]) -> list[int]:
    """Share `total_minor` by `weights`; the parts always add up to the whole.

    Largest remainder (Hamilton); ties go to the earlier share, so that the same input always
    gives the same parts. Raises ValueError unless total ≥ 0, weights ≥ 0 and one of them above 0.
    """
    return split_with_carry(total_minor, weights, [Fraction(0)] * len(weights)).parts


@dataclass(frozen=True, slots=True)
class SplitResult:
    """`parts` in minor units, and for each what is still owed (carry): whole billionths of one."""

    parts: list[int]
    carry: list[Fraction]


def split_with_carry(
    total_minor: int,
    weights: Sequence[int],
    carry: Sequence[Fraction],
    *,
    most: Sequence[int] | None = None,
) -> SplitResult:
    """Share `total_minor` by `weights`, settling what earlier runs left owing.

    Plain largest remainder drifts when it is run month after month; adding each saver's carried
    fraction first keeps everybody within one unit of the exact share for ever. Parts are ≥ 0 and
    add up to the total; the carries add up to what they did before, and are whole billionths, or
    their denominators would grow with every run. With `most` nobody gets more than that: what one
    cannot take goes to who is most behind. Raises ValueError as `split`, and where `most` is less
    than the total.
    """
    if total_minor < 0 or not any(weights) or min(weights) < 0:
        raise ValueError("a split needs a total ≥ 0 and weights ≥ 0, one of them above 0")
    whole = sum(weights)
    ideal = [
        Fraction(total_minor * weight, whole) + owed
        for weight, owed in zip(weights, carry, strict=True)
    ]
    tops = [total_minor] * len(weights) if most is None else list(most)
    if sum(tops) < total_minor:
        raise ValueError("a split needs room for all of its total")
    floors = [max(0, exact.numerator // exact.denominator) for exact in ideal]
    parts = [min(part, top) for part, top in zip(floors, tops, strict=True)]
    left = total_minor - sum(parts)
    by_need = sorted(range(len(parts)), key=lambda i: (parts[i] - ideal[i], i))
    while left > 0:
        for i in [i for i in by_need if parts[i] < tops[i]][:left]:
            parts[i] += 1
            left -= 1
    # Parts held at zero may have made the sum too large: take from who is most ahead.
    for _ in range(-left):
        ahead = max(
            (i for i, part in enumerate(parts) if part > 0), key=lambda i: (parts[i] - ideal[i], i)
        )
        parts[ahead] -= 1
    return SplitResult(parts, _billionths([e - part for e, part in zip(ideal, parts, strict=True)]))


def _billionths(carry: list[Fraction]) -> list[Fraction]:
    """Each rounded to whole billionths; their sum, which is one already, stays the same."""
    scaled = [owed * _FINENESS for owed in carry]
    floors = [exact.numerator // exact.denominator for exact in scaled]
    left = int(sum(scaled)) - sum(floors)
    by_need = sorted(range(len(floors)), key=lambda i: (floors[i] - scaled[i], i))
    for i in by_need[:left]:
        floors[i] += 1
    return [Fraction(floor, _FINENESS) for floor in floors]


_FINENESS = 10**9
