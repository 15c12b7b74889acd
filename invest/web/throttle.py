"""How fast one browser may send: a hall full of people is let through, a script is slowed.

Five hundred phones behind one address are five hundred browsers, each with its own secret cookie,
so the pace is kept for each browser and form. A script that throws its cookie away must fetch the
form anew for every send, and meets the much higher pace of its address.
"""

from django.core.cache import cache
from django.http import HttpRequest

from invest.web.refusals import SlowDown, TooManyReads

SECONDS = 60
MOST_OF_A_BROWSER = 12
MOST_OF_AN_ADDRESS = 900
MOST_READS_OF_AN_ADDRESS = 600
OUR_PROXY = ("127.0.0.1", "::1")


def keep_pace(request: HttpRequest, form: str, most: int | None = None) -> None:
    """Count a send. Raises SlowDown beyond the pace; what is typed stays, and may be sent later.

    `most` of a browser in a minute, where it is another number than of a hand that fills in forms.
    """
    limits = {f"a:{_address(request)}": MOST_OF_AN_ADDRESS}
    # Nobody sends a form without the cookie: the CSRF check has been before.
    if browser := request.META.get("CSRF_COOKIE", ""):
        limits[f"b:{browser}"] = most or MOST_OF_A_BROWSER
    for whose, limit in limits.items():
        if _count(f"pace:{form}:{whose}") > limit:
            raise SlowDown


def keep_reading_pace(request: HttpRequest) -> None:
    """Count a reading of the open data. Raises TooManyReads beyond the pace of an address."""
    if _count(f"pace:reading:{_address(request)}") > MOST_READS_OF_AN_ADDRESS:
        raise TooManyReads


def _address(request: HttpRequest) -> str:
    """Who asks. Of what a proxy on this machine passes on, only the last is its own word."""
    asking = str(request.META.get("REMOTE_ADDR", ""))
    if asking in OUR_PROXY:
        return str(request.headers.get("X-Forwarded-For", asking)).rsplit(",", 1)[-1].strip()
    return asking


def _count(key: str) -> int:
    cache.add(key, 0, SECONDS)
    try:
        return cache.incr(key)
    except ValueError:  # Its minute ended in between.
        return 1
