"""How much of what is promised comes from where the project is.

A part of `committed`, in öre: a promise is from its own municipality when the giver's home is the
municipality of the project it is made to, whatever other projects are told of beside it. Homes are
as they are known now. Of nobody's home that is not known, or who is forgotten, can it be said: such
promises are "unknown", and in neither part of the share.
"""

from django.db.models import F, Q

OWN, ELSEWHERE, UNKNOWN = "own", "elsewhere", "unknown"
_HOME = "pledge__person__municipality"


def place_of(home: str | None, municipality: str) -> str:
    """Where a promise comes from, by the giver's home and the project's municipality."""
    if not home:
        return UNKNOWN
    return OWN if home == municipality else ELSEWHERE


def from_own() -> Q:
    """The same as `place_of`, as a condition on `PledgeEvent`: from the project's municipality."""
    own = F("pledge__offering__vehicle__project__municipality")
    return Q(**{_HOME: own}) & from_known()


def from_known() -> Q:
    """Promises whose giver's home is known, here or elsewhere."""
    return Q(**{f"{_HOME}__gt": ""})
