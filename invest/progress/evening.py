"""What was promised at a fair: one evening's figures, for its page, its board and its report.

`promised` is what was promised there, in öre, whatever became of it: an evening that is over does
not change when somebody withdraws a year later, so that what was kept can be measured against it. A
promise counts by its last amount; money to be raised alone, as in every sum of it. `committed` and
`pending` are what of it counts, and waits, on the day asked for (`invest.progress.sums`). Promises
and givers are heads: of money of every kind and of help, which are never added in any other way.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from invest.models import Fair, InKindEvent, PledgeEvent
from invest.progress.disclosure import FEWEST_SHOWN
from invest.progress.sums import COMMITTED, PENDING, KnownTo, counted, promises, raised

PROMISED = raised("pledge__offering__vehicle")


@dataclass(frozen=True, slots=True)
class Evening:
    """Öre; `savers` are those who promised money to be raised, `givers` all who promised."""

    promised_minor: int
    committed_minor: int
    pending_minor: int
    savers: int
    promises: int
    givers: int

    @property
    def savers_are_few(self) -> bool:
        """Whether the savers are so few that what they promised could point at somebody."""
        return self.savers < FEWEST_SHOWN

    @property
    def shows_givers(self) -> bool:
        """Whether the givers are so many that nobody is pointed out."""
        return self.givers >= FEWEST_SHOWN


def evening(fair: Fair, as_of: date, known_to: KnownTo | None = None) -> Evening:
    """What was promised at a fair by the end of the day, and how much of it counts. Three queries.

    `known_to` bounds promises; help is told as it is known now.
    """
    money = promises(as_of, known_to).filter(pledge__fair=fair)
    helping = InKindEvent.objects.filter(in_kind__fair=fair, on__lte=as_of, number=1).order_by()
    row = money.aggregate(
        all=Count("pk"),
        savers=Count("pledge__person", filter=PROMISED, distinct=True),
        promised=_sum(PROMISED),
        committed=_sum(counted(COMMITTED)),
        pending=_sum(counted(PENDING)),
    )
    return Evening(
        promised_minor=row["promised"],
        committed_minor=row["committed"],
        pending_minor=row["pending"],
        savers=row["savers"],
        promises=row["all"] + helping.count(),
        givers=_givers(money, helping),
    )


def _givers(money: QuerySet[PledgeEvent], helping: QuerySet[InKindEvent]) -> int:
    people = money.values_list("pledge__person")
    return people.union(helping.values_list("in_kind__person")).count()


def _sum(which: Q) -> Sum:
    return Sum("amount_minor", filter=which, default=0)
