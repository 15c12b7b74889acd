"""Logs of steps: what a thing is now is what its last event says, and nothing else says it."""

from datetime import date
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef

_E = TypeVar("_E", bound="Event")


class EventQuerySet(models.QuerySet[_E]):
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


class Event(models.Model):
    """One transition: who, when, from what to what, why, and the paper it rests on. Append-only."""

    SUBJECT: ClassVar[str]  # The field that leads to what it is a step of.
    STATES: ClassVar[type[models.TextChoices]]

    number = models.PositiveIntegerField(help_text="1, 2, 3 … for each subject.")
    on = models.DateField(help_text="The day it counts.")
    at = models.DateTimeField(help_text="When it was recorded.")
    actor = models.CharField(max_length=60, help_text="Opaque: user:7, job:lapse, public.")
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20)
    reason = models.CharField(max_length=300, blank=True)
    document_sha256 = models.CharField(max_length=64, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering: ClassVar[Any] = ["number"]

    @property
    def label(self) -> str:
        """The state in the reader's language."""
        return str(self.STATES(self.to_state).label)
