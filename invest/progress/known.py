"""What had been recorded when figures were made, so that they can be made again to the öre."""

from dataclasses import dataclass, field

from django.db.models import Model, Q

from invest.models import ActionEvent, PledgeEvent, VehicleTerms
from invest.vehicles.actions import Known


@dataclass(frozen=True, slots=True)
class KnownTo:
    """What had been recorded: the last event of a promise, each ledger's last entry, and the last
    row of every other table that figures read (by its model's name; one not named is not bounded).
    """

    event: int
    ledgers: dict[int, int]
    rows: dict[str, int] = field(default_factory=dict)

    def bound(self, model: type[Model], path: str = "pk") -> Q:
        """Only rows that were there; `path` leads to their key."""
        last = self.event if model is PledgeEvent else self.rows.get(model.__name__)
        return Q() if last is None else Q(**{f"{path}__lte": last})

    @property
    def actions(self) -> Known:
        """The same, as vehicles are read."""
        many = 2**63 - 1
        return Known(
            self.rows.get(ActionEvent.__name__, many),
            self.rows.get(VehicleTerms.__name__, many),
            self.ledgers,
        )
