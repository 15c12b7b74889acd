"""Logs of steps: what a thing is now is what its last event says, and nothing else says it.

The words of a step are no part of the log: they lie beside it (`invest.models.words`).
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Self, TypeVar

from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from invest.models.words import EventText, Worded, WordedQuerySet
from invest.refusals import WrongState

_E = TypeVar("_E", bound="Event")


class EventQuerySet(WordedQuerySet[_E]):
    """Events of many subjects."""

    def until(self, as_of: date | None) -> Self:
        """Those that counted by the end of `as_of`; None: all."""
        return self if as_of is None else self.filter(on__lte=as_of)

    def of(self, subject: OuterRef, as_of: date | None = None) -> Self:
        """One subject's by the end of `as_of`, the last first: what a Subquery reads."""
        return self.filter(**{self.model.SUBJECT: subject}).until(as_of).order_by("-number")

    def newest(self, as_of: date | None = None) -> Self:
        """For each subject the one event that says what it was at the end of `as_of`."""
        subject = self.model.SUBJECT
        later = self.model._default_manager.filter(
            **{subject: OuterRef(subject)}, number__gt=OuterRef("number")
        )
        if as_of is not None:
            later = later.filter(on__lte=as_of)
        return self.filter(~Exists(later)).until(as_of).order_by()

    @transaction.atomic
    def step(
        self,
        subject: models.Model,
        to: str,
        *,
        on: date,
        by: str,
        at: datetime | None = None,
        reason: str = "",
        **facts: Any,
    ) -> _E:
        """Write a subject's next step, under a lock; `at` None: now.

        Facts that are carried stay as they were where none are given. Raises WrongState where the
        log knows of `TRANSITIONS` and they do not allow the step, or an earlier day than the last.
        """
        log, now = self.model, self.refuse(subject, to, on)
        carried = {name: getattr(now, name) for name in log.CARRIED} if now else {}
        return self.create(
            **{log.SUBJECT: subject},
            number=now.number + 1 if now else 1,
            on=on,
            at=at or timezone.now(),
            actor=by,
            from_state=now.to_state if now else "",
            to_state=to,
            **EventText.objects.beside(reason),
            **{**carried, **facts},
        )

    @transaction.atomic
    def refuse(self, subject: models.Model, to: str, on: date) -> _E | None:
        """Lock a subject and raise WrongState where a step may not follow; else its last event.

        The lock lasts as long as the caller's transaction.
        """
        log = self.model
        row = getattr(subject, log.LOCKED) if log.LOCKED else subject
        type(row)._default_manager.select_for_update().get(pk=row.pk)
        now = self.filter(**{log.SUBJECT: subject}).order_by("number").last()
        may = log.TRANSITIONS.get(now.to_state if now else "", frozenset())
        if log.TRANSITIONS and (to not in may or (now is not None and on < now.on)):
            raise WrongState(state=now.label if now else "–")
        return now


class Event(Worded):
    """One transition: who, when, from what to what, why, and the paper it rests on. Append-only."""

    SUBJECT: ClassVar[str]  # The field that leads to what it is a step of.
    STATES: ClassVar[type[models.TextChoices]]
    # From → to, "" before the first. Empty: whoever writes keeps the order.
    TRANSITIONS: ClassVar[Mapping[str, frozenset[str]]] = {}
    CARRIED: ClassVar[tuple[str, ...]] = ()  # Facts that stay until a step changes them.
    LOCKED: ClassVar[str] = ""  # What of the subject's is locked; empty: its own row.

    number = models.PositiveIntegerField(help_text="1, 2, 3 … for each subject.")
    on = models.DateField(help_text="The day it counts.")
    at = models.DateTimeField(help_text="When it was recorded.")
    actor = models.CharField(max_length=60, help_text="Opaque: user:7, job:lapse, public.")
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20)
    document_sha256 = models.CharField(max_length=64, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering: ClassVar[Any] = ["number"]

    @property
    def reason(self) -> str:
        """Why; empty where nobody said, or where the words are erased."""
        return self.text

    @property
    def label(self) -> str:
        """The state in the reader's language."""
        return str(self.STATES(self.to_state).label)

    def next_states(self) -> frozenset[str]:
        """What may follow."""
        return self.TRANSITIONS.get(self.to_state, frozenset())

    def may_become(self, state: str) -> bool:
        """Whether a state may follow."""
        return state in self.next_states()
