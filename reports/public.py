"""What everybody may read, and a mark that changes when any of it does. No pandas here."""

import hashlib
import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Model
from django.utils import timezone

from invest.models import (
    Action,
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
    Worded,
)
from pools.models import Ledger
from reports.models import PublicationRevision

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
# Rows that may be changed where they stand: few, so they are read whole.
_EDITED: tuple[type[Model], ...] = (
    *(Project, Organisation, Vehicle, Milestone, Update, FinanceSource, Need, Fair, Pitch),
    *(GoalRevision, StageEvent, VehicleTerms),
)
# Rows that are only ever added to: their number says it.
_ADDED: tuple[type[Model], ...] = (PledgeEvent, Action, Repayment, Distribution)


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
        _published(now),
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def _rows(model: type[Model]) -> Any:
    told = [field.attname for field in model._meta.concrete_fields]
    # Words beside a row may be erased: it tells something else then.
    beside = ["beside__salt"] if issubclass(model, Worded) else []
    return model._default_manager.order_by("pk").values_list(*told, *beside)


def _published(now: datetime) -> Any:
    """What is approved, as it stands, and how much of it an embargo still holds."""
    rows = PublicationRevision.objects.filter(approved_at__isnull=False)
    held = rows.filter(embargo_until__gt=now).count()
    return [held, list(rows.order_by("pk").values_list("pk", "signature"))]


def plain(text: str) -> str:
    """A text without the control characters that XML and calendars cannot hold."""
    return _CONTROL.sub("", text)
