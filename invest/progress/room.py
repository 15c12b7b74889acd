"""Left to give: what an offering still has room for, and what it lacks.

In öre, as it stands this moment. An offering's counter holds every promise to it that stands, also
those that wait to be confirmed (`PledgeEvent.OPEN`), so that nothing is promised
twice in a rush; `manage.py audit_book` holds it against the promises themselves. What was withdrawn
has given its room back.
"""

from invest.models import Offering


def taken_minor(offering: Offering) -> int:
    """What is promised to it, confirmed or not."""
    return offering.pledged_minor


def left_minor(offering: Offering) -> int:
    """What more may be promised under its cap; never below nought."""
    return max(0, offering.cap_minor - taken_minor(offering))


def lacking_minor(offering: Offering, goal_min_minor: int) -> int:
    """What more must be promised to reach its least goal; nought where it is reached."""
    return max(0, goal_min_minor - taken_minor(offering))
