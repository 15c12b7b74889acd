"""Swedish banking days."""

from datetime import date, timedelta

from holidays.countries.sweden import Sweden

_PUBLIC = Sweden(include_sundays=False)
_FRIDAY = 4


def is_bank_day(day: date) -> bool:
    """Whether Swedish banks book payments on a day: also the three eves are free."""
    is_midsummer_eve = day.month == 6 and 19 <= day.day <= 25 and day.weekday() == _FRIDAY
    is_eve = is_midsummer_eve or (day.month, day.day) in {(12, 24), (12, 31)}
    return day.weekday() <= _FRIDAY and day not in _PUBLIC and not is_eve


def following(day: date) -> date:
    """The day itself, or the next banking day."""
    while not is_bank_day(day):
        day += timedelta(days=1)
    return day
