"""The nouns of promises. One file a theme; import them from here."""

from invest.models.deeds import Deed, DeedEvent
from invest.models.fairs import Fair, Pitch
from invest.models.organisations import Event, Gate, Organisation, Role, Setting
from invest.models.people import Consent, Holding, Person, User
from invest.models.plans import (
    Distribution,
    DistributionLine,
    Instalment,
    Plan,
    Repayment,
    RepaymentLine,
)
from invest.models.pledges import Call, Match, Pledge, PledgeEvent
from invest.models.projects import FinanceSource, Milestone, Need, Project, StageEvent, Update
from invest.models.vehicles import GoalRevision, Offering, Vehicle, VehicleTerms

__all__ = [
    "Call",
    "Consent",
    "Deed",
    "DeedEvent",
    "Distribution",
    "DistributionLine",
    "Event",
    "Fair",
    "FinanceSource",
    "Gate",
    "GoalRevision",
    "Holding",
    "Instalment",
    "Match",
    "Milestone",
    "Need",
    "Offering",
    "Organisation",
    "Person",
    "Pitch",
    "Plan",
    "Pledge",
    "PledgeEvent",
    "Project",
    "Repayment",
    "RepaymentLine",
    "Role",
    "Setting",
    "StageEvent",
    "Update",
    "User",
    "Vehicle",
    "VehicleTerms",
]
