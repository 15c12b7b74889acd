"""Packs: a fair's report in all its formats, asked for at the desk and made by the worker."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models.functions import Length
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from invest.models import Fair
from pools.errors import Refused
from reports.models import Pack

log = logging.getLogger(__name__)
KEPT = 5  # Packs of a fair; older ones are removed.
PATIENCE = timedelta(minutes=20)  # What is not done by then was lost with its worker.


@dataclass(frozen=True, slots=True)
class PackRow:
    """A pack as its organiser sees it. `state`: making, made or failed; `size` in bytes."""

    pack: Pack
    state: str
    why: str
    size: int


def packs(fair: Fair, at: datetime) -> list[PackRow]:
    """The fair's packs, newest first, without the files themselves. One query."""
    rows = Pack.objects.filter(fair=fair).defer("archive").annotate(size=Length("archive"))
    return [_row(pack, pack.size or 0, at) for pack in rows]


def _row(pack: Pack, size: int, at: datetime) -> PackRow:
    if pack.finished_at is not None:
        return PackRow(pack, "failed" if pack.failed else "made", pack.failed, size)
    is_lost = pack.asked_at < at - PATIENCE
    return PackRow(pack, "failed" if is_lost else "making", _lost() if is_lost else "", size)


def _lost() -> str:
    return _("Whoever was making it stopped before it was done. Ask for it again.")


def ask(*, fair: Fair, as_of: date, language: str, by: str, at: datetime) -> Pack:
    """Ask for a pack: a new one, or the one of this fair that is being made already.

    In the demo it is made at once; elsewhere the worker makes it.
    """
    from reports.render.pack import FORMATS  # noqa: PLC0415 -- pandas: 0.5 s

    with transaction.atomic():
        Fair.objects.select_for_update().get(pk=fair.pk)  # Two presses wait for each other.
        waiting = Pack.objects.filter(fair=fair, finished_at__isnull=True).defer("archive")
        waiting.filter(asked_at__lt=at - PATIENCE).update(finished_at=at, failed=_lost())
        if (making := waiting.first()) is not None:
            return making
        pack = Pack.objects.create(
            fair=fair,
            as_of=as_of,
            language=language,
            asked_at=at,
            asked_by=by,
            of=len(FORMATS),
        )
    make_pack.enqueue(pack.pk)
    return pack


@task
def make_pack(pk: int) -> int:
    """Make a pack that waits. How many files: 0 where it failed, or waits no more."""
    waiting = Pack.objects.filter(pk=pk, finished_at__isnull=True)
    pack = waiting.select_related("fair__organisation").first()
    if pack is None:
        return 0
    with translation.override(pack.language):
        try:
            number = _make(pack)
        except Exception as error:
            log.exception("pack %s was not made", pk)
            why = (
                str(error)
                if isinstance(error, Refused)
                else _("Something went wrong (%(what)s). The log of the site knows more.")
                % {"what": type(error).__name__}
            )
            Pack.objects.filter(pk=pk).update(finished_at=timezone.now(), failed=why[:300])
            number = 0
    kept = Pack.objects.filter(fair=pack.fair).order_by("-pk").values_list("pk", flat=True)[:KEPT]
    Pack.objects.filter(fair=pack.fair).exclude(pk__in=list(kept)).delete()
    return number


def _make(pack: Pack) -> int:
    from reports.fair import fair_report  # noqa: PLC0415 -- pandas: 0.5 s
    from reports.render import pack as render  # noqa: PLC0415 -- as above

    def note_progress(_name: str, done: int) -> None:
        Pack.objects.filter(pk=pack.pk).update(done=done)

    made = render.make(fair_report(pack.fair, pack.as_of), progress=note_progress)
    folder = f"{pack.fair.slug}-{pack.as_of.isoformat()}"
    Pack.objects.filter(pk=pack.pk).update(
        archive=render.archive(made, folder),
        notes=list(made.notes),
        finished_at=timezone.now(),
        failed="",
    )
    return len(made.files)
