"""Days and moments as XML Schema writes them, on Stockholm's calendar.

A moment with a zone is turned to Stockholm's; one without is as told. Source: XML Schema part 2,
§3.2.7 (dateTime) and §3.2.9 (date): a zone on a date, 24:00:00, any number of decimals of a second.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
FIRST_YEAR, LAST_YEAR = 1900, 2199  # Beyond them it is a slip of the pen.

_FORM = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:T(?P<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.(?P<parts>[0-9]+))?)?"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?"
)
_MIDNIGHT = "24:00:00"


def to_day(text: str, *, is_end: bool = False) -> date | None:
    """Stockholm's day of a date or a moment; None for what is neither.

    With `is_end` the midnight 24:00:00 belongs to the day that it ends, not to the next.

    >>> to_day("2026-12-31T23:30:00Z")
    datetime.date(2027, 1, 1)
    >>> to_day("2026-11-23+01:00")
    datetime.date(2026, 11, 23)
    """
    found = _FORM.fullmatch(text)
    if found is not None and (found["time"] is None or (is_end and found["time"] == _MIDNIGHT)):
        return _date(found["day"])
    moment = to_moment(text)
    return moment.date() if moment else None


def to_moment(text: str) -> datetime | None:
    """A moment in Stockholm's zone; a date alone is its beginning; None for what is neither."""
    found = _FORM.fullmatch(text)
    day = _date(found["day"]) if found else None
    if found is None or day is None:
        return None
    clock = found["time"] or "00:00:00"
    later = timedelta(days=1) if clock == _MIDNIGHT else timedelta()
    if later and (found["parts"] or "").strip("0"):
        return None
    try:
        hour, minute, second = map(int, ("00:00:00" if later else clock).split(":"))
        at = time(hour, minute, second, int((found["parts"] or "").ljust(6, "0")[:6]))
        moment = datetime.combine(day, at, _zone(found["zone"])) + later
    except ValueError:
        return None
    return moment.astimezone(STOCKHOLM)


def _date(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _zone(text: str | None) -> timezone | ZoneInfo:
    if text is None:
        return STOCKHOLM
    if text == "Z":
        return UTC
    away = timedelta(hours=int(text[1:3]), minutes=int(text[4:]))
    return timezone(-away if text[0] == "-" else away)
