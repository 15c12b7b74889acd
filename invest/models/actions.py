"""What was done with a vehicle: the facts that its registers, figures and gates are read from."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from invest.models.events import Event
from invest.models.vehicles import Vehicle
from invest.models.words import Worded, WordedQuerySet


class ActionQuerySet(WordedQuerySet["Action"]):
    """Actions."""


class Action(Worded):
    """One act on one day with its facts, as the vehicle's kind reads them. Append-only.

    It counts when its last `ActionEvent` says that it is done. The facts name holders by number,
    never by name; those told in words lie beside it.
    """

    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="actions")
    number = models.PositiveIntegerField(help_text="1, 2, 3 … in each vehicle.")
    act = models.SlugField(max_length=40)
    on = models.DateField(help_text="The day it counts.")
    coded = models.JSONField(help_text="Facts in numbers, codes and days.")
    key = models.CharField(max_length=80, unique=True)
    fingerprint = models.CharField(max_length=64)

    objects = ActionQuerySet.as_manager()

    class Meta:
        db_table = "invest_deed"  # The first name it had; a table keeps its own.
        ordering = ["vehicle", "number"]
        constraints = [
            models.UniqueConstraint(fields=["vehicle", "number"], name="deed_number_once"),
        ]
        indexes = [models.Index(fields=["vehicle", "act", "on"], name="deed_by_act")]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.act} {self.number}"

    @property
    def facts(self) -> dict[str, Any]:
        """All its facts; those in words are missing where they are erased."""
        return {**self.coded, **self.texts.get("facts", {})}

    @property
    def evidence(self) -> str:
        """The paper it rests on."""
        return str(self.texts.get("evidence", ""))

    @property
    def state(self) -> "ActionEvent.State":
        """What its last event says."""
        return ActionEvent.State(max(self.events.all(), key=lambda event: event.number).to_state)


class ActionEvent(Event):
    """A step of an action: proposed, done, refused or undone. Append-only."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waits for a second person")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        UNDONE = "undone", _("Undone")

    SUBJECT = "action"
    STATES = State
    TRANSITIONS = {
        "": frozenset({State.PROPOSED, State.DONE}),
        State.PROPOSED: frozenset({State.DONE, State.REFUSED}),
        State.DONE: frozenset({State.UNDONE}),
    }
    LOCKED = "vehicle"  # What is done with a vehicle is done one after another.

    action = models.ForeignKey(Action, models.PROTECT, related_name="events")

    class Meta(Event.Meta):
        db_table = "invest_deedevent"  # The first name it had; a table keeps its own.
        constraints = [
            models.UniqueConstraint(fields=["action", "number"], name="deed_event_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.action_id} {self.to_state}"
