"""Who takes part: how many persons, and the names of those who let themselves be named."""

from datetime import date

from django.db.models import Count, Exists, OuterRef, Q

from invest.models import Consent, Person, PledgeEvent, Project
from invest.progress import sums


def count_savers(as_of: date, which: Q) -> int:
    """Persons with a promise that counts in `committed`; `which` is a condition on PledgeEvent.

    Somebody with many promises is one; somebody forgotten is none.
    """
    found = sums.committed(as_of).filter(which)
    counted: int = found.aggregate(n=Count("pledge__person", distinct=True))["n"]
    return counted


def public_names(project: Project, as_of: date) -> list[str]:
    """Names of savers whose promise counts and who let them be shown, in the order they came."""
    committed = sums.promises(as_of).filter(
        pledge__offering__vehicle__project=project, to_state__in=PledgeEvent.COMMITTED
    )
    agreed = Consent.objects.filter(
        person=OuterRef("pk"), kind=Consent.Kind.PUBLISH_NAME, withdrawn_at__isnull=True
    )
    people = Person.objects.filter(
        Exists(agreed), pk__in=committed.values("pledge__person")
    ).exclude(name="")
    return list(people.order_by("pk").values_list("name", flat=True))
