"""What everybody may read, and a mark that changes when any of it does. No pandas here."""

import hashlib
import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Model, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from invest.models import (
    Deed,
    Distribution,
    Fair,
    FinanceSource,
    GoalRevision,
    Milestone,
    Need,
    Offering,
    Organisation,
    Pitch,
    Pledge,
    PledgeEvent,
    Project,
    Repayment,
    StageEvent,
    Update,
    Vehicle,
    VehicleTerms,
)
from invest.queries.fair_desk import absolute
from pools.models import Ledger
from reports.models import PublicationRevision

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
# Rows that may be changed where they stand: few, so they are read whole.
_EDITED: tuple[type[Model], ...] = (
    *(Project, Organisation, Vehicle, Milestone, Update, FinanceSource, Need, Fair, Pitch),
    *(GoalRevision, StageEvent, VehicleTerms),
)
# Rows that are only ever added to: their number says it.
_ADDED: tuple[type[Model], ...] = (PledgeEvent, Deed, Repayment, Distribution)


def public_mark(now: datetime) -> str:
    """The state of everything that the open data tells, as 32 hexadecimal digits.

    Money is known by the heads of the ledgers, promises by the number of their events, a saver who
    is forgotten by the number of promises that still have one. The day counts too: figures are as
    of today.
    """
    facts = [
        settings.VERSION,
        settings.PUBLIC_URL,
        timezone.localdate(now),
        *(list(_rows(model)) for model in _EDITED),
        list(Offering.objects.order_by("pk").values_list("pk", "opens_on", "closes_on")),
        *(model._default_manager.aggregate(Max("pk"), Count("pk")) for model in _ADDED),
        Pledge.objects.aggregate(Count("person")),
        list(Ledger.objects.order_by("pk").values_list("pk", "head_seal")),
        published_by(now).aggregate(Max("pk"), Count("pk")),
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def published_by(now: datetime) -> QuerySet[PublicationRevision]:
    """Revisions that everybody may read: approved, and past their embargo."""
    free = Q(embargo_until__isnull=True) | Q(embargo_until__lte=now)
    return PublicationRevision.objects.filter(
        free, approved_at__isnull=False, discarded_at__isnull=True
    )


def _rows(model: type[Model]) -> Any:
    return model._default_manager.order_by("pk").values_list()


def newest_revisions(now: datetime) -> QuerySet[PublicationRevision]:
    """The newest public revision of each publication, newest publication first. One query."""
    public = published_by(now)
    last = public.filter(publication=OuterRef("publication")).order_by().values("publication")
    return (
        public.filter(number=Subquery(last.annotate(last=Max("number")).values("last")))
        .select_related("publication__organisation", "publication__project")
        .order_by("-publication_id")
    )


def published_at(revision: PublicationRevision) -> datetime:
    """When everybody could read it: approved, and past its embargo. In Stockholm's time."""
    moments = [at for at in (revision.approved_at, revision.embargo_until) if at]
    return timezone.localtime(max(moments))


def publication_url(pk: int) -> str:
    """The page of a publication: a stable address, on every rendering of it."""
    return absolute(f"/publications/{pk}/")


def plain(text: str) -> str:
    """A text without the control characters that XML and calendars cannot hold."""
    return _CONTROL.sub("", text)
